//! Dropout (Srivastava et al. 2014), inverted: what stays grows while training, so that using the network needs no change.

use super::{ForwardPass, LayerOps};
use crate::engine::device::tensor;
use crate::engine::value::{Value, pointwise};
use crate::random::Random;
use burn::tensor::Tensor;

/// Above the purposes of weights and order, which are far smaller.
const PURPOSE: u64 = 1 << 31;

pub const OPS: LayerOps =
    LayerOps::of(|pass, layer, x| Ok(pointwise!(x, x => dropped(pass, x, layer.number(0)))));

/// Any shape `[batch, …]` → the same. Which numbers are 0 follows from seed, step, layer and the example's place in the
/// batch alone, so that a part of a batch leaves out what the whole would.
fn dropped<const D: usize>(pass: &ForwardPass, x: Tensor<D>, percent: usize) -> Tensor<D> {
    let Some(training) = pass.training.as_ref().filter(|_| percent > 0) else { return x };
    let place = (u64::from(training.place.step) << 6 | pass.index as u64) & (PURPOSE - 1);
    let mut random = Random::new(training.place.seed, PURPOSE | place);
    let stays = 1.0 - percent.min(99) as f32 / 100.0;
    let shape = x.dims();
    random.skip(training.place.first * shape[1..].iter().product::<usize>());
    let mask: Vec<f32> = (0..shape.iter().product())
        .map(|_| if random.uniform(0.5) + 0.5 < stays { 1.0 / stays } else { 0.0 })
        .collect();
    let mask: Tensor<D> = tensor(mask, shape, &x.device());
    x * mask
}
