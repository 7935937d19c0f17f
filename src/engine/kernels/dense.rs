//! The dense layer as three matrix products, in tiles of eight sums and six loads that fit the machine's
//! registers. Edges repeat the last row instead of having code of their own.

use super::LayerGradients;
use super::simd::F4;

/// Rows and columns of a tile of dot products, and of a tile of outer products.
const DOT_TILE: [usize; 2] = [4, 2];
const OUTER_TILE: [usize; 2] = [4, 8];

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
        let by_example = Left { values: &gradient, rows: batch, depth: units, down: units, right: 1 };
        let by_unit = Left { values: &gradient, rows: units, depth: batch, down: 1, right: units };
        LayerGradients {
            input: input_too.then(|| by_example.times(weight, features)),
            weight: by_unit.times(input, features),
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

/// The left factor of a product, `[rows, depth]`, stored either way round: floats to the next row and column.
struct Left<'a> {
    values: &'a [f32],
    rows: usize,
    depth: usize,
    down: usize,
    right: usize,
}

impl Left<'_> {
    /// `[rows, depth]` × `right` `[depth, columns]` → `[rows, columns]`
    fn times(&self, right: &[f32], columns: usize) -> Vec<f32> {
        assert_eq!((self.values.len(), right.len()), (self.rows * self.depth, self.depth * columns));
        let [high, wide] = OUTER_TILE;
        let mut product = vec![0.0; self.rows * columns];
        let left = self.packed();
        // Eight columns of `right` together: lines whose distance is a power of two would evict one another.
        let mut panel = vec![0.0; self.depth * wide];
        for column in (0..columns).step_by(wide) {
            let width = usize::min(wide, columns - column);
            for (to, from) in panel.chunks_exact_mut(wide).zip(right.chunks_exact(columns)) {
                copy(&from[column..column + width], to);
            }
            for (rows, left) in product.chunks_mut(high * columns).zip(left.chunks_exact(high * self.depth)) {
                for (row, sums) in rows.chunks_exact_mut(columns).zip(outer(left, &panel)) {
                    copy(&sums[..width], &mut row[column..]);
                }
            }
        }
        product
    }

    /// `[rows / 4][depth][4]`, missing rows zero.
    fn packed(&self) -> Vec<f32> {
        let high = OUTER_TILE[0];
        let mut packed = vec![0.0; self.rows.div_ceil(high) * high * self.depth];
        for row in 0..self.rows {
            for at in 0..self.depth {
                let place = (row / high * self.depth + at) * high + row % high;
                packed[place] = self.values[row * self.down + at * self.right];
            }
        }
        packed
    }
}

/// Copies a few floats; eight as one array, because a call to copy them takes longer than the copy.
#[inline(always)]
fn copy(from: &[f32], to: &mut [f32]) {
    match (<&[f32; 8]>::try_from(from), to.first_chunk_mut::<8>()) {
        (Ok(from), Some(to)) => *to = *from,
        _ => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
    }
}

/// The sum of the outer products of `left`, `[depth][4]`, and `right`, `[depth][8]`.
#[inline(always)]
fn outer(left: &[f32], right: &[f32]) -> [[f32; 8]; 4] {
    let mut sums = [[F4::splat(0.0); 2]; 4];
    for (left, right) in left.chunks_exact(4).zip(right.chunks_exact(8)) {
        // SAFETY: `right` has two fours.
        let (low, high) = unsafe { (F4::load(right.as_ptr()), F4::load(right.as_ptr().add(4))) };
        for (sum, left) in sums.iter_mut().zip(left) {
            // SAFETY: it is one float.
            let left = unsafe { F4::load_all(left) };
            *sum = [sum[0].mul_add(left, low), sum[1].mul_add(left, high)];
        }
    }
    sums.map(|[low, high]| {
        let (low, high) = (low.to_array(), high.to_array());
        std::array::from_fn(|i| if i < 4 { low[i] } else { high[i - 4] })
    })
}
