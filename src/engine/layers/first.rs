//! `[batch, time, features]` → `[batch, features]`

use super::LayerOps;
use crate::engine::value::Value;

pub const OPS: LayerOps = LayerOps::of(|_, _, x| {
    let x = x.sequence();
    let [batch, _, features] = x.dims();
    Ok(Value::Flat(x.narrow(1, 0, 1).reshape([batch, features])))
});
