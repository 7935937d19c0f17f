//! Scaled dot-product attention of several heads (Vaswani et al. 2017, eq. 1): each query takes a mean of the values,
//! weighed by how well the keys fit it. What a causal mask hides is not computed.

use super::matmul::{Extent, Left, Matrix, Right, add_ragged};
use super::simd::F4;
use super::softmax::softmax;
pub use crate::engine::attention::Attention;
use std::ops::Range;

/// What a forward pass gives.
pub struct Attended {
    /// `[batch, queries, width]`
    pub output: Vec<f32>,
    /// How much each query takes of each value: `[batch, heads, queries, keys]`, rows that sum to 1.
    pub weights: Vec<f32>,
}

/// Gradients of queries, keys and values.
pub struct AttentionGradients {
    pub queries: Vec<f32>,
    pub keys: Vec<f32>,
    pub values: Vec<f32>,
}

/// The numbers of one head in `[batch, time, width]`.
#[derive(Clone, Copy)]
struct Head {
    example: usize,
    first: usize,
    size: usize,
    width: usize,
}

impl Head {
    fn start(self, time: usize) -> usize {
        self.example * time * self.width + self.first
    }

    /// `[time, size]`
    fn of(self, all: &[f32], time: usize) -> Matrix<'_> {
        Matrix::spread(&all[self.start(time)..], [time, self.size], self.width)
    }
}

impl Attention {
    fn heads_of(&self) -> impl Iterator<Item = Head> + use<> {
        let Self { batch, heads, width, .. } = *self;
        let size = width / heads;
        (0..batch * heads).map(move |at| Head { example: at / heads, first: at % heads * size, size, width })
    }

    /// `queries` `[batch, queries, width]`, `keys` and `values` `[batch, keys, width]`.
    pub fn forward(&self, queries: &[f32], keys: &[f32], values: &[f32]) -> Attended {
        self.check(queries, keys, values);
        let (rows, columns) = (self.queries, self.keys);
        let mut output = vec![0.0; queries.len()];
        let mut weights = vec![0.0; self.batch * self.heads * rows * columns];
        let (mut left, mut right) = (Left::new(), Right::new());
        let all = self.heads_of().zip(weights.chunks_exact_mut((rows * columns).max(1)));
        for (at, (head, weights)) in all.enumerate() {
            left.pack(head.of(queries, rows));
            right.pack(head.of(keys, columns));
            add_ragged(&left, &right, weights, columns, self.of_keys(head));
            let scale = self.scale();
            for (row, weights) in weights.chunks_exact_mut(columns).enumerate() {
                let (seen, hidden) = weights.split_at_mut(self.seen(head.example, row));
                hidden.fill(0.0);
                let slope = self.slope(at % self.heads);
                // Those that ask are the last of those that are asked, if they are among them.
                let place = (row + columns).saturating_sub(rows);
                for (key, score) in seen.iter_mut().enumerate() {
                    *score = *score * scale - slope * place.abs_diff(key) as f32;
                }
                softmax(seen);
            }
            left.pack(Matrix::new(weights, [rows, columns]));
            right.pack(head.of(values, columns).transposed());
            let to = &mut output[head.start(rows)..];
            add_ragged(&left, &right, to, self.width, self.of_values(head));
        }
        Attended { output, weights }
    }

    /// `weights` are those of the forward pass, `gradient` is of its output.
    pub fn gradients(
        &self,
        [queries, keys, values]: [&[f32]; 3],
        weights: &[f32],
        gradient: &[f32],
    ) -> AttentionGradients {
        self.check(queries, keys, values);
        let (rows, columns) = (self.queries, self.keys);
        let [mut of_queries, mut of_keys, mut of_values] =
            [queries, keys, values].map(|of| vec![0.0; of.len()]);
        let (mut left, mut right) = (Left::new(), Right::new());
        let mut of_scores = vec![0.0; rows * columns];
        for (head, weights) in self.heads_of().zip(weights.chunks_exact((rows * columns).max(1))) {
            // Each value gets what the queries took of it.
            left.pack(Matrix::new(weights, [rows, columns]).transposed());
            right.pack(head.of(gradient, rows).transposed());
            add_ragged(
                &left,
                &right,
                &mut of_values[head.start(columns)..],
                self.width,
                self.of_queries(head),
            );
            // A weight's gradient, and through the softmax the score's.
            of_scores.fill(0.0);
            left.pack(head.of(gradient, rows));
            right.pack(head.of(values, columns));
            add_ragged(&left, &right, &mut of_scores, columns, self.of_keys(head));
            let all = of_scores.chunks_exact_mut(columns).zip(weights.chunks_exact(columns));
            all.for_each(|(of_scores, weights)| through_softmax(of_scores, weights, self.scale()));
            let scores = Matrix::new(&of_scores, [rows, columns]);
            left.pack(scores);
            right.pack(head.of(keys, columns).transposed());
            add_ragged(&left, &right, &mut of_queries[head.start(rows)..], self.width, self.of_values(head));
            left.pack(scores.transposed());
            right.pack(head.of(queries, rows).transposed());
            add_ragged(&left, &right, &mut of_keys[head.start(columns)..], self.width, self.of_queries(head));
        }
        AttentionGradients { queries: of_queries, keys: of_keys, values: of_values }
    }

    fn check(&self, queries: &[f32], keys: &[f32], values: &[f32]) {
        let Self { batch, queries: rows, keys: columns, width, .. } = *self;
        assert_eq!(queries.len(), batch * rows * width);
        assert_eq!((keys.len(), values.len()), (batch * columns * width, batch * columns * width));
    }

    /// Of a row of scores, those of keys that a query of the strip sees.
    fn of_keys(&self, head: Head) -> impl Fn(Range<usize>) -> Extent {
        move |rows| Extent { depth: 0..head.size, columns: self.seen_by(head, &rows) }
    }

    /// Of a product over keys, those that a query of the strip sees.
    fn of_values(&self, head: Head) -> impl Fn(Range<usize>) -> Extent {
        move |rows| Extent { depth: 0..self.seen_by(head, &rows), columns: head.size }
    }

    /// Of a product over queries, those that see a key of the strip.
    fn of_queries(&self, head: Head) -> impl Fn(Range<usize>) -> Extent {
        move |keys| {
            let first = (0..self.queries).find(|row| self.seen(head.example, *row) > keys.start);
            Extent { depth: first.unwrap_or(self.queries)..self.queries, columns: head.size }
        }
    }

    /// Keys that the last of these queries sees: it sees most.
    fn seen_by(&self, head: Head, rows: &Range<usize>) -> usize {
        self.seen(head.example, rows.end - 1)
    }
}

/// From the gradient of a row of weights to that of the products before they were scaled: p (g − Σ p g) · scale.
fn through_softmax(row: &mut [f32], weights: &[f32], scale: f32) {
    let mean = dot(row, weights);
    row.iter_mut().zip(weights).for_each(|(g, weight)| *g = weight * (*g - mean) * scale);
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((fours, rest), (others, other_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut sums = F4::splat(0.0);
    for (a, b) in fours.iter().zip(others) {
        // SAFETY: both have four.
        unsafe { sums = sums.mul_add(F4::load(a.as_ptr()), F4::load(b.as_ptr())) }
    }
    let rest = rest.iter().zip(other_rest).map(|(a, b)| a * b);
    sums.to_array().into_iter().chain(rest).sum()
}
