//! How one column becomes inputs of a network, with constants of the training rows.

use super::column::{Cell, Cells, Column};
use super::summary::median;
use serde::{Deserialize, Serialize};

/// A feature column as the network takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    pub column: String,
    pub how: How,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// (value − mean) ÷ std; one input.
    Standardised {
        mean: f64,
        /// Of all training rows, divided by their count; 1 where they are all alike.
        std: f64,
        /// Stands in for a missing value.
        median: f64,
    },
    /// One input for each category of the training rows, 1 for the row's own and 0 for the others; all 0 for a
    /// category that no training row has.
    OneHot {
        categories: Vec<String>,
        /// Place of the category that stands in for a missing value.
        usual: usize,
    },
}

impl Input {
    /// How many of the network's inputs it becomes.
    pub fn width(&self) -> usize {
        match &self.how {
            How::Standardised { .. } => 1,
            How::OneHot { categories, .. } => categories.len(),
        }
    }

    /// “bill_length_mm”, or “sex = female” and “sex = male”.
    pub fn names(&self) -> Vec<String> {
        match &self.how {
            How::Standardised { .. } => vec![self.column.clone()],
            How::OneHot { categories, .. } => {
                categories.iter().map(|category| format!("{} = {category}", self.column)).collect()
            }
        }
    }

    /// Adds the value's inputs to `numbers`.
    pub fn put(&self, cell: Cell, numbers: &mut Vec<f32>) {
        match &self.how {
            How::Standardised { mean, std, median } => {
                let value = if let Cell::Number(value) = cell { value } else { *median };
                numbers.push(((value - mean) / std) as f32);
            }
            How::OneHot { categories, usual } => {
                let place = match cell {
                    Cell::Word(word) => categories.iter().position(|c| c == word),
                    _ => Some(*usual),
                };
                numbers.extend((0..categories.len()).map(|at| f32::from(u8::from(Some(at) == place))));
            }
        }
    }
}

impl Input {
    /// A column's inputs, with constants of these rows.
    pub(super) fn of(column: &Column, train: &[u32]) -> Self {
        let how = match &column.cells {
            Cells::Numbers { values, .. } => {
                let there = train.iter().filter_map(|row| values.get(*row as usize).copied());
                let mut there: Vec<f64> = there.filter(|v| !v.is_nan()).collect();
                let (mean, std) = moments(&there);
                there.sort_unstable_by(f64::total_cmp);
                How::Standardised { mean, std, median: median(&there) }
            }
            Cells::Words { codes, words } => {
                let mut counts = vec![0_u32; words.len()];
                for row in train {
                    if let Some(count) = codes.get(*row as usize).and_then(|c| counts.get_mut(*c as usize)) {
                        *count += 1;
                    }
                }
                one_hot(words, &counts)
            }
        };
        Self { column: column.name.clone(), how }
    }
}

fn one_hot(words: &[String], counts: &[u32]) -> How {
    let mut there: Vec<(&String, u32)> =
        words.iter().zip(counts.iter().copied()).filter(|(_, count)| *count > 0).collect();
    there.sort_by_key(|(word, _)| *word);
    let mut usual = 0;
    for (at, (_, count)) in there.iter().enumerate() {
        if *count > there[usual].1 {
            usual = at;
        }
    }
    How::OneHot { categories: there.into_iter().map(|(word, _)| word.clone()).collect(), usual }
}

/// Mean and deviation (of the whole population); 0 and 1 where there is nothing, and 1 where all are alike.
pub(super) fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count;
    (mean, if variance > 0.0 { variance.sqrt() } else { 1.0 })
}
