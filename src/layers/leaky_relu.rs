//! Leaky ReLU: x where it is positive, a hundredth of x elsewhere (Maas et al. 2013).

use super::LayerSpec;
use super::kind::LayerKind;
use super::page::{BurnLine, Explain, LayerPage, Sentence};

pub static KIND: LayerKind = LayerKind { word: "leaky", title: "Leaky ReLU", ..LayerKind::POINTWISE };

pub fn leaky_relu() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

/// What it leaves of negative numbers: PyTorch’s default.
pub const SLOPE: f64 = 0.01;

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| {
        Sentence::plain("Negative numbers shrink to a hundredth, the others stay. Nothing to learn")
    },
    explain: Explain::Activation(|x| if x < 0.0 { x * SLOPE } else { x }),
    in_torch: |_| "nn.LeakyReLU(0.01)".into(),
    in_keras: |_| "layers.LeakyReLU(negative_slope=0.01)(x)".into(),
    in_burn: |_| BurnLine::Step("leaky_relu(x, 0.01)".into()),
    ..LayerPage::POINTWISE
};
