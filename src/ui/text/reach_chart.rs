//! How the chart of gradients by distance is drawn: a line for each network, a power of ten for each line across.

use crate::protocol::{Reach, ReachCurve};
use crate::ui::components::format;
use crate::ui::components::plot::{AxisWords, End, Point, SIDE, path};
use crate::ui::language::numeral;

/// What is smaller is drawn as this.
const LEAST: f64 = 1e-9;
/// Lines across, at most.
const MOST_LINES: i32 = 6;
/// Names are as far apart, in per cent of the height.
const APART: f64 = 12.0;

/// A chart in numbers of its own square.
#[derive(Clone, Default, PartialEq)]
pub struct Drawn {
    pub up: AxisWords,
    pub across: AxisWords,
    /// Each line's class and course.
    pub paths: Vec<(&'static str, String)>,
    pub ends: Vec<End>,
}

pub fn draw(reach: &Reach, name: fn(&ReachCurve) -> String) -> Drawn {
    let place = |norm: &f32| f64::from(*norm).max(LEAST).log10();
    let places: Vec<f64> = reach.curves.iter().flat_map(|curve| curve.norms.iter().map(place)).collect();
    let (least, most) = places.iter().fold((0.0_f64, -9.0_f64), |(a, b), v| (a.min(*v), b.max(*v)));
    let (low, high) = (least.floor() as i32, (most.ceil() as i32).max(least.floor() as i32 + 1));
    let stride = ((high - low - 1) / MOST_LINES + 1).max(1);
    let y = |place: f64| (f64::from(high) - place) / f64::from(high - low);
    let longest = reach.curves.iter().map(|curve| curve.norms.len()).max().unwrap_or(1).max(1);
    let last = (longest.max(2) - 1) as f64;
    let line = |curve: &ReachCurve| {
        let points: Vec<Point> =
            curve.norms.iter().enumerate().map(|(at, norm)| (at as f64, place(norm))).collect();
        let course = path(&points, |distance| distance / last * SIDE, |place| y(place) * SIDE);
        let end = points.last().map(|end| (y(end.1) * 100.0, name(curve), classes(&curve.cell)[1]));
        ((classes(&curve.cell)[0], course), end)
    };
    let (paths, found): (Vec<_>, Vec<_>) = reach.curves.iter().map(line).unzip();
    let mut ends: Vec<End> = found.into_iter().flatten().collect();
    keep_apart(&mut ends);
    let up = (low..=high).filter(|power| (high - power) % stride == 0);
    let up = up.map(|power| (y(power.into()) * 100.0, power_of_ten(power))).collect();
    Drawn { up, across: distances(longest - 1), paths, ends }
}

/// Of a line, and of its name.
fn classes(cell: &str) -> [&'static str; 2] {
    match cell {
        "rnn" => ["line-rnn", "end-rnn"],
        "lstm" => ["line-lstm", "end-lstm"],
        "gru" => ["line-gru", "end-gru"],
        _ => ["line-test", "end-test"],
    }
}

/// Names from the highest to the lowest, none over another and none outside.
fn keep_apart(ends: &mut [End]) {
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut least = 0.0_f64;
    for end in ends.iter_mut() {
        end.0 = end.0.max(least);
        least = end.0 + APART;
    }
    let mut most = 100.0_f64;
    for end in ends.iter_mut().rev() {
        end.0 = end.0.min(most);
        most = end.0 - APART;
    }
}

/// About five round distances and their places.
fn distances(last: usize) -> AxisWords {
    let strides = [1, 2, 5, 10, 20, 50, 100, 200];
    let stride = strides.into_iter().find(|stride| last / stride <= 5).unwrap_or(500);
    let word = |at: usize| (at as f64 / last.max(1) as f64 * 100.0, at.to_string());
    (0..=last).step_by(stride).map(word).collect()
}

/// “10⁻³”
fn power_of_ten(power: i32) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let sign = if power < 0 { "⁻" } else { "" };
    let digits = power.unsigned_abs().to_string();
    let raised: String = digits.bytes().map(|digit| RAISED[usize::from(digit - b'0') % 10]).collect();
    if power == 0 { "1".into() } else { format!("10{sign}{raised}") }
}

/// “0.0123”, or “1.2 × 10⁻⁷” of what would be mostly zeros.
pub fn small(value: f64) -> String {
    if value >= 0.001 {
        return format::number(value);
    }
    if value <= 0.0 || !value.is_finite() {
        return "0".into();
    }
    let power = value.log10().floor();
    format!("{} × {}", numeral(format!("{:.1}", value / 10_f64.powf(power))), power_of_ten(power as i32))
}
