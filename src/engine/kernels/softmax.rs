//! eˣ of four numbers at once, and rows that sum to 1.

use super::simd::F4;

/// Below it, eˣ is smaller than any normal `f32`.
const LEAST: f32 = -87.3;
const MOST: f32 = 88.3;
/// ln 2 in two parts, so that a multiple of it can be taken away exactly (Cody & Waite 1980).
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];

/// eˣ = 2ᵏ eʳ, with |r| ≤ ln 2 / 2 and a polynomial for eʳ (Cephes, Moshier 1989).
#[inline(always)]
pub fn exp(x: F4) -> F4 {
    let four = F4::splat;
    let x = x.max(four(LEAST)).min(four(MOST));
    let k = x.mul(four(std::f32::consts::LOG2_E)).round();
    let r = x.sub(k.mul(four(LN_2[0]))).sub(k.mul(four(LN_2[1])));
    let terms = [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5.000_000_1e-1];
    let sum = terms.into_iter().fold(four(1.987_569_1e-4), |sum, term| four(term).mul_add(sum, r));
    r.mul_add(sum, r.mul(r)).add(four(1.0)).mul(k.power_of_two())
}

/// Turns a row of logits into probabilities; what is not a number stays so.
pub fn softmax(row: &mut [f32]) {
    let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (fours, rest) = row.as_chunks_mut::<4>();
    let mut sums = F4::splat(0.0);
    for four in fours {
        // SAFETY: there are four.
        unsafe {
            let power = exp(F4::load(four.as_ptr()).sub(F4::splat(most)));
            power.store(four.as_mut_ptr());
            sums = sums.add(power);
        }
    }
    let mut sum: f32 = sums.to_array().iter().sum();
    for number in rest {
        *number = exp(F4::splat(*number - most)).to_array()[0];
        sum += *number;
    }
    let share = 1.0 / sum;
    row.iter_mut().for_each(|number| *number *= share);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_right_to_a_few_units_of_the_last_place() {
        for at in -87_000..=20_000_i32 {
            let x = at as f32 / 1000.0;
            let (power, exact) = (exp(F4::splat(x)).to_array()[0], f64::from(x).exp());
            assert!((f64::from(power) - exact).abs() <= 3e-7 * exact, "e^{x} is not {power}");
        }
        assert_eq!(exp(F4::splat(0.0)).to_array()[0], 1.0);
        assert!(exp(F4::splat(f32::NAN)).to_array()[0].is_nan());
    }

    #[test]
    fn rows_sum_to_one() {
        for length in [1, 3, 4, 7, 64] {
            let mut row: Vec<f32> = (0..length).map(|at| (at * 7 % 5) as f32 + 300.0).collect();
            let exact: Vec<f64> = row.iter().map(|x| f64::from(*x - 300.0).exp()).collect();
            softmax(&mut row);
            let sum: f64 = exact.iter().sum();
            for (found, exact) in row.iter().zip(exact) {
                assert!((f64::from(*found) - exact / sum).abs() < 1e-6);
            }
        }
    }
}
