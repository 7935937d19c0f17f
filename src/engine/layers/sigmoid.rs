//! 1 / (1 + e⁻ˣ)

use super::LayerOps;
use crate::engine::value::{Value, pointwise};
use burn::tensor::activation::sigmoid;

pub const OPS: LayerOps = LayerOps::of(|_, _, x| Ok(pointwise!(x, x => sigmoid(x))));
