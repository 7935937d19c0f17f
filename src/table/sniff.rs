//! How a table is written, told from its beginning: what divides the cells, whether the first line names the columns,
//! which mark decimals have. All of it is shown, and any of it can be said otherwise.

use super::number::{Mark, missing, parse};
use super::split::{Span, Splitter};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    pub delimiter: char,
    /// The first line names the columns.
    pub header: bool,
    /// “3,5” is a number.
    pub decimal_comma: bool,
    /// Quotation marks hold cells together; not where one is never closed.
    pub quotes: bool,
}

/// Best first where a text fits several: a comma may also be a decimal mark.
pub const DELIMITERS: [char; 4] = ['\t', ';', '|', ','];

const SAMPLE_BYTES: usize = 256 << 10;
const SAMPLE_RECORDS: usize = 400;

pub struct Sample<'a> {
    text: &'a str,
    records: Vec<Vec<Span>>,
}

impl<'a> Sample<'a> {
    pub fn of(text: &'a str, delimiter: char, quotes: bool) -> Self {
        let mut splitter = Splitter::new(delimiter as u8, quotes);
        let (mut records, mut cells) = (Vec::new(), Vec::new());
        while records.len() < SAMPLE_RECORDS && splitter.at < SAMPLE_BYTES && splitter.next(text, &mut cells)
        {
            records.push(cells.clone());
        }
        Self { text, records }
    }

    /// How many cells most records have, and the share of records that have them.
    fn width(&self) -> (usize, f64) {
        let mut counts = std::collections::BTreeMap::<usize, usize>::new();
        for record in &self.records {
            *counts.entry(record.len()).or_default() += 1;
        }
        let (width, count) = counts.into_iter().max_by_key(|(_, count)| *count).unwrap_or((0, 0));
        (width, count as f64 / self.records.len().max(1) as f64)
    }

    fn words(&self, record: usize, column: usize) -> Option<std::borrow::Cow<'a, str>> {
        self.records.get(record)?.get(column).map(|cell| cell.of(self.text))
    }
}

/// The delimiter that gives most records the same number of cells.
pub fn delimiter(text: &str) -> char {
    let mut best = (',', 0.0);
    for delimiter in DELIMITERS {
        let (width, share) = Sample::of(text, delimiter, true).width();
        // A little better is chance: then the first in the list wins.
        if width > 1 && share > best.1 + 0.02 {
            best = (delimiter, share);
        }
    }
    best.0
}

/// Votes of the numbers that have one mark only.
pub fn decimal_comma(sample: &Sample, delimiter: char) -> bool {
    let (mut commas, mut points, mut groups) = (0, 0, 0);
    for cell in sample.records.iter().flatten() {
        let words = cell.of(sample.text);
        if words.len() > 24 || !words.ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let as_comma = words.contains(',') && parse(&words, true).is_some();
        let as_point = words.contains('.') && parse(&words, false).is_some();
        match (as_comma, as_point, words.contains(',') && parse(&words, false).is_some()) {
            // “1,234” reads both ways.
            (true, _, true) if !words.contains('.') => groups += 1,
            (true, false, _) => commas += 1,
            (_, true, _) => points += 1,
            _ => (),
        }
    }
    commas > points || commas == points && groups > 0 && delimiter == ';'
}

/// Names of columns are words above numbers, or words that do not come again below.
pub fn header(sample: &Sample, decimal_comma: bool) -> bool {
    let Some(first) = sample.records.first() else { return false };
    let number = |words: &str| parse(words, decimal_comma).is_some();
    let (mut above_numbers, mut comes_again, mut named) = (0, 0, 0);
    for column in 0..first.len() {
        let Some(name) = sample.words(0, column) else { continue };
        let below: Vec<_> =
            (1..sample.records.len()).filter_map(|record| sample.words(record, column)).collect();
        let known = below.iter().filter(|words| missing(words).is_none()).count();
        let numbers = below.iter().filter(|words| number(words)).count();
        // An empty name stands above a column of row numbers.
        if number(&name) || missing(&name) == Some(Mark::Certain) && !name.is_empty() {
            return false;
        }
        named += usize::from(!name.is_empty());
        above_numbers += usize::from(known > 0 && numbers * 10 >= known * 9);
        comes_again += usize::from(!name.is_empty() && below.contains(&name));
    }
    named > 0 && (above_numbers > 0 || comes_again == 0)
}
