//! A multi-layer perceptron: every input to every unit.

use super::{Model, Recipe, Size};
use crate::layers::{dense, flatten, relu};

pub const MODEL: Model = Model {
    id: "mlp",
    title: "Multi-layer perceptron",
    blurb: "Every unit weighs every number that comes in. It has to find out for itself which of them belong together.",
    sizes: &[
        Size {
            key: "hidden_1",
            label: "Units, first layer",
            help: "How many weighted sums of everything that comes in it takes.",
            min: 1,
            max: 1024,
            default: 128,
            choices: &[16, 32, 64, 128, 256],
        },
        Size {
            key: "hidden_2",
            label: "Units, second layer",
            help: "How many weighted sums of those.",
            min: 1,
            max: 1024,
            default: 64,
            choices: &[16, 32, 64, 128],
        },
    ],
    recipe: Recipe::Sizes(|sizes, classes| {
        vec![
            flatten(),
            dense(sizes[0]),
            relu(),
            dense(sizes[1]),
            relu(),
            dense(classes), // logits
        ]
    }),
};
