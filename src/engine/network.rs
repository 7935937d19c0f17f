//! The arithmetic of the layers: a network is its list of layers and their weights as plain tensors.
//!
//! Weights have PyTorch's layouts and, in files, the names that `torch.nn.Sequential` gives the same list of
//! layers (`0.weight`, `0.bias`, `3.weight`, …), so that a weight file opens there too.

use crate::random::Random;
use crate::layers::{LayerInfo, LayerSpec, Shape, describe};
use burn::tensor::activation::relu;
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};

/// Weights of one layer, flat; `shape` says how to read them.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    /// Convolution `[filters, channels, kernel, kernel]`, dense `[units, features]`, bias `[filters or units]`.
    pub shape: Vec<usize>,
    /// `[shape product]`
    pub value: Tensor<1>,
}

#[derive(Clone, Debug)]
pub struct Network {
    /// Every layer with its output shape.
    pub layers: Vec<LayerInfo>,
    /// Of one example: `[channels, height, width]` or `[features]`.
    pub input: Shape,
    pub parameters: Vec<Parameter>,
}

/// A batch between two layers.
#[derive(Clone, Debug)]
pub enum Flow {
    /// `[batch, channels, height, width]`
    Picture(Tensor<4>),
    /// `[batch, features]`
    Flat(Tensor<2>),
}

impl Network {
    /// Fresh weights, the same for the same seed on every engine. Hidden layers: He's uniform initialisation
    /// (He et al. 2015, eq. 10), ±√(6 / fan-in); the last: ±√(1 / fan-in), so that it begins undecided.
    pub fn new(layers: &[LayerSpec], input: &[usize], seed: u32, device: &Device) -> Result<Self, String> {
        let layers = describe(layers, input)?;
        let mut parameters = Vec::new();
        let mut shape = input.to_vec();
        for (index, info) in layers.iter().enumerate() {
            let weight = match info.layer {
                LayerSpec::Conv { filters, kernel } => vec![filters, shape[0], kernel, kernel],
                LayerSpec::Dense { units } => vec![units, shape[0]],
                LayerSpec::Relu | LayerSpec::MaxPool | LayerSpec::Flatten => Vec::new(),
            };
            shape.clone_from(&info.output);
            if weight.is_empty() {
                continue;
            }
            let fan_in: usize = weight[1..].iter().product();
            let gain = if index + 1 == layers.len() { 1.0 } else { 6.0 };
            let bound = (gain / fan_in as f32).sqrt();
            let mut random = Random::new(seed, index as u64);
            let values: Vec<f32> = (0..weight.iter().product()).map(|_| random.uniform(bound)).collect();
            let bias = vec![0.0; weight[0]];
            parameters.push(Parameter::new(format!("{index}.bias"), vec![weight[0]], bias, device));
            parameters.push(Parameter::new(format!("{index}.weight"), weight, values, device));
        }
        Ok(Self { layers, input: input.to_vec(), parameters })
    }

    /// The first layer's weights.
    pub fn first_weight(&self) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.name.ends_with(".weight"))
    }

    /// The weights in the order of `parameters`.
    pub fn weights(&self) -> Vec<Tensor<1>> {
        self.parameters.iter().map(|p| p.value.clone()).collect()
    }

    /// Outputs `[batch, outputs]` (logits, where there are classes) for a batch of inputs.
    pub fn forward(&self, batch: impl Into<Flow>) -> Tensor<2> {
        self.fused(&self.weights(), batch)
    }

    /// The same with other weights in the order of `parameters` (those that gradients are wanted for), as fast
    /// as the engine can.
    #[cfg(all(feature = "cpu", not(feature = "gpu")))]
    pub fn fused(&self, weights: &[Tensor<1>], batch: impl Into<Flow>) -> Tensor<2> {
        super::kernels::fused::forward(self, weights, batch.into())
    }

    /// The same, where Burn fuses its own operations.
    #[cfg(not(all(feature = "cpu", not(feature = "gpu"))))]
    pub fn fused(&self, weights: &[Tensor<1>], batch: impl Into<Flow>) -> Tensor<2> {
        self.forward_with(weights, batch, |_| ())
    }

    /// The same, layer by layer: `each` sees every layer's output.
    pub fn forward_with(
        &self,
        weights: &[Tensor<1>],
        batch: impl Into<Flow>,
        mut each: impl FnMut(&Flow),
    ) -> Tensor<2> {
        let mut parameters = self.parameters.iter().zip(weights.iter().cloned());
        let mut flow: Flow = batch.into();
        for info in &self.layers {
            flow = match info.layer {
                LayerSpec::Conv { kernel, .. } => {
                    let (bias, weight) = (parameters.next(), parameters.next());
                    convolve(flow.picture(), bias, weight, kernel / 2)
                }
                LayerSpec::Dense { .. } => {
                    let (bias, weight) = (parameters.next(), parameters.next());
                    dense(flow.flat(), bias, weight)
                }
                LayerSpec::MaxPool | LayerSpec::Flatten | LayerSpec::Relu => weightless(info.layer, flow),
            };
            each(&flow);
        }
        flow.flat()
    }
}

impl Parameter {
    pub fn new(name: String, shape: Vec<usize>, values: Vec<f32>, device: &Device) -> Self {
        let length = values.len();
        Self { name, shape, value: Tensor::from_data(TensorData::new(values, [length]), device) }
    }

    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A layer that has nothing to learn.
pub(super) fn weightless(layer: LayerSpec, flow: Flow) -> Flow {
    match (layer, flow) {
        (LayerSpec::MaxPool, flow) => {
            Flow::Picture(max_pool2d(flow.picture(), MaxPoolOptions::new([2, 2]).with_stride([2, 2])))
        }
        (LayerSpec::Flatten, flow) => Flow::Flat(flow.flat()),
        (LayerSpec::Relu, Flow::Picture(x)) => Flow::Picture(relu(x)),
        (LayerSpec::Relu, Flow::Flat(x)) => Flow::Flat(relu(x)),
        (LayerSpec::Conv { .. } | LayerSpec::Dense { .. }, flow) => flow,
    }
}

type Slot<'a> = Option<(&'a Parameter, Tensor<1>)>;

/// `[batch, channels, height, width]` → `[batch, filters, height, width]`
fn convolve(x: Tensor<4>, bias: Slot, weight: Slot, padding: usize) -> Flow {
    let (Some((_, bias)), Some((parameter, weight))) = (bias, weight) else {
        return Flow::Picture(x);
    };
    let shape = [0, 1, 2, 3].map(|axis| parameter.shape[axis]);
    let options = ConvOptions::new([1, 1], [padding, padding], [1, 1], 1);
    Flow::Picture(conv2d(x, weight.reshape(shape), Some(bias), options))
}

/// `[batch, features]` → `[batch, units]`
fn dense(x: Tensor<2>, bias: Slot, weight: Slot) -> Flow {
    let (Some((_, bias)), Some((parameter, weight))) = (bias, weight) else {
        return Flow::Flat(x);
    };
    let weight = weight.reshape([parameter.shape[0], parameter.shape[1]]);
    Flow::Flat(x.matmul(weight.transpose()) + bias.unsqueeze::<2>())
}

impl From<Tensor<4>> for Flow {
    fn from(pictures: Tensor<4>) -> Self {
        Self::Picture(pictures)
    }
}

impl Flow {
    /// `[batch, channels, height, width]`; a flat batch is a picture of one pixel, which `describe` never asks for.
    pub(super) fn picture(self) -> Tensor<4> {
        match self {
            Self::Picture(x) => x,
            Self::Flat(x) => x.unsqueeze_dims(&[2, 3]),
        }
    }

    /// `[batch, features]`
    pub fn flat(self) -> Tensor<2> {
        match self {
            Self::Picture(x) => x.flatten(1, 3),
            Self::Flat(x) => x,
        }
    }
}
