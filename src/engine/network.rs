//! A network is its list of layers and their weights as plain tensors.
//!
//! Weights have PyTorch's layouts and, in files, the names that `torch.nn.Sequential` gives the same list of
//! layers (`0.weight`, `0.bias`, `3.weight`, …), so that a weight file opens there too.

use super::device;
use super::initial_values::values;
use super::layers::{ForwardPass, Memory, Training};
use super::recurrent::Cell;
use super::value::Value;
use crate::layers::{LayerInfo, LayerSpec, ParamSpec, Shape, block, describe};
use crate::protocol::Failure;
use crate::random::Random;
use burn::tensor::{Device, Tensor};
use std::borrow::Cow;

/// Weights of one layer, flat; `shape` says how to read them.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The layer's place in the network, and the layer's own name for it: `0.weight`.
    pub name: String,
    layer: Option<usize>,
    /// Convolution `[filters, channels, kernel, kernel]`, dense `[units, features]`, bias `[filters or units]`; of
    /// recurrent layers a block of units for each gate.
    pub shape: Vec<usize>,
    /// `[shape product]`
    pub value: Tensor<1>,
}

#[derive(Clone, Debug)]
pub struct Network {
    /// Every layer with its output shape.
    pub layers: Vec<LayerInfo>,
    /// Of one example: `[channels, height, width]`, `[time, features]` or `[features]`.
    pub input: Shape,
    pub parameters: Vec<Parameter>,
    /// Running means and variances, which training follows but no gradient reaches.
    pub statistics: Vec<Parameter>,
    /// Heads that a visitor has switched off: the block's place, which of its heads, and 1 if it looks from an answer to its
    /// question.
    pub off: Vec<[usize; 3]>,
}

/// Streams of random numbers between two parts of a layer: more than a network has layers.
const PARTS: u64 = 1 << 12;

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
        let (parameters, statistics, off) = (Vec::new(), Vec::new(), Vec::new());
        let mut network = Self { layers, input: input.to_vec(), parameters, statistics, off };
        let mut shape = input.to_vec();
        for (index, info) in network.layers.iter().enumerate() {
            let last = index + 1 == network.layers.len();
            // Every random part of a layer has a stream of its own.
            let mut stream = index as u64;
            for ParamSpec { name, shape, init: begin, trained } in info.layer.parameters(&shape) {
                let mut random = Random::new(seed, stream);
                if begin.is_random() {
                    stream += PARTS;
                }
                let values = values(begin, &shape, begin.bound(init, last), &mut random);
                let parameter = Parameter::new(format!("{index}.{name}"), shape, values, device);
                if trained { &mut network.parameters } else { &mut network.statistics }.push(parameter);
            }
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
    pub fn forward(&self, batch: impl Into<Value>) -> Result<Tensor<2>, Failure> {
        self.forward_by(&self.weights(), batch)
    }

    /// The same with other weights in the order of `parameters` (those that gradients are wanted for).
    pub fn forward_by(&self, weights: &[Tensor<1>], batch: impl Into<Value>) -> Result<Tensor<2>, Failure> {
        ForwardPass::new(self, weights, None).run(batch.into(), |_| ()).map(Value::flat)
    }

    /// The same as training does it: normalised by the batch, with numbers left out. New running statistics are in
    /// `training` then; `keep` them.
    pub fn train(
        &self,
        weights: &[Tensor<1>],
        batch: impl Into<Value>,
        training: &mut Training,
    ) -> Result<Tensor<2>, Failure> {
        let mut memory = training.memory.take();
        let asked = training.asked.take();
        let pass = ForwardPass::new(self, weights, Some(training)).carrying(memory.as_mut()).asking(asked);
        let outputs = pass.run(batch.into(), |_| ()).map(Value::flat);
        training.memory = memory;
        outputs
    }

    /// Outputs of a batch of sequences that goes on where `memory` left off; where it ends is there then. Only of the steps
    /// that are `asked` for, `[asked, outputs]`, if some are.
    pub fn forward_on(
        &self,
        memory: &mut Memory,
        batch: impl Into<Value>,
        asked: Option<Vec<u32>>,
    ) -> Result<Tensor<2>, Failure> {
        let weights = self.weights();
        let pass = ForwardPass::new(self, &weights, None).carrying(Some(memory)).asking(asked);
        pass.run(batch.into(), |_| ()).map(Value::flat)
    }

    /// With all its heads.
    pub fn whole(&self) -> Cow<'_, Self> {
        match self.off.is_empty() {
            true => Cow::Borrowed(self),
            false => Cow::Owned(Self { off: Vec::new(), ..self.clone() }),
        }
    }

    /// All its numbers: the weights, then the running statistics.
    pub fn numbers(&self) -> Vec<Tensor<1>> {
        self.parameters.iter().chain(&self.statistics).map(|p| p.value.clone()).collect()
    }

    /// Takes its numbers, in the order of `numbers`, from the front of `values`; the rest, or none if they are too few.
    pub fn take<'a>(&mut self, mut values: &'a [f32], device: &Device) -> Option<&'a [f32]> {
        for parameter in self.parameters.iter_mut().chain(&mut self.statistics) {
            let (own, rest) = values.split_at_checked(parameter.len())?;
            parameter.value = device::tensor(own.to_vec(), [own.len()], device);
            values = rest;
        }
        Some(values)
    }

    /// Whether it keeps in mind what it has read, so that a sequence goes on without being read again.
    pub fn carries(&self) -> bool {
        let any = |is: fn(LayerSpec) -> bool| self.layers.iter().any(|info| is(info.layer));
        any(|layer| Cell::of_word(layer.kind().word).is_some()) && !any(block::attends)
    }

    /// Whether it does one thing with a question and another with the answer behind it.
    pub fn tells_parts_apart(&self) -> bool {
        self.layers.iter().any(|info| block::tells_parts_apart(info.layer))
    }

    /// Multiply-adds of a forward pass of as many examples.
    pub fn multiply_adds(&self, examples: usize) -> u64 {
        self.layers.iter().map(|layer| layer.multiply_adds as u64).sum::<u64>() * examples as u64
    }

    /// The running statistics after a step.
    pub fn keep(&mut self, training: Training) {
        for (place, new) in training.statistics {
            self.statistics[place].value = new;
        }
    }

    /// `forward_by`, layer by layer: `each` sees every layer's output.
    pub fn forward_with(
        &self,
        weights: &[Tensor<1>],
        batch: impl Into<Value>,
        each: impl FnMut(&Value),
    ) -> Result<Tensor<2>, Failure> {
        ForwardPass::new(self, weights, None).observed().run(batch.into(), each).map(Value::flat)
    }
}

impl Parameter {
    pub fn new(name: String, shape: Vec<usize>, values: Vec<f32>, device: &Device) -> Self {
        let length = values.len();
        let layer = name.split_once('.').and_then(|(place, _)| place.parse().ok());
        Self { name, layer, shape, value: device::tensor(values, [length], device) }
    }

    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it is this layer's.
    pub fn is_of(&self, layer: usize) -> bool {
        self.layer == Some(layer)
    }

    /// Its name without the layer's place.
    pub fn local_name(&self) -> &str {
        self.name.split_once('.').map_or("", |(_, name)| name)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
