//! Columns of ticks: one mark where something is so, and nothing where it is not.

use super::column::{Cells, Column};
use super::summary::Summary;

const TICKS: &[&str] =
    &["x", "✓", "✔", "☑", "•", "*", "+", "1", "yes", "y", "ja", "j", "true", "t", "wahr", "oui", "si", "sí"];

/// In the order of the alphabet, as a column's words are.
const NO_AND_YES: [&str; 2] = ["no", "yes"];

pub fn is_tick(words: &str) -> bool {
    TICKS.contains(&words.to_lowercase().as_str())
}

/// The column as yes and no, where it holds ticks and nothing else.
pub fn read(mut column: Column) -> Column {
    let blank = |mark: &String| mark.is_empty() || mark == "-" || mark == "–";
    let blanks_only =
        column.marks.contains_key("") && column.marks.keys().all(blank) && column.odd.is_empty();
    let Some(tick) = only_value(&column).filter(|only| blanks_only && is_tick(only)) else { return column };
    let codes = (0..column.len()).map(|row| u32::from(!column.is_missing(row))).collect();
    column.cells = Cells::Words { codes, words: NO_AND_YES.map(String::from).into() };
    column.summary = Summary::of(&column.cells);
    column.marks.clear();
    column.origin.tick = Some(tick);
    column
}

/// The one value of a column, whatever its case.
fn only_value(column: &Column) -> Option<String> {
    match &column.cells {
        Cells::Words { words, .. } => {
            let first = words.first()?;
            let same = words.iter().all(|word| word.to_lowercase() == first.to_lowercase());
            same.then(|| first.clone())
        }
        Cells::Numbers { .. } if !column.origin.units.is_empty() || column.summary.distinct() != 1 => None,
        Cells::Numbers { .. } => {
            let row = (0..column.len()).find(|row| !column.is_missing(*row))?;
            Some(column.text(row))
        }
    }
}
