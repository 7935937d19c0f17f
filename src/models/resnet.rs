//! A small residual network in the shape of those that He et al. (2016, section 4.2) train on CIFAR-10.

use super::{Model, Recipe, Size};
use crate::layers::{batch_norm, conv, dense, global_avg_pool, relu, residual};

pub const MODEL: Model = Model {
    id: "resnet",
    title: "Residual network",
    blurb: "Each block only adds to what came in, so gradients reach the first layer however deep the network is.",
    sizes: &[
        Size {
            key: "filters",
            label: "Filters, first stage",
            help: "How many patterns the first blocks look for; each of the three stages has twice as many.",
            min: 1,
            max: 64,
            default: 16,
            choices: &[8, 16, 32],
        },
        Size {
            key: "blocks",
            label: "Blocks in a stage",
            help: "A block is two convolutions and a way around them.",
            min: 1,
            max: 5,
            default: 1,
            choices: &[1, 2, 3],
        },
    ],
    recipe: Recipe::Sizes(|sizes, classes| {
        let mut layers = vec![conv(sizes[0], 3), batch_norm(), relu()];
        for stage in 0..3 {
            for block in 0..sizes[1] {
                let stride = if stage > 0 && block == 0 { 2 } else { 1 };
                layers.push(residual(sizes[0] << stage, stride)); // [filters, height / 2ˢ, width / 2ˢ]
            }
        }
        layers.extend([global_avg_pool(), dense(classes)]); // logits
        layers
    }),
};
