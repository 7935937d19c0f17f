//! x Φ(x)

use super::LayerOps;
use crate::engine::attention_ext::gelu;
use crate::engine::value::{Value, pointwise};

pub const OPS: LayerOps = LayerOps::of(|_, _, x| Ok(pointwise!(x, x => gelu(x))));
