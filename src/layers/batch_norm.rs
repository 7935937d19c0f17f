//! Batch normalisation: every channel, or feature, of a batch to mean 0 and variance 1, then times γ plus β
//! (Ioffe & Szegedy 2015).

use super::LayerSpec;
use super::kind::{Expected, LayerKind, channels, normalisation};
use super::page::{BurnLine, Explain, LayerPage, Sentence};

pub static KIND: LayerKind = LayerKind {
    word: "norm",
    title: "Batch normalisation",
    // A sequence can be of any length, and its steps have no statistics of their own.
    output: |_, input| if input.len() == 2 { Err(Expected::List) } else { Ok(input.to_vec()) },
    parameters: |_, input| {
        normalisation(["bias", "weight", "running_mean", "running_var"], channels(input)).into()
    },
    multiply_adds: |_, input| input.iter().product(),
    ..LayerKind::POINTWISE
};

pub fn batch_norm() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, input| Sentence {
        text: "Shifts and scales each of its {0} channels to mean 0 and variance 1 over the batch, then by what it learns: {0} × 2 = {1} parameters",
        values: vec![channels(input), 2 * channels(input)],
    },
    explain: Explain::Steps(|_, working| vec![working.normalised(working.same(), "")]),
    in_torch: |line| format!("nn.BatchNorm{}d({})", if line.is_picture() { 2 } else { 1 }, line.channels()),
    in_keras: |line| {
        format!("layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=\"{}\")(x)", line.index)
    },
    in_burn: |line| BurnLine::Field {
        kind: "BatchNorm",
        init: format!("BatchNormConfig::new({}).init(device)", line.channels()),
        weights: &[],
    },
    ..LayerPage::POINTWISE
};
