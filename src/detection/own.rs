//! A box of the visitor's own: how a pointer or a number draws, moves and changes it, always in whole pixels and on the
//! picture, and what it has in common with the boxes that were found.

use super::{BoundingBox, Found};

/// What a pointer holds while it drags.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hold {
    /// A corner; the one across stays here.
    Corner([f32; 2]),
    /// The whole box, as it was, by this point.
    Whole { by: [f32; 2], area: BoundingBox },
}

impl Hold {
    /// What a pointer takes at this place: a corner that is at most `near` away, the box it is in, or the first corner of a
    /// new one.
    pub fn of(own: Option<BoundingBox>, at: [f32; 2], near: f32) -> Self {
        let Some(area) = own else { return Self::Corner(at) };
        let BoundingBox { left, top, right, bottom } = area;
        let corners = [[left, top], [right, top], [left, bottom], [right, bottom]];
        let reach = |corner: &[f32; 2]| (corner[0] - at[0]).hypot(corner[1] - at[1]);
        let nearest = (0..4).min_by(|&a, &b| reach(&corners[a]).total_cmp(&reach(&corners[b])));
        match nearest.filter(|&corner| reach(&corners[corner]) <= near) {
            Some(corner) => Self::Corner(corners[3 - corner]),
            None if (left..=right).contains(&at[0]) && (top..=bottom).contains(&at[1]) => {
                Self::Whole { by: at, area }
            }
            None => Self::Corner(at),
        }
    }

    /// The box when the pointer is there, on a picture of this width and height.
    pub fn dragged(&self, to: [f32; 2], size: [f32; 2]) -> BoundingBox {
        match *self {
            Self::Corner(from) => BoundingBox {
                left: from[0].min(to[0]),
                top: from[1].min(to[1]),
                right: from[0].max(to[0]),
                bottom: from[1].max(to[1]),
            }
            .within(size)
            .whole(),
            Self::Whole { by, area } => {
                let to = [area.left + to[0] - by[0], area.top + to[1] - by[1]];
                with_number(&with_number(&area, 0, to[0], size), 1, to[1], size)
            }
        }
    }
}

/// In the middle, half as wide and as high as the picture.
pub fn in_the_middle([width, height]: [f32; 2]) -> BoundingBox {
    BoundingBox { left: width / 4.0, top: height / 4.0, right: width * 0.75, bottom: height * 0.75 }.whole()
}

/// Left, top, width, height.
pub fn numbers(area: &BoundingBox) -> [f32; 4] {
    [area.left, area.top, area.width(), area.height()]
}

/// The box with another of `numbers`: left and top move it, as far as the picture goes; width and height move its right and
/// its lower side, and leave it at least a pixel.
pub fn with_number(area: &BoundingBox, which: usize, value: f32, size: [f32; 2]) -> BoundingBox {
    let mut next = *area;
    let along = size[which % 2];
    let (from, to) = match which % 2 {
        0 => (&mut next.left, &mut next.right),
        _ => (&mut next.top, &mut next.bottom),
    };
    let length = *to - *from;
    // A number that is none changes nothing.
    let value = if value.is_finite() { value.round() } else { return next };
    if which < 2 {
        *from = value.min(along - length).max(0.0).round();
        *to = (*from + length).min(along);
    } else {
        *to = (*from + value.max(1.0)).min(along);
    }
    next
}

/// A box of the visitor's own and a found one, both in whole pixels: the arithmetic of intersection over union.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// The found one's place among those given.
    pub at: usize,
    pub other: BoundingBox,
    /// What both cover: a box.
    pub shared: BoundingBox,
    /// Pixels of the visitor's, of the found one, of what they share, and of what at least one covers.
    pub own: u64,
    pub theirs: u64,
    pub both: u64,
    pub either: u64,
}

impl Overlap {
    fn of(at: usize, own: &BoundingBox, other: BoundingBox) -> Self {
        let shared = own.intersection(&other);
        let [own, theirs, both] = [own, &other, &shared].map(pixels);
        Self { at, other, shared, own, theirs, both, either: own + theirs - both }
    }

    /// Intersection over union: 0…1.
    pub fn iou(&self) -> f64 {
        if self.either > 0 { self.both as f64 / self.either as f64 } else { 0.0 }
    }
}

fn pixels(area: &BoundingBox) -> u64 {
    area.width() as u64 * area.height() as u64
}

/// The found box of which this one covers most, measured by intersection over union; none if it meets none.
pub fn most_overlapped(own: &BoundingBox, found: &[Found]) -> Option<Overlap> {
    let own = own.whole();
    let all = found.iter().enumerate().map(|(at, one)| Overlap::of(at, &own, one.area.whole()));
    // Of two that are the same, the surer, which stands before.
    all.filter(|one| one.both > 0).reduce(|best, one| if one.iou() > best.iou() { one } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [f32; 2] = [100.0, 60.0];

    fn of([left, top, right, bottom]: [f32; 4]) -> BoundingBox {
        BoundingBox { left, top, right, bottom }
    }

    #[test]
    fn a_box_is_drawn_from_any_corner_and_stays_on_the_picture() {
        let hold = Hold::of(None, [20.2, 30.4], 3.0);
        assert_eq!(hold.dragged([40.6, 10.0], SIZE), of([20.0, 10.0, 41.0, 30.0]));
        assert_eq!(hold.dragged([-50.0, 900.0], SIZE), of([0.0, 30.0, 20.0, 60.0]));
    }

    #[test]
    fn a_box_is_taken_by_a_corner_or_as_a_whole() {
        let own = of([20.0, 10.0, 40.0, 30.0]);
        let corner = Hold::of(Some(own), [38.0, 12.0], 3.0);
        assert_eq!(corner, Hold::Corner([20.0, 30.0]));
        assert_eq!(corner.dragged([60.0, 5.0], SIZE), of([20.0, 5.0, 60.0, 30.0]));
        let whole = Hold::of(Some(own), [30.0, 20.0], 3.0);
        assert_eq!(whole.dragged([35.0, 18.0], SIZE), of([25.0, 8.0, 45.0, 28.0]));
        assert_eq!(whole.dragged([500.0, -500.0], SIZE), of([80.0, 0.0, 100.0, 20.0]));
        // Elsewhere another one begins.
        assert_eq!(Hold::of(Some(own), [70.0, 50.0], 3.0), Hold::Corner([70.0, 50.0]));
    }

    #[test]
    fn numbers_move_it_and_change_its_size() {
        let own = in_the_middle(SIZE);
        assert_eq!(numbers(&own), [25.0, 15.0, 50.0, 30.0]);
        assert_eq!(numbers(&with_number(&own, 0, 90.0, SIZE)), [50.0, 15.0, 50.0, 30.0]);
        assert_eq!(numbers(&with_number(&own, 1, -3.0, SIZE)), [25.0, 0.0, 50.0, 30.0]);
        assert_eq!(numbers(&with_number(&own, 2, 1e9, SIZE)), [25.0, 15.0, 75.0, 30.0]);
        assert_eq!(numbers(&with_number(&own, 3, 0.0, SIZE)), [25.0, 15.0, 50.0, 1.0]);
        assert_eq!(with_number(&own, 3, f32::NAN, SIZE), own);
    }

    #[test]
    fn its_overlap_is_written_out_in_whole_pixels() {
        let own = of([0.0, 0.0, 40.0, 40.0]);
        let found = |score, area| Found { class: 0, score, area: of(area) };
        let all = [
            found(0.9, [90.0, 0.0, 99.0, 9.0]),
            found(0.8, [20.3, 0.2, 59.8, 39.9]),
            found(0.7, [35.0, 35.0, 50.0, 50.0]),
        ];
        let best = most_overlapped(&own, &all).unwrap();
        assert_eq!((best.at, best.own, best.theirs, best.both, best.either), (1, 1600, 1600, 800, 2400));
        assert_eq!(best.shared, of([20.0, 0.0, 40.0, 40.0]));
        assert!((best.iou() - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(most_overlapped(&own, &all[..1]), None);
        let point = of([1.0; 4]);
        assert_eq!(most_overlapped(&point, &[found(1.0, [1.0; 4])]), None);
    }
}
