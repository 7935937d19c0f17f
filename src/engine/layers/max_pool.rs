//! The largest of each 2 × 2 window.

use super::LayerOps;
use crate::engine::backend_ext;
use crate::engine::value::Value;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let x = x.picture();
    Ok(Value::Picture(match pass.fast {
        true => backend_ext::pool(x),
        false => max_pool2d(x, MaxPoolOptions::new([2, 2]).with_stride([2, 2])),
    }))
});
