//! x / √(mean x² + ε) · γ, along the last dimension, as `torch.nn.RMSNorm` does it.

use super::LayerOps;
use super::layer_norm::rows;
use crate::engine::value::Value;
use burn::tensor::Tensor;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let gamma = pass.weight("weight")?;
    let beta = Tensor::zeros([gamma.dims()[0]], &gamma.device());
    Ok(match x {
        Value::Flat(x) => Value::Flat(rows(x, [gamma, beta], false)),
        x => Value::Sequence(rows(x.sequence(), [gamma, beta], false)),
    })
});
