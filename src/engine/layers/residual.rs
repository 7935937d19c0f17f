//! A residual block: relu(bn(conv(relu(bn(conv(x))))) + x), the basic block of He et al. (2016).

use super::batch_norm::normalised;
use super::conv::{Tail, plain};
use super::{ForwardPass, LayerOps};
use crate::engine::backend_ext;
use crate::engine::value::Value;
use crate::layers::LayerSpec;
use crate::layers::residual::projects;
use crate::protocol::Failure;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;

/// `[batch, channels, height, width]` → `[batch, filters, ⌈height / stride⌉, ⌈width / stride⌉]`
pub const OPS: LayerOps = LayerOps {
    forward: |pass, layer, x| {
        let x = x.picture();
        let shortcut = x.clone();
        let projects = projects(layer, x.dims()[1]);
        let y = first_half(pass, layer, x)?;
        let y = convolve(pass, y, "conv2.weight", [3, 1])?;
        let y = normalised(pass, y, "bn2.", false)?;
        let shortcut = if projects {
            let projected = convolve(pass, shortcut, "downsample.0.weight", [1, layer.number(1)])?;
            normalised(pass, projected, "downsample.1.", false)?
        } else {
            shortcut
        };
        Ok(Value::Picture(relu(y + shortcut)))
    },
    inside: Some(|pass, layer, x| first_half(pass, layer, x.picture()).map(Value::Picture)),
};

/// relu(bn(conv(x))), which the second convolution gets.
fn first_half(pass: &mut ForwardPass, layer: LayerSpec, x: Tensor<4>) -> Result<Tensor<4>, Failure> {
    let y = convolve(pass, x, "conv1.weight", [3, layer.number(1)])?;
    normalised(pass, y, "bn1.", true)
}

/// Without a bias, for which our kernels take zeros: the normalisation that follows takes any mean away.
fn convolve(
    pass: &ForwardPass,
    x: Tensor<4>,
    weight: &str,
    [kernel, stride]: [usize; 2],
) -> Result<Tensor<4>, Failure> {
    let weight = pass.weight(weight)?;
    if !pass.fast {
        return Ok(plain(x, weight, None, [kernel, stride]));
    }
    let filters = weight.dims()[0] / (x.dims()[1] * kernel * kernel).max(1);
    let bias = Tensor::zeros([filters], &x.device());
    Ok(backend_ext::conv(x, weight, bias, [kernel, stride], Tail::Nothing))
}
