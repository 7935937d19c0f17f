//! max(0, x)

use super::LayerOps;
use crate::engine::value::{Value, pointwise};
use burn::tensor::activation::relu;

pub const OPS: LayerOps = LayerOps::of(|_, _, x| Ok(pointwise!(x, x => relu(x))));
