//! `[batch, time, width]` → the same, each place with its row added.

use super::{ForwardPass, LayerOps};
use crate::engine::sequence_ext;
use crate::engine::value::Value;
use burn::tensor::Tensor;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let x = x.sequence();
    let rows = pass.weight("weight")?;
    Ok(Value::Sequence(added(pass, x, rows)))
});

/// Each token with the row, of `[places · width]`, of its place; answers are counted from their own beginning by a network
/// that tells them from questions.
pub fn added(pass: &ForwardPass, x: Tensor<3>, rows: Tensor<1>) -> Tensor<3> {
    let [batch, time, width] = x.dims();
    if pass.borders.is_none() {
        // A sequence may be shorter than those that it learned from.
        return x + rows.narrow(0, 0, time * width).reshape([1, time, width]);
    }
    let places = pass.parts(&x).places();
    x + sequence_ext::embedding(rows, places, width).reshape([batch, time, width])
}
