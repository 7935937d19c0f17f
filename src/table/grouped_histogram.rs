//! Histograms of one column for each group of rows, on one axis: how the groups differ.

use super::Table;
use super::column::{Cell, Cells, Column};
use super::summary::{Summary, bins};

/// Groups and parts that are drawn; the rarest are left out.
pub const MOST_GROUPS: usize = 8;
pub const MOST_PARTS: usize = 4;

/// Bars are not narrower than this share of the axis.
const MOST_BARS: f64 = 30.0;

#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Where the axis begins and ends, and how wide a bar is, in the column's unit.
    pub low: f64,
    pub high: f64,
    pub step: f64,
    /// The highest bar of any part.
    pub most: u32,
    pub groups: Vec<Group>,
    /// Rows that are in none of them, because a value is missing or its group is rare.
    pub left_out: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Empty where rows are not grouped.
    pub name: String,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub name: String,
    pub count: usize,
    pub mean: f64,
    /// Values in each bar.
    pub bars: Vec<u32>,
}

impl Table {
    /// A column of numbers by the words of another one, each group by those of a third; nothing where the column has
    /// no numbers.
    pub fn spread(&self, column: usize, by: Option<usize>, split: Option<usize>) -> Option<Spread> {
        let Cells::Numbers { values, .. } = &self.columns.get(column)?.cells else { return None };
        let (groups, parts) = (self.names(by, MOST_GROUPS), self.names(split, MOST_PARTS));
        let mut sorted: Vec<Vec<f64>> = vec![Vec::new(); groups.len() * parts.len()];
        let mut left_out = 0;
        for (row, value) in values.iter().enumerate() {
            let place = |column: Option<usize>, names: &[String]| match column {
                None => Some(0),
                Some(column) => match self.cell(row, column) {
                    Cell::Word(word) => names.iter().position(|name| name == word),
                    Cell::Number(_) => names.iter().position(|name| *name == self.text(row, column)),
                    Cell::Missing => None,
                },
            };
            match (place(by, &groups), place(split, &parts)) {
                (Some(group), Some(part)) if !value.is_nan() => {
                    sorted[group * parts.len() + part].push(*value)
                }
                _ => left_out += 1,
            }
        }
        let all = sorted.iter().flatten();
        let (least, most) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
        if least > most {
            return None;
        }
        let step = nice_step(most - least);
        let (low, high) = ((least / step).floor() * step, ((most / step).floor() + 1.0) * step);
        let count = ((high - low) / step).round() as usize;
        let part = |(name, values): (&String, &Vec<f64>)| Part {
            name: name.clone(),
            count: values.len(),
            mean: values.iter().sum::<f64>() / values.len().max(1) as f64,
            bars: bins(values, low, high, count),
        };
        let groups: Vec<Group> = groups
            .into_iter()
            .zip(sorted.chunks(parts.len()))
            .map(|(name, values)| Group { name, parts: parts.iter().zip(values).map(part).collect() })
            .collect();
        let bars = groups.iter().flat_map(|g| &g.parts).flat_map(|p| &p.bars);
        let most = bars.copied().max().unwrap_or(1);
        Some(Spread { low, high, step, most, groups, left_out })
    }

    /// The names of groups, the most frequent of them, in the order of the alphabet; one empty name for none.
    pub fn names(&self, column: Option<usize>, most: usize) -> Vec<String> {
        let Some(column) = column.and_then(|at| self.columns.get(at)) else { return vec![String::new()] };
        let mut names = frequent(column, most);
        names.sort_by(|a, b| match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(a), Ok(b)) => a.total_cmp(&b),
            _ => a.cmp(b),
        });
        names
    }
}

/// The `most` values that are there most often, with how often.
fn frequent(column: &Column, most: usize) -> Vec<String> {
    let mut counted: Vec<(u32, Cell)> = match (&column.cells, &column.summary) {
        (Cells::Words { words, .. }, Summary::Words(summary)) => {
            let counts = summary.counts.iter().copied().zip(words.iter().map(|word| Cell::Word(word)));
            counts.filter(|(count, _)| *count > 0).collect()
        }
        (Cells::Numbers { values, .. }, _) => {
            let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            let runs = sorted.chunk_by(|a, b| a == b);
            runs.map(|run| (run.len() as u32, Cell::Number(run[0]))).collect()
        }
        _ => Vec::new(),
    };
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counted.truncate(most);
    counted.into_iter().map(|(_, value)| column.words(value)).collect()
}

/// 1, 2 or 5 times a power of ten, so that at most `MOST_BARS` of it cover the span.
pub fn nice_step(span: f64) -> f64 {
    let rough = if span > 0.0 { span / MOST_BARS } else { 1.0 };
    let power = 10_f64.powi(rough.log10().floor() as i32);
    let lead = [1.0, 2.0, 5.0].into_iter().find(|lead| lead * power >= rough);
    lead.unwrap_or(10.0) * power
}

impl Spread {
    /// Places of two parts of which the first has the lower mean in every group.
    pub fn always_lower(&self) -> Option<(usize, usize)> {
        let parts = self.groups.first()?.parts.len();
        let pairs = (0..parts).flat_map(|a| (0..parts).map(move |b| (a, b)));
        let lower = |a: usize, b: usize| {
            self.groups.iter().all(|g| {
                let (a, b) = (&g.parts[a], &g.parts[b]);
                a.count > 0 && b.count > 0 && a.mean < b.mean
            })
        };
        if parts == 2 { pairs.into_iter().find(|(a, b)| a != b && lower(*a, *b)) } else { None }
    }
}
