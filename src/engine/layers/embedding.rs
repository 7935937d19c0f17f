//! Tokens, `[batch, time]`, → `[batch, time, width]`: each one's row of the table.

use super::LayerOps;
use crate::engine::value::{Rows, Value};
use crate::protocol::{Failure, FailureKind};

pub const OPS: LayerOps = LayerOps::of(|pass, layer, x| {
    let Value::Tokens(tokens) = x else {
        return Err(Failure::new(
            FailureKind::Input,
            "An embedding takes tokens, and this data has none.",
            "Take the embedding away, or choose a text.",
        ));
    };
    Ok(Value::Rows(Rows { table: pass.weight("weight")?, width: layer.number(0), tokens }))
});
