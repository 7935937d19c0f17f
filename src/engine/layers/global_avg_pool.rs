//! The mean of each map.

use super::LayerOps;
use crate::engine::value::Value;
use burn::tensor::module::adaptive_avg_pool2d;

pub const OPS: LayerOps =
    LayerOps::of(|_, _, x| Ok(Value::Flat(adaptive_avg_pool2d(x.picture(), [1, 1]).flatten(1, 3))));
