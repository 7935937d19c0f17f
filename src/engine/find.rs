//! Where the digits of a picture are: marks that hang together, and parts of one digit that a pen drew apart.

use super::digit_preprocess::Ink;

/// Ink of at least this share of the darkest counts when marks are told apart.
const DARK: f32 = 0.4;

/// A mark with less than this share of the largest one's ink is a speck.
const SPECK: f32 = 0.04;

/// Marks that are lower than this share of the tallest one are no digits of their own.
const LOW: f32 = 0.4;

/// More are not looked for.
const MOST: usize = 24;

/// A rectangle of pixels: from `left` and `top` to before `right` and `bottom`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigitBox {
    pub left: usize,
    pub top: usize,
    pub right: usize,
    pub bottom: usize,
}

/// A mark's rectangle, and its pixels.
struct Mark {
    place: DigitBox,
    pixels: Vec<usize>,
    ink: f32,
}

impl DigitBox {
    fn height(self) -> usize {
        self.bottom - self.top
    }

    fn width(self) -> usize {
        self.right - self.left
    }

    fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// Each digit's place, as they are read, and its ink alone in the whole picture.
pub fn digits(ink: &Ink) -> Vec<(DigitBox, Ink)> {
    let mut marks = marks(ink);
    let largest = marks.iter().map(|mark| mark.ink).fold(0.0, f32::max);
    marks.retain(|mark| mark.ink >= largest * SPECK);
    // Paper's edge and what lies on the desk reach out of the picture; a digit does so only where there is nothing else.
    let inside = |mark: &Mark| {
        let DigitBox { left, top, right, bottom } = mark.place;
        left > 0 && top > 0 && right < ink.width && bottom < ink.height
    };
    if marks.iter().any(|mark| inside(mark) && mark.ink >= largest * 0.2) {
        marks.retain(inside);
    }
    let mut digits = joined(marks);
    let tallest = digits.iter().map(|mark| mark.place.height()).max().unwrap_or(0);
    digits.retain(|mark| mark.place.height() as f32 >= tallest as f32 * LOW);
    in_lines(digits).into_iter().take(MOST).map(|mark| (mark.place, alone(ink, &mark.pixels))).collect()
}

/// Neighbours in eight directions hang together.
fn marks(ink: &Ink) -> Vec<Mark> {
    let Ink { width, height, .. } = *ink;
    let darkest = ink.values.iter().copied().fold(0.0, f32::max);
    let mut open: Vec<bool> = ink.values.iter().map(|v| *v > darkest * DARK).collect();
    let mut marks = Vec::new();
    for start in 0..open.len() {
        if !std::mem::take(&mut open[start]) {
            continue;
        }
        let place = |at: usize| {
            let (x, y) = (at % width, at / width);
            DigitBox { left: x, top: y, right: x + 1, bottom: y + 1 }
        };
        let mut mark = Mark { place: place(start), pixels: vec![start], ink: 0.0 };
        let mut next = 0;
        while let Some(at) = mark.pixels.get(next).copied() {
            next += 1;
            mark.place = mark.place.with(place(at));
            mark.ink += ink.values[at];
            let (x, y) = (at % width, at / width);
            for y in y.saturating_sub(1)..(y + 2).min(height) {
                for x in x.saturating_sub(1)..(x + 2).min(width) {
                    if std::mem::take(&mut open[y * width + x]) {
                        mark.pixels.push(y * width + x);
                    }
                }
            }
        }
        marks.push(mark);
    }
    marks
}

/// Strokes of one digit: one stands over, under or in the other, and together they are not much taller than the tallest.
fn joined(mut marks: Vec<Mark>) -> Vec<Mark> {
    let tallest = marks.iter().map(|mark| mark.place.height()).max().unwrap_or(0);
    loop {
        let pair = (0..marks.len()).find_map(|one| {
            let other = (one + 1..marks.len())
                .find(|other| are_one(marks[one].place, marks[*other].place, tallest))?;
            Some((one, other))
        });
        let Some((one, other)) = pair else { return marks };
        let other = marks.swap_remove(other);
        let mark = &mut marks[one];
        mark.place = mark.place.with(other.place);
        mark.ink += other.ink;
        mark.pixels.extend(other.pixels);
    }
}

fn are_one(a: DigitBox, b: DigitBox, tallest: usize) -> bool {
    let overlap = a.right.min(b.right) as f32 - a.left.max(b.left) as f32;
    let narrower = a.width().min(b.width()) as f32;
    overlap > narrower * 0.4 && a.with(b).height() as f32 <= tallest as f32 * 1.3
}

/// From left to right, line by line.
fn in_lines(mut digits: Vec<Mark>) -> Vec<Mark> {
    digits.sort_by_key(|mark| mark.place.top);
    let (mut line, mut bottom) = (0, 0);
    let mut placed = Vec::with_capacity(digits.len());
    for mark in digits {
        let middle = usize::midpoint(mark.place.top, mark.place.bottom);
        if middle > bottom && bottom > 0 {
            line += 1;
        }
        bottom = bottom.max(mark.place.bottom);
        placed.push((line, mark));
    }
    placed.sort_by_key(|(line, mark)| (*line, mark.place.left));
    placed.into_iter().map(|(_, mark)| mark).collect()
}

/// The ink of these pixels and of their edges, which are lighter.
fn alone(ink: &Ink, pixels: &[usize]) -> Ink {
    let Ink { width, height, .. } = *ink;
    let mut values = vec![0.0; ink.values.len()];
    for at in pixels {
        let (x, y) = (at % width, at / width);
        for y in y.saturating_sub(1)..(y + 2).min(height) {
            for x in x.saturating_sub(1)..(x + 2).min(width) {
                values[y * width + x] = ink.values[y * width + x];
            }
        }
    }
    Ink { width, height, values }
}
