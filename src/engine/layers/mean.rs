//! `[batch, time, features]` → `[batch, features]`, the mean over all steps.

use super::LayerOps;
use crate::engine::value::Value;

pub const OPS: LayerOps = LayerOps::of(|_, _, x| {
    let x = x.sequence();
    let [batch, _, features] = x.dims();
    Ok(Value::Flat(x.mean_dim(1).reshape([batch, features])))
});
