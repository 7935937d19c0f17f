//! A network with a memory: it reads a sequence token by token, and at every step says what comes next.

use super::{Model, Recipe, Size, Word};
use crate::layers::cell::with_both;
use crate::layers::{LayerSpec, dense, dropout, embedding, gru, lstm, rnn};

pub const MODEL: Model = Model {
    id: "recurrent",
    title: "Recurrent network",
    blurb: "Reads a sequence one token after the other and keeps in mind what it has read.",
    sizes: &[
        Size {
            key: "width",
            label: "Width of the embedding",
            help: "How many numbers stand for a token. They are learned.",
            min: 1,
            max: 1024,
            default: 32,
            choices: &[8, 16, 32, 64],
        },
        Size {
            key: "units",
            label: "Units",
            help: "How many numbers it keeps in mind, in each layer.",
            min: 1,
            max: 512,
            default: 128,
            choices: &[16, 32, 64, 128, 256],
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
        Size {
            key: "dropout",
            label: "Dropout between layers, in per cent",
            help: "How many numbers are left out by chance while it trains. It needs at least two recurrent layers.",
            min: 0,
            max: 90,
            default: 0,
            choices: &[0, 10, 20, 50],
        },
        Size {
            key: "forget",
            label: "Forget bias",
            help: "How far an LSTM's forget gates begin open: the higher, the longer it keeps in mind what it reads.",
            min: 0,
            max: 10,
            default: 1,
            choices: &[0, 1, 2, 4],
        },
        Size {
            key: "closed",
            label: "Closed input gates",
            help: "How far an LSTM's input gates begin closed: the higher, the less gets into its cells.",
            min: 0,
            max: 10,
            default: 0,
            choices: &[0, 1, 2, 4],
        },
        Size {
            key: "keep",
            label: "Keep bias",
            help: "How much of what it has kept in mind a GRU begins with keeping.",
            min: 0,
            max: 10,
            default: 1,
            choices: &[0, 1, 2, 4],
        },
        Size {
            key: "gain",
            label: "Recurrent gain in per cent",
            help: "How much an RNN's numbers weigh at the next step, at the beginning: below 100 they fade.",
            min: 0,
            max: 150,
            default: 100,
            choices: &[58, 80, 100, 120],
        },
    ],
    recipe: Recipe::Choices {
        words: &[
            Word {
                key: "cell",
                label: "Cell",
                help: "How it keeps things in mind.",
                choices: &[
                    ("rnn", "RNN", "Every unit is computed anew at each step, so it forgets soon."),
                    ("lstm", "LSTM", "Cells that keep their content behind gates."),
                    ("gru", "GRU", "Units that are kept or replaced: like an LSTM, with a gate less."),
                ],
                default: "lstm",
            },
            Word {
                key: "directions",
                label: "Directions",
                help: "Where it begins to read. What comes after a step is known only where nothing of it is asked for.",
                choices: &[
                    ("forward", "From the beginning", "At every step it knows what came before."),
                    (
                        "both",
                        "From both ends",
                        "Two cells of each layer: one reads from the beginning, the other from the end.",
                    ),
                ],
                default: "forward",
            },
        ],
        layers,
    },
};

fn layers(words: &[&str], sizes: &[usize], classes: usize) -> Vec<LayerSpec> {
    let [width, units, count, percent, forget, closed, keep, gain] = *sizes else { return Vec::new() };
    let cell = match words.first() {
        Some(&"rnn") => rnn(units, gain),
        Some(&"gru") => gru(units, keep),
        _ => lstm(units, forget, closed),
    };
    let cell = with_both(cell, words.get(1) == Some(&"both"));
    let mut layers = vec![embedding(width)]; // [time, width]
    for at in 0..count {
        if at > 0 && percent > 0 {
            layers.push(dropout(percent));
        }
        layers.push(cell); // [time, units]
    }
    layers.push(dense(classes)); // [time, classes], logits
    layers
}
