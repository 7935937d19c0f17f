//! Reads a file piece by piece, so that a page can do other things in between: first as numbers, then the columns
//! that are none as words.

use super::Table;
use super::builder::Builder;
use super::column::{Column, Kind};
use super::dialect::Dialect;
use super::layout::Layout;
use super::message::{Saying, says};
use super::missing::Marks;
use super::options::ReadOptions;
use super::split::{Span, Splitter};
use super::text::{Decoded, Encoding, decode, decode_beginning};
use super::unwrap::unwrapped;
use std::collections::BTreeMap;
use std::sync::Arc;

/// More would be no table that can be looked at, and each is at least one input of a network.
pub const MOST_COLUMNS: usize = 1_000;
pub const MOST_CELLS: usize = 40_000_000;

/// Records of one piece, when the whole file is read at once.
const PIECE: usize = 4_096;

/// More lines below a table are no remarks.
const MOST_BELOW: usize = 20;

/// A file that is being read.
pub struct Reader {
    text: String,
    encoding: Encoding,
    options: ReadOptions,
    marks: Marks,
    layout: Layout,
    splitter: Splitter,
    builders: Vec<Builder>,
    rows: usize,
    /// Cells of the current record.
    cells: Vec<Span>,
    stage: Stage,
    done: Vec<Column>,
    odd: Odd,
    notes: Vec<Saying>,
}

/// Records that are not as the others.
#[derive(Default)]
struct Odd {
    /// Rows with another number of cells, by that number: how many, and the first.
    ragged: BTreeMap<usize, (usize, usize)>,
    /// Short records at the end of the file, so far, of which the first has one cell: how many, that cell, and what
    /// was ragged before them.
    last: usize,
    first_of_last: String,
    ragged_before: BTreeMap<usize, (usize, usize)>,
    comments: usize,
    blank: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Numbers,
    Words,
    Summaries,
    Done,
}

impl Reader {
    /// Recognises how the file is written, as far as it is not said.
    pub fn open(bytes: Vec<u8>, options: ReadOptions) -> Result<Self, Saying> {
        let Decoded { text, encoding, mut notes } = decode(bytes, options.encoding.as_deref())?;
        let quotes = options.quotes != Some(false) && options.single_quotes != Some(true);
        let text = match Some(&text).filter(|_| quotes).and_then(|text| unwrapped(text)) {
            Some(unwrapped) => {
                notes.push(says("Every line stands in quotation marks as a whole: they are taken off.", []));
                unwrapped
            }
            None => text,
        };
        Self::begin(text, encoding, options, notes)
    }

    fn begin(
        text: String,
        encoding: Encoding,
        options: ReadOptions,
        notes: Vec<Saying>,
    ) -> Result<Self, Saying> {
        let layout = Layout::of(&text, &options);
        let width = layout.names.len();
        if width > MOST_COLUMNS {
            return Err(says(
                "The file has {} columns; up to {} can be used here. Leave some out, or turn the table on its side.",
                [width.into(), MOST_COLUMNS.into()],
            ));
        }
        let dialect = &layout.dialect;
        Ok(Self {
            splitter: Splitter::new(dialect.delimiter as u8, dialect.quote(), layout.begin),
            builders: layout.commas.iter().map(|comma| Builder::new(*comma)).collect(),
            marks: Marks::new(&options),
            text,
            encoding,
            options,
            layout,
            rows: 0,
            cells: Vec::new(),
            stage: Stage::Numbers,
            done: Vec::new(),
            odd: Odd::default(),
            notes,
        })
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.layout.names.len()
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
            Stage::Summaries => 0.8 + 0.2 * self.done.len() as f64 / self.layout.names.len().max(1) as f64,
            Stage::Done => 1.0,
        }
    }

    /// The next record that is a row.
    fn next_row(&mut self) -> bool {
        loop {
            let start = self.splitter.at;
            if !self.splitter.next(&self.text, &mut self.cells) {
                return false;
            }
            let usual = self.cells.len() == self.layout.row_width;
            let is_comment = |mark| self.text[start..].trim_start_matches(['\n', '\r']).starts_with(mark);
            if !usual && self.layout.comment.is_some_and(is_comment) {
                self.odd.comments += 1;
            } else if self.cells.len() > 1 && self.cells.iter().all(|cell| cell.is_empty()) {
                self.odd.blank += 1;
            } else {
                return true;
            }
        }
    }

    fn numbers(&mut self, records: usize) -> Result<(), Saying> {
        let width = self.layout.names.len();
        for _ in 0..records {
            if !self.next_row() {
                return self.numbers_are_read();
            }
            self.note_odd();
            for (column, builder) in self.builders.iter_mut().enumerate() {
                match self.cells.get(column) {
                    Some(cell) => builder.push_number(&cell.of(&self.text), &self.marks),
                    None => builder.push_number("", &self.marks),
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

    /// Looks at how many cells the record has.
    fn note_odd(&mut self) {
        let count = self.cells.len();
        let width = self.layout.row_width;
        if count == width {
            self.odd.last = 0;
            return;
        }
        if count > width || self.odd.last == 0 && count > 1 {
            self.odd.last = 0;
        } else {
            if self.odd.last == 0 {
                self.odd.first_of_last = self.cells[0].of(&self.text).chars().take(60).collect();
                self.odd.ragged_before = self.odd.ragged.clone();
            }
            self.odd.last += 1;
        }
        // A trailing delimiter that only some rows have adds nothing, and a longer header is filled up.
        let beyond = self.cells.get(width..).unwrap_or_default();
        let harmless = count > width && count <= self.layout.names.len()
            || !beyond.is_empty() && beyond.iter().all(|cell| cell.is_empty());
        if !harmless {
            self.odd.ragged.entry(count).or_insert((0, self.rows + 1)).0 += 1;
        }
    }

    fn numbers_are_read(&mut self) -> Result<(), Saying> {
        if self.splitter.unclosed && self.layout.dialect.quotes {
            let note =
                says("A quotation mark is opened and never closed, so all of them are read as letters.", []);
            self.notes.push(note);
            return self.begin_again(|options| options.quotes = Some(false));
        }
        let decided = self.options.decimal_comma.is_some();
        let mut flipped = false;
        for (at, builder) in self.builders.iter().enumerate().filter(|_| !decided) {
            // What the beginning of the file did not show.
            if !self.layout.certain[at] && builder.wants_the_other_mark() {
                self.layout.commas[at] = !self.layout.commas[at];
                self.layout.certain[at] = true;
                flipped = true;
            }
        }
        if flipped {
            self.layout.question = None;
            self.splitter.at = self.layout.begin;
            self.builders = self.layout.commas.iter().map(|comma| Builder::new(*comma)).collect();
            (self.rows, self.odd) = (0, Odd::default());
            return Ok(());
        }
        self.leave_out_what_is_below();
        self.judge()?;
        self.builders.iter_mut().for_each(Builder::settle);
        self.splitter.at = self.layout.begin;
        let numbers = self.builders.iter().all(|b| b.numeric);
        self.stage = if numbers { Stage::Summaries } else { Stage::Words };
        Ok(())
    }

    fn begin_again(&mut self, change: impl FnOnce(&mut ReadOptions)) -> Result<(), Saying> {
        let mut options = self.options.clone();
        change(&mut options);
        let (text, notes) = (std::mem::take(&mut self.text), std::mem::take(&mut self.notes));
        *self = Self::begin(text, self.encoding, options, notes)?;
        Ok(())
    }

    /// A source or a date that stands under the rows.
    fn leave_out_what_is_below(&mut self) {
        let below = self.odd.last;
        if self.layout.row_width < 2 || below == 0 || below > MOST_BELOW || below * 2 > self.rows {
            return;
        }
        self.rows -= below;
        let rows = self.rows;
        self.builders.iter_mut().for_each(|builder| builder.truncate(rows));
        self.odd.ragged = std::mem::take(&mut self.odd.ragged_before);
        self.notes.push(says(
            "Lines below the table that are left out: {}. The first is “{}”.",
            [below.into(), self.odd.first_of_last.as_str().into()],
        ));
    }

    /// Whether this is a table after all.
    fn judge(&mut self) -> Result<(), Saying> {
        if self.rows == 0 {
            return Err(says("The file names columns and has no rows.", []));
        }
        let Odd { comments, blank, .. } = self.odd;
        if comments > 0 {
            self.notes.push(says("Comments among the rows, left out: {}.", [comments.into()]));
        }
        if blank > 0 {
            self.notes.push(says("Rows without any value, left out: {}.", [blank.into()]));
        }
        let odd: usize = self.odd.ragged.values().map(|(count, _)| count).sum();
        let Some(first) = self.odd.ragged.values().map(|(_, row)| *row).min() else { return Ok(()) };
        let width = self.layout.row_width;
        if odd * 4 > self.rows {
            return Err(says(
                "This is no table: {} of {} rows have another number of cells than most, which have {}. The first such row is row {}.",
                [odd.into(), self.rows.into(), width.into(), first.into()],
            ));
        }
        let short: usize = self.odd.ragged.range(..width).map(|(_, (count, _))| count).sum();
        self.notes.push(says(
            "Rows with another number of cells than the first line: {} (the first is row {}). What lacks counts as missing ({} rows), what is too much is left out ({} rows).",
            [odd.into(), first.into(), short.into(), (odd - short).into()],
        ));
        Ok(())
    }

    fn words(&mut self, records: usize) {
        for _ in 0..records {
            if self.builders.iter().find(|b| !b.numeric).is_none_or(|b| b.words() >= self.rows)
                || !self.next_row()
            {
                self.text = String::new();
                self.stage = Stage::Summaries;
                return;
            }
            for (column, builder) in self.builders.iter_mut().enumerate().filter(|(_, b)| !b.numeric) {
                match self.cells.get(column) {
                    Some(cell) => builder.push_word(&cell.of(&self.text), &self.marks),
                    None => builder.push_word("", &self.marks),
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
        let name = self.layout.names.get(self.done.len()).cloned().unwrap_or_default();
        match self.builders.pop() {
            Some(builder) => self.done.push(builder.finish(name)),
            None => self.stage = Stage::Done,
        }
    }

    /// What has been read.
    pub fn finish(mut self) -> Table {
        let nameless = |done: &Vec<Column>| {
            done.len() > self.layout.named.max(1) && done.last().is_some_and(|c| c.kind() == Kind::Empty)
        };
        let all = self.done.len();
        while nameless(&self.done) {
            self.done.pop();
        }
        if self.done.len() < all {
            self.notes.push(says(
                "Columns at the end without a name and without a value, left out: {}.",
                [(all - self.done.len()).into()],
            ));
        }
        let mut notes = self.layout.notes;
        notes.append(&mut self.notes);
        Table {
            columns: self.done.into_iter().map(Arc::new).collect(),
            dialect: self.layout.dialect,
            encoding: self.encoding,
            notes,
            question: self.layout.question,
            rows: self.rows,
        }
    }

    pub(super) fn run(mut self) -> Result<Table, Saying> {
        while self.advance(PIECE)? {}
        Ok(self.finish())
    }
}

/// How a file begins, and how it would be read: also of one that is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Beginning {
    /// As they stand in the file, cut where they are long.
    pub lines: Vec<String>,
    pub dialect: Dialect,
    pub encoding: Encoding,
}

/// Fails for what is no text at all.
pub fn beginning(bytes: &[u8], options: &ReadOptions) -> Result<Beginning, Saying> {
    const LINES: usize = 12;
    const LETTERS: usize = 160;
    let Decoded { text, encoding, .. } = decode_beginning(bytes, options.encoding.as_deref())?;
    let lines = text.lines().take(LINES).map(|line| {
        let mut letters = line.chars();
        let shown: String = letters.by_ref().take(LETTERS).collect();
        if letters.next().is_some() { shown + "…" } else { shown }
    });
    Ok(Beginning { lines: lines.collect(), dialect: Layout::of(&text, options).dialect, encoding })
}
