//! Two numbers are to be added. Filled up with zeros, digits of the same weight are always at the same place; with the
//! answer reversed, what is carried is known before it is needed.

use super::{ASK, Answered, END, Generator, Make, Setting};

pub const GENERATOR: Generator = Generator {
    id: "add",
    title: "Add",
    blurb: "Two numbers and a plus between them, and then their sum.",
    settings: &[
        Setting { key: "digits", label: "Digits", min: 1, max: 9, default: 3 },
        Setting { key: "padded", label: "Filled up with zeros", min: 0, max: 1, default: 1 },
        Setting { key: "reversed", label: "Answer reversed", min: 0, max: 1, default: 1 },
    ],
    make: Make::Tokens {
        letters: "0123456789+>.",
        make: |settings, random| {
            let (digits, padded, reversed) = (settings[0], settings[1] > 0, settings[2] > 0);
            let most = 10_usize.pow(digits as u32);
            let [a, b] = [0, 1].map(|_| random.below(most));
            let written = |number: usize, width: usize| {
                if padded { format!("{number:0width$}") } else { number.to_string() }
            };
            let sum = written(a + b, digits + 1);
            let sum = if reversed { sum.chars().rev().collect() } else { sum };
            let question = format!("{}+{}{ASK}", written(a, digits), written(b, digits));
            Answered { question, answer: format!("{sum}{END}") }
        },
    },
};
