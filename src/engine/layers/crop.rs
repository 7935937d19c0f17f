//! Without the border.

use super::LayerOps;
use crate::engine::value::Value;

pub const OPS: LayerOps = LayerOps::of(|_, layer, x| {
    let (x, border) = (x.picture(), layer.number(0));
    let [_, _, height, width] = x.dims();
    let narrowed = x.narrow(2, border, height - 2 * border);
    Ok(Value::Picture(narrowed.narrow(3, border, width - 2 * border)))
});
