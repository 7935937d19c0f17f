//! The arithmetic of the layers, one file each with the name that its file in `crate::layers` has, and what a pass along
//! a network carries with it.

mod avg_pool;
mod batch_norm;
pub mod block;
mod cell;
mod class_token;
mod conv;
mod crop;
mod decoder;
mod dense;
mod dropout;
mod embedding;
mod encoder;
mod first;
mod flatten;
mod gelu;
mod global_avg_pool;
mod gru;
mod last;
mod layer_norm;
mod leaky_relu;
mod lstm;
mod max_pool;
mod mean;
pub mod patches;
mod positions;
mod relu;
mod residual;
mod rms_norm;
mod rnn;
mod sigmoid;
mod sinusoidal;
mod tanh;

pub use batch_norm::MOMENTUM;
pub use conv::Tail;

use super::network::{Network, Parameter};
use super::parts::Parts;
use super::value::Value;
use crate::layers::{LayerKind, LayerSpec, every_layer};
use crate::protocol::{Failure, FailureKind};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// On a GPU there is only the fast way: the plain one, Burn's, is what the CPU's kernels are compared with.
const ALWAYS_FAST: bool = cfg!(feature = "gpu");

/// What a layer makes of a batch.
pub type Forward = fn(&mut ForwardPass, LayerSpec, Value) -> Result<Value, Failure>;

/// A layer's arithmetic.
pub struct LayerOps {
    pub forward: Forward,
    /// What stands in its middle, for looking inside: a residual block's second convolution gets it; of a recurrent layer,
    /// its gates.
    pub inside: Option<Forward>,
}

macro_rules! table {
    ($($layer:ident),*) => {
        /// In the order of `crate::layers::KINDS`.
        static OPS: &[LayerOps] = &[$($layer::OPS),*];
    };
}
every_layer!(table);

impl LayerOps {
    /// A layer that only has a forward pass.
    pub const fn of(forward: Forward) -> Self {
        Self { forward, inside: None }
    }
}

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
    /// New running statistics, each with its place in `Network::statistics`; empty before the pass.
    pub statistics: Vec<(usize, Tensor<1>)>,
    /// Of sequences that go on from batch to batch.
    pub memory: Option<Memory>,
    /// `ForwardPass::asked`
    pub asked: Option<Vec<u32>>,
}

impl Training {
    pub fn at(place: StepContext) -> Self {
        Self { place, statistics: Vec::new(), memory: None, asked: None }
    }
}

/// What recurrent layers carry from one window of a sequence to the next: each with the layer's place, and its states,
/// `[batch, units]`, cut off from the gradient.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub states: Vec<(usize, Vec<Tensor<2>>)>,
}

impl Memory {
    /// Of layer `index`; none at the beginning of a sequence.
    pub fn of(&self, index: usize) -> Option<Vec<Tensor<2>>> {
        self.states.iter().find(|(layer, _)| *layer == index).map(|(_, states)| states.clone())
    }

    /// Each state changed in the same way.
    pub fn map(self, change: impl Fn(Tensor<2>) -> Tensor<2>) -> Self {
        let each =
            |(layer, states): (usize, Vec<Tensor<2>>)| (layer, states.into_iter().map(&change).collect());
        Self { states: self.states.into_iter().map(each).collect() }
    }

    pub fn keep(&mut self, index: usize, states: Vec<Tensor<2>>) {
        self.states.retain(|(layer, _)| *layer != index);
        self.states.push((index, states));
    }
}

/// One pass along the layers.
pub struct ForwardPass<'a> {
    network: &'a Network,
    /// In the order of the network's parameters.
    weights: &'a [Tensor<1>],
    pub training: Option<&'a mut Training>,
    /// Where a sequence goes on; without it, every sequence begins.
    pub memory: Option<&'a mut Memory>,
    /// The last layer is wanted only of these steps of `[batch · time]`.
    asked: Option<Vec<u32>>,
    /// Steps of each example of a sequence, where some are shorter and filled up.
    pub lengths: Option<Arc<[usize]>>,
    /// Where the answer of each example begins, for a network that tells questions from answers.
    pub borders: Option<Arc<[usize]>>,
    /// The layer's place in the network.
    pub index: usize,
    /// On kernels of our own where they fit.
    pub fast: bool,
    /// Every layer's output is looked at, so none is done along with another.
    observed: bool,
    /// Layers behind this one that it did along.
    along: usize,
}

impl<'a> ForwardPass<'a> {
    /// `weights` in the order of the network's parameters; without `training` the network is used as it is. As fast as
    /// the engine can.
    pub fn new(network: &'a Network, weights: &'a [Tensor<1>], training: Option<&'a mut Training>) -> Self {
        let (memory, asked, lengths, borders) = (None, None, None, None);
        let (index, fast, observed, along) = (0, true, false, 0);
        Self { network, weights, training, memory, asked, lengths, borders, index, fast, observed, along }
    }

    /// Takes over how long the examples are and where their answers begin, from what the network gets.
    pub fn reading(&mut self, input: &Value) {
        if let Value::Tokens(tokens) = input {
            self.lengths.clone_from(&tokens.lengths);
            self.borders = tokens.borders.clone().filter(|_| self.network.tells_parts_apart());
        }
    }

    /// Questions and answers of what a layer gets, `[batch, time, width]`.
    pub fn parts(&self, x: &Tensor<3>) -> Parts {
        let [batch, time, _] = x.dims();
        Parts::new(self.borders.as_ref(), [batch, time])
    }

    /// Goes on where `memory` left off, and leaves there where it ends.
    pub fn carrying(self, memory: Option<&'a mut Memory>) -> Self {
        Self { memory, ..self }
    }

    /// The last layer's outputs are those of these steps, `[asked, outputs]`.
    pub fn asking(self, asked: Option<Vec<u32>>) -> Self {
        Self { asked, ..self }
    }

    /// Layer by layer, on Burn's operations where the engine has plain ones.
    pub fn observed(self) -> Self {
        Self { fast: ALWAYS_FAST, observed: true, ..self }
    }

    /// The layer's parameter of this name, flat.
    pub fn weight(&self, name: &str) -> Result<Tensor<1>, Failure> {
        let place = position(&self.network.parameters, self.index, name);
        place.and_then(|at| self.weights.get(at)).cloned().ok_or_else(|| self.missing(name))
    }

    /// Heads of this layer, or of those that look from an answer to its question, that are switched off; training has them
    /// all.
    fn off(&self, crosses: bool) -> impl Iterator<Item = usize> {
        let place = [self.index, usize::from(crosses)];
        let of_this =
            move |[layer, head, crosses]: &[usize; 3]| (place == [*layer, *crosses]).then_some(*head);
        self.network.off.iter().filter(|_| self.training.is_none()).filter_map(of_this)
    }

    /// The layer's running statistic of this name.
    fn statistic(&self, name: &str) -> Result<(usize, &Tensor<1>), Failure> {
        let place = position(&self.network.statistics, self.index, name).ok_or_else(|| self.missing(name))?;
        Ok((place, &self.network.statistics[place].value))
    }

    /// Whether these layers come next and may be done along with this one, which they then are.
    pub fn takes_along(&mut self, kinds: &[&LayerKind]) -> bool {
        let next = self.network.layers.iter().skip(self.index + 1).map(|info| info.layer);
        let takes = self.fast
            && !self.observed
            && next.take(kinds.len()).zip(kinds).filter(|(layer, kind)| layer.is(kind)).count()
                == kinds.len();
        if takes {
            self.along = kinds.len();
        }
        takes
    }

    /// From the layer at `index` to the last: `each` sees every layer's output.
    pub fn run(mut self, mut value: Value, mut each: impl FnMut(&Value)) -> Result<Value, Failure> {
        self.reading(&value);
        while let Some(info) = self.network.layers.get(self.index) {
            if self.index + 1 == self.network.layers.len()
                && let Some(asked) = self.asked.take()
            {
                value = value.steps(asked);
            }
            value = (OPS[info.layer.place()].forward)(&mut self, info.layer, value)?;
            self.index += 1 + std::mem::take(&mut self.along);
            each(&value);
        }
        Ok(value)
    }

    fn missing(&self, name: &str) -> Failure {
        let what = format!("Layer {} of this network has no parameter “{name}”.", self.index + 1);
        Failure::new(FailureKind::Input, what, "Choose other settings.")
    }
}

/// Where layer `index` has the parameter `name` in a list.
fn position(all: &[Parameter], index: usize, name: &str) -> Option<usize> {
    all.iter().position(|p| p.is_of(index) && p.local_name() == name)
}

/// What stands in the middle of layer `index` of a network for its input; none of most kinds.
pub fn inside(network: &Network, index: usize, input: Value) -> Result<Option<Value>, Failure> {
    let Some(info) = network.layers.get(index) else { return Ok(None) };
    let Some(inside) = OPS[info.layer.place()].inside else { return Ok(None) };
    let weights = network.weights();
    let mut pass = ForwardPass { index, ..ForwardPass::new(network, &weights, None).observed() };
    inside(&mut pass, info.layer, input).map(Some)
}
