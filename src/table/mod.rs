//! Tables: a CSV file read, looked at, edited, and made the numbers that a network takes. Pure: the page and the
//! engines use the same code.
//!
//! `options` is what a visitor says of a file. `text` makes it letters, with `letters`' help, `unwrap`, `preamble`, `delimiter`, `header` and
//! `decimal` find out how it is written, which `layout` puts together; `split`, `number`, `unit`, `missing` and `ticks`
//! read cells, `read` the rows. `remarks` is what there is to say of a column. `column` and `summary` are what came of it; `view` sorts and
//! filters, `spread` compares groups, `edit` are a visitor's changes; `recipe` says what is learned from what, `plan` which rows teach and
//! `prepare` makes them numbers, `continued` does both for rows that are in order; `penguins` is the lecture's table.

pub mod missing;
pub mod number;
pub mod options;
pub mod split;
pub mod text;
pub mod unit;

pub mod decimal;
pub mod delimiter;
pub mod dialect;
pub mod header;
pub mod preamble;
pub mod unwrap;

mod builder;
mod layout;
mod letters;
pub mod read;
mod ticks;

pub mod column;
pub mod grouped_histogram;
pub mod remarks;
pub mod summary;
pub mod view;

pub mod edit;

pub mod continued;
pub mod encode;
pub mod encode_rows;
pub mod experiment;
pub mod propose;
pub mod split_plan;

pub mod penguins;

pub mod message;

pub use column::{Cell, Cells, Column, Kind, Use};
pub use decimal::Question;
pub use dialect::Dialect;
pub use edit::{Bytes, Edit, Given};
pub use encode::{How, Input};
pub use encode_rows::{Labels, Part, Prepared, prepare};
pub use experiment::{Missing, Recipe, Task};
pub use message::{Saying, Value};
pub use options::ReadOptions;
pub use split_plan::{Plan, TargetEncoding, plan, plan_in_pieces};

use message::says;
use read::Reader;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use text::Encoding;

/// Rows and columns, with what was recognised about the file that they came from. A clone is cheap: columns are
/// shared until one of them is changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub columns: Vec<Arc<Column>>,
    pub dialect: Dialect,
    pub encoding: Encoding,
    /// What a visitor should know about the reading: ragged rows, an odd quotation mark.
    pub notes: Vec<Saying>,
    /// A value that nothing in the file decides how to read.
    pub question: Option<Question>,
    rows: usize,
}

impl Table {
    /// The whole file at once; `Reader` does it piece by piece. Fails, in words, for what is no table.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Saying> {
        Reader::open(bytes, ReadOptions::default())?.run()
    }

    /// As it is said to be written; the rest is recognised.
    pub fn read_as(bytes: Vec<u8>, options: ReadOptions) -> Result<Self, Saying> {
        Reader::open(bytes, options)?.run()
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Where the column of this name stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    pub fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        self.columns.get(column).map_or(Cell::Missing, |c| c.cell(row))
    }

    /// As it is shown: with a decimal point, empty where it is missing.
    pub fn text(&self, row: usize, column: usize) -> String {
        self.columns.get(column).map(|c| c.text(row)).unwrap_or_default()
    }

    /// Puts typed words into a cell; fails, in words, for a number that is none.
    pub fn set(&mut self, row: usize, column: usize, text: &str) -> Result<(), Saying> {
        self.columns.get_mut(column).map_or(Ok(()), |c| Arc::make_mut(c).set(row, text))
    }

    /// One more row; columns that are not named are missing in it. Fails for a number that is none.
    pub fn add_row(&mut self, values: &[(&str, &str)]) -> Result<usize, Saying> {
        self.columns.iter_mut().for_each(|c| Arc::make_mut(c).grow());
        let row = self.rows;
        self.rows += 1;
        for (name, text) in values {
            if let Some(column) = self.column(name) {
                self.set(row, column, text)?;
            }
        }
        self.columns.iter_mut().for_each(|c| Arc::make_mut(c).summarise());
        Ok(row)
    }

    /// Rows in which at least one value is missing.
    pub fn rows_with_missing(&self) -> usize {
        self.rows_lacking(self.columns.iter().map(|column| &**column))
    }

    /// Rows that lack something in one of these columns.
    pub(crate) fn rows_lacking<'a>(&self, columns: impl Iterator<Item = &'a Column>) -> usize {
        let gaps: Vec<_> = columns.filter(|c| c.summary.missing() > 0).collect();
        (0..self.rows).filter(|row| gaps.iter().any(|c| c.is_missing(*row))).count()
    }

    /// “The table has no column “x”.”
    pub(crate) fn no_column(name: &str) -> Saying {
        says("The table has no column “{}”.", [name.into()])
    }
}

/// The end of work that is done in pieces, on a thread that may be held: what never waits is ready when it is asked.
fn at_once<T>(work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
}

/// A field of a CSV file (RFC 4180).
pub fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}
