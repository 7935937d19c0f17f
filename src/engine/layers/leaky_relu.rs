//! x where it is positive, a hundredth of it elsewhere.

use super::LayerOps;
use crate::engine::value::{Value, pointwise};
use crate::layers::leaky_relu::SLOPE;
use burn::tensor::activation::leaky_relu;

pub const OPS: LayerOps = LayerOps::of(|_, _, x| Ok(pointwise!(x, x => leaky_relu(x, SLOPE))));
