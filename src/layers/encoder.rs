//! An encoder's block (Vaswani et al. 2017, section 3.1), the normalisation first: every token of a question looks at all
//! of the question, before and behind it. `[time, width]` → the same; the answer behind the question passes by unchanged.

use super::LayerSpec;
use super::block::{self, NUMBERS};
use super::kind::{LayerKind, ParamSpec, channels};
use super::page::{Explain, LayerPage, Sentence};
use super::working::ReceptiveField;

pub static KIND: LayerKind = LayerKind {
    word: "encoder",
    title: "Encoder block",
    heading: "Encoder block, {0} heads",
    numbers: NUMBERS,
    output: block::output,
    parameters,
    // About half of the tokens are the question's.
    multiply_adds: |layer, input| (block::KIND.multiply_adds)(layer, input) / 2,
};

/// From its numbers in their order.
pub fn encoder(numbers: [usize; 6]) -> LayerSpec {
    LayerSpec::of(&KIND, &numbers)
}

/// As `torch.nn.TransformerEncoderLayer` names them.
fn parameters(layer: LayerSpec, input: &[usize]) -> Vec<ParamSpec> {
    let width = channels(input);
    let norm = |names| block::norm_parameters(layer, names, width);
    [
        norm(["norm1.weight", "norm1.bias"]),
        block::attention_parameters(block::SELF_ATTENTION, width),
        norm(["norm2.weight", "norm2.bias"]),
        block::feed_forward_parameters(layer, width),
    ]
    .concat()
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        let width = channels(input);
        let all = parameters(layer, input).iter().map(ParamSpec::len).sum();
        Sentence {
            text: "Each token of the question looks at the whole question with {0} heads of {1} numbers, and adds what it finds to itself; then a network of {2} hidden units adds something too: {3} parameters. The answer passes by unchanged",
            values: vec![
                layer.number(block::HEADS),
                width / layer.number(block::HEADS).max(1),
                block::hidden(layer, width),
                all,
            ],
        }
    },
    explain: Explain::Steps(|_, _| Vec::new()),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    ..LayerPage::POINTWISE
};
