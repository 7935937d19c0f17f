//! Layer normalisation, as `torch.nn.LayerNorm` does it; of a picture, as `torch.nn.GroupNorm` of one group.

use super::LayerOps;
use crate::engine::value::Value;
use crate::layers::EPSILON;
use burn::tensor::Tensor;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let (gamma, beta) = (pass.weight("weight")?, pass.weight("bias")?);
    let features = gamma.dims()[0];
    Ok(match x {
        Value::Flat(x) => Value::Flat(normalised(x) * gamma.unsqueeze() + beta.unsqueeze()),
        Value::Sequence(x) => Value::Sequence(normalised(x) * gamma.unsqueeze() + beta.unsqueeze()),
        // One-hot vectors.
        Value::Tokens(_) => Value::Sequence(normalised(x.sequence()) * gamma.unsqueeze() + beta.unsqueeze()),
        Value::Picture(x) => {
            let shape = x.dims();
            let x: Tensor<4> = normalised(x.flatten::<2>(1, 3)).reshape(shape);
            let each = [1, features, 1, 1];
            Value::Picture(x * gamma.reshape(each) + beta.reshape(each))
        }
    })
});

/// Along the last dimension, to mean 0 and variance 1.
fn normalised<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let off = x.clone() - x.mean_dim(D - 1);
    let variance = (off.clone() * off.clone()).mean_dim(D - 1);
    off / (variance + EPSILON).sqrt()
}
