//! A word is to be written from its end.

use super::{ASK, Answered, END, Generator, LONGEST, Make, SHORTEST, word};

pub const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz>.";

pub const GENERATOR: Generator = Generator {
    id: "reverse",
    title: "Reverse",
    blurb: "A word, and then the same word from its end to its beginning.",
    settings: &[SHORTEST, LONGEST],
    make: Make::Tokens {
        letters: LETTERS,
        make: |settings, random| {
            let word = word(settings, &LETTERS[..26], random);
            let answer: String = word.iter().rev().chain([&END]).collect();
            Answered { question: word.into_iter().chain([ASK]).collect(), answer }
        },
    },
};
