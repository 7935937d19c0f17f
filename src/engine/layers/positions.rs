//! `[batch, time, width]` → the same, each place with its row added.

use super::LayerOps;
use crate::engine::value::Value;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let x = x.sequence();
    let [_, time, width] = x.dims();
    // A sequence may be shorter than those that it learned from.
    let rows = pass.weight("weight")?.narrow(0, 0, time * width);
    Ok(Value::Sequence(x + rows.reshape([1, time, width])))
});
