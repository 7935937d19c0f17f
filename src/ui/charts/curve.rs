//! What a chart of training plots: the batches, their smoothed course, and the tests. Points are thinned to what
//! a screen can show, so drawing costs the same after a second and after a day.

use crate::protocol::TrainPoint;
use crate::ui::components::plot::Point;

/// More would not be seen.
const MOST: usize = 240;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// Points are steps and values. Single batches, averaged where several fall on one place.
    pub batches: Vec<Point>,
    /// The same, smoothed.
    pub train: Vec<Point>,
    pub test: Vec<Point>,
    /// Other runs, to compare with: where they were after as many epochs.
    pub behind: Vec<Behind>,
    /// What guessing would give, where that is known.
    pub guessing: Option<f64>,
    /// Where the axis ends, in steps.
    pub steps: f64,
    pub steps_per_epoch: f64,
}

/// The course of a kept run: its tests, or its batches where it was hardly tested.
#[derive(Clone, Debug, PartialEq)]
pub struct Behind {
    pub slot: usize,
    pub letter: char,
    pub points: Vec<Point>,
}

/// Means over equal spans of steps.
pub fn thin(points: &[TrainPoint], value: impl Fn(&TrainPoint) -> f32, steps: f64) -> Vec<Point> {
    let span = (steps / MOST as f64).max(1.0);
    let mut thinned: Vec<Point> = Vec::with_capacity(MOST);
    let (mut place, mut sum, mut count) = (0.0, 0.0, 0.0);
    for point in points {
        let at = (f64::from(point.step) / span).floor();
        if at > place && count > 0.0 {
            thinned.push(((place + 0.5) * span, sum / count));
            (sum, count) = (0.0, 0.0);
        }
        place = at;
        sum += f64::from(value(point));
        count += 1.0;
    }
    if count > 0.0 {
        let last = points.last().map_or(0.0, |p| f64::from(p.step));
        thinned.push((((place + 0.5) * span).min(last), sum / count));
    }
    thinned
}

/// A running mean that forgets: follows the course, not the noise.
pub fn smooth(points: &[Point]) -> Vec<Point> {
    let (mut sum, mut weight) = (0.0, 0.0);
    points
        .iter()
        .map(|&(step, value)| {
            sum = sum * 0.85 + value;
            weight = weight * 0.85 + 1.0;
            (step, sum / weight)
        })
        .collect()
}

/// At most `MOST` of them, the last among them.
pub fn few<P>(points: impl Iterator<Item = P> + Clone) -> Vec<P> {
    let count = points.clone().count();
    let stride = count.div_ceil(MOST).max(1);
    points.enumerate().filter(|(i, _)| (count - 1 - i).is_multiple_of(stride)).map(|(_, p)| p).collect()
}

/// The value at a step: the last one before it, or the first.
pub fn at(points: &[Point], step: f64) -> Option<Point> {
    points.iter().rev().find(|p| p.0 <= step).or(points.first()).copied()
}

/// Where the axis of steps ends: at the end of the run, or for long runs at a round number of epochs that holds
/// what there is.
pub fn axis_end(step: f64, total: f64, per_epoch: f64) -> f64 {
    if per_epoch <= 0.0 {
        return 1.0;
    }
    let epochs = total / per_epoch;
    if epochs <= 10.0 {
        return total.max(step).max(1.0);
    }
    let now = step / per_epoch;
    let round = [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0].into_iter().find(|n| *n >= now);
    round.unwrap_or(now).min(epochs.max(now)) * per_epoch
}
