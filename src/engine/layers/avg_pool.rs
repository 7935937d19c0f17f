//! The mean of each 2 × 2 window.

use super::LayerOps;
use crate::engine::value::Value;
use burn::tensor::module::avg_pool2d;
use burn::tensor::ops::AvgPoolOptions;

pub const OPS: LayerOps = LayerOps::of(|_, _, x| {
    Ok(Value::Picture(avg_pool2d(x.picture(), AvgPoolOptions::new([2, 2]).with_stride([2, 2]))))
});
