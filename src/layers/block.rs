//! A Transformer block (Vaswani et al. 2017) with the normalisation first (Xiong et al. 2020): what attention finds is
//! added to each token, then what a feed-forward network of one hidden layer makes of it. `[time, width]` → the same.

use super::cell::BOTH;
use super::kind::{Expected, Init, LayerKind, Number, ParamSpec, channels, sequence, zeros};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::ReceptiveField;
use super::{LayerSpec, Shape, block_code, decoder, encoder};

const fn choice(label: &'static str, mark: &'static str, max: usize) -> Number {
    Number { label, mark, min: 0, max, step: 1, default: 0 }
}

/// In the order of a block's numbers.
pub const HEADS: usize = 0;
pub const WIDER: usize = 1;
/// 0: layer normalisation, 1: RMS normalisation.
pub const NORM: usize = 2;
/// 0: GELU, 1: ReLU² (So et al. 2021), 2: SwiGLU (Shazeer 2020).
pub const FEED_FORWARD: usize = 3;
/// Positions in the attention itself. 0: none, 1: rotary (Su et al. 2021), 2: ALiBi (Press et al. 2022).
pub const POSITIONS: usize = 4;
/// 1: queries and keys have one length (Henry et al. 2020).
pub const EQUAL_LENGTHS: usize = 5;
/// 1: each token gets something of the three before it, before it is looked at.
pub const SHIFT: usize = 6;

/// Tokens that a shift mixes: itself and those before it.
pub const TAPS: usize = 4;

const HEADS_NUMBER: Number = Number { label: "Heads", mark: "", min: 1, max: 32, step: 1, default: 4 };
const WIDER_NUMBER: Number =
    Number { label: "Feed-forward, times as wide", mark: "f", min: 1, max: 8, step: 1, default: 4 };
const NORM_NUMBER: Number = choice("RMS normalisation (0 or 1)", "n", 1);
const FEED_FORWARD_NUMBER: Number = choice("GELU 0, ReLU² 1, SwiGLU 2", "a", 2);
const POSITIONS_NUMBER: Number = choice("Positions: none 0, rotary 1, ALiBi 2", "p", 2);
const EQUAL_LENGTHS_NUMBER: Number = choice("Queries and keys of one length (0 or 1)", "q", 1);

/// Of an encoder's and a decoder's block: as a block's, up to the shift.
pub(super) static NUMBERS: &[Number] =
    &[HEADS_NUMBER, WIDER_NUMBER, NORM_NUMBER, FEED_FORWARD_NUMBER, POSITIONS_NUMBER, EQUAL_LENGTHS_NUMBER];

pub static KIND: LayerKind = LayerKind {
    word: "block",
    title: "Transformer block",
    heading: "Transformer block, {0} heads",
    numbers: &[
        HEADS_NUMBER,
        WIDER_NUMBER,
        NORM_NUMBER,
        FEED_FORWARD_NUMBER,
        POSITIONS_NUMBER,
        EQUAL_LENGTHS_NUMBER,
        choice("Shift (0 or 1)", "s", 1),
        BOTH,
    ],
    output,
    parameters,
    multiply_adds: |layer, input| {
        let [time, width] = [input.first().copied().unwrap_or(0), channels(input)];
        let weights =
            4 * width * width + feed_forward_rows(layer, width) * width + hidden(layer, width) * width;
        time * (weights + 2 * time * width)
    },
};

/// What it takes is as wide as what it gives.
pub(super) fn output(layer: LayerSpec, input: &[usize]) -> Result<Shape, Expected> {
    let [time, width] = sequence(input)?;
    let heads = layer.number(HEADS).max(1);
    // Rotary positions turn pairs of a head's numbers.
    let share = if layer.number(POSITIONS) == 1 { 2 * heads } else { heads };
    if width.is_multiple_of(share) { Ok(vec![time, width]) } else { Err(Expected::Shared(share)) }
}

/// Whether its tokens look at each other.
pub fn attends(layer: LayerSpec) -> bool {
    layer.is(&KIND) || tells_parts_apart(layer)
}

/// Whether it does one thing with a question and another with the answer behind it.
pub fn tells_parts_apart(layer: LayerSpec) -> bool {
    layer.is(&encoder::KIND) || layer.is(&decoder::KIND)
}

/// From its numbers in their order.
pub fn block(numbers: [usize; 8]) -> LayerSpec {
    LayerSpec::of(&KIND, &numbers)
}

/// Numbers in the middle of the feed-forward network.
pub fn hidden(layer: LayerSpec, width: usize) -> usize {
    layer.number(WIDER) * width
}

pub fn has_rms_norms(layer: LayerSpec) -> bool {
    layer.is(&KIND) && layer.number(NORM) == 1
}

/// What its first product gives: SwiGLU takes twice as many.
pub fn feed_forward_rows(layer: LayerSpec, width: usize) -> usize {
    hidden(layer, width) * if layer.number(FEED_FORWARD) == 2 { 2 } else { 1 }
}

/// As `torch.nn.TransformerEncoderLayer` names them. What is added to a token begins as nothing, so that a fresh block
/// hands on what it gets.
fn parameters(layer: LayerSpec, input: &[usize]) -> Vec<ParamSpec> {
    let width = channels(input);
    let one = |name, shape: &[usize], init| ParamSpec { name, shape: shape.to_vec(), init, trained: true };
    let shift = |name| {
        let begins = (layer.number(SHIFT) == 1).then(|| one(name, &[TAPS, width], Init::Zero));
        begins.into_iter().collect::<Vec<_>>()
    };
    [
        norm_parameters(layer, ["norm1.weight", "norm1.bias"], width),
        shift("shift1"),
        attention_parameters(SELF_ATTENTION, width),
        norm_parameters(layer, ["norm2.weight", "norm2.bias"], width),
        shift("shift2"),
        feed_forward_parameters(layer, width),
    ]
    .concat()
}

/// As PyTorch names an attention's weights.
pub type AttentionNames = [&'static str; 4];
pub const SELF_ATTENTION: AttentionNames = [
    "self_attn.in_proj_weight",
    "self_attn.in_proj_bias",
    "self_attn.out_proj.weight",
    "self_attn.out_proj.bias",
];
/// Of a decoder to the question.
pub const CROSS_ATTENTION: AttentionNames = [
    "multihead_attn.in_proj_weight",
    "multihead_attn.in_proj_bias",
    "multihead_attn.out_proj.weight",
    "multihead_attn.out_proj.bias",
];

pub(super) fn norm_parameters(
    layer: LayerSpec,
    [weight, bias]: [&'static str; 2],
    width: usize,
) -> Vec<ParamSpec> {
    let bias = (layer.number(NORM) == 0).then(|| zeros(bias, width));
    let weight = ParamSpec { name: weight, shape: vec![width], init: Init::One, trained: true };
    [weight].into_iter().chain(bias).collect()
}

pub(super) fn attention_parameters(names: AttentionNames, width: usize) -> Vec<ParamSpec> {
    let [into, into_bias, out, out_bias] = names;
    product([into, into_bias], [3 * width, width], begins(width))
        .into_iter()
        .chain(product([out, out_bias], [width, width], Init::Zero))
        .collect()
}

pub(super) fn feed_forward_parameters(layer: LayerSpec, width: usize) -> Vec<ParamSpec> {
    let (hidden, rows) = (hidden(layer, width), feed_forward_rows(layer, width));
    product(["linear1.weight", "linear1.bias"], [rows, width], begins(width))
        .into_iter()
        .chain(product(["linear2.weight", "linear2.bias"], [width, hidden], Init::Zero))
        .collect()
}

/// Normal, by how many numbers come in.
fn begins(width: usize) -> Init {
    Init::Normal { thousandths: (1000.0 / (width.max(1) as f64).sqrt()) as usize }
}

fn product([weight, bias]: [&'static str; 2], [rows, columns]: [usize; 2], init: Init) -> [ParamSpec; 2] {
    [ParamSpec { name: weight, shape: vec![rows, columns], init, trained: true }, zeros(bias, rows)]
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        let width = channels(input);
        let all = parameters(layer, input).iter().map(ParamSpec::len).sum();
        Sentence {
            text: "Each token looks at others with {0} heads of {1} numbers, and adds what it finds to itself; then a network of {2} hidden units, the same for every token, adds something too: {3} parameters",
            values: vec![layer.number(HEADS), width / layer.number(HEADS).max(1), hidden(layer, width), all],
        }
    },
    explain: Explain::Steps(|_, _| Vec::new()),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| format!("Block({}, {})", line.channels(), arguments(line.info.layer)),
    in_keras: |line| format!("Block({}, name=\"{}\")(x)", arguments(line.info.layer), line.index),
    in_burn: |line| BurnLine::Field {
        kind: "Block",
        init: format!("Block::new({}, [{}], device)", line.channels(), arguments(line.info.layer)),
        weights: if line.number(SHIFT) == 1 { &WEIGHTS } else { &WEIGHTS[..4] },
    },
    definitions: block_code::DEFINITIONS,
};

/// What penalties are on, as the Burn script names it; shifts stand last.
static WEIGHTS: [&str; 6] =
    ["in_proj.weight", "out_proj.weight", "linear1.weight", "linear2.weight", "shifts[0]", "shifts[1]"];

fn arguments(layer: LayerSpec) -> String {
    layer.numbers().iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}
