//! Where the labels of boxes stand, so that none covers another: a corner of its own box, or nowhere.

use super::BoundingBox;

/// Where each label's upper left corner is, in the order given: earlier ones choose first, so the most important comes
/// first. None where every corner is taken; what it says is in the list, too. Boxes, `sizes` (width and height of each
/// label) and `stage` are in the same unit.
pub fn place(boxes: &[BoundingBox], sizes: &[[f32; 2]], stage: [f32; 2]) -> Vec<Option<[f32; 2]>> {
    let mut taken: Vec<BoundingBox> = Vec::with_capacity(boxes.len());
    let free = |taken: &[BoundingBox], at: &BoundingBox| {
        taken.iter().all(|other| other.intersection(at).area() <= 0.0)
    };
    let mut places = Vec::with_capacity(boxes.len());
    for (area, size) in boxes.iter().zip(sizes) {
        let found = corners(area, *size, stage).find(|at| free(&taken, at));
        taken.extend(found);
        places.push(found.map(|at| [at.left, at.top]));
    }
    places
}

/// Above the box, below it, then inside of it: on the left before on the right. Only what lies on the stage from top to
/// bottom; a label that would stick out at a side is shifted, for it still touches its box.
fn corners(
    area: &BoundingBox,
    [width, height]: [f32; 2],
    stage: [f32; 2],
) -> impl Iterator<Item = BoundingBox> + use<> {
    let BoundingBox { left, top, right, bottom } = *area;
    let rows = [top - height, bottom, top, bottom - height];
    let shifted = move |x: f32| x.min(stage[0] - width).max(0.0);
    let columns = [left, right - width].map(shifted);
    let all = rows.into_iter().flat_map(move |y| columns.map(move |x| (x, y)));
    all.filter(move |(_, y)| *y >= 0.0 && y + height <= stage[1]).map(move |(x, y)| BoundingBox {
        left: x,
        top: y,
        right: x + width,
        bottom: y + height,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGE: [f32; 2] = [100.0, 100.0];

    fn of([left, top, right, bottom]: [f32; 4]) -> BoundingBox {
        BoundingBox { left, top, right, bottom }
    }

    #[test]
    fn the_first_keeps_its_place_and_the_others_move() {
        let one = of([10.0, 40.0, 80.0, 70.0]);
        let size = [20.0, 10.0];
        // Nine labels of the same box: eight corners, and no place for the ninth.
        let places = place(&[one; 9], &[size; 9], STAGE);
        let expected = [[10.0, 30.0], [60.0, 30.0], [10.0, 70.0], [60.0, 70.0]];
        assert_eq!(places[..4], expected.map(Some));
        let inside = [[10.0, 40.0], [60.0, 40.0], [10.0, 60.0], [60.0, 60.0]];
        assert_eq!(places[4..8], inside.map(Some));
        assert_eq!(places[8], None);
        assert!(place(&[], &[], STAGE).is_empty());
    }

    #[test]
    fn a_label_stays_on_the_picture() {
        let size = [30.0, 10.0];
        // No room above: it stands below; none at the right: it is shifted; none above and below: inside.
        let boxes = [of([0.0, 5.0, 20.0, 20.0]), of([90.0, 50.0, 98.0, 60.0]), of([40.0, 2.0, 95.0, 99.0])];
        let places = place(&boxes, &[size; 3], STAGE);
        assert_eq!(places, [Some([0.0, 20.0]), Some([70.0, 40.0]), Some([40.0, 2.0])]);
        // One that is wider than the picture begins at its edge.
        assert_eq!(place(&boxes[1..2], &[[200.0, 10.0]], STAGE), [Some([0.0, 40.0])]);
        assert_eq!(place(&boxes[1..2], &[[20.0, 101.0]], STAGE), [None]);
    }

    #[test]
    fn no_label_covers_another_whatever_the_boxes() {
        let mut random = crate::random::Random::new(7, 0);
        let mut number = |most: usize| random.below(most) as f32;
        for _ in 0..200 {
            let boxes: Vec<_> = (0..30)
                .map(|_| {
                    let (left, top) = (number(90), number(90));
                    of([left, top, left + number(60), top + number(60)])
                })
                .collect();
            let sizes: Vec<_> = (0..30).map(|_| [5.0 + number(30), 8.0]).collect();
            let places = place(&boxes, &sizes, STAGE);
            let shown: Vec<_> = places
                .iter()
                .zip(&sizes)
                .filter_map(|(at, size)| at.map(|[x, y]| of([x, y, x + size[0], y + size[1]])))
                .collect();
            assert!(places[0].is_some());
            for (at, one) in shown.iter().enumerate() {
                assert!(shown[..at].iter().all(|other| other.intersection(one).area() == 0.0));
                assert!(one.left >= 0.0 && one.top >= 0.0 && one.right <= 100.0 && one.bottom <= 100.0);
            }
        }
    }
}
