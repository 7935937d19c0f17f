//! `[batch, channels, height, width]` → `[batch, filters, height, width]`

use super::LayerOps;
use crate::engine::backend_ext;
use crate::engine::value::Value;
use crate::layers::{max_pool, relu};
use burn::tensor::Tensor;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;

/// What follows a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    Nothing,
    Relu,
    /// ReLU, then the largest of each 2 × 2 window; an odd last row or column is dropped.
    ReluPool,
}

pub const OPS: LayerOps = LayerOps::of(|pass, layer, x| {
    let (x, weight, bias) = (x.picture(), pass.weight("weight")?, pass.weight("bias")?);
    let shape = [layer.number(1), 1];
    let tail = if pass.takes_along(&[&relu::KIND, &max_pool::KIND]) {
        Tail::ReluPool
    } else if pass.takes_along(&[&relu::KIND]) {
        Tail::Relu
    } else {
        Tail::Nothing
    };
    Ok(Value::Picture(match pass.fast {
        true => backend_ext::conv(x, weight, bias, shape, tail),
        false => plain(x, weight, Some(bias), shape),
    }))
});

/// `[batch, channels, height, width]` → `[batch, filters, ⌈height / stride⌉, ⌈width / stride⌉]`, as Burn does it.
pub fn plain(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Option<Tensor<1>>,
    [kernel, stride]: [usize; 2],
) -> Tensor<4> {
    let channels = x.dims()[1];
    let filters = weight.dims()[0] / (channels * kernel * kernel).max(1);
    let weight = weight.reshape([filters, channels, kernel, kernel]);
    conv2d(x, weight, bias, ConvOptions::new([stride; 2], [kernel / 2; 2], [1, 1], 1))
}
