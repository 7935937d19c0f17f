//! How much several drawings differ: the mean distance from a point of one to the nearest of another.

use super::moves::{PAPER, Point};

/// Points are taken along the lines so far apart, in units.
const STRIDE: f64 = 4.0;

/// The symmetric Chamfer distance of each two drawings, mean over all pairs, as a share of the paper's side. None where
/// there are no two that have points.
pub fn spread(drawings: &[Vec<Vec<Point>>]) -> Option<f64> {
    let clouds: Vec<Vec<Point>> = drawings.iter().map(|strokes| along(strokes)).collect();
    let clouds: Vec<&Vec<Point>> = clouds.iter().filter(|points| !points.is_empty()).collect();
    let mut pairs = Vec::new();
    for (at, one) in clouds.iter().enumerate() {
        pairs.extend(clouds[..at].iter().map(|other| (towards(one, other) + towards(other, one)) / 2.0));
    }
    (!pairs.is_empty()).then(|| pairs.iter().sum::<f64>() / pairs.len() as f64 / PAPER)
}

/// Points along the strokes, evenly.
fn along(strokes: &[Vec<Point>]) -> Vec<Point> {
    let mut points = Vec::new();
    for stroke in strokes {
        points.extend(stroke.first());
        for pair in stroke.windows(2) {
            let (by_x, by_y) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let count = (by_x.hypot(by_y) / STRIDE).ceil().max(1.0);
            let place = |step: u32| {
                let share = f64::from(step) / count;
                (pair[0].0 + share * by_x, pair[0].1 + share * by_y)
            };
            points.extend((1..=count as u32).map(place));
        }
    }
    points
}

/// The mean distance from a point of `one` to the nearest of `other`.
fn towards(one: &[Point], other: &[Point]) -> f64 {
    let nearest = |point: &Point| {
        let distances = other.iter().map(|place| (place.0 - point.0).hypot(place.1 - point.1));
        distances.fold(f64::MAX, f64::min)
    };
    one.iter().map(nearest).sum::<f64>() / one.len() as f64
}
