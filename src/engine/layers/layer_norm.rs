//! Layer normalisation, as `torch.nn.LayerNorm` does it; of a picture, as `torch.nn.GroupNorm` of one group.

use super::LayerOps;
use crate::engine::attention_ext;
use crate::engine::value::Value;
use crate::layers::EPSILON;
use burn::tensor::Tensor;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let (gamma, beta) = (pass.weight("weight")?, pass.weight("bias")?);
    let features = gamma.dims()[0];
    Ok(match x {
        Value::Flat(x) => Value::Flat(rows(x, [gamma, beta], true)),
        Value::Picture(x) => {
            let shape = x.dims();
            let x: Tensor<4> = normalised(x.flatten::<2>(1, 3)).reshape(shape);
            let each = [1, features, 1, 1];
            Value::Picture(x * gamma.reshape(each) + beta.reshape(each))
        }
        x => Value::Sequence(rows(x.sequence(), [gamma, beta], true)),
    })
});

/// Along the last dimension to mean 0, if `centred`, and mean square 1; then times γ and plus β.
pub fn rows<const D: usize>(x: Tensor<D>, parameters: [Tensor<1>; 2], centred: bool) -> Tensor<D> {
    let shape = x.dims();
    let width = shape[D - 1];
    let count = shape.iter().product::<usize>() / width.max(1);
    let rows = x.reshape([count, width]);
    attention_ext::row_norm(rows, parameters, centred, EPSILON as f32).reshape(shape)
}

/// Along the last dimension, to mean 0 and variance 1.
fn normalised<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let off = x.clone() - x.mean_dim(D - 1);
    let variance = (off.clone() * off.clone()).mean_dim(D - 1);
    off / (variance + EPSILON).sqrt()
}
