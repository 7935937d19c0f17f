//! How a table is written, and the beginning of a file that tells it. All of it is shown, and any of it can be said
//! otherwise (`options`).

use super::number::parse;
use super::split::{Span, Splitter};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How a file is written, recognised or said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// A blank stands for any run of blanks and tabs.
    pub delimiter: char,
    /// The first line names the columns.
    pub header: bool,
    /// “3,5” is a number, in most columns.
    pub decimal_comma: bool,
    /// Quotation marks hold cells together; not where one is never closed.
    pub quotes: bool,
    /// Those marks are single ones.
    pub single_quotes: bool,
    /// Lines above the table that are not read.
    pub skip: u32,
}

impl Dialect {
    /// As most files are written.
    pub const PLAIN: Self = Self {
        delimiter: ',',
        header: true,
        decimal_comma: false,
        quotes: true,
        single_quotes: false,
        skip: 0,
    };

    pub(super) fn quote(&self) -> Option<u8> {
        self.quotes.then_some(if self.single_quotes { b'\'' } else { b'"' })
    }
}

const MOST_SAMPLE_BYTES: usize = 256 << 10;

/// The first records of a text, divided in one way.
pub struct Sample<'a> {
    pub text: &'a str,
    pub records: Vec<Vec<Span>>,
    /// Where each record begins, and where the last one ends.
    pub starts: Vec<usize>,
}

impl<'a> Sample<'a> {
    pub fn of(text: &'a str, from: usize, delimiter: char, quote: Option<u8>, most: usize) -> Self {
        let mut splitter = Splitter::new(delimiter as u8, quote, from);
        let (mut records, mut starts, mut cells) = (Vec::new(), Vec::new(), Vec::new());
        while records.len() < most && splitter.at < from + MOST_SAMPLE_BYTES {
            let start = splitter.at + blank_lines(&text[splitter.at..]);
            if !splitter.next(text, &mut cells) {
                break;
            }
            starts.push(start);
            records.push(cells.clone());
        }
        starts.push(splitter.at);
        Self { text, records, starts }
    }

    /// The same without its first records.
    pub fn without(mut self, count: usize) -> Self {
        self.records.drain(..count);
        self.starts.drain(..count);
        self
    }

    /// How many cells most records have, and the share of records that have them; the first record's number where
    /// several are as frequent.
    pub fn width(&self) -> (usize, f64) {
        let mut counts = BTreeMap::<usize, usize>::new();
        for record in &self.records {
            *counts.entry(record.len()).or_default() += 1;
        }
        let first = self.records.first().map_or(0, Vec::len);
        let most = counts.into_iter().max_by_key(|(width, count)| (*count, *width == first));
        let (width, count) = most.unwrap_or((0, 0));
        (width, count as f64 / self.records.len().max(1) as f64)
    }

    pub fn words(&self, record: usize, column: usize) -> Option<Cow<'a, str>> {
        let cell = self.records.get(record)?.get(column)?;
        Some(match cell.of(self.text) {
            Cow::Borrowed(words) => Cow::Borrowed(words.trim()),
            Cow::Owned(words) => Cow::Owned(words.trim().into()),
        })
    }

    /// The words of a column, from this record on.
    pub fn below(&self, record: usize, column: usize) -> impl Iterator<Item = Cow<'a, str>> + '_ {
        (record..self.records.len()).filter_map(move |record| self.words(record, column))
    }
}

fn blank_lines(text: &str) -> usize {
    text.bytes().take_while(|b| matches!(b, b'\n' | b'\r')).count()
}

/// A number with either mark.
pub fn reads_as_number(words: &str) -> bool {
    parse(words, false).or_else(|| parse(words, true)).is_some()
}
