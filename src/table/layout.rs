//! Where a table begins in a text, how it is divided, and what its columns are called: all that is known before the
//! rows are read.

use super::decimal::{Decimals, Question};
use super::delimiter::{delimiter, single_quotes};
use super::dialect::{Dialect, Sample};
use super::header::header;
use super::message::{Saying, says};
use super::options::ReadOptions;
use super::preamble::{above, after_lines, comment, lines, sep_line};
use super::split::Span;
use std::collections::HashSet;

/// Enough to see what is rare, and read in a moment.
const RECORDS: usize = 1_000;

/// All that is known before the rows are read.
pub struct Layout {
    pub dialect: Dialect,
    /// Where the first row begins.
    pub begin: usize,
    pub names: Vec<String>,
    /// Columns after these have no name in the file: without a value they are left out.
    pub named: usize,
    /// Cells of most rows.
    pub row_width: usize,
    /// A decimal comma in each column, and whether the column's own values say so.
    pub commas: Vec<bool>,
    pub certain: Vec<bool>,
    pub question: Option<Question>,
    /// What a comment begins with, where comments stand above the table.
    pub comment: Option<&'static str>,
    pub notes: Vec<Saying>,
}

impl Layout {
    /// What is not said is recognised.
    pub fn of(text: &str, options: &ReadOptions) -> Self {
        let sep = sep_line(text);
        let top = sep.map_or(0, |(_, end)| after_lines(text, end, 1));
        let start = after_lines(text, top, options.skip.unwrap_or(0));
        let mut dialect = divided(text, start, options, sep.map(|(mark, _)| mark));
        let comment = if options.skip.is_none() { comment(&text[start..]) } else { None };
        let sample = Sample::of(text, start, dialect.delimiter, dialect.quote(), RECORDS);
        let (width, _) = sample.width();
        let above = options.skip.is_none().then(|| above(&sample, filled(&sample, width), comment));
        let sample = sample.without(above.as_ref().map_or(0, |above| above.records));
        let table = sample.starts.first().copied().unwrap_or(start);
        dialect.skip = options.skip.unwrap_or_else(|| lines(&text[top..table]));
        let commented = above.is_some_and(|above| above.commented_header);
        dialect.header = commented || options.header.unwrap_or_else(|| header(&sample, 0));
        let mut layout = Self {
            dialect,
            begin: sample.starts.get(usize::from(dialect.header)).copied().unwrap_or(text.len()),
            names: Vec::new(),
            named: 0,
            row_width: sample.width().0,
            commas: Vec::new(),
            certain: Vec::new(),
            question: None,
            comment,
            notes: Vec::new(),
        };
        layout.say_what_is_skipped(text, top, table, options);
        layout.name(&sample, comment.filter(|_| commented));
        let from = usize::from(dialect.header);
        let decimals = match options.decimal_comma {
            Some(comma) => Decimals::said(comma, layout.names.len()),
            None => Decimals::of(&sample, from, &layout.names, dialect.delimiter),
        };
        layout.dialect.decimal_comma = decimals.comma;
        (layout.commas, layout.certain) = (decimals.columns, decimals.certain);
        layout.question = decimals.question;
        layout
    }

    fn say_what_is_skipped(&mut self, text: &str, top: usize, table: usize, options: &ReadOptions) {
        let skipped = text[top..table].trim();
        if self.dialect.skip > 0 && options.skip.is_none() && !skipped.is_empty() {
            let first = skipped.lines().next().unwrap_or_default();
            self.notes.push(says(
                "Lines above the table that are skipped: {}. The first is “{}”.",
                [(self.dialect.skip as usize).into(), first.into()],
            ));
        }
    }

    /// The columns' names: of the first record, or numbers. `comment` stands in front of the first of them.
    fn name(&mut self, sample: &Sample, comment: Option<&str>) {
        let rows = usize::from(self.dialect.header);
        // With one line only, that line says how many cells there are.
        self.row_width = match sample.records.len() > rows {
            true => without_first(sample, rows),
            false => self.row_width,
        };
        if !self.dialect.header {
            self.names = (0..self.row_width).map(number_of).collect();
            return;
        }
        let mut words = header_words(sample, comment);
        let missing = self.row_width.saturating_sub(words.len());
        if missing == 1 && !is_empty_below(sample, rows, self.row_width - 1) {
            words.insert(0, String::new());
            self.notes.push(says(
                "The header is one name short, so the first cell of each row is taken for the row’s name.",
                [],
            ));
        } else if words.len() > self.row_width {
            let first = words.get(self.row_width).cloned().unwrap_or_default();
            if !first.is_empty() {
                self.notes.push(says(
                    "The header has {} names and most rows have {} cells: “{}” and what follows is missing in them.",
                    [words.len().into(), self.row_width.into(), first.as_str().into()],
                ));
            }
        }
        words.resize(words.len().max(self.row_width), String::new());
        self.named = words.iter().rposition(|words| !words.is_empty()).map_or(0, |last| last + 1);
        self.names = unique(words);
    }
}

/// What divides the cells and what holds them together.
fn divided(text: &str, start: usize, options: &ReadOptions, sep: Option<char>) -> Dialect {
    let quotes = options.quotes.unwrap_or(true);
    let single_quotes = quotes
        && options.single_quotes.unwrap_or_else(|| options.quotes.is_none() && single_quotes(text, start));
    let mut dialect = Dialect { quotes, single_quotes, ..Dialect::PLAIN };
    // A letter of several bytes divides nothing: cells are cut between bytes. Nor does a mark that means something else.
    let divides = |mark: &char| mark.is_ascii() && !matches!(mark, '\n' | '\r' | '"');
    let said = options.delimiter.filter(divides).or(sep);
    dialect.delimiter = said.unwrap_or_else(|| delimiter(text, start, dialect.quote()));
    dialect
}

/// Cells of most records after the header.
fn without_first(sample: &Sample, rows: usize) -> usize {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    sample.records[rows..].iter().for_each(|record| *counts.entry(record.len()).or_default() += 1);
    let first = sample.records[0].len();
    let most = counts.into_iter().max_by_key(|(width, count)| (*count, *width == first));
    most.map_or(first, |(width, _)| width)
}

fn header_words(sample: &Sample, comment: Option<&str>) -> Vec<String> {
    let of = |cell: &Span| cell.of(sample.text).trim().to_string();
    let mut words: Vec<String> =
        sample.records.first().map_or(Vec::new(), |cells| cells.iter().map(of).collect());
    if let (Some(mark), Some(first)) = (comment, words.first_mut()) {
        *first = first.trim_start_matches(mark).trim().to_string();
        if first.is_empty() && words.len() > 1 {
            words.remove(0);
        }
    }
    words
}

/// The same without columns at the end that are empty in all records of this width.
fn filled(sample: &Sample, width: usize) -> usize {
    let usual = || sample.records.iter().filter(|record| record.len() == width);
    let is_filled = |column: &usize| usual().any(|record| !record[*column].is_empty());
    (0..width).rev().find(is_filled).map_or(width, |last| last + 1)
}

fn is_empty_below(sample: &Sample, from: usize, column: usize) -> bool {
    sample.below(from, column).all(|words| words.is_empty())
}

/// A name that is there already gets a number, and a place without a name is one.
fn unique(words: Vec<String>) -> Vec<String> {
    let mut taken = HashSet::new();
    let name = |(at, words): (usize, String)| {
        let words = if words.is_empty() { number_of(at) } else { words };
        let mut name = words.clone();
        let mut count = 1;
        while !taken.insert(name.clone()) {
            count += 1;
            name = format!("{words} ({count})");
        }
        name
    };
    words.into_iter().enumerate().map(name).collect()
}

fn number_of(at: usize) -> String {
    format!("column {}", at + 1)
}
