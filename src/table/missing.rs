//! What stands for a value that is missing.

use super::options::ReadOptions;

/// How sure it is that a cell's words stand for a value that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Certain,
    /// Among numbers; among words it may be one of them.
    AmongNumbers,
}

/// Of statistics programs, databases (`\N`, `(null)`) and spreadsheets (`#DIV/0!`, in English and German); blanks inside
/// are not looked at.
const CERTAIN: &[&str] = &[
    "na",
    "n/a",
    "#n/a",
    "<na>",
    "nan",
    "-nan",
    "null",
    "?",
    "-",
    "–",
    "—",
    "--",
    "---",
    "k.a.",
    "k.a",
    "#value!",
    "\\n",
    "(null)",
    "[null]",
    "<null>",
    "{null}",
    "#null!",
    "#div/0!",
    "#name?",
    "#ref!",
    "#num!",
    "#n/v",
    "#nv",
    "#wert!",
    "#bezug!",
    "#zahl!",
    "#name",
    "#error!",
    "#spill!",
    "#getting_data",
    "n.a.",
    "n.a",
    "n.d.",
    "n.v.",
    "n.b.",
    "n/d",
    "n/v",
    "(blank)",
    "(leer)",
    "keineangabe",
    "1.#qnan",
    "-1.#ind",
    "1.#ind",
    "#n/an/a",
];

const AMONG_NUMBERS: &[&str] = &[
    ".",
    "..",
    "...",
    "none",
    "nil",
    "missing",
    "unknown",
    "x",
    "nd",
    "s.d.",
    "inf",
    "-inf",
    "+inf",
    "infinity",
    "unbekannt",
    "fehlt",
    "error",
    "fehler",
    "*",
    "**",
    "/",
];

/// The longest mark, with room for blanks in it.
const MOST_BYTES: usize = 16;

/// Whether these words are known to stand for a missing value.
pub fn missing(text: &str) -> Option<Mark> {
    let Some(first) = text.bytes().next() else { return Some(Mark::Certain) };
    // Of the marks, only “1.#QNAN” begins with a digit.
    if text.len() > MOST_BYTES || first.is_ascii_digit() && !text.contains('#') {
        return None;
    }
    let first = first.to_ascii_lowercase();
    let same = |mark: &&str| {
        let letters = || text.bytes().filter(|b| *b != b' ').map(|b| b.to_ascii_lowercase());
        mark.as_bytes().first() == Some(&first) && letters().eq(mark.bytes())
    };
    if CERTAIN.iter().any(same) {
        return Some(Mark::Certain);
    }
    AMONG_NUMBERS.iter().any(same).then_some(Mark::AmongNumbers)
}

/// What is known, and what the visitor said of this file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    missing: Vec<String>,
    not_missing: Vec<String>,
}

impl Marks {
    pub fn new(options: &ReadOptions) -> Self {
        Self { missing: options.missing.clone(), not_missing: options.not_missing.clone() }
    }

    /// As `missing`; what the visitor said goes first.
    pub fn of(&self, text: &str) -> Option<Mark> {
        if self.missing.iter().any(|mark| mark == text) {
            return Some(Mark::Certain);
        }
        if self.is_value(text) { None } else { missing(text) }
    }

    /// The visitor said that these words are a value.
    pub fn is_value(&self, text: &str) -> bool {
        self.not_missing.iter().any(|word| word == text)
    }
}
