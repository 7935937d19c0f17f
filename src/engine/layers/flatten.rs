//! The same numbers, in one line.

use super::LayerOps;
use crate::engine::value::Value;

pub const OPS: LayerOps = LayerOps::of(|_, _, x| Ok(Value::Flat(x.flat())));
