//! `[batch, channels, height, width]` → `[batch, patches, width]`

use super::LayerOps;
use super::dense::at_every_step;
use crate::engine::value::Value;
use crate::layers::patches::side;
use burn::tensor::Tensor;

pub const OPS: LayerOps = LayerOps::of(|pass, layer, x| {
    let parameters = [pass.weight("weight")?, pass.weight("bias")?];
    Ok(Value::Sequence(at_every_step(pass, cut(x.picture(), side(layer)), parameters, false)))
});

/// `[batch, channels, height, width]` → `[batch, patches, channels · side · side]`: squares row after row.
pub fn cut(x: Tensor<4>, side: usize) -> Tensor<3> {
    let [batch, channels, height, width] = x.dims();
    let [down, across] = [height / side, width / side];
    let area = side * side;
    // Of each band of `side` rows, the squares that it holds.
    let squares: Tensor<4> = x.reshape([batch * channels * down, side, across, side]).swap_dims(1, 2);
    if channels == 1 {
        return squares.reshape([batch, down * across, area]);
    }
    let by_channel: Tensor<4> = squares.reshape([batch, channels, down * across, area]);
    by_channel.swap_dims(1, 2).reshape([batch, down * across, channels * area])
}
