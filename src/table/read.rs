//! Reads a file piece by piece, so that a page can do other things in between: first as numbers, then the columns
//! that are none as words.

use super::Table;
use super::builder::Builder;
use super::column::Column;
use super::saying::{Saying, says};
use super::sniff::{self, Dialect, Sample};
use super::split::{Span, Splitter};
use super::text::{Encoding, decode};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// More would be no table that can be looked at, and each is at least one input of a network.
pub const MOST_COLUMNS: usize = 1_000;
pub const MOST_CELLS: usize = 40_000_000;

/// Records of one piece, when the whole file is read at once.
const PIECE: usize = 4_096;

/// A file that is being read.
pub struct Reader {
    text: String,
    encoding: Encoding,
    dialect: Dialect,
    names: Vec<String>,
    splitter: Splitter,
    /// Where the first row begins.
    begin: usize,
    builders: Vec<Builder>,
    rows: usize,
    /// Cells of the current record.
    cells: Vec<Span>,
    stage: Stage,
    done: Vec<Column>,
    /// Rows with another number of cells, by that number: how many, and the first.
    ragged: BTreeMap<usize, (usize, usize)>,
    notes: Vec<Saying>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Numbers,
    Words,
    Summaries,
    Done,
}

impl Reader {
    /// Recognises how the file is written, unless it is said.
    pub fn open(bytes: Vec<u8>, dialect: Option<Dialect>) -> Result<Self, Saying> {
        let (text, encoding) = decode(bytes)?;
        // Spreadsheets may say it in a line of its own.
        let said = text.strip_prefix("sep=").and_then(|rest| rest.chars().next());
        let text = match said {
            Some(_) => text.split_once('\n').map_or(String::new(), |(_, rest)| rest.into()),
            None => text,
        };
        // A letter of several bytes divides nothing: cells are cut between bytes.
        let dialect = dialect.filter(|said| said.delimiter.is_ascii()).unwrap_or_else(|| {
            let known = said.filter(|mark| sniff::DELIMITERS.contains(mark));
            let delimiter = known.unwrap_or_else(|| sniff::delimiter(&text));
            let sample = Sample::of(&text, delimiter, true);
            let decimal_comma = sniff::decimal_comma(&sample, delimiter);
            let header = sniff::header(&sample, decimal_comma);
            Dialect { delimiter, header, decimal_comma, quotes: true }
        });
        Self::begin(text, encoding, dialect, Vec::new())
    }

    fn begin(text: String, encoding: Encoding, dialect: Dialect, notes: Vec<Saying>) -> Result<Self, Saying> {
        let mut splitter = Splitter::new(dialect.delimiter as u8, dialect.quotes);
        let mut cells = Vec::new();
        splitter.next(&text, &mut cells);
        let width = cells.len();
        if width > MOST_COLUMNS {
            return Err(says(
                "The file has {} columns; up to {} can be used here. Leave some out, or turn the table on its side.",
                [width.into(), MOST_COLUMNS.into()],
            ));
        }
        let names = if dialect.header { named(&text, &cells) } else { numbered(width) };
        if !dialect.header {
            splitter.at = 0;
        }
        let builders = (0..width).map(|_| Builder::new()).collect();
        let (begin, stage) = (splitter.at, Stage::Numbers);
        Ok(Self {
            text,
            encoding,
            dialect,
            names,
            splitter,
            begin,
            builders,
            rows: 0,
            cells,
            stage,
            done: Vec::new(),
            ragged: BTreeMap::new(),
            notes,
        })
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// Reads so many records further; false when everything is read.
    pub fn advance(&mut self, records: usize) -> Result<bool, Saying> {
        match self.stage {
            Stage::Numbers => self.numbers(records)?,
            Stage::Words => self.words(records),
            Stage::Summaries => self.summary(),
            Stage::Done => (),
        }
        Ok(self.stage != Stage::Done)
    }

    /// How much of the work is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        let of_text = self.splitter.at as f64 / self.text.len().max(1) as f64;
        match self.stage {
            Stage::Numbers => 0.5 * of_text,
            Stage::Words => 0.5 + 0.3 * of_text,
            Stage::Summaries => 0.8 + 0.2 * self.done.len() as f64 / self.names.len().max(1) as f64,
            Stage::Done => 1.0,
        }
    }

    fn numbers(&mut self, records: usize) -> Result<(), Saying> {
        let width = self.names.len();
        for _ in 0..records {
            if !self.splitter.next(&self.text, &mut self.cells) {
                return self.numbers_are_read();
            }
            if self.cells.len() != width {
                self.ragged.entry(self.cells.len()).or_insert((0, self.rows + 1)).0 += 1;
            }
            let comma = self.dialect.decimal_comma;
            for (column, builder) in self.builders.iter_mut().enumerate() {
                match self.cells.get(column) {
                    Some(cell) => builder.push_number(&cell.of(&self.text), comma),
                    None => builder.push_number("", comma),
                }
            }
            self.rows += 1;
        }
        if self.rows * width > MOST_CELLS {
            let most = MOST_CELLS / width.max(1);
            return Err(says(
                "The table has more than {} rows of {} columns, which is more than a tab can hold. Take a part of it.",
                [most.into(), width.into()],
            ));
        }
        Ok(())
    }

    fn numbers_are_read(&mut self) -> Result<(), Saying> {
        if self.splitter.unclosed && self.dialect.quotes {
            let text = std::mem::take(&mut self.text);
            let note =
                says("A quotation mark is opened and never closed, so all of them are read as letters.", []);
            let dialect = Dialect { quotes: false, ..self.dialect };
            *self = Self::begin(text, self.encoding, dialect, vec![note])?;
            return Ok(());
        }
        self.judge()?;
        self.builders.iter_mut().for_each(Builder::settle);
        self.splitter.at = self.begin;
        self.stage = if self.builders.iter().all(|b| b.numeric) { Stage::Summaries } else { Stage::Words };
        Ok(())
    }

    /// Whether this is a table after all.
    fn judge(&mut self) -> Result<(), Saying> {
        if self.rows == 0 {
            return Err(says("The file names columns and has no rows.", []));
        }
        let odd: usize = self.ragged.values().map(|(count, _)| count).sum();
        let Some(first) = self.ragged.values().map(|(_, row)| *row).min() else { return Ok(()) };
        let width = self.names.len();
        if odd * 4 > self.rows {
            return Err(says(
                "This is no table: {} of {} rows have another number of cells than the first line, which has {}. The first such row is row {}.",
                [odd.into(), self.rows.into(), width.into(), first.into()],
            ));
        }
        let short: usize = self.ragged.range(..width).map(|(_, (count, _))| count).sum();
        self.notes.push(says(
            "Rows with another number of cells than the first line: {} (the first is row {}). What lacks counts as missing ({} rows), what is too much is left out ({} rows).",
            [odd.into(), first.into(), short.into(), (odd - short).into()],
        ));
        Ok(())
    }

    fn words(&mut self, records: usize) {
        for _ in 0..records {
            if !self.splitter.next(&self.text, &mut self.cells) {
                self.text = String::new();
                self.stage = Stage::Summaries;
                return;
            }
            for (column, builder) in self.builders.iter_mut().enumerate().filter(|(_, b)| !b.numeric) {
                match self.cells.get(column) {
                    Some(cell) => builder.push_word(&cell.of(&self.text)),
                    None => builder.push_word(""),
                }
            }
        }
    }

    /// One column.
    fn summary(&mut self) {
        if self.done.is_empty() {
            // Taken from the end.
            self.builders.reverse();
        }
        let name = self.names.get(self.done.len()).cloned().unwrap_or_default();
        match self.builders.pop() {
            Some(builder) => self.done.push(builder.finish(name)),
            None => self.stage = Stage::Done,
        }
    }

    /// What has been read.
    pub fn finish(self) -> Table {
        let Self { done, dialect, encoding, notes, rows, .. } = self;
        let columns = done.into_iter().map(Arc::new).collect();
        Table { columns, dialect, encoding, notes, rows }
    }

    pub(super) fn run(mut self) -> Result<Table, Saying> {
        while self.advance(PIECE)? {}
        Ok(self.finish())
    }
}

/// The first line's words; a name that is there already gets a number.
fn named(text: &str, cells: &[Span]) -> Vec<String> {
    let mut taken = HashSet::new();
    let name = |(at, cell): (usize, &Span)| {
        let words = cell.of(text).trim().to_string();
        let words = if words.is_empty() { number_of(at) } else { words };
        let mut name = words.clone();
        let mut count = 1;
        while !taken.insert(name.clone()) {
            count += 1;
            name = format!("{words} ({count})");
        }
        name
    };
    cells.iter().enumerate().map(name).collect()
}

fn numbered(width: usize) -> Vec<String> {
    (0..width).map(number_of).collect()
}

fn number_of(at: usize) -> String {
    format!("column {}", at + 1)
}
