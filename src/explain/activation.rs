//! Activations of one number.

use crate::layers::{LEAK, LayerSpec};

/// What an activation layer makes of a number; of any other layer, the number itself.
pub fn activation(layer: LayerSpec, x: f64) -> f64 {
    match layer {
        LayerSpec::Relu => x.max(0.0),
        LayerSpec::LeakyRelu if x < 0.0 => x * LEAK,
        LayerSpec::Gelu => x * normal(x),
        LayerSpec::Tanh => x.tanh(),
        LayerSpec::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        _ => x,
    }
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
