//! A small convolutional network in the shape of LeNet-5 (LeCun et al. 1998), with ReLU and max pooling.

use super::{Model, Recipe, Size};
use crate::layers::{conv, dense, flatten, max_pool, relu};

pub const MODEL: Model = Model {
    id: "cnn",
    title: "Convolutional network",
    blurb: "Slides small filters over the picture, so what it learns in one corner it knows everywhere.",
    sizes: &[
        Size {
            key: "filters_1",
            label: "Filters, first layer",
            help: "How many 5 × 5 patterns it looks for in the pixels.",
            min: 1,
            max: 64,
            default: 8,
            choices: &[4, 8, 16, 32],
        },
        Size {
            key: "filters_2",
            label: "Filters, second layer",
            help: "How many patterns of patterns.",
            min: 1,
            max: 128,
            default: 16,
            choices: &[8, 16, 32, 64],
        },
        Size {
            key: "hidden",
            label: "Dense units",
            help: "How many numbers sum up the picture before the answer.",
            min: 1,
            max: 512,
            default: 64,
            choices: &[16, 32, 64, 128],
        },
    ],
    recipe: Recipe::Sizes(|sizes, classes| {
        vec![
            conv(sizes[0], 5), // [filters_1, height, width]
            relu(),
            max_pool(),        // [filters_1, height/2, width/2]
            conv(sizes[1], 5), // [filters_2, height/2, width/2]
            relu(),
            max_pool(), // [filters_2, height/4, width/4]
            flatten(),
            dense(sizes[2]),
            relu(),
            dense(classes), // logits
        ]
    }),
};
