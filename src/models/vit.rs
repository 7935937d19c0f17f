//! A Vision Transformer (Dosovitskiy et al. 2020): a picture is cut into patches, each becomes a token, and blocks in which
//! every token looks at all others do the rest.

use super::{Model, Recipe, Size, Word};
use crate::layers::{
    LayerSpec, block, class_token, dense, first, layer_norm, mean, patches, positions, sinusoidal,
};

pub const MODEL: Model = Model {
    id: "vit",
    title: "Vision Transformer (ViT)",
    blurb: "Cuts the picture into patches, and lets every patch look at all others.",
    sizes: &[
        Size {
            key: PATCH,
            label: "Patch",
            help: "How many pixels a patch has each way. The picture’s sides must be divisible by it; smaller patches are more tokens, and take longer.",
            min: 1,
            max: 32,
            default: 7,
            choices: &[2, 4, 7, 8, 14, 16],
        },
        Size {
            key: "width",
            label: "Width",
            help: "How many numbers stand for a patch, from the first layer to the last block. The heads share them.",
            min: 4,
            max: 512,
            default: 64,
            choices: &[32, 64, 96, 128],
        },
        Size {
            key: "blocks",
            label: "Blocks",
            help: "One above the other: each adds something to every token.",
            min: 1,
            max: 12,
            default: 3,
            choices: &[1, 2, 3, 4, 6],
        },
        Size {
            key: "heads",
            label: "Heads",
            help: "Each head looks for something of its own. The width must be divisible by their number.",
            min: 1,
            max: 16,
            default: 4,
            choices: &[1, 2, 4, 8],
        },
        Size {
            key: "wider",
            label: "Feed-forward, times as wide",
            help: "How many hidden units each block's feed-forward network has, as a multiple of the width.",
            min: 1,
            max: 8,
            default: 2,
            choices: &[1, 2, 4],
        },
    ],
    recipe: Recipe::Choices { words: WORDS, layers },
};

/// The key, after `model.`, of how large a patch is.
pub const PATCH: &str = "patch";

const WORDS: &[Word] = &[
    Word {
        key: "positions",
        label: "Positions",
        help: "How it knows where a patch was. Attention by itself does not.",
        choices: &[
            ("none", "None", "It knows which patches there are, but not where: a bag of patches."),
            ("learned", "Learned", "Each place has a row of numbers of its own, which is learned and added."),
            ("sinusoidal", "Sinusoidal", "Each place gets waves of many lengths, which are added."),
        ],
        default: "learned",
    },
    Word {
        key: "answer",
        label: "Answers from",
        help: "Where what the patches have found comes together.",
        choices: &[
            ("class", "Class token", "A token in front of the patches, which only looks and answers."),
            ("mean", "Mean", "The mean of all patches."),
        ],
        default: "class",
    },
];

/// Patches, class token, positions, blocks that look everywhere, one row of numbers, normalisation, logits.
fn layers(words: &[&str], sizes: &[usize], classes: usize) -> Vec<LayerSpec> {
    let (&[place, answer], &[patch, width, blocks, heads, wider]) = (words, sizes) else { return Vec::new() };
    let of_token = answer != "mean";
    let mut layers = vec![patches(width, patch)]; // [patches, width]
    if of_token {
        layers.push(class_token()); // [1 + patches, width]
    }
    match place {
        "learned" => layers.push(positions()),
        "sinusoidal" => layers.push(sinusoidal()),
        _ => (),
    }
    layers.extend(vec![block([heads, wider, 0, 0, 0, 0, 0, 1]); blocks]);
    layers.push(if of_token { first() } else { mean() }); // [width]
    layers.extend([layer_norm(), dense(classes)]); // logits
    layers
}

/// The side of a patch that cuts pictures of `shape`, `[channels, height, width]`, into about as many as the usual one cuts
/// digits into.
pub fn fitting_patch(shape: &[usize]) -> Option<usize> {
    let &[_, height, width] = shape else { return None };
    patches::sides([height, width]).find(|side| 4 * side >= height.max(width))
}
