//! Sequences on a GPU, called as the CPU's kernels are. Recurrent layers are programs of ours; the rest is composed of
//! Burn's own operations for now.

pub use super::recurrent_ext::{activations, recurrent};

use crate::engine::recurrent::IGNORE_INDEX;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};

/// Rows of `table` `[rows · width]` by their numbers → `[ids, width]`
pub fn embedding(table: Tensor<1>, ids: Vec<u32>, width: usize) -> Tensor<2> {
    let ids = integers(&ids, &table.device());
    table.reshape([-1, width as i32]).select(0, ids)
}

/// Mean cross-entropy of `[tokens, classes]`, nats, over the tokens that are not `IGNORE_INDEX`; `[1]`
pub fn token_cross_entropy(logits: Tensor<2>, tokens: Vec<u32>, smoothing: f32) -> Tensor<1> {
    let device = logits.device();
    let counted: Vec<u32> =
        (0..).zip(&tokens).filter(|(_, token)| **token != IGNORE_INDEX).map(|(at, _)| at).collect();
    let truths: Vec<u32> = tokens.into_iter().filter(|token| *token != IGNORE_INDEX).collect();
    if truths.is_empty() {
        return logits.sum() * 0.0;
    }
    let logits = log_softmax(logits.select(0, integers(&counted, &device)), 1);
    let truth = logits.clone().gather(1, integers(&truths, &device).unsqueeze_dim::<2>(1)).mean();
    let loss = if smoothing > 0.0 { truth * (1.0 - smoothing) + logits.mean() * smoothing } else { truth };
    loss.neg()
}

fn integers(numbers: &[u32], device: &Device) -> Tensor<1, Int> {
    let numbers: Vec<i32> = numbers.iter().map(|number| *number as i32).collect();
    let length = numbers.len();
    Tensor::from_data(TensorData::new(numbers, [length]), device)
}
