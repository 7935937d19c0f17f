//! x Φ(x)

use super::LayerOps;
use crate::engine::value::{Value, pointwise};
use burn::tensor::activation::gelu;

pub const OPS: LayerOps = LayerOps::of(|_, _, x| Ok(pointwise!(x, x => gelu(x))));
