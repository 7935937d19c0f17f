//! `[batch, time, width]` → the same, each place with its waves added.

use super::LayerOps;
use crate::engine::device::tensor;
use crate::engine::value::Value;
use crate::layers::sinusoidal::encoding;

pub const OPS: LayerOps = LayerOps::of(|_, _, x| {
    let x = x.sequence();
    let [_, time, width] = x.dims();
    let waves = tensor(encoding(time, width), [1, time, width], &x.device());
    Ok(Value::Sequence(x + waves))
});
