//! What a visitor should know about how a column was read.

use super::column::{Cells, Column};
use super::message::{Saying, Value, says};
use super::summary::Summary;

/// Values are odd from this many times the largest of the others on.
const TIMES: f64 = 1_000.0;

/// Few values say nothing about what is usual.
const FEW: usize = 10;

/// Values so far from all others that a program may have lost their decimal mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Outliers {
    /// Rows, from 0 on.
    pub rows: Vec<u32>,
    pub first: f64,
    /// The largest of the other values, without their signs.
    pub others: f64,
}

impl Column {
    /// In sentences.
    pub fn remarks(&self, decimal_comma: bool) -> Vec<Saying> {
        let mut all = Vec::new();
        all.extend(self.unit());
        if let Some(tick) = &self.origin.tick {
            all.push(says("“{}” is read as yes, an empty cell as no.", [tick.as_str().into()]));
        }
        let numbers = matches!(&self.cells, Cells::Numbers { decimals, .. } if *decimals > 0);
        if numbers && self.origin.decimal_comma != decimal_comma {
            all.push(match self.origin.decimal_comma {
                true => says("Here, a comma is the decimal mark.", []),
                false => says("Here, a point is the decimal mark.", []),
            });
        }
        if let Some(outliers) = self.outliers() {
            let row = outliers.rows.first().map_or(0, |row| *row as usize + 1);
            all.push(says(
                "{} of the values are more than a thousand times as large as all others, as when a spreadsheet loses the decimal mark: {} in row {}, the others up to {}.",
                [outliers.rows.len().into(), Value::Text(outliers.first.to_string()), row.into(), outliers.others.into()],
            ));
        }
        all
    }

    fn unit(&self) -> Option<Saying> {
        let Summary::Numbers(numbers) = &self.summary else { return None };
        let mut units = self.origin.units.iter();
        match (units.next()?, units.next()) {
            ((unit, count), None) if *count >= numbers.count => {
                Some(says("The unit is “{}”.", [(*unit).into()]))
            }
            ((unit, count), None) => Some(says(
                "The unit is “{}”, which stands with {} of {} values.",
                [(*unit).into(), (*count).into(), numbers.count.into()],
            )),
            ((unit, count), Some((other, more))) => Some(says(
                "The values have different units: “{}” ({}), “{}” ({}). They are not converted.",
                [(*unit).into(), (*count).into(), (*other).into(), (*more).into()],
            )),
        }
    }

    /// None where no value is like that, or where more than one in twenty is.
    pub fn outliers(&self) -> Option<Outliers> {
        let (Cells::Numbers { values, .. }, Summary::Numbers(summary)) = (&self.cells, &self.summary) else {
            return None;
        };
        // Most columns are through here.
        let largest = summary.max.abs().max(summary.min.abs());
        if summary.count < FEW || largest < TIMES * summary.median.abs() {
            return None;
        }
        let mut sizes: Vec<f64> = values.iter().filter(|v| !v.is_nan()).map(|v| v.abs()).collect();
        sizes.sort_unstable_by(f64::total_cmp);
        let least = sizes.len() - (sizes.len() / 20).max(1);
        let gap =
            (least..sizes.len()).find(|at| sizes[at - 1] > 0.0 && sizes[*at] >= TIMES * sizes[at - 1])?;
        let (others, from) = (sizes[gap - 1], sizes[gap]);
        let rows = (0..values.len() as u32).filter(|row| values[*row as usize].abs() >= from);
        let rows: Vec<u32> = rows.collect();
        let first = values[*rows.first()? as usize];
        Some(Outliers { rows, first, others })
    }
}
