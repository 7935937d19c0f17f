//! `[batch, features]` → `[batch, units]`

use super::LayerOps;
use crate::engine::backend_ext;
use crate::engine::value::Value;
use crate::layers::relu;
use burn::tensor::Tensor;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let (x, weight, bias) = (x.flat(), pass.weight("weight")?, pass.weight("bias")?);
    let relu = pass.takes_along(&[&relu::KIND]);
    Ok(Value::Flat(match pass.fast {
        true => backend_ext::dense(x, weight, bias, relu),
        false => plain(x, weight, bias),
    }))
});

/// As Burn does it.
fn plain(x: Tensor<2>, weight: Tensor<1>, bias: Tensor<1>) -> Tensor<2> {
    let weight = weight.reshape([bias.dims()[0], x.dims()[1]]);
    x.matmul(weight.transpose()) + bias.unsqueeze::<2>()
}
