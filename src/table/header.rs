//! Whether the first line names the columns: its cells are of another kind than those below, or they are a series of
//! years, or words that do not come again.

use super::dialect::Sample;
use super::missing::{Mark, missing};
use super::number::parse;

/// Rows that are compared with the first line.
const MOST_ROWS: usize = 500;

/// One cell of the first line, compared with the cells below it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    /// Empty, or a mark of a missing value: both stand in headers and in rows.
    Nothing,
    /// A word above numbers.
    NameOfNumbers,
    /// A word above words, which comes again below or does not.
    Word { again: bool },
    /// A number above numbers; and whether most of those are years.
    Number { value: f64, among_years: bool },
    /// A number above words.
    OddNumber(f64),
}

/// A header may also begin at a later record: `from`.
pub fn header(sample: &Sample, from: usize) -> bool {
    let Some(first) = sample.records.get(from) else { return false };
    let cells: Vec<Cell> = (0..first.len()).map(|column| cell(sample, from, column)).collect();
    let count = |fits: fn(&Cell) -> bool| cells.iter().filter(|cell| fits(cell)).count();
    let names = count(|c| *c == Cell::NameOfNumbers);
    let words = count(|c| matches!(c, Cell::Word { .. }));
    let again = count(|c| *c == Cell::Word { again: true });
    let numbers = count(|c| matches!(c, Cell::Number { .. } | Cell::OddNumber(_)));
    if numbers > 0 && !is_series(&cells, sample, from) {
        return false;
    }
    // A series is a header of itself, unless a row of it begins with a word that comes again.
    let named = names + words + numbers > 0;
    named && (names > 0 || again == 0)
}

fn cell(sample: &Sample, from: usize, column: usize) -> Cell {
    let name = sample.words(from, column).unwrap_or_default();
    if missing(&name) == Some(Mark::Certain) {
        return Cell::Nothing;
    }
    let (mut known, mut numbers, mut years, mut again) = (0, 0, 0, false);
    for words in sample.below(from + 1, column).take(MOST_ROWS) {
        again |= words == name;
        match value(&words) {
            Some(value) => {
                known += 1;
                numbers += 1;
                years += usize::from(is_year(value));
            }
            None => known += usize::from(missing(&words).is_none()),
        }
    }
    let numeric = known > 0 && numbers * 10 >= known * 9;
    match value(&name) {
        Some(value) if numeric => Cell::Number { value, among_years: years * 10 >= known * 9 },
        Some(value) => Cell::OddNumber(value),
        None if numeric => Cell::NameOfNumbers,
        None => Cell::Word { again },
    }
}

/// With either decimal mark.
fn value(words: &str) -> Option<f64> {
    parse(words, false).or_else(|| parse(words, true)).map(|(value, _)| value)
}

/// Whether the numbers among the cells name columns: years above what is none, or equal steps that the rows below do
/// not have.
fn is_series(cells: &[Cell], sample: &Sample, from: usize) -> bool {
    let numbers: Vec<f64> = cells
        .iter()
        .filter_map(|cell| match cell {
            Cell::Number { value, .. } | Cell::OddNumber(value) => Some(*value),
            _ => None,
        })
        .collect();
    let years = numbers.iter().all(|value| is_year(*value));
    let among_years = cells.iter().any(|cell| matches!(cell, Cell::Number { among_years: true, .. }));
    let named = cells.contains(&Cell::NameOfNumbers);
    let words = cells.iter().any(|cell| matches!(cell, Cell::Word { again: false } | Cell::Nothing));
    if years && !among_years && (numbers.len() > 1 && steps(&numbers) || named || words) {
        return true;
    }
    // “0, 1, 2, 3”, as programs number columns, and “400, 402, 404”, as instruments do.
    let counted = matches!(numbers[..], [0.0 | 1.0, ..]);
    let long = numbers.len() > 3 || (named || words) && (numbers.len() > 2 || numbers.len() > 1 && counted);
    steps(&numbers) && long && (named || words || counted) && !rows_have_steps(cells, sample, from)
}

fn is_year(value: f64) -> bool {
    value.fract() == 0.0 && (1500.0..=2100.0).contains(&value)
}

/// Each is as much more than the last one.
fn steps(numbers: &[f64]) -> bool {
    let step = |pair: &[f64]| pair[1] - pair[0];
    let Some(first) = numbers.windows(2).next().map(step) else { return false };
    let same = |pair: &[f64]| (step(pair) - first).abs() <= 1e-6 * first.abs();
    first > 0.0 && numbers.windows(2).all(same)
}

fn rows_have_steps(cells: &[Cell], sample: &Sample, from: usize) -> bool {
    let columns = cells.iter().enumerate();
    let columns: Vec<usize> = columns
        .filter(|(_, cell)| matches!(cell, Cell::Number { .. } | Cell::OddNumber(_)))
        .map(|(at, _)| at)
        .collect();
    let rows = (from + 1..sample.records.len()).take(50);
    let (mut all, mut with_steps) = (0, 0);
    for row in rows {
        let values = columns.iter().filter_map(|at| value(&sample.words(row, *at)?));
        let values: Vec<f64> = values.collect();
        all += 1;
        with_steps += usize::from(values.len() > 1 && steps(&values));
    }
    with_steps * 2 > all
}
