//! `[batch, features]` → `[batch, units]`, and of sequences by the same weights at every step.

use super::{ForwardPass, LayerOps};
use crate::engine::backend_ext;
use crate::engine::value::Value;
use crate::layers::relu;
use burn::tensor::Tensor;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let parameters = [pass.weight("weight")?, pass.weight("bias")?];
    let relu = pass.takes_along(&[&relu::KIND]);
    Ok(match x {
        Value::Sequence(_) | Value::Tokens(_) | Value::Rows(_) => {
            Value::Sequence(at_every_step(pass, x.sequence(), parameters, relu))
        }
        x => Value::Flat(product(pass, x.flat(), parameters, relu)),
    })
});

/// `[batch, time, features]` → `[batch, time, units]`, by weights (flat in PyTorch's layout) and bias.
pub fn at_every_step(pass: &ForwardPass, x: Tensor<3>, parameters: [Tensor<1>; 2], relu: bool) -> Tensor<3> {
    let [batch, time, features] = x.dims();
    let units = parameters[1].dims()[0];
    product(pass, x.reshape([batch * time, features]), parameters, relu).reshape([batch, time, units])
}

fn product(pass: &ForwardPass, x: Tensor<2>, [weight, bias]: [Tensor<1>; 2], relu: bool) -> Tensor<2> {
    match pass.fast {
        true => backend_ext::dense(x, weight, bias, relu),
        false if relu => burn::tensor::activation::relu(plain(x, weight, bias)),
        false => plain(x, weight, bias),
    }
}

/// As Burn does it.
fn plain(x: Tensor<2>, weight: Tensor<1>, bias: Tensor<1>) -> Tensor<2> {
    let weight = weight.reshape([bias.dims()[0], x.dims()[1]]);
    x.matmul(weight.transpose()) + bias.unsqueeze::<2>()
}
