//! tanh and the logistic function of four numbers at once, to about the precision of `f32`.

use crate::engine::kernels::simd::F4;

/// From here on tanh is ±1.
const SATURATED: f32 = 9.02;

/// Lambert's continued fraction (1768) at a quarter of the angle, where seven terms are enough, then twice
/// tanh 2y = 2 t / (1 + t²), with t as a fraction so that there is one division.
#[inline(always)]
pub fn tanh(x: F4) -> F4 {
    let four = |number: f32| F4::splat(number);
    // `x` on the left: not a number stays so.
    let y = x.max(four(-SATURATED)).min(four(SATURATED)).mul(four(0.25));
    let square = y.mul(y);
    // The terms over 135,135, so that no square of a square is too large for an `f32`.
    let term = |number: f32| four(number / 135_135.0);
    let above =
        four(1.0).mul_add(square, term(17_325.0).mul_add(square, term(378.0).mul_add(square, term(1.0))));
    let below =
        four(1.0).mul_add(square, term(62_370.0).mul_add(square, term(3_150.0).mul_add(square, term(28.0))));
    let (above, below) = doubled(y.mul(above), below);
    let (above, below) = doubled(above, below);
    above.div(below).max(four(-1.0)).min(four(1.0))
}

/// 1 / (1 + e⁻ˣ)
#[inline(always)]
pub fn sigmoid(x: F4) -> F4 {
    let half = F4::splat(0.5);
    half.mul_add(half, tanh(x.mul(half)))
}

/// tanh of twice the angle, both as fractions.
#[inline(always)]
fn doubled(above: F4, below: F4) -> (F4, F4) {
    let product = above.mul(below);
    (product.add(product), above.mul(above).mul_add(below, below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_right_to_a_few_units_of_the_last_place() {
        for at in -24_000..24_000_i16 {
            let x = f32::from(at) / 1000.0;
            let [tanh, sigmoid] = [tanh(F4::splat(x)), sigmoid(F4::splat(x))].map(|four| four.to_array()[0]);
            let exact = f64::from(x).tanh();
            assert!((f64::from(tanh) - exact).abs() <= 6e-7 * exact.abs(), "tanh {x} is not {tanh}");
            let exact = 1.0 / (1.0 + (-f64::from(x)).exp());
            assert!((f64::from(sigmoid) - exact).abs() <= 2e-7, "σ({x}) is not {sigmoid}");
            assert!(tanh.abs() <= 1.0 && (0.0..=1.0).contains(&sigmoid));
        }
        assert!(tanh(F4::splat(f32::NAN)).to_array()[0].is_nan());
    }
}
