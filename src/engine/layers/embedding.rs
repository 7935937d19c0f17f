//! Tokens, `[batch, time]`, → `[batch, time, width]`: each one's row of the table.

use super::LayerOps;
use crate::engine::sequence_ext;
use crate::engine::value::Value;
use crate::protocol::{Failure, FailureKind};

pub const OPS: LayerOps = LayerOps::of(|pass, layer, x| {
    let Value::Tokens(tokens) = x else {
        return Err(Failure::new(
            FailureKind::Input,
            "An embedding takes tokens, and this data has none.",
            "Take the embedding away, or choose a text.",
        ));
    };
    let (time, width) = (tokens.time.max(1), layer.number(0));
    let batch = tokens.ids.len() / time;
    let rows = sequence_ext::embedding(pass.weight("weight")?, tokens.ids, width);
    Ok(Value::Sequence(rows.reshape([batch, time, width])))
});
