//! Sequences that are made here, from a seed: one file and one row each. A pure function from settings and a number to an
//! example, so that any example can be made again. Their vocabularies are letters or words, which a reader can follow.

mod add;
mod brackets;
mod memory;
mod reverse;
pub mod sine;
mod sort;
pub mod translate;
pub mod words;

use crate::random::Random;
use std::ops::Range;

/// All generators. Adding one is one file and one row.
pub const GENERATORS: &[Generator] = &[
    memory::GENERATOR,
    reverse::GENERATOR,
    sort::GENERATOR,
    add::GENERATOR,
    translate::GENERATOR,
    brackets::GENERATOR,
    sine::GENERATOR,
];

/// One kind of sequences.
pub struct Generator {
    pub id: &'static str,
    pub title: &'static str,
    pub blurb: &'static str,
    pub settings: &'static [Setting],
    pub make: Make,
}

/// What can be chosen of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    pub key: &'static str,
    pub label: &'static str,
    pub min: usize,
    pub max: usize,
    pub default: usize,
}

/// The settings' values, in the order of `Generator::settings`.
pub type Values<'a> = &'a [usize];

/// What an example is.
#[derive(Clone, Copy)]
pub enum Make {
    /// Letters, of which some are asked for; `letters` are all that there are, and a letter's place there is its token.
    Tokens { letters: &'static str, make: fn(settings: Values, random: &mut Random) -> Answered },
    /// The same of words: these, in groups, are all that there are. Blanks belong to the word before them.
    Words {
        words: &'static [&'static [&'static str]],
        make: fn(settings: Values, random: &mut Random) -> Answered,
    },
    /// Numbers in a row, each of which follows from those before it.
    Series { make: fn(settings: Values, random: &mut Random) -> Vec<f32> },
}

/// Stands between a question and its answer.
pub const ASK: char = '>';
/// Ends an answer.
const END: char = '.';

/// A question and its answer, as letters. A network that reads and writes one sequence reads them one after the other; an
/// encoder reads the first and a decoder writes the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub question: String,
    pub answer: String,
}

/// An example for a network that predicts the next token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub input: Vec<u32>,
    /// The input, one token further.
    pub target: Vec<u32>,
    /// Which targets count: those of the answer.
    pub mask: Vec<bool>,
}

impl Generator {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        GENERATORS.iter().find(|generator| generator.id == id)
    }

    /// As it is set before anyone changes it.
    pub fn defaults(&self) -> Vec<usize> {
        self.settings.iter().map(|setting| setting.default).collect()
    }

    /// The random numbers that example `number` is made of. Settings are no part of it, so a longer distance asks for the
    /// same letter.
    fn random(seed: u32, number: u64) -> Random {
        const PURPOSE: u64 = 0x5e90 << 48;
        Random::new(seed, PURPOSE ^ number)
    }

    /// Question and answer of example `number`; none of a series.
    pub fn answered(&self, settings: Values, seed: u32, number: u64) -> Option<Answered> {
        match self.make {
            Make::Tokens { make, .. } | Make::Words { make, .. } => {
                Some(make(&self.within(settings), &mut Self::random(seed, number)))
            }
            Make::Series { .. } => None,
        }
    }

    /// A series of numbers; none of letters.
    pub fn series(&self, settings: Values, seed: u32, number: u64) -> Option<Vec<f32>> {
        match self.make {
            Make::Tokens { .. } | Make::Words { .. } => None,
            Make::Series { make } => Some(make(&self.within(settings), &mut Self::random(seed, number))),
        }
    }

    /// The vocabulary, a token's place being its id.
    pub fn vocabulary(&self) -> Vec<String> {
        match self.make {
            Make::Tokens { letters, .. } => letters.chars().map(String::from).collect(),
            Make::Words { words, .. } => words.concat().into_iter().map(String::from).collect(),
            Make::Series { .. } => Vec::new(),
        }
    }

    /// Every answer is one letter: it comes behind everything that is read, of a longer one a part is among that.
    pub fn asks_once(&self) -> bool {
        self.answered(&self.defaults(), 0, 0).is_some_and(|example| example.answer.chars().count() == 1)
    }

    /// The ids of the tokens of a text.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        match self.make {
            Make::Words { words, .. } => words::tokens_of(&words.concat(), text).unwrap_or_default(),
            Make::Tokens { letters, .. } => {
                let place = |letter| letters.chars().position(|known| known == letter);
                text.chars().filter_map(place).map(|place| place as u32).collect()
            }
            Make::Series { .. } => Vec::new(),
        }
    }

    /// Example `number` as one sequence.
    pub fn example(&self, settings: Values, seed: u32, number: u64) -> Option<Example> {
        let Answered { question, answer } = self.answered(settings, seed, number)?;
        let [question, answer] = [&question, &answer].map(|text| self.encode(text));
        let all = [&question[..], &answer].concat();
        let first = question.len() - 1;
        let target = all[1..].to_vec();
        Some(Example {
            input: all[..all.len() - 1].to_vec(),
            mask: (0..target.len()).map(|at| at >= first).collect(),
            target,
        })
    }

    /// Settings within their ranges; those that are not given are as at the beginning.
    fn within(&self, settings: Values) -> Vec<usize> {
        let given = |at: usize, setting: &Setting| {
            settings.get(at).map_or(setting.default, |value| (*value).clamp(setting.min, setting.max))
        };
        self.settings.iter().enumerate().map(|(at, setting)| given(at, setting)).collect()
    }
}

/// Where examples of a series lie: windows of so many numbers, the number after each being asked for.
pub fn windows(length: usize, window: usize) -> Vec<(Range<usize>, usize)> {
    (window..length).map(|next| (next - window..next, next)).collect()
}

/// At least `settings[0]` and at most `settings[1]`.
fn length(settings: Values, random: &mut Random) -> usize {
    let (least, most) = (settings[0], settings[1].max(settings[0]));
    least + random.below(most - least + 1)
}

/// Random letters, at least `settings[0]` and at most `settings[1]` of them.
fn word(settings: Values, letters: &str, random: &mut Random) -> Vec<char> {
    let letters: Vec<char> = letters.chars().collect();
    (0..length(settings, random)).map(|_| letters[random.below(letters.len())]).collect()
}

const SHORTEST: Setting = Setting { key: "shortest", label: "Shortest", min: 1, max: 30, default: 8 };
const LONGEST: Setting = Setting { key: "longest", label: "Longest", min: 1, max: 30, default: 12 };
