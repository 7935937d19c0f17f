//! e to the power of many numbers: without a call and without a branch, so that the compiler does four of them at once.

/// ln 2 in two parts, of which the first has so few digits that its multiples are exact (Cody & Waite 1980).
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
/// Below, 2ⁿ is no number of full precision any more.
const LOWEST: f32 = -87.0;
const HIGHEST: f32 = 88.0;

/// eˣ to about the precision of `f32`, by 2ⁿ and a polynomial for what is left, which is at most ln 2 ÷ 2; 0 from −87 down,
/// infinite from 88 up. What is not a number stays so.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    // So large that what is behind the point is rounded away when it is added.
    const ROUND: f32 = 12_582_912.0;
    // Ordered so that what is not a number is neither.
    let inside = if x < LOWEST { LOWEST } else { x };
    let inside = if inside > HIGHEST { HIGHEST } else { inside };
    let power = (inside * std::f32::consts::LOG2_E + ROUND) - ROUND;
    let rest = inside - power * LN_2[0] - power * LN_2[1];
    let series = 1.0 / 720.0;
    let series = series * rest + 1.0 / 120.0;
    let series = series * rest + 1.0 / 24.0;
    let series = series * rest + 1.0 / 6.0;
    let series = series * rest + 0.5;
    let series = (series * rest + 1.0) * rest + 1.0;
    let found = series * f32::from_bits((power as i32 + 127).cast_unsigned() << 23);
    let found = if x <= LOWEST { 0.0 } else { found };
    if x >= HIGHEST { f32::INFINITY } else { found }
}

/// Σ e^(x − highest), added up in four sums.
pub fn sum_of_powers(numbers: &[f32], highest: f32) -> f32 {
    let mut sums = [0.0; 4];
    let fours = numbers.chunks_exact(4);
    let rest: f32 = fours.remainder().iter().map(|number| exp(number - highest)).sum();
    for four in fours {
        sums.iter_mut().zip(four).for_each(|(sum, number)| *sum += exp(number - highest));
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::{exp, sum_of_powers};

    #[test]
    fn it_is_right_to_a_few_units_of_the_last_place() {
        for at in -86_999..87_999 {
            let x = at as f32 / 1000.0;
            let exact = f64::from(x).exp();
            let error = (f64::from(exp(x)) - exact).abs() / exact;
            assert!(error < 3e-7, "e^{x} is not {}: {error}", exp(x));
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!([-88.0, -1e9, f32::NEG_INFINITY].map(exp), [0.0; 3]);
        assert_eq!([89.0, f32::INFINITY].map(exp), [f32::INFINITY; 2]);
        assert!(exp(f32::NAN).is_nan());
    }

    #[test]
    fn every_power_counts_once() {
        for count in 0..9 {
            let numbers: Vec<f32> = (0..count).map(|at| at as f32 / 3.0).collect();
            let exact: f64 = numbers.iter().map(|x| f64::from(x - 2.0).exp()).sum();
            assert!(
                (f64::from(sum_of_powers(&numbers, 2.0)) - exact).abs() < 1e-6 * (1.0 + exact),
                "{count}"
            );
        }
    }
}
