//! A decoder of Transformer blocks (Radford et al. 2018): every token looks at itself and at those before it, and at every
//! place the network says what comes next.

use super::{Model, Recipe, Size, Word};
use crate::layers::{LayerSpec, block, dense, embedding, layer_norm, positions, rms_norm, sinusoidal};

pub const MODEL: Model = Model {
    id: "gpt",
    title: "Transformer (GPT)",
    blurb: "Every token looks at all tokens before it, takes from them what it needs, and says what comes next.",
    sizes: &[
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
    ],
    recipe: Recipe::Choices {
        words: &[
            Word {
                key: "positions",
                label: "Positions",
                help: "How it knows in which order the tokens stand. Attention by itself does not.",
                choices: &[
                    ("none", "None", "It only knows which tokens came before, not in which order."),
                    (
                        "learned",
                        "Learned",
                        "Each place has a row of numbers of its own, which is learned and added.",
                    ),
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
            },
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
        ],
        layers,
    },
};

fn layers(words: &[&str], sizes: &[usize], classes: usize) -> Vec<LayerSpec> {
    let ([place, style], [width, blocks, heads, wider]) = (words, sizes) else { return Vec::new() };
    let [norm, feed_forward, equal_lengths, shift] = match *style {
        "llama" => [1, 2, 0, 0],
        "quick" => [1, 1, 1, 1],
        _ => [0; 4],
    };
    let inside = match *place {
        "rotary" => 1,
        "alibi" => 2,
        _ => 0,
    };
    let mut layers = vec![embedding(*width)]; // [time, width]
    match *place {
        "learned" => layers.push(positions()),
        "sinusoidal" => layers.push(sinusoidal()),
        _ => (),
    }
    let one = block([*heads, *wider, norm, feed_forward, inside, equal_lengths, shift, 0]);
    layers.extend(vec![one; *blocks]);
    layers.push(if norm == 1 { rms_norm() } else { layer_norm() });
    layers.push(dense(classes)); // [time, classes], logits
    layers
}
