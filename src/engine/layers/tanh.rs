//! (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)

use super::LayerOps;
use crate::engine::value::{Value, pointwise};
use burn::tensor::activation::tanh;

pub const OPS: LayerOps = LayerOps::of(|_, _, x| Ok(pointwise!(x, x => tanh(x))));
