//! Rows of logits as probabilities.

use crate::engine::exponential::exp;

/// Turns a row of logits into numbers that sum to 1; what is not a number stays so.
pub fn softmax(row: &mut [f32]) {
    let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.iter_mut().for_each(|number| *number = exp(*number - most));
    let share = 1.0 / row.iter().sum::<f32>();
    row.iter_mut().for_each(|number| *number *= share);
}

#[cfg(test)]
mod tests {
    use super::softmax;

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
