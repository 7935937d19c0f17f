//! An encoder and a decoder (Vaswani et al. 2017): the encoder reads the question, both ways; the decoder writes the answer,
//! and looks back at it and over to the question with every token.

use super::gpt::{POSITIONS, SIZES, begun, inside};
use super::{Model, Recipe, Word};
use crate::layers::{LayerSpec, decoder, dense, encoder, layer_norm, rms_norm};

pub const MODEL: Model = Model {
    id: "seq2seq",
    title: "Transformer (encoder and decoder)",
    blurb: "An encoder reads the question, a decoder writes the answer and looks over to it: the first Transformer, made to translate.",
    sizes: SIZES,
    recipe: Recipe::Choices { words: WORDS, layers: |words, sizes, classes| layers(words, sizes, classes) },
};

const WORDS: &[Word] = &[
    POSITIONS,
    Word {
        key: "style",
        label: "Blocks are built",
        help: "What a block is made of beside attention.",
        choices: &[
            ("gpt2", "as in GPT-2", "Layer normalisation and GELU."),
            ("llama", "as in Llama", "RMS normalisation and SwiGLU."),
            ("equal", "to learn quickly", "RMS normalisation, ReLU², and queries and keys of one length."),
        ],
        default: "equal",
    },
];

/// Embedding, positions, encoder, normalisation, decoder, normalisation, logits.
fn layers(words: &[&str], sizes: &[usize], classes: usize) -> Vec<LayerSpec> {
    let ([place, style], [width, blocks, heads, wider]) = (words, sizes) else { return Vec::new() };
    let [norm, feed_forward, equal_lengths] = match *style {
        "gpt2" => [0, 0, 0],
        "llama" => [1, 2, 0],
        _ => [1, 1, 1],
    };
    let numbers = [*heads, *wider, norm, feed_forward, inside(place), equal_lengths];
    let normalised = if norm == 1 { rms_norm() } else { layer_norm() };
    let mut layers = begun(place, *width); // [time, width]
    layers.extend(vec![encoder(numbers); *blocks]);
    // What the blocks have added up is brought back to one size before it is looked at.
    layers.push(normalised);
    layers.extend(vec![decoder(numbers); *blocks]);
    layers.push(normalised);
    layers.push(dense(classes)); // [time, classes], logits
    layers
}
