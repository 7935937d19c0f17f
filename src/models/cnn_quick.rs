//! Three small convolutions, each halved by max pooling and then normalised (Ioffe & Szegedy 2015), with no hidden dense
//! layer: few weights that learn fast. Normalising after the pooling costs a quarter of normalising before it, and
//! leaves the backward pass as sparse as pooling makes it.

use super::{Model, Recipe, Size};
use crate::layers::{batch_norm, conv, crop, dense, flatten, max_pool, relu};

const fn filters(key: &'static str, label: &'static str, help: &'static str, default: usize) -> Size {
    Size { key, label, help, min: 1, max: 128, default, choices: &[8, 16, 24, 32, 48, 64] }
}

pub const MODEL: Model = Model {
    id: "cnn_quick",
    title: "Quick convolutional network",
    blurb: "Three small stages, each normalised: few weights, which a large learning rate teaches in seconds.",
    sizes: &[
        filters(
            "filters_1",
            "Filters, first layer",
            "How many 5 × 5 patterns it looks for in the pixels.",
            8,
        ),
        filters("filters_2", "Filters, second layer", "How many patterns of patterns.", 24),
        filters("filters_3", "Filters, third layer", "How many patterns of those.", 48),
        Size {
            key: "crop",
            label: "Border cut off",
            help: "How many pixels to cut off every side first: an empty border costs as much as the rest.",
            min: 0,
            max: 8,
            default: 0,
            choices: &[0, 2, 4],
        },
    ],
    recipe: Recipe::Sizes(|sizes, classes| {
        let (filters, border) = sizes.split_at(3);
        // [channels, height − 2 border, width − 2 border]
        let crops = border.iter().filter(|border| **border > 0);
        let mut layers: Vec<_> = crops.map(|border| crop(*border)).collect();
        for (stage, filters) in filters.iter().enumerate() {
            let kernel = if stage == 0 { 5 } else { 3 };
            layers.extend([conv(*filters, kernel), relu(), max_pool(), batch_norm()]); // [filters, height/2, width/2]
        }
        layers.extend([flatten(), dense(classes)]); // logits
        layers
    }),
};
