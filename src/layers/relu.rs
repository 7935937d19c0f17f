//! ReLU: max(0, x) (Nair & Hinton 2010).

use super::LayerSpec;
use super::kind::LayerKind;
use super::page::{BurnLine, Explain, LayerPage, Sentence};

pub static KIND: LayerKind = LayerKind { word: "relu", title: "ReLU", ..LayerKind::POINTWISE };

pub fn relu() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| Sentence::plain("Negative numbers become 0, the others stay: max(0, x). Nothing to learn"),
    explain: Explain::Activation(|x| x.max(0.0)),
    in_torch: |_| "nn.ReLU()".into(),
    in_keras: |_| "layers.ReLU()(x)".into(),
    in_burn: |_| BurnLine::Step("relu(x)".into()),
    ..LayerPage::POINTWISE
};
