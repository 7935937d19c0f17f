//! A residual block: relu(bn(conv(relu(bn(conv(x))))) + x), the basic block of He et al. (2016).

use super::ForwardPass;
use super::norm::batch_norm;
use crate::engine::backend_ext;
use crate::engine::fused::Tail;
use crate::engine::network::{self, Network, Parameter};
use crate::layers::LayerSpec;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;

/// `[batch, channels, height, width]` → `[batch, filters, ⌈height / stride⌉, ⌈width / stride⌉]`; its weights come
/// from the walk in the order of `start::parameters`.
pub fn block(walk: &mut ForwardPass, x: Tensor<4>, filters: usize, stride: usize) -> Tensor<4> {
    let way_around = x.clone();
    let projects = LayerSpec::Residual { filters, stride }.projects(x.dims()[1]);
    let bias = no_bias(walk, &x, filters);
    let y = first_half(walk, x, &bias, stride);
    let y = convolve(walk, y, &bias, 3, 1);
    let y = batch_norm(walk, y, false);
    let way_around = if projects {
        let projected = convolve(walk, way_around, &bias, 1, stride);
        batch_norm(walk, projected, false)
    } else {
        way_around
    };
    relu(y + way_around)
}

/// relu(bn(conv(x))), which the second convolution gets.
fn first_half(walk: &mut ForwardPass, x: Tensor<4>, bias: &Bias, stride: usize) -> Tensor<4> {
    let y = convolve(walk, x, bias, 3, stride);
    batch_norm(walk, y, true)
}

/// What block `layer` of a network makes of `x` before its second convolution; none of another kind of layer.
pub fn inside(network: &Network, layer: usize, x: Tensor<4>) -> Option<Tensor<4>> {
    let LayerSpec::Residual { filters, stride } = network.layers.get(layer)?.layer else { return None };
    let first = |all: &[Parameter]| all.iter().position(|p| p.is_of(layer));
    let weights = network.weights().split_off(first(&network.parameters)?);
    let mut walk = ForwardPass::new(network, &weights, None);
    walk.statistics = network.statistics[first(&network.statistics)?..].iter();
    let bias = no_bias(&walk, &x, filters);
    Some(first_half(&mut walk, x, &bias, stride))
}

/// What our kernels take for a bias where there is none: the normalisation that follows takes any mean away.
type Bias = Option<Tensor<1>>;

fn no_bias(walk: &ForwardPass, x: &Tensor<4>, filters: usize) -> Bias {
    walk.fast.then(|| Tensor::zeros([filters], &x.device()))
}

fn convolve(walk: &mut ForwardPass, x: Tensor<4>, bias: &Bias, kernel: usize, stride: usize) -> Tensor<4> {
    let Some(weight) = walk.weight() else { return x };
    match bias {
        Some(bias) => backend_ext::conv(x, weight, bias.clone(), [kernel, stride], Tail::Nothing),
        None => network::convolve(x, weight, None, [kernel, stride]),
    }
}
