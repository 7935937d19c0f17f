//! A column while its file is read: first taken for numbers, then, where it holds none, for words.

use super::column::{Cells, Column, NONE};
use super::number::{Mark, missing, parse};
use super::summary::Summary;
use std::collections::{BTreeMap, HashMap};

/// A column while its file is read.
pub struct Builder {
    values: Vec<f64>,
    decimals: u8,
    numbers: usize,
    odd: BTreeMap<u32, String>,
    marks: BTreeMap<String, u32>,
    /// Still taken for numbers.
    pub numeric: bool,
    codes: Vec<u32>,
    index: HashMap<String, u32>,
}

impl Builder {
    pub fn new() -> Self {
        Self {
            values: Vec::new(),
            decimals: 0,
            numbers: 0,
            odd: BTreeMap::new(),
            marks: BTreeMap::new(),
            numeric: true,
            codes: Vec::new(),
            index: HashMap::new(),
        }
    }

    /// First reading: as numbers, until too much of it is none.
    pub fn push_number(&mut self, words: &str, comma: bool) {
        if !self.numeric {
            return;
        }
        let value = match parse(words, comma) {
            Some((value, places)) => {
                self.numbers += 1;
                self.decimals = self.decimals.max(places);
                value
            }
            None => {
                match missing(words) {
                    Some(_) => self.mark(words),
                    None => drop(self.odd.insert(self.values.len() as u32, words.into())),
                }
                f64::NAN
            }
        };
        self.values.push(value);
        if self.odd.len() > 20 + self.numbers / 50 {
            self.give_up();
        }
    }

    fn mark(&mut self, words: &str) {
        match self.marks.get_mut(words) {
            Some(count) => *count += 1,
            None => drop(self.marks.insert(words.into(), 1)),
        }
    }

    fn give_up(&mut self) {
        self.numeric = false;
        self.values = Vec::new();
        self.odd.clear();
        self.marks.clear();
    }

    /// After the first reading: at most one value in fifty may be no number.
    pub fn settle(&mut self) {
        if self.numeric && self.odd.len() * 50 > self.numbers {
            self.give_up();
        }
    }

    /// Second reading, of columns that are no numbers.
    pub fn push_word(&mut self, words: &str) {
        if missing(words) == Some(Mark::Certain) {
            self.mark(words);
            return self.codes.push(NONE);
        }
        let code = match self.index.get(words) {
            Some(code) => *code,
            None => {
                let code = self.index.len() as u32;
                self.index.insert(words.into(), code);
                code
            }
        };
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
        Column { name, cells, summary, marks: self.marks, odd: self.odd }
    }
}
