//! A recurrent network that reads a whole sequence of numbers and answers once, at its end (“many to one”).

use super::{Model, Recipe, Size, Word};
use crate::layers::{LayerSpec, dense, gru, last, lstm, rnn};

pub const MODEL: Model = Model {
    id: "many_to_one",
    title: "Recurrent network, one answer",
    blurb: "Reads the steps one after the other, and answers from what it has in mind at the last one.",
    sizes: &[
        Size {
            key: "units",
            label: "Units",
            help: "How many numbers it keeps in mind, in each layer.",
            min: 1,
            max: 512,
            default: 16,
            choices: &[4, 8, 16, 32, 64],
        },
        Size {
            key: "layers",
            label: "Recurrent layers",
            help: "One above the other: each reads what the one below has kept in mind.",
            min: 1,
            max: 3,
            default: 1,
            choices: &[1, 2, 3],
        },
    ],
    recipe: Recipe::Choices {
        words: &[Word {
            key: "cell",
            label: "Cell",
            help: "How it keeps things in mind.",
            choices: &[
                ("rnn", "RNN", "Every unit is computed anew at each step, so it forgets soon."),
                ("lstm", "LSTM", "Cells that keep their content behind gates."),
                ("gru", "GRU", "Units that are kept or replaced: like an LSTM, with a gate less."),
            ],
            default: "gru",
        }],
        layers,
    },
};

fn layers(words: &[&str], sizes: &[usize], classes: usize) -> Vec<LayerSpec> {
    let [units, count] = *sizes else { return Vec::new() };
    let cell = match words {
        ["rnn"] => rnn(units, 100),
        ["lstm"] => lstm(units, 1, 0),
        _ => gru(units, 1),
    };
    let mut layers = vec![cell; count]; // [time, units]
    layers.extend([last(), dense(classes)]); // [units], then logits or the number
    layers
}
