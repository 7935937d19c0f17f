//! `[batch, time, width]` → `[batch, time + 1, width]`, the learned row in front.

use super::LayerOps;
use crate::engine::value::Value;
use burn::tensor::Tensor;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let x = x.sequence();
    let [batch, _, width] = x.dims();
    let front: Tensor<3> = pass.weight("weight")?.reshape([1, 1, width]).expand([batch, 1, width]);
    Ok(Value::Sequence(Tensor::cat(vec![front, x], 1)))
});
