//! An encoder of Transformer blocks (Devlin et al. 2019): every token looks at all others, before and behind it, and where
//! one is hidden the network says what it was.

use super::gpt::{SIZES, WORDS, blocks};
use super::{Model, Recipe};

pub const MODEL: Model = Model {
    id: "bert",
    title: "Transformer (BERT)",
    blurb: "Every token looks at all others, before and behind it: the network names what is hidden.",
    sizes: SIZES,
    recipe: Recipe::Choices {
        words: WORDS,
        layers: |words, sizes, classes| blocks(words, sizes, classes, true),
    },
};
