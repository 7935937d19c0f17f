//! What follows the sums of a layer of a pretrained network, for four numbers at once.

use super::recurrent::activation::sigmoid;
use super::simd::F4;
use crate::pretrained::Activation;

#[inline(always)]
pub(super) fn activated(activation: Activation, x: F4) -> F4 {
    match activation {
        Activation::Nothing => x,
        Activation::Relu6 => x.max(F4::splat(0.0)).min(F4::splat(6.0)),
        Activation::Silu => x.mul(sigmoid(x)),
        Activation::Sigmoid => sigmoid(x),
    }
}
