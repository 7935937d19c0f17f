//! A decoder of Transformer blocks (Radford et al. 2018): every token looks at itself and at those before it, and at every
//! place the network says what comes next.

use super::{Model, Recipe, Size, Word};
use crate::layers::{LayerSpec, block, dense, embedding, layer_norm, positions, rms_norm, sinusoidal};

pub const MODEL: Model = Model {
    id: "gpt",
    title: "Transformer (GPT)",
    blurb: "Every token looks at all tokens before it, takes from them what it needs, and says what comes next.",
    sizes: SIZES,
    recipe: Recipe::Choices {
        words: WORDS,
        layers: |words, sizes, classes| blocks(words, sizes, classes, false),
    },
};

/// Of every network of Transformer blocks.
pub(super) const SIZES: &[Size] = &[
    Size {
        key: "width",
        label: "Width",
        help: "How many numbers stand for a token, from the embedding to the last block. The heads share them.",
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
        default: 4,
        choices: &[1, 2, 4, 6],
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
        default: 4,
        choices: &[1, 2, 4],
    },
];

pub(super) const POSITIONS: Word = Word {
    key: "positions",
    label: "Positions",
    help: "How it knows in which order the tokens stand. Attention by itself does not.",
    choices: &[
        ("none", "None", "It knows which tokens there are, but not in which order."),
        ("learned", "Learned", "Each place has a row of numbers of its own, which is learned and added."),
        ("sinusoidal", "Sinusoidal", "Each place gets waves of many lengths, which are added."),
        (
            "rotary",
            "Rotary",
            "Queries and keys are turned by their place: what counts is how far apart they are.",
        ),
        (
            "alibi",
            "ALiBi",
            "The farther away a token is, the less it counts; each head has a slope of its own.",
        ),
    ],
    default: "learned",
};

pub(super) const WORDS: &[Word] = &[
    POSITIONS,
    Word {
        key: "style",
        label: "Blocks are built",
        help: "What a block is made of beside attention.",
        choices: &[
            ("gpt2", "as in GPT-2", "Layer normalisation and GELU."),
            ("llama", "as in Llama", "RMS normalisation and SwiGLU."),
            (
                "quick",
                "to learn quickly",
                "RMS normalisation, ReLU², queries and keys of one length, and a shift: each token gets something of the three before it.",
            ),
        ],
        default: "gpt2",
    },
];

/// Embedding, positions, blocks that look back or `both` ways, normalisation, logits.
pub(super) fn blocks(words: &[&str], sizes: &[usize], classes: usize, both: bool) -> Vec<LayerSpec> {
    let ([place, style], [width, blocks, heads, wider]) = (words, sizes) else { return Vec::new() };
    let [norm, feed_forward, equal_lengths, shift] = match *style {
        "llama" => [1, 2, 0, 0],
        "quick" => [1, 1, 1, 1],
        _ => [0; 4],
    };
    let inside = inside(place);
    let mut layers = begun(place, *width); // [time, width]
    let one = block([*heads, *wider, norm, feed_forward, inside, equal_lengths, shift, usize::from(both)]);
    layers.extend(vec![one; *blocks]);
    layers.push(if norm == 1 { rms_norm() } else { layer_norm() });
    layers.push(dense(classes)); // [time, classes], logits
    layers
}

/// The number of `block::POSITIONS` for a choice of positions.
pub(super) fn inside(place: &str) -> usize {
    match place {
        "rotary" => 1,
        "alibi" => 2,
        _ => 0,
    }
}

/// Embedding, and what is added for each place.
pub(super) fn begun(place: &str, width: usize) -> Vec<LayerSpec> {
    let added = match place {
        "learned" => Some(positions()),
        "sinusoidal" => Some(sinusoidal()),
        _ => None,
    };
    [embedding(width)].into_iter().chain(added).collect()
}
