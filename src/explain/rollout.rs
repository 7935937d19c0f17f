//! Attention rollout (Abnar & Zuidema 2020, section 3): how much of each token of the input has come to each token of the
//! last block, if what a block hands on is half itself and half what its heads take on average.

use crate::protocol::{AttentionMaps, HeadMaps};

/// `[token of the last block, token of the input]`; each row sums to 1.
pub fn rollout(maps: &AttentionMaps) -> Vec<f32> {
    let time = maps.tokens.len();
    let itself = |at: usize| f32::from(u8::from(at / time.max(1) == at % time.max(1)));
    let mut rolled: Vec<f32> = (0..time * time).map(itself).collect();
    for layer in &maps.layers {
        let mixed = mean_of_heads(layer, time);
        let taken = product(&mixed, &rolled, time);
        rolled = rolled.iter().zip(taken).map(|(stays, taken)| 0.5 * (stays + taken)).collect();
    }
    rolled
}

/// `[query, key]`
pub fn mean_of_heads(layer: &HeadMaps, time: usize) -> Vec<f32> {
    let mut sum = vec![0.0; time * time];
    for head in layer.weights.chunks_exact((time * time).max(1)) {
        sum.iter_mut().zip(head).for_each(|(sum, weight)| *sum += weight / layer.heads as f32);
    }
    sum
}

/// Of two square matrices.
fn product(a: &[f32], b: &[f32], side: usize) -> Vec<f32> {
    let mut out = vec![0.0; side * side];
    for (row, out) in out.chunks_exact_mut(side.max(1)).enumerate() {
        for (at, other) in b.chunks_exact(side.max(1)).enumerate() {
            let share = a[row * side + at];
            out.iter_mut().zip(other).for_each(|(out, x)| *out += share * x);
        }
    }
    out
}
