//! A column: its cells, what kind of values they are, and whether a network can use them.

use super::message::{Saying, says};
use super::missing::{Mark, missing};
use super::number::parse;
use super::summary::Summary;
use super::ticks;
use std::collections::BTreeMap;

/// The code of a word that is missing.
pub const NONE: u32 = u32::MAX;

/// More different words than this are no categories: every one would be an input of the network.
pub const MOST_CATEGORIES: usize = 100;

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub cells: Cells,
    pub summary: Summary,
    /// What stood for missing values, and how often.
    pub marks: BTreeMap<String, u32>,
    /// Words in a column of numbers, by their row: they count as missing, and stay visible.
    pub odd: BTreeMap<u32, String>,
    pub origin: Origin,
}

/// How the column's values were written in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// “3,5” is a number.
    pub decimal_comma: bool,
    /// Units that stood with numbers, and how often.
    pub units: BTreeMap<&'static str, usize>,
    /// This stood for “yes”, and nothing for “no”.
    pub tick: Option<String>,
}

/// One value for each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// NaN is missing. `decimals`: the most digits after the mark that any of them had in the file, up to six.
    Numbers { values: Vec<f64>, decimals: u8 },
    /// Places in `words`, or `NONE`.
    Words { codes: Vec<u32>, words: Vec<String> },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Missing,
    Number(f64),
    Word(&'a str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    Category,
    /// Words of which nearly every row has its own.
    Text,
    /// The same everywhere.
    Constant,
    Empty,
}

/// Whether a network can learn from a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Use {
    Yes,
    /// It can, but probably should not: only when the visitor says so.
    IfAsked(Saying),
    No(Saying),
}

impl Column {
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Numbers { values, .. } => values.len(),
            Cells::Words { codes, .. } => codes.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn cell(&self, row: usize) -> Cell<'_> {
        match &self.cells {
            Cells::Numbers { values, .. } => match values.get(row) {
                Some(value) if !value.is_nan() => Cell::Number(*value),
                _ => Cell::Missing,
            },
            Cells::Words { codes, words } => {
                let word = codes.get(row).and_then(|code| words.get(*code as usize));
                word.map_or(Cell::Missing, |word| Cell::Word(word))
            }
        }
    }

    pub fn is_missing(&self, row: usize) -> bool {
        self.cell(row) == Cell::Missing
    }

    /// As it is shown: with a decimal point, empty where it is missing.
    pub fn text(&self, row: usize) -> String {
        self.words(self.cell(row))
    }

    /// One of its values in words.
    pub fn words(&self, value: Cell) -> String {
        match (value, &self.cells) {
            (Cell::Number(value), Cells::Numbers { decimals, .. }) => {
                let places = usize::from(*decimals);
                let even = format!("{value:.places$}");
                // As even as its column, but nothing is cut off.
                if even.parse() == Ok(value) { even } else { value.to_string() }
            }
            (Cell::Word(word), _) => word.into(),
            _ => String::new(),
        }
    }

    pub fn kind(&self) -> Kind {
        match &self.summary {
            _ if self.summary.count() == 0 => Kind::Empty,
            _ if self.summary.distinct() == 1 => Kind::Constant,
            Summary::Numbers(_) => Kind::Number,
            Summary::Words(words) => {
                let few = words.distinct <= 12 || words.distinct * 2 <= words.count;
                if few && words.distinct <= MOST_CATEGORIES { Kind::Category } else { Kind::Text }
            }
        }
    }

    /// Whether it can be an input of a network.
    pub fn usable(&self) -> Use {
        match self.kind() {
            Kind::Empty => Use::No(says("It has no values.", [])),
            Kind::Constant => {
                let only = (0..self.len()).find(|row| !self.is_missing(*row)).map(|row| self.text(row));
                let only = only.unwrap_or_default();
                Use::No(says(
                    "Every value is “{}”: there is nothing to learn from it.",
                    [only.as_str().into()],
                ))
            }
            Kind::Text => Use::No(self.too_many_words()),
            Kind::Number if self.numbers_rows() => {
                Use::IfAsked(says("It numbers the rows, which says nothing about a new one.", []))
            }
            Kind::Number | Kind::Category if self.summary.missing() > self.summary.count() => {
                let all = self.len();
                Use::IfAsked(says(
                    "{} of {} values are missing.",
                    [self.summary.missing().into(), all.into()],
                ))
            }
            Kind::Number | Kind::Category => Use::Yes,
        }
    }

    fn too_many_words(&self) -> Saying {
        let Cells::Words { words, .. } = &self.cells else { return says("It has no values.", []) };
        let dates = words.iter().take(50).filter(|word| looks_like_a_date(word)).count();
        if dates * 2 > words.len().min(50) {
            return says(
                "It looks like dates, which are not read as numbers; a column with the year or the month could be.",
                [],
            );
        }
        let (distinct, count) = (self.summary.distinct(), self.summary.count());
        says("{} different words in {} rows: too many to be categories.", [distinct.into(), count.into()])
    }

    /// 1, 2, 3, … or from 0 on.
    fn numbers_rows(&self) -> bool {
        let Cells::Numbers { values, .. } = &self.cells else { return false };
        let begins = values.first().is_some_and(|v| *v == 0.0 || *v == 1.0);
        begins && values.len() > 2 && values.windows(2).all(|pair| pair[1] - pair[0] == 1.0)
    }

    /// Puts typed words into a cell; a word that stands for a missing value empties it. Fails in a column of
    /// numbers for what is none.
    pub fn set(&mut self, row: usize, text: &str) -> Result<(), Saying> {
        self.put(row, text)?;
        self.summarise();
        Ok(())
    }

    /// The same, but the summary stays as it was: `summarise` must follow.
    pub(super) fn put(&mut self, row: usize, text: &str) -> Result<(), Saying> {
        let decimal_comma = self.origin.decimal_comma;
        let text = self.as_yes_or_no(text.trim());
        let mark = missing(text);
        self.odd.remove(&(row as u32));
        match &mut self.cells {
            Cells::Numbers { values, .. } => {
                let Some(value) = values.get_mut(row) else { return Ok(()) };
                // A visitor may type either mark, whatever the file has.
                let other = || parse(text, !decimal_comma);
                match parse(text, decimal_comma).or_else(other) {
                    Some((number, _)) => *value = number,
                    None if mark.is_some() => *value = f64::NAN,
                    None => {
                        return Err(says("“{}” is no number, and this column has numbers.", [text.into()]));
                    }
                }
            }
            Cells::Words { codes, words } => {
                let Some(code) = codes.get_mut(row) else { return Ok(()) };
                *code = match mark {
                    Some(Mark::Certain) => NONE,
                    _ => position(words, text),
                };
            }
        }
        Ok(())
    }

    /// What a visitor types into a column of ticks may be a tick, or nothing.
    fn as_yes_or_no<'a>(&self, text: &'a str) -> &'a str {
        match &self.origin.tick {
            Some(_) if ticks::is_tick(text) => "yes",
            Some(_) if missing(text) == Some(Mark::Certain) => "no",
            _ => text,
        }
    }

    /// One more row, whose value is missing.
    pub(super) fn grow(&mut self) {
        match &mut self.cells {
            Cells::Numbers { values, .. } => values.push(f64::NAN),
            Cells::Words { codes, .. } => codes.push(NONE),
        }
    }

    pub(super) fn summarise(&mut self) {
        self.summary = Summary::of(&self.cells);
    }
}

/// Where the word stands; it is added if it is new.
fn position(words: &mut Vec<String>, word: &str) -> u32 {
    let at = words.iter().position(|w| w == word).unwrap_or_else(|| {
        words.push(word.into());
        words.len() - 1
    });
    at as u32
}

/// “2007-11-16”, “16.11.2007”, “11/16/2007”, with or without a time.
fn looks_like_a_date(word: &str) -> bool {
    let day = word.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<_> = day.split(['-', '.', '/']).collect();
    parts.len() == 3
        && parts.iter().all(|p| (1..=4).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
}
