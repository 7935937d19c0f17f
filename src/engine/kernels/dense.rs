//! The dense layer as three matrix products, in tiles of eight sums and six loads that fit the machine's
//! registers. Edges repeat the last row instead of having code of their own.

use super::LayerGradients;
use super::matmul::{Matrix, multiply};
use super::simd::F4;

/// Rows and columns of a tile of dot products.
const DOT_TILE: [usize; 2] = [4, 2];

/// The sizes of a dense layer.
#[derive(Clone, Copy, Debug)]
pub struct Dense {
    pub batch: usize,
    pub features: usize,
    pub units: usize,
    /// A ReLU follows.
    pub relu: bool,
}

impl Dense {
    /// `input` `[batch, features]`, `weight` `[units, features]`, `bias` `[units]` → `[batch, units]`
    pub fn forward(&self, input: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
        let Self { batch, features, units, relu } = *self;
        assert_eq!((input.len(), weight.len()), (batch * features, units * features));
        assert_eq!(bias.len(), units);
        let mut output = vec![0.0; batch * units];
        let [rows, columns] = DOT_TILE;
        for row in (0..batch).step_by(rows) {
            let rows = [0, 1, 2, 3].map(|i| usize::min(row + i, batch - 1));
            for column in (0..units).step_by(columns) {
                let columns = [0, 1].map(|i| usize::min(column + i, units - 1));
                let inputs = rows.map(|row| &input[row * features..][..features]);
                let weights = columns.map(|column| &weight[column * features..][..features]);
                let sums = dots(inputs, weights);
                for (row, sums) in rows.into_iter().zip(sums) {
                    for (column, sum) in columns.into_iter().zip(sums) {
                        let sum = sum + bias[column];
                        // Not a number stays so, or a diverged run would look dead instead.
                        output[row * units + column] = if relu && sum < 0.0 { 0.0 } else { sum };
                    }
                }
            }
        }
        output
    }

    /// `output` and `gradient` are `[batch, units]`, the rest as in `forward`.
    pub fn gradients(
        &self,
        input: &[f32],
        weight: &[f32],
        output: &[f32],
        gradient: &[f32],
        input_too: bool,
    ) -> LayerGradients {
        let Self { batch, features, units, relu } = *self;
        assert_eq!((input.len(), weight.len()), (batch * features, units * features));
        assert_eq!((output.len(), gradient.len()), (batch * units, batch * units));
        let alive = |(&gradient, &output): (&f32, &f32)| if relu && output <= 0.0 { 0.0 } else { gradient };
        let gradient: Vec<f32> = gradient.iter().zip(output).map(alive).collect();
        let mut bias = vec![0.0; units];
        for row in gradient.chunks_exact(units) {
            bias.iter_mut().zip(row).for_each(|(sum, gradient)| *sum += gradient);
        }
        let by_example = Matrix::new(&gradient, [batch, units]);
        let (input, weight) = (Matrix::new(input, [batch, features]), Matrix::new(weight, [units, features]));
        LayerGradients {
            input: input_too.then(|| multiply(by_example, weight)),
            weight: multiply(by_example.transposed(), input),
            bias,
        }
    }
}

/// The dot product of every row with every column, all equally long.
#[inline(always)]
fn dots(rows: [&[f32]; 4], columns: [&[f32]; 2]) -> [[f32; 2]; 4] {
    let length = rows[0].len();
    let whole = length - length % 4;
    let mut sums = [[F4::splat(0.0); 2]; 4];
    let mut at = 0;
    while at < whole {
        // SAFETY: four floats from `at` are inside `length`, which all slices have.
        unsafe {
            let columns = columns.map(|column| F4::load(column.as_ptr().add(at)));
            for (sum, row) in sums.iter_mut().zip(rows) {
                let row = F4::load(row.as_ptr().add(at));
                *sum = [sum[0].mul_add(row, columns[0]), sum[1].mul_add(row, columns[1])];
            }
        }
        at += 4;
    }
    let mut totals = sums.map(|sums| sums.map(|sum| sum.to_array().iter().sum::<f32>()));
    for at in whole..length {
        for (totals, row) in totals.iter_mut().zip(rows) {
            for (total, column) in totals.iter_mut().zip(columns) {
                *total += row[at] * column[at];
            }
        }
    }
    totals
}
