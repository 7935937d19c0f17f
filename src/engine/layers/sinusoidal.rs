//! `[batch, time, width]` → the same, each place with its waves added.

use super::LayerOps;
use super::positions::added;
use crate::engine::device::tensor;
use crate::engine::value::Value;
use crate::layers::sinusoidal::encoding;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let x = x.sequence();
    let [_, time, width] = x.dims();
    let waves = tensor(encoding(time, width), [time * width], &x.device());
    Ok(Value::Sequence(added(pass, x, waves)))
});
