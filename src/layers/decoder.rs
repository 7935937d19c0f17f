//! A decoder's block (Vaswani et al. 2017, section 3.1), the normalisation first: every token of an answer looks at the
//! answer before it, then at the question as the encoder left it. `[time, width]` → the same; the question in front of the
//! answer passes by unchanged.

use super::LayerSpec;
use super::block::{self, NUMBERS};
use super::kind::{LayerKind, ParamSpec, channels};
use super::page::{Explain, LayerPage, Sentence};
use super::working::ReceptiveField;

pub static KIND: LayerKind = LayerKind {
    word: "decoder",
    title: "Decoder block",
    heading: "Decoder block, {0} heads",
    numbers: NUMBERS,
    output: block::output,
    parameters,
    // About half of the tokens are the answer's; these look twice.
    multiply_adds: |layer, input| {
        let [time, width] = [input.first().copied().unwrap_or(0), channels(input)];
        let crossing = 3 * width * width + time * width;
        ((block::KIND.multiply_adds)(layer, input) + time * crossing) / 2
    },
};

/// From its numbers in their order.
pub fn decoder(numbers: [usize; 6]) -> LayerSpec {
    LayerSpec::of(&KIND, &numbers)
}

/// As `torch.nn.TransformerDecoderLayer` names them.
fn parameters(layer: LayerSpec, input: &[usize]) -> Vec<ParamSpec> {
    let width = channels(input);
    let norm = |names| block::norm_parameters(layer, names, width);
    [
        norm(["norm1.weight", "norm1.bias"]),
        block::attention_parameters(block::SELF_ATTENTION, width),
        norm(["norm2.weight", "norm2.bias"]),
        block::attention_parameters(block::CROSS_ATTENTION, width),
        norm(["norm3.weight", "norm3.bias"]),
        block::feed_forward_parameters(layer, width),
    ]
    .concat()
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        let width = channels(input);
        let all = parameters(layer, input).iter().map(ParamSpec::len).sum();
        Sentence {
            text: "Each token of the answer looks with {0} heads of {1} numbers at the answer before it, then with as many at the question as the encoder left it, and adds what it finds to itself; then a network of {2} hidden units adds something too: {3} parameters. The question passes by unchanged",
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
