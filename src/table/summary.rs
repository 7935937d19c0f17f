//! A column in a few numbers, and as a histogram.

use super::column::Cells;

/// Bars of a histogram of numbers.
pub const BINS: usize = 24;

#[derive(Clone, Debug, PartialEq)]
pub enum Summary {
    Numbers(NumberSummary),
    Words(WordSummary),
}

/// Of the values that are there; zeros where there are none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberSummary {
    pub count: usize,
    pub missing: usize,
    pub distinct: usize,
    pub min: f64,
    pub max: f64,
    pub mean: f64,
    /// Of the whole population: divided by the count.
    pub std: f64,
    pub median: f64,
    /// Every value is whole.
    pub whole: bool,
    /// Values in `BINS` equal spans from `min` to `max`.
    pub bins: Vec<u32>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct WordSummary {
    pub count: usize,
    pub missing: usize,
    pub distinct: usize,
    /// How often each word of the column is there.
    pub counts: Vec<u32>,
}

impl Summary {
    pub fn of(cells: &Cells) -> Self {
        match cells {
            Cells::Numbers { values, .. } => Self::Numbers(NumberSummary::of(values)),
            Cells::Words { codes, words } => Self::Words(WordSummary::of(codes, words.len())),
        }
    }

    pub fn count(&self) -> usize {
        match self {
            Self::Numbers(s) => s.count,
            Self::Words(s) => s.count,
        }
    }

    pub fn missing(&self) -> usize {
        match self {
            Self::Numbers(s) => s.missing,
            Self::Words(s) => s.missing,
        }
    }

    pub fn distinct(&self) -> usize {
        match self {
            Self::Numbers(s) => s.distinct,
            Self::Words(s) => s.distinct,
        }
    }
}

impl NumberSummary {
    fn of(values: &[f64]) -> Self {
        let mut there: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
        let missing = values.len() - there.len();
        there.sort_unstable_by(f64::total_cmp);
        let (Some(min), Some(max)) = (there.first().copied(), there.last().copied()) else {
            return Self { missing, ..Self::default() };
        };
        let count = there.len();
        let mean = there.iter().sum::<f64>() / count as f64;
        let variance = there.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count as f64;
        Self {
            count,
            missing,
            distinct: 1 + there.windows(2).filter(|pair| pair[0] != pair[1]).count(),
            min,
            max,
            mean,
            std: variance.sqrt(),
            median: median(&there),
            whole: there.iter().all(|v| v.fract() == 0.0),
            bins: bins(&there, min, max, BINS),
        }
    }
}

impl WordSummary {
    fn of(codes: &[u32], words: usize) -> Self {
        let mut counts = vec![0_u32; words];
        for code in codes {
            if let Some(count) = counts.get_mut(*code as usize) {
                *count += 1;
            }
        }
        let count = counts.iter().map(|n| *n as usize).sum();
        let distinct = counts.iter().filter(|n| **n > 0).count();
        Self { count, missing: codes.len() - count, distinct, counts }
    }
}

/// The middle of sorted values, the mean of the middle two where their number is even; zero where there are none.
pub fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        n if n.is_multiple_of(2) => (sorted[middle - 1] + sorted[middle]) / 2.0,
        _ => sorted[middle],
    }
}

/// How many values lie in each of `count` equal spans from `min` to `max`, both included.
pub fn bins(values: &[f64], min: f64, max: f64, count: usize) -> Vec<u32> {
    let mut bins = vec![0; count];
    let scale = count as f64 / (max - min).max(f64::MIN_POSITIVE);
    for value in values {
        let at = ((value - min) * scale).clamp(0.0, count as f64 - 1.0);
        bins[at as usize] += 1;
    }
    bins
}
