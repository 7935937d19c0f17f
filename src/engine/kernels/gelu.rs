//! GELU and its slope, number by number, without a call and without a branch, as `exponential` is.

use crate::engine::exponential::exp;
use std::f32::consts::FRAC_1_SQRT_2;

/// 1 / √(2π)
const DENSITY_AT_0: f32 = 0.398_942_3;

/// Φ(x) of the normal distribution, and its density φ(x).
///
/// The error function is formula 7.1.26 of Abramowitz & Stegun (1964), off by at most 1.5 · 10⁻⁷. What it takes from 1 is
/// the tail of the distribution, so that of a number far below 0 no two large numbers are subtracted.
#[inline(always)]
fn normal(x: f32) -> [f32; 2] {
    let power = exp(-0.5 * x * x);
    let t = 1.0 / (1.0 + 0.327_591_1 * FRAC_1_SQRT_2 * x.abs());
    let series = 1.061_405_4 * t - 1.453_152;
    let series = series * t + 1.421_413_7;
    let series = series * t - 0.284_496_74;
    let tail = 0.5 * (series * t + 0.254_829_6) * t * power;
    [if x < 0.0 { tail } else { 1.0 - tail }, DENSITY_AT_0 * power]
}

/// x Φ(x)
pub fn forward(x: &[f32]) -> Vec<f32> {
    x.iter().map(|x| x * normal(*x)[0]).collect()
}

/// The gradient of `x`: Φ(x) + x φ(x) of what comes back.
pub fn gradient(x: &[f32], gradient: &[f32]) -> Vec<f32> {
    let slope = |x: f32| {
        let [below, density] = normal(x);
        below + x * density
    };
    x.iter().zip(gradient).map(|(x, gradient)| gradient * slope(*x)).collect()
}
