//! GELU: x Φ(x), Φ the normal distribution’s (Hendrycks & Gimpel 2016).

use super::LayerSpec;
use super::kind::LayerKind;
use super::page::{BurnLine, Explain, LayerPage, Sentence};

pub static KIND: LayerKind = LayerKind { word: "gelu", title: "GELU", ..LayerKind::POINTWISE };

pub fn gelu() -> LayerSpec {
    LayerSpec::of(&KIND, &[])
}

/// Φ(x), the chance that a normal random number is below `x`, within 10⁻⁷: erf by Abramowitz & Stegun (1964), 7.1.26.
fn normal(x: f64) -> f64 {
    const A: [f64; 5] = [0.254_829_592, -0.284_496_736, 1.421_413_741, -1.453_152_027, 1.061_405_429];
    let z = x.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let polynomial = A.iter().rev().fold(0.0, |sum, a| (sum + a) * t);
    let tail = polynomial * (-z * z).exp() / 2.0;
    if x < 0.0 { tail } else { 1.0 - tail }
}

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| {
        Sentence::plain(
            "x times the chance that a normal random number is below x: a smooth ReLU. Nothing to learn",
        )
    },
    explain: Explain::Activation(|x| x * normal(x)),
    in_torch: |_| "nn.GELU()".into(),
    in_keras: |_| "layers.Activation(\"gelu\")(x)".into(),
    in_burn: |_| BurnLine::Step("gelu(x)".into()),
    ..LayerPage::POINTWISE
};
