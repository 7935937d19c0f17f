//! From a value to a place on an axis, and the values that are worth a line.
use crate::ui::language::numeral;

/// How an axis is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Ten times more is as far everywhere: for losses.
    Log,
    /// Ten times fewer mistakes is as far everywhere: 90 %, 99 %, 99.9 % lie evenly. For accuracies; and for R², which is
    /// no share and is said as a number.
    Nines { percent: bool },
    /// As far everywhere: for what is never near its best value, as the loss of the next token.
    Even { percent: bool },
}

const NINES: [f64; 8] = [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999];

impl Scale {
    /// A number that grows evenly along the axis.
    pub fn place(self, value: f64) -> f64 {
        match self {
            Self::Log => value.max(1e-7).log10(),
            Self::Nines { .. } => -(1.0 - value).max(1e-4).log10(),
            Self::Even { .. } => value,
        }
    }

    /// The lines of an axis that holds all of `values`: (value, words), lowest first. The axis ends at the
    /// first and the last one, so it moves rarely.
    pub fn lines(self, values: impl Iterator<Item = f64>) -> Vec<(f64, String)> {
        let (least, most) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        match self {
            Self::Log => log_lines(least.clamp(1e-6, 0.1), most.clamp(3.0, 1e6)),
            Self::Nines { percent } => {
                let top = NINES.iter().position(|v| *v >= most).unwrap_or(NINES.len() - 1);
                // From nothing to 99 % before anything is known.
                let shown = &NINES[..=top.max(6)];
                let words = |v: f64| {
                    if percent { format!("{} %", (v * 1000.0).round() / 10.0) } else { v.to_string() }
                };
                shown.iter().map(|v| (*v, numeral(words(*v)))).collect()
            }
            Self::Even { percent: true } => {
                even_lines(0.0, most.max(0.2), |v| format!("{} %", (v * 100.0).round()))
            }
            Self::Even { percent: false } => {
                even_lines(least.min(2.0), most.clamp(2.5, 20.0), |v| v.to_string())
            }
        }
    }
}

/// Up to eight lines, as far apart as a round number.
fn even_lines(least: f64, most: f64, words: impl Fn(f64) -> String) -> Vec<(f64, String)> {
    // In hundredths, so that a line's number is exact.
    let hundredths = |value: f64| value * 100.0;
    let stride = [5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 500.0];
    let stride = stride.into_iter().find(|s| hundredths(most - least) / s <= 6.0).unwrap_or(1000.0);
    let (low, high) =
        ((hundredths(least) / stride).floor() as i64, (hundredths(most) / stride).ceil() as i64);
    (low..=high).map(|at| at as f64 * stride / 100.0).map(|v| (v, numeral(words(v)))).collect()
}

/// 1, 3, 10, … or only every power of ten where those are many.
fn log_lines(least: f64, most: f64) -> Vec<(f64, String)> {
    let (low, high) = (least.log10().floor() as i32, most.log10().ceil() as i32);
    let ladder = (low..=high).flat_map(|power| [(power, 1.0), (power, 3.0)]);
    let all: Vec<(i32, f64, f64)> =
        ladder.map(|(power, lead)| (power, lead, lead * 10_f64.powi(power))).collect();
    let first = all.iter().rposition(|(_, _, v)| *v <= least * 1.0001).unwrap_or(0);
    let last = all.iter().position(|(_, _, v)| *v >= most * 0.9999).unwrap_or(all.len() - 1);
    let shown = &all[first..=last];
    let sparse = shown.len() > 7;
    let ends = [first, last];
    let kept = shown
        .iter()
        .enumerate()
        .filter(|(i, (_, lead, _))| !sparse || *lead == 1.0 || ends.contains(&(i + first)));
    kept.map(|(_, (power, lead, value))| (*value, tick_words(*power, *lead))).collect()
}

fn tick_words(power: i32, lead: f64) -> String {
    let decimals = (-power).max(0) as usize;
    numeral(format!("{:.decimals$}", lead * 10_f64.powi(power)))
}

/// The steps at which an axis of epochs has a line, and their numbers.
pub fn epoch_lines(steps: f64, per_epoch: f64) -> Vec<(f64, String)> {
    if per_epoch <= 0.0 || steps <= 0.0 {
        return Vec::new();
    }
    let epochs = steps / per_epoch;
    let stride = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0]
        .into_iter()
        .find(|s| epochs / s <= 6.0)
        .unwrap_or(1000.0);
    let count = (epochs / stride + 1e-6).floor() as usize;
    (0..=count).map(|i| (i as f64 * stride * per_epoch, format!("{}", i as f64 * stride))).collect()
}
