//! Three pairs of convolutions with batch normalisation, halving the picture and doubling the filters, in the manner
//! of VGG (Simonyan & Zisserman 2015), with dropout before the answer.

use super::{Model, Recipe, Size};
use crate::layers::{batch_norm, conv, dense, dropout, flatten, max_pool, relu};

pub const MODEL: Model = Model {
    id: "cnn_deep",
    title: "Deep convolutional network",
    blurb: "Six convolutions with batch normalisation, and dropout against learning by heart: for harder pictures.",
    sizes: &[
        Size {
            key: "filters",
            label: "Filters, first pair",
            help: "How many patterns the first two convolutions look for; each pair has twice as many.",
            min: 1,
            max: 64,
            default: 16,
            choices: &[8, 16, 32],
        },
        Size {
            key: "hidden",
            label: "Dense units",
            help: "How many numbers sum up the picture before the answer.",
            min: 1,
            max: 512,
            default: 128,
            choices: &[32, 64, 128, 256],
        },
        Size {
            key: "dropout",
            label: "Dropout, per cent",
            help: "The share of numbers that each training step leaves out.",
            min: 0,
            max: 90,
            default: 25,
            choices: &[0, 25, 50],
        },
    ],
    recipe: Recipe::Sizes(|sizes, classes| {
        let mut layers = Vec::new();
        for pair in 0..3 {
            let filters = sizes[0] << pair;
            let conv = conv(filters, 3);
            layers.extend([conv, batch_norm(), relu(), conv, batch_norm(), relu()]); // [filters, height, width]
            layers.push(max_pool()); // [filters, height/2, width/2]
        }
        layers.extend([
            flatten(),
            dropout(sizes[2]),
            dense(sizes[1]),
            batch_norm(),
            relu(),
            dropout(sizes[2]),
            dense(classes), // logits
        ]);
        layers
    }),
};
