//! From what a detector's head says at every place to boxes.

use super::{BoundingBox, Found};

/// Numbers of a place before its classes: four of the box, and how sure it is that there is something.
pub const BEFORE: usize = 5;

/// What the places of one map propose that are at least as sure as `least`, in pixels of the network's input. `rows`
/// `[places, 5 + classes]`, row by row of a map `across` places wide, `stride` pixels apart. The box is told as its centre,
/// in strides from the place, and the logarithm of its sides, in strides (Ge et al. 2021, anchor-free); a place proposes
/// its likeliest class alone.
pub fn decode(rows: &[f32], across: usize, stride: usize, classes: usize, least: f32) -> Vec<Found> {
    let mut found = Vec::new();
    for (at, row) in rows.chunks_exact(BEFORE + classes).enumerate() {
        let (before, kinds) = row.split_at(BEFORE);
        let Some(class) = (0..classes).max_by(|&a, &b| kinds[a].total_cmp(&kinds[b])) else { continue };
        let score = before[4] * kinds[class];
        // What is not a number is not as sure.
        if score >= least {
            let area = area(before, [at % across, at / across], stride as f32);
            found.push(Found { class: class as u16, score, area });
        }
    }
    found
}

fn area(numbers: &[f32], [column, row]: [usize; 2], stride: f32) -> BoundingBox {
    let (x, y) = ((numbers[0] + column as f32) * stride, (numbers[1] + row as f32) * stride);
    let (width, height) = (numbers[2].exp() * stride, numbers[3].exp() * stride);
    BoundingBox {
        left: x - width / 2.0,
        top: y - height / 2.0,
        right: x + width / 2.0,
        bottom: y + height / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_proposes_one_box_around_its_centre() {
        // Two places in a row of two maps' width, two kinds.
        let rows = [
            [0.5, 0.25, 0.0, (2.0_f32).ln(), 0.9, 0.1, 0.5],
            [0.0, 0.0, 0.0, 0.0, 0.9, 0.2, 0.1],
            [-0.5, 1.0, 0.0, 0.0, 1.0, 0.75, 0.5],
            [0.0, 0.0, 0.0, 0.0, f32::NAN, 0.9, 0.9],
        ];
        let found = decode(rows.as_flattened(), 2, 8, 2, 0.3);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].class, found[0].score), (1, 0.45));
        assert_eq!(found[0].area, BoundingBox { left: 0.0, top: -6.0, right: 8.0, bottom: 10.0 });
        assert_eq!((found[1].class, found[1].score), (0, 0.75));
        assert_eq!(found[1].area, BoundingBox { left: -8.0, top: 12.0, right: 0.0, bottom: 20.0 });
    }
}
