//! The first letter is asked for after a distance (as in Hochreiter & Schmidhuber 1997, the long time lag).

use super::{ASK, Answered, Generator, Make, Setting};

/// Eight letters that can be asked for.
const ASKED: &str = "abcdefgh";

pub const GENERATOR: Generator = Generator {
    id: "memory",
    title: "Memory",
    blurb: "A letter, then nothing for a while, then: which letter was it?",
    settings: &[Setting { key: "distance", label: "Distance", min: 1, max: 500, default: 100 }],
    make: Make::Tokens {
        letters: "abcdefgh_>",
        // The letter and the question mark are `distance` steps apart.
        make: |settings, random| {
            let letter = &ASKED[random.below(ASKED.len())..][..1];
            let question = format!("{letter}{}{ASK}", "_".repeat(settings[0] - 1));
            Answered { question, answer: letter.into() }
        },
    },
};
