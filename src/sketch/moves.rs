//! A drawing as the network has it: moves of the pen, each from where the last one ended (Ha & Eck 2017, section 3.1,
//! “stroke-5”); and as a visitor has it: strokes through points of a paper.

use super::simplify::simplified;
use serde::{Deserialize, Serialize};

/// Right and down of the paper's upper left corner.
pub type Point = (f64, f64);

/// The paper is so many units wide and high. What the networks draw by themselves is mostly 600 to 1,000 units long.
pub const PAPER: f64 = 1120.0;

/// How far a straightened line may run from the visitor's: as in Quick, Draw!'s drawings, 2 of 255 of a drawing's length.
const TOLERANCE: f64 = 6.5;
/// A tap is a line so long.
const DOT: f64 = 4.0;

/// What the pen does after a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pen {
    /// It stays on the paper: the next move draws a line.
    Down,
    /// It is lifted.
    Up,
    /// The drawing is over, and this move was none.
    End,
}

impl Pen {
    pub const ALL: [Self; 3] = [Self::Down, Self::Up, Self::End];
}

/// Right and down, in units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PenMove {
    pub right: f32,
    pub down: f32,
    pub pen: Pen,
}

impl PenMove {
    /// What the network reads before the first move.
    pub const START: Self = Self { right: 0.0, down: 0.0, pen: Pen::Down };

    /// `[Δx, Δy, p₁, p₂, p₃]`, offsets in the network's own measure.
    pub fn encoded(self, scale: f32) -> [f32; 5] {
        let [down, up, end] = Pen::ALL.map(|pen| f32::from(u8::from(pen == self.pen)));
        [self.right / scale, self.down / scale, down, up, end]
    }
}

/// What the pen did for these strokes, each straightened. The first move begins where the first stroke does.
pub fn moves_of(strokes: &[Vec<Point>]) -> Vec<PenMove> {
    let mut moves: Vec<PenMove> = Vec::new();
    let mut at = strokes.iter().flatten().next().copied().unwrap_or_default();
    for (number, stroke) in strokes.iter().enumerate() {
        let mut points = simplified(stroke, TOLERANCE);
        if let [only] = points[..] {
            points.push((only.0 + DOT, only.1));
        }
        // To where the first stroke begins there is no move: the pen is there.
        for point in points.into_iter().skip(usize::from(number == 0)) {
            let (right, down) = ((point.0 - at.0) as f32, (point.1 - at.1) as f32);
            moves.push(PenMove { right, down, pen: Pen::Down });
            at = point;
        }
        if let Some(last) = moves.last_mut() {
            last.pen = Pen::Up;
        }
    }
    moves
}

/// The pen's places, `start` first and then after every move.
pub fn places(start: Point, moves: &[PenMove]) -> Vec<Point> {
    let after = moves.iter().scan(start, |at, step| {
        *at = (at.0 + f64::from(step.right), at.1 + f64::from(step.down));
        Some(*at)
    });
    std::iter::once(start).chain(after).collect()
}

/// The strokes of moves that begin at `start` and follow what was drawn by `before`, of which the last says whether the
/// first of them draws a line. Strokes of one point, where the pen was put down and lifted, are left out.
pub fn strokes_of(start: Point, before: Option<&PenMove>, moves: &[PenMove]) -> Vec<Vec<Point>> {
    let mut strokes = vec![vec![start]];
    let mut draws = before.is_none_or(|last| last.pen == Pen::Down);
    for (step, place) in moves.iter().zip(places(start, moves).into_iter().skip(1)) {
        if step.pen == Pen::End {
            break;
        }
        match strokes.last_mut() {
            Some(stroke) if draws => stroke.push(place),
            _ => strokes.push(vec![place]),
        }
        draws = step.pen == Pen::Down;
    }
    strokes.retain(|stroke| stroke.len() > 1);
    strokes
}

/// Left, top, right and bottom of all points; none where there is none.
pub fn bounds<'a>(points: impl IntoIterator<Item = &'a Point>) -> Option<[f64; 4]> {
    points.into_iter().fold(None, |found: Option<[f64; 4]>, &(x, y)| {
        let [left, top, right, bottom] = found.unwrap_or([x, y, x, y]);
        Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
    })
}

/// The square of the paper that shows these strokes with a margin: left, top and side. It is the paper itself unless they
/// leave it.
pub fn window(strokes: &[Vec<Point>]) -> [f64; 3] {
    const MARGIN: f64 = 40.0;
    let paper = [0.0, 0.0, PAPER, PAPER];
    let [left, top, right, bottom] = bounds(strokes.iter().flatten()).unwrap_or(paper);
    let before = |edge: f64| if edge < 0.0 { edge - MARGIN } else { 0.0 };
    let behind = |edge: f64| if edge > PAPER { edge + MARGIN } else { PAPER };
    let (left, top, right, bottom) = (before(left), before(top), behind(right), behind(bottom));
    let side = (right - left).max(bottom - top);
    [(left + right - side) / 2.0, (top + bottom - side) / 2.0, side]
}

/// Where a drawing of these moves begins so that it lies in the middle of the paper.
pub fn centred(moves: &[PenMove]) -> Point {
    let strokes = strokes_of((0.0, 0.0), None, moves);
    let [left, top, right, bottom] = bounds(strokes.iter().flatten()).unwrap_or_default();
    ((PAPER - left - right) / 2.0, (PAPER - top - bottom) / 2.0)
}

/// Strokes as the path of an SVG.
pub fn path(strokes: &[Vec<Point>]) -> String {
    let mut path = String::new();
    for stroke in strokes {
        for (at, (x, y)) in stroke.iter().enumerate() {
            path.push_str(&format!("{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' }));
        }
    }
    path
}
