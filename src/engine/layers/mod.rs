//! The arithmetic of layers that is more than one operation, and what a walk along a network carries with it: the
//! weights and running statistics in the order of the layers, and what only training needs.

mod dropout;
mod norm;
mod params;
mod residual;

pub use norm::MOMENTUM;
pub use params::{Init, parameters, statistics};
pub use residual::inside;

use super::network::{Activation, Network, Parameter};
use crate::layers::{LEAK, LayerSpec};
use burn::tensor::Tensor;
use burn::tensor::activation::{gelu, leaky_relu, sigmoid, tanh};
use burn::tensor::module::{adaptive_avg_pool2d, avg_pool2d};
use burn::tensor::ops::AvgPoolOptions;
use serde::{Deserialize, Serialize};

/// On a GPU there is only the fast way: the plain one, Burn's, is what the CPU's kernels are compared with.
const ALWAYS_FAST: bool = cfg!(feature = "gpu");

/// Where in training a batch, or a part of it, stands.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct StepContext {
    pub seed: u32,
    /// Which step it is: with the seed, it decides what dropout leaves out.
    pub step: u32,
    /// The place of the first example in its batch, of which this may be a part.
    pub first: usize,
    /// Examples in the whole batch.
    pub batch: usize,
    /// ε of `TrainSpec::label_smoothing`.
    pub smoothing: f32,
}

/// State that only a training pass needs: batch statistics, dropout and label smoothing.
#[derive(Debug)]
pub struct Training {
    pub place: StepContext,
    /// New running statistics, in the order of the network's; empty before the pass.
    pub statistics: Vec<Tensor<1>>,
}

impl Training {
    pub fn at(place: StepContext) -> Self {
        Self { place, statistics: Vec::new() }
    }
}

/// One pass along the layers.
pub struct ForwardPass<'a> {
    weights: std::slice::Iter<'a, Tensor<1>>,
    statistics: std::slice::Iter<'a, Parameter>,
    training: Option<&'a mut Training>,
    /// The layer's place in the network.
    pub index: usize,
    /// On kernels of our own where they fit.
    pub fast: bool,
}

impl<'a> ForwardPass<'a> {
    /// `weights` in the order of the network's parameters; without `training` the network is used as it is.
    pub fn new(network: &'a Network, weights: &'a [Tensor<1>], training: Option<&'a mut Training>) -> Self {
        Self {
            weights: weights.iter(),
            statistics: network.statistics.iter(),
            training,
            index: 0,
            fast: ALWAYS_FAST,
        }
    }

    /// The same on the engine's own kernels.
    pub fn fast(self) -> Self {
        Self { fast: true, ..self }
    }

    pub fn weight(&mut self) -> Option<Tensor<1>> {
        self.weights.next().cloned()
    }

    /// Batch normalisation, with the ReLU after it if `active`.
    pub fn norm(&mut self, flow: Activation, active: bool) -> Activation {
        match flow {
            Activation::Picture(x) => Activation::Picture(norm::batch_norm(self, x, active)),
            Activation::Flat(x) => Activation::Flat(norm::batch_norm(self, x, active)),
        }
    }

    /// One layer but convolution and dense, which have their own kernels.
    pub fn layer(&mut self, layer: LayerSpec, flow: Activation) -> Activation {
        match layer {
            LayerSpec::BatchNorm => self.norm(flow, false),
            LayerSpec::Dropout { percent } => match flow {
                Activation::Picture(x) => Activation::Picture(dropout::dropout(self, x, percent)),
                Activation::Flat(x) => Activation::Flat(dropout::dropout(self, x, percent)),
            },
            LayerSpec::Residual { filters, stride } => {
                Activation::Picture(residual::block(self, flow.picture(), filters, stride))
            }
            LayerSpec::AvgPool => {
                let options = AvgPoolOptions::new([2, 2]).with_stride([2, 2]);
                Activation::Picture(avg_pool2d(flow.picture(), options))
            }
            LayerSpec::Crop { border } => {
                let x = flow.picture();
                let [_, _, height, width] = x.dims();
                let narrowed = x.narrow(2, border, height - 2 * border);
                Activation::Picture(narrowed.narrow(3, border, width - 2 * border))
            }
            LayerSpec::GlobalAvgPool => {
                Activation::Flat(adaptive_avg_pool2d(flow.picture(), [1, 1]).flatten(1, 3))
            }
            LayerSpec::LeakyRelu => each(flow, |x| leaky_relu(x, LEAK), |x| leaky_relu(x, LEAK)),
            LayerSpec::Gelu => each(flow, gelu, gelu),
            LayerSpec::Tanh => each(flow, tanh, tanh),
            LayerSpec::Sigmoid => each(flow, sigmoid, sigmoid),
            LayerSpec::Relu
            | LayerSpec::MaxPool
            | LayerSpec::Flatten
            | LayerSpec::Conv { .. }
            | LayerSpec::Dense { .. } => super::network::weightless(layer, flow),
        }
    }
}

fn each(
    flow: Activation,
    picture: impl FnOnce(Tensor<4>) -> Tensor<4>,
    flat: impl FnOnce(Tensor<2>) -> Tensor<2>,
) -> Activation {
    match flow {
        Activation::Picture(x) => Activation::Picture(picture(x)),
        Activation::Flat(x) => Activation::Flat(flat(x)),
    }
}
