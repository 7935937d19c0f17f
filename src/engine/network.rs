//! The arithmetic of the layers: a network is its list of layers and their weights as plain tensors.
//!
//! Weights have PyTorch's layouts and, in files, the names that `torch.nn.Sequential` gives the same list of
//! layers (`0.weight`, `0.bias`, `3.weight`, …), so that a weight file opens there too.

use super::backend_ext;
use super::fused;
use super::layers::{ForwardPass, Init, Training, parameters, statistics};
use crate::layers::{LayerInfo, LayerSpec, Shape, describe};
use crate::random::Random;
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
    /// Running means and variances, which training follows but no gradient reaches.
    pub statistics: Vec<Parameter>,
}

/// Streams of random numbers between two parts of a layer: more than a network has layers.
const PARTS: u64 = 1 << 12;

/// A batch between two layers.
#[derive(Clone, Debug)]
pub enum Activation {
    /// `[batch, channels, height, width]`
    Picture(Tensor<4>),
    /// `[batch, features]`
    Flat(Tensor<2>),
}

impl Network {
    /// Fresh weights, the same for the same seed on every engine. Hidden layers: He's uniform initialisation
    /// (He et al. 2015, eq. 10), ±√(6 / fan-in); the last: ±√(1 / fan-in), so that it begins undecided.
    pub fn new(layers: &[LayerSpec], input: &[usize], seed: u32, device: &Device) -> Result<Self, String> {
        Self::beginning(layers, input, "he", seed, device)
    }

    /// The same with weights that begin as `init`, the id of a row of `spec::INITS`, says.
    pub fn beginning(
        layers: &[LayerSpec],
        input: &[usize],
        init: &str,
        seed: u32,
        device: &Device,
    ) -> Result<Self, String> {
        let layers = describe(layers, input).map_err(|misfit| misfit.to_string())?;
        let mut network =
            Self { layers, input: input.to_vec(), parameters: Vec::new(), statistics: Vec::new() };
        let mut shape = input.to_vec();
        for (index, info) in network.layers.iter().enumerate() {
            let last = index + 1 == network.layers.len();
            // Every random part of a layer has a stream of its own.
            let mut stream = index as u64;
            let mut fresh = |(name, shape, begin): (&str, Vec<usize>, Init)| {
                let length = shape.iter().product();
                let values = match begin {
                    Init::Zero => vec![0.0; length],
                    Init::One => vec![1.0; length],
                    Init::Random { .. } => {
                        let mut random = Random::new(seed, stream);
                        stream += PARTS;
                        let bound = begin.bound(init, last);
                        (0..length).map(|_| random.uniform(bound)).collect()
                    }
                };
                Parameter::new(format!("{index}.{name}"), shape, values, device)
            };
            network.parameters.extend(parameters(info.layer, &shape).into_iter().map(&mut fresh));
            network.statistics.extend(statistics(info.layer, &shape).into_iter().map(&mut fresh));
            shape.clone_from(&info.output);
        }
        Ok(network)
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
    pub fn forward(&self, batch: impl Into<Activation>) -> Tensor<2> {
        self.fused(&self.weights(), batch)
    }

    /// The same with other weights in the order of `parameters` (those that gradients are wanted for), as fast
    /// as the engine can.
    pub fn fused(&self, weights: &[Tensor<1>], batch: impl Into<Activation>) -> Tensor<2> {
        fused::forward(self, ForwardPass::new(self, weights, None), batch.into())
    }

    /// The same as training does it: normalised by the batch, with numbers left out. New running statistics are in
    /// `training` then; `keep` them.
    pub fn train(
        &self,
        weights: &[Tensor<1>],
        batch: impl Into<Activation>,
        training: &mut Training,
    ) -> Tensor<2> {
        fused::forward(self, ForwardPass::new(self, weights, Some(training)), batch.into())
    }

    /// All its numbers: the weights, then the running statistics.
    pub fn numbers(&self) -> Vec<Tensor<1>> {
        self.parameters.iter().chain(&self.statistics).map(|p| p.value.clone()).collect()
    }

    /// Takes its numbers, in the order of `numbers`, from the front of `values`; the rest, or none if they are too few.
    pub fn take<'a>(&mut self, mut values: &'a [f32], device: &Device) -> Option<&'a [f32]> {
        for parameter in self.parameters.iter_mut().chain(&mut self.statistics) {
            let (own, rest) = values.split_at_checked(parameter.len())?;
            parameter.value = Tensor::from_data(TensorData::new(own.to_vec(), [own.len()]), device);
            values = rest;
        }
        Some(values)
    }

    /// Multiply-adds of a forward pass of as many examples.
    pub fn multiply_adds(&self, examples: usize) -> u64 {
        self.layers.iter().map(|layer| layer.multiply_adds as u64).sum::<u64>() * examples as u64
    }

    /// The running statistics after a step.
    pub fn keep(&mut self, training: Training) {
        for (kept, new) in self.statistics.iter_mut().zip(training.statistics) {
            kept.value = new;
        }
    }

    /// `forward`, layer by layer: `each` sees every layer's output.
    pub fn forward_with(
        &self,
        weights: &[Tensor<1>],
        batch: impl Into<Activation>,
        each: impl FnMut(&Activation),
    ) -> Tensor<2> {
        self.walk(ForwardPass::new(self, weights, None), batch.into(), each)
    }

    /// Along the layers one by one, on Burn's operations where the engine has plain ones: `each` sees every layer's output.
    pub fn walk(
        &self,
        mut walk: ForwardPass,
        batch: impl Into<Activation>,
        mut each: impl FnMut(&Activation),
    ) -> Tensor<2> {
        let mut flow: Activation = batch.into();
        for info in &self.layers {
            flow = match info.layer {
                LayerSpec::Conv { kernel, .. } => {
                    let (Some(bias), Some(weight)) = (walk.weight(), walk.weight()) else { break };
                    let x = flow.picture();
                    Activation::Picture(if walk.fast {
                        backend_ext::conv(x, weight, bias, [kernel, 1], fused::Tail::Nothing)
                    } else {
                        convolve(x, weight, Some(bias), [kernel, 1])
                    })
                }
                LayerSpec::Dense { .. } => {
                    let (Some(bias), Some(weight)) = (walk.weight(), walk.weight()) else { break };
                    let x = flow.flat();
                    Activation::Flat(if walk.fast {
                        backend_ext::dense(x, weight, bias, false)
                    } else {
                        dense(x, weight, bias)
                    })
                }
                layer => walk.layer(layer, flow),
            };
            walk.index += 1;
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

    /// Whether it is this layer's.
    pub fn is_of(&self, layer: usize) -> bool {
        self.name.split_once('.').is_some_and(|(place, _)| place.parse() == Ok(layer))
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A layer that has nothing to learn.
pub(super) fn weightless(layer: LayerSpec, flow: Activation) -> Activation {
    match (layer, flow) {
        (LayerSpec::MaxPool, flow) => {
            Activation::Picture(max_pool2d(flow.picture(), MaxPoolOptions::new([2, 2]).with_stride([2, 2])))
        }
        (LayerSpec::Flatten, flow) => Activation::Flat(flow.flat()),
        (LayerSpec::Relu, Activation::Picture(x)) => Activation::Picture(relu(x)),
        (LayerSpec::Relu, Activation::Flat(x)) => Activation::Flat(relu(x)),
        (_, flow) => flow,
    }
}

/// `[batch, channels, height, width]` → `[batch, filters, ⌈height / stride⌉, ⌈width / stride⌉]`, as Burn does it
pub(super) fn convolve(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Option<Tensor<1>>,
    [kernel, stride]: [usize; 2],
) -> Tensor<4> {
    let channels = x.dims()[1];
    let filters = weight.dims()[0] / (channels * kernel * kernel).max(1);
    let weight = weight.reshape([filters, channels, kernel, kernel]);
    conv2d(x, weight, bias, ConvOptions::new([stride; 2], [kernel / 2; 2], [1, 1], 1))
}

/// `[batch, features]` → `[batch, units]`, as Burn does it
fn dense(x: Tensor<2>, weight: Tensor<1>, bias: Tensor<1>) -> Tensor<2> {
    let weight = weight.reshape([bias.dims()[0], x.dims()[1]]);
    x.matmul(weight.transpose()) + bias.unsqueeze::<2>()
}

impl From<Tensor<4>> for Activation {
    fn from(pictures: Tensor<4>) -> Self {
        Self::Picture(pictures)
    }
}

impl Activation {
    /// Examples of this shape one after the other.
    pub fn of(values: Vec<f32>, shape: &[usize], device: &Device) -> Self {
        let count = values.len() / shape.iter().product::<usize>().max(1);
        match *shape {
            [channels, height, width] => {
                let shape = [count, channels, height, width];
                Self::Picture(Tensor::from_data(TensorData::new(values, shape), device))
            }
            _ => {
                let shape = [count, values.len() / count.max(1)];
                Self::Flat(Tensor::from_data(TensorData::new(values, shape), device))
            }
        }
    }

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
