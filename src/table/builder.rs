//! A column while its file is read: first taken for numbers, then, where it holds none, for words.

use super::column::{Cells, Column, NONE, Origin};
use super::missing::{Mark, Marks};
use super::number::{Plain, parse, plain, spelled};
use super::summary::Summary;
use super::ticks;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Among numbers, so many different words may each stand for a missing value that is marked in the file's own way.
const MOST_OWN_MARKS: usize = 3;

/// A column while its file is read.
pub struct Builder {
    origin: Origin,
    values: Vec<f64>,
    decimals: u8,
    numbers: usize,
    odd: BTreeMap<u32, String>,
    /// The words of `odd`, counted.
    odd_words: BTreeMap<String, u32>,
    /// Words that are numbers with the other decimal mark, and numbers that show that this one is right.
    otherwise: usize,
    decided: usize,
    marks: BTreeMap<String, u32>,
    /// Marks that could be words, counted.
    doubtful: usize,
    /// Still taken for numbers.
    pub numeric: bool,
    codes: Vec<u32>,
    index: HashMap<String, u32>,
}

impl Builder {
    pub fn new(decimal_comma: bool) -> Self {
        Self {
            origin: Origin { decimal_comma, ..Origin::default() },
            values: Vec::new(),
            decimals: 0,
            numbers: 0,
            odd: BTreeMap::new(),
            odd_words: BTreeMap::new(),
            otherwise: 0,
            decided: 0,
            marks: BTreeMap::new(),
            doubtful: 0,
            numeric: true,
            codes: Vec::new(),
            index: HashMap::new(),
        }
    }

    /// First reading: as numbers, until too much of it is none.
    pub fn push_number(&mut self, words: &str, marks: &Marks) {
        if !self.numeric {
            return;
        }
        let comma = self.origin.decimal_comma;
        let value = match plain(words, comma) {
            Plain::Number(value, places) => self.number(value, places),
            Plain::Unknown => match spelled(words, comma) {
                Some(number) => {
                    if !number.unit.is_empty() {
                        *self.origin.units.entry(number.unit).or_default() += 1;
                    }
                    self.number(number.value, number.places)
                }
                None => self.no_number(words.trim(), marks),
            },
            Plain::Name => self.no_number(words.trim(), marks),
        };
        self.values.push(value);
    }

    fn number(&mut self, value: f64, places: u8) -> f64 {
        self.numbers += 1;
        self.decimals = self.decimals.max(places);
        // Three digits may be thousands.
        self.decided += usize::from(places != 0 && places != 3);
        value
    }

    fn no_number(&mut self, words: &str, marks: &Marks) -> f64 {
        self.push_no_number(words, marks);
        f64::NAN
    }

    fn push_no_number(&mut self, words: &str, marks: &Marks) {
        match marks.of(words) {
            Some(mark) => {
                self.doubtful += usize::from(mark == Mark::AmongNumbers);
                return count(&mut self.marks, words);
            }
            None if marks.is_value(words) => return self.give_up(),
            None => (),
        }
        self.otherwise += usize::from(parse(words, !self.origin.decimal_comma).is_some());
        self.odd.insert(self.values.len() as u32, words.into());
        count(&mut self.odd_words, words);
        let share = if self.odd_words.len() > MOST_OWN_MARKS { 50 } else { 4 };
        if self.odd.len() > 20 + self.numbers / share {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        self.numeric = false;
        self.values = Vec::new();
        self.odd.clear();
        self.odd_words.clear();
        self.marks.clear();
        self.origin.units.clear();
    }

    /// With the other decimal mark it may be a column of numbers.
    pub fn wants_the_other_mark(&self) -> bool {
        self.otherwise > self.decided
    }

    /// Rows after these are none.
    pub fn truncate(&mut self, rows: usize) {
        for row in rows..self.values.len() {
            if let Some(words) = self.odd.remove(&(row as u32)) {
                uncount(&mut self.odd_words, &words);
            } else if self.values[row].is_nan() {
                // Such lines have no cells here.
                uncount(&mut self.marks, "");
            } else {
                self.numbers -= 1;
            }
        }
        self.values.truncate(rows);
    }

    /// After the first reading: at most one value in fifty may be no number, unless the same words stand again and again
    /// where a number is missing.
    pub fn settle(&mut self) {
        if !self.numeric {
            return;
        }
        if self.doubtful > self.numbers || self.numbers == 0 && !self.odd.is_empty() {
            return self.give_up();
        }
        if !self.odd.is_empty() && self.has_own_marks() {
            self.odd.clear();
            self.marks.append(&mut self.odd_words);
        } else if self.odd.len() * 50 > self.numbers {
            self.give_up();
        }
    }

    fn has_own_marks(&self) -> bool {
        // Of few different numbers, words may be some more: “4”, “5” and “many” are categories.
        const FEW: usize = 10;
        let again = self.odd_words.values().all(|count| *count > 1);
        let mut different = HashSet::new();
        again
            && self.odd_words.len() <= MOST_OWN_MARKS
            && self.odd.len() * 4 <= self.numbers
            && self
                .values
                .iter()
                .filter(|v| !v.is_nan())
                .any(|v| different.insert(v.to_bits()) && different.len() > FEW)
    }

    /// How many rows the second reading has read.
    pub fn words(&self) -> usize {
        self.codes.len()
    }

    /// Second reading, of columns that are no numbers.
    pub fn push_word(&mut self, words: &str, marks: &Marks) {
        let words = words.trim();
        if let Some(code) = self.index.get(words) {
            return self.codes.push(*code);
        }
        if marks.of(words) == Some(Mark::Certain) {
            count(&mut self.marks, words);
            return self.codes.push(NONE);
        }
        let code = self.index.len() as u32;
        self.index.insert(words.into(), code);
        self.codes.push(code);
    }

    /// Words in the order of the alphabet.
    pub fn finish(self, name: String) -> Column {
        let cells = if self.numeric {
            Cells::Numbers { values: self.values, decimals: self.decimals.min(6) }
        } else {
            let mut words: Vec<(String, u32)> = self.index.into_iter().collect();
            words.sort_unstable();
            let mut places = vec![0; words.len()];
            for (place, (_, code)) in words.iter().enumerate() {
                places[*code as usize] = place as u32;
            }
            let place = |code: u32| places.get(code as usize).copied().unwrap_or(NONE);
            let codes = self.codes.into_iter().map(place).collect();
            Cells::Words { codes, words: words.into_iter().map(|(word, _)| word).collect() }
        };
        let summary = Summary::of(&cells);
        let column = Column { name, cells, summary, marks: self.marks, odd: self.odd, origin: self.origin };
        ticks::read(column)
    }
}

fn count(counts: &mut BTreeMap<String, u32>, words: &str) {
    match counts.get_mut(words) {
        Some(count) => *count += 1,
        None => drop(counts.insert(words.into(), 1)),
    }
}

fn uncount(counts: &mut BTreeMap<String, u32>, words: &str) {
    if let Some(count) = counts.get_mut(words) {
        *count -= 1;
        if *count == 0 {
            counts.remove(words);
        }
    }
}
