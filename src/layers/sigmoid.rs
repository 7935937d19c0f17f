//! Sigmoid: 1 / (1 + e⁻ˣ).

use super::LayerSpec;
use super::kind::LayerKind;
use super::page::{BurnLine, Explain, LayerPage, Sentence};

pub static KIND: LayerKind = LayerKind { word: "sigmoid", title: "Sigmoid", ..LayerKind::POINTWISE };

pub fn sigmoid() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| Sentence::plain("Squeezes every number between 0 and 1: 1 / (1 + e⁻ˣ). Nothing to learn"),
    explain: Explain::Activation(|x| 1.0 / (1.0 + (-x).exp())),
    in_torch: |_| "nn.Sigmoid()".into(),
    in_keras: |_| "layers.Activation(\"sigmoid\")(x)".into(),
    in_burn: |_| BurnLine::Step("sigmoid(x)".into()),
    ..LayerPage::POINTWISE
};
