//! A network's forward pass on kernels of our own: convolution, dense layer and normalisation take what follows
//! them along. Intermediate activations are not observable here; `Network::forward_with` is for that.

use super::backend_ext;
use super::layers::ForwardPass;
use super::network::{Activation, Network};
use crate::layers::LayerSpec;
use burn::tensor::Tensor;

/// What follows a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    Nothing,
    Relu,
    /// ReLU, then the largest of each 2 × 2 window; an odd last row or column is dropped.
    ReluPool,
}

/// Outputs `[batch, outputs]` for a batch of inputs.
pub fn forward(network: &Network, walk: ForwardPass, batch: Activation) -> Tensor<2> {
    let mut walk = walk.fast();
    let layers: Vec<LayerSpec> = network.layers.iter().map(|info| info.layer).collect();
    let mut rest = &layers[..];
    let mut flow = batch;
    while let Some((&layer, after)) = rest.split_first() {
        walk.index = layers.len() - rest.len();
        rest = after;
        let relu = rest.first() == Some(&LayerSpec::Relu);
        flow = match layer {
            LayerSpec::Conv { kernel, .. } => {
                let (tail, taken) = match rest {
                    [LayerSpec::Relu, LayerSpec::MaxPool, ..] => (Tail::ReluPool, 2),
                    [LayerSpec::Relu, ..] => (Tail::Relu, 1),
                    _ => (Tail::Nothing, 0),
                };
                rest = &rest[taken..];
                let (Some(bias), Some(weight)) = (walk.weight(), walk.weight()) else { break };
                Activation::Picture(backend_ext::conv(flow.picture(), weight, bias, [kernel, 1], tail))
            }
            LayerSpec::Dense { .. } => {
                rest = &rest[usize::from(relu)..];
                let (Some(bias), Some(weight)) = (walk.weight(), walk.weight()) else { break };
                Activation::Flat(backend_ext::dense(flow.flat(), weight, bias, relu))
            }
            LayerSpec::MaxPool => Activation::Picture(backend_ext::pool(flow.picture())),
            LayerSpec::BatchNorm => {
                rest = &rest[usize::from(relu)..];
                walk.norm(flow, relu)
            }
            layer => walk.layer(layer, flow),
        };
    }
    flow.flat()
}
