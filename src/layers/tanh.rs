//! Tanh: (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).

use super::LayerSpec;
use super::kind::LayerKind;
use super::page::{BurnLine, Explain, LayerPage, Sentence};

pub static KIND: LayerKind = LayerKind { word: "tanh", title: "Tanh", ..LayerKind::POINTWISE };

pub fn tanh() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| Sentence::plain("Squeezes every number between −1 and 1. Nothing to learn"),
    explain: Explain::Activation(f64::tanh),
    in_torch: |_| "nn.Tanh()".into(),
    in_keras: |_| "layers.Activation(\"tanh\")(x)".into(),
    in_burn: |_| BurnLine::Step("tanh(x)".into()),
    ..LayerPage::POINTWISE
};
