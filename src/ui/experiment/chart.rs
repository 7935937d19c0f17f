//! How an experiment is drawn: a dot for each run, a line through the means of each kind of run.

use crate::experiment::{Axis, Curve, Finished, mean};
use crate::ui::components::format;
use crate::ui::components::plot::{AxisWords, Point, SIDE, path};

/// A chart in numbers of its own square.
#[derive(Clone, Default, PartialEq)]
pub struct Drawn {
    pub up: AxisWords,
    pub across: AxisWords,
    /// One for each curve.
    pub paths: Vec<String>,
    /// From the left and from the top in per cent, of which curve it is, and the run.
    pub dots: Vec<(f64, f64, usize, Finished)>,
}

/// Lines across, at most.
const LINES: f64 = 5.0;

/// The axis goes over all that is `planned`, from the beginning, so that no dot moves when others come.
pub fn draw(axis: &Axis, curves: &[Curve], finished: &[Finished], planned: &[u32]) -> Drawn {
    let of_runs = curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.0));
    let values: Vec<u32> = of_runs.chain(planned.iter().copied()).collect();
    let place = |value: u32| if axis.amount { f64::from(value.max(1)).log10() } else { f64::from(value) };
    let (low, high) = values
        .iter()
        .fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(place(*value)), high.max(place(*value))));
    let x = |value: u32| if high > low { (place(value) - low) / (high - low) } else { 0.5 };
    let least = finished.iter().map(|run| run.score).fold(1.0, f64::min);
    let stride = if (1.0 - least) > 0.5 {
        0.2
    } else if (1.0 - least) > 0.2 {
        0.1
    } else {
        0.05
    };
    let bottom = ((least / stride).floor() * stride).max(0.0);
    let y = |score: f64| (1.0 - score) / (1.0 - bottom).max(1e-9);
    let line = |curve: &Curve| {
        let points: Vec<Point> = curve.points.iter().map(|(value, all)| (x(*value), mean(all))).collect();
        path(&points, |x| x * SIDE, |score| y(score) * SIDE)
    };
    let of = |run: &Finished| curves.iter().position(|curve| curve.spec == axis.common(&run.spec));
    let dot = |run: &Finished| Some((x(run.value) * 100.0, y(run.score) * 100.0, of(run)?, run.clone()));
    let lines =
        (0..=LINES as usize).map(|at| 1.0 - at as f64 * stride).filter(|score| *score >= bottom - 1e-9);
    let mut across = values;
    across.sort_unstable();
    across.dedup();
    Drawn {
        up: lines.map(|score| (y(score) * 100.0, format::percent(score, 100))).collect(),
        across: across.into_iter().map(|value| (x(value) * 100.0, format::count(value.into()))).collect(),
        paths: curves.iter().map(line).collect(),
        dots: finished.iter().filter(|run| run.axis == axis.id).filter_map(dot).collect(),
    }
}
