//! The letters of a word are to be written in the order of the alphabet.

use super::reverse::LETTERS;
use super::{ASK, Answered, END, Generator, LONGEST, Make, SHORTEST, word};

pub const GENERATOR: Generator = Generator {
    id: "sort",
    title: "Sort",
    blurb: "Letters in any order, and then the same letters in the order of the alphabet.",
    settings: &[SHORTEST, LONGEST],
    make: Make::Tokens {
        letters: LETTERS,
        make: |settings, random| {
            let word = word(settings, &LETTERS[..26], random);
            let question = word.iter().copied().chain([ASK]).collect();
            let mut sorted = word;
            sorted.sort_unstable();
            Answered { question, answer: sorted.into_iter().chain([END]).collect() }
        },
    },
};
