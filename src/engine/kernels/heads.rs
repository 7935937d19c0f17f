//! What is done to the queries and keys of each head before they meet: brought to one length (Henry et al. 2020), and
//! turned by their place in the sequence (rotary positions: Su et al. 2021).

use super::row_norm::RowNorm;
pub use crate::engine::attention::HeadRows;
use crate::engine::attention::{EPSILON, turns};

impl HeadRows {
    /// `x` `[batch, time, heads · size]` → the same.
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        let mut output =
            if self.normalised { self.norm().forward(x, &self.ones(), &self.zeros()) } else { x.to_vec() };
        self.turn(&mut output, 1.0);
        output
    }

    /// The gradient of `x` from that of the output.
    pub fn gradient(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        let mut gradient = gradient.to_vec();
        self.turn(&mut gradient, -1.0);
        if !self.normalised {
            return gradient;
        }
        self.norm().gradients(x, &self.ones(), &gradient).input.unwrap_or_default()
    }

    fn norm(&self) -> RowNorm {
        RowNorm { width: self.size, centred: false, epsilon: EPSILON }
    }

    fn ones(&self) -> Vec<f32> {
        vec![1.0; self.size]
    }

    fn zeros(&self) -> Vec<f32> {
        vec![0.0; self.size]
    }

    /// Turns every pair of numbers by its angle, or back.
    fn turn(&self, x: &mut [f32], way: f32) {
        if !self.rotary {
            return;
        }
        let half = self.size / 2;
        let turns = turns(self.time, self.size);
        let row = self.heads * self.size;
        for (at, row) in x.chunks_exact_mut(row).enumerate() {
            let turns = &turns[at % self.time * half..][..half];
            for head in row.chunks_exact_mut(self.size) {
                let (first, second) = head.split_at_mut(half);
                for ((a, b), [cos, sin]) in first.iter_mut().zip(second).zip(turns) {
                    let sin = sin * way;
                    (*a, *b) = (*a * cos - *b * sin, *a * sin + *b * cos);
                }
            }
        }
    }
}
