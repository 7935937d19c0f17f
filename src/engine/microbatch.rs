//! A batch in parts, so that several cores can train: every part gives the gradient of its share of the batch's loss,
//! and the gradients are added. A part comes out the same to the last bit whoever computes it, this engine or another of
//! the same program, which is sent all that the answer depends on and remembers nothing.
//!
//! Batch normalisation goes by the part's own mean and variance, as is usual where batches are spread over devices; the
//! running ones follow the first part.

use super::dataset_store::{Loaded, Sample};
use super::layers::{StepContext, Training};
use super::network::Network;
use super::tasks::{Sums, TargetTask};
use super::value::Value;
use crate::datasets::target::{TargetField, Targets};
use crate::layers::{LayerSpec, Shape, describe, syntax};
use crate::protocol::Failure;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Examples that go through a network together.
pub struct Batch<'a> {
    pub network: &'a Network,
    pub task: &'a TargetTask,
    pub data: &'a Loaded,
    pub samples: Vec<Sample<'a>>,
    /// One for each sample; none where the network is only used.
    pub targets: &'a Targets,
}

/// What a batch, or a part of it, has to say.
pub struct StepOutput {
    /// Of its share of the batch's loss, in the order of the network's parameters; none where one had no part.
    pub gradients: Vec<Option<Tensor<1>>>,
    /// Of the task, over the examples.
    pub sums: Sums,
}

/// What a helper is asked, but for the numbers: the network's, the examples as it takes them, and their targets.
#[derive(Serialize, Deserialize)]
struct JobHeader {
    /// `layers::syntax`
    layers: String,
    input: Shape,
    target: TargetField,
    examples: usize,
    /// None where the network is only used.
    place: Option<StepContext>,
}

/// Gradients and sums of a batch, or of a part of it.
pub fn learn(
    (task, network): (&TargetTask, &Network),
    input: Value,
    targets: &Targets,
    training: &mut Training,
    device: &Device,
) -> Result<StepOutput, Failure> {
    let weights = network.weights().into_iter();
    let leaves: Vec<Tensor<1>> = weights.map(|w| Tensor::from_inner(w).require_grad()).collect();
    // What is carried comes from outside of this step: no gradient flows into it.
    training.memory = training.memory.take().map(|memory| memory.map(Tensor::from_inner));
    let StepContext { batch, smoothing, .. } = training.place;
    let part = targets.len() as f64 / batch as f64;
    let few = task.few_asked(targets);
    let targets = few.as_ref().map_or(targets, |(_, asked)| asked);
    training.asked = few.as_ref().map(|(steps, _)| steps.clone());
    let outputs = network.train(&leaves, input, training)?;
    training.memory = training.memory.take().map(|memory| memory.map(Tensor::inner));
    let loss = task.loss(outputs.clone(), targets, smoothing, &device.clone().autodiff());
    let share = if part == 1.0 { loss } else { loss * part };
    let gradients = share.backward();
    // The leaves go before the update: weights that nothing else holds can be changed in place.
    let gradients = leaves.into_iter().map(|leaf| leaf.grad(&gradients)).collect();
    Ok(StepOutput { gradients, sums: task.sums_of(outputs.inner(), targets) })
}

impl Batch<'_> {
    /// The examples of part `part`.
    pub fn range(&self, part: usize, parts: usize) -> Range<usize> {
        let all = self.samples.len();
        all * part / parts..all * (part + 1) / parts
    }

    pub fn learn(
        &self,
        range: Range<usize>,
        training: &mut Training,
        device: &Device,
    ) -> Result<StepOutput, Failure> {
        let input = self.data.batch(self.samples[range.clone()].iter().copied(), &device.clone().autodiff());
        learn((self.task, self.network), input, &self.targets.range(range), training, device)
    }

    pub fn outputs(&self, range: Range<usize>, device: &Device) -> Result<Tensor<2>, Failure> {
        self.network.forward(self.data.batch(self.samples[range].iter().copied(), device))
    }

    /// What a helper is told of these examples; their numbers are added to `numbers`, which has the network's.
    pub fn job(&self, range: Range<usize>, place: Option<StepContext>, numbers: &mut Vec<f32>) -> String {
        let layers: Vec<LayerSpec> = self.network.layers.iter().map(|info| info.layer).collect();
        let head = JobHeader {
            layers: syntax::print(&layers),
            input: self.network.input.clone(),
            target: self.task.field.clone(),
            examples: range.len(),
            place,
        };
        self.samples[range.clone()].iter().for_each(|sample| self.data.input(*sample, numbers));
        if place.is_some() {
            numbers.extend(self.targets.range(range).numbers());
        }
        // Numbers and words only: nothing that could not be written.
        serde_json::to_string(&head).unwrap_or_default()
    }
}

impl StepOutput {
    /// The gradients one after the other, then the sums.
    pub fn numbers(self, network: &Network) -> Vec<f32> {
        let slopes = self.gradients.into_iter().zip(&network.parameters);
        let mut numbers = Vec::new();
        for (gradient, parameter) in slopes {
            add(gradient.unwrap_or_else(|| parameter.value.zeros_like()), &mut numbers);
        }
        match self.sums {
            Sums::Read(sums) => numbers.extend(sums.into_iter().map(|sum| sum as f32)),
            Sums::Device(sums) => add(*sums, &mut numbers),
        }
        numbers
    }
}

/// Adds a tensor's numbers, without waiting: there are helpers only where tensors are in memory.
pub fn add<const D: usize>(tensor: Tensor<D>, numbers: &mut Vec<f32>) {
    if let Ok(values) = tensor.into_data().as_slice() {
        numbers.extend_from_slice(values);
    }
}

/// Computes parts for another engine.
pub struct JobServer {
    device: Device,
    /// The network that was asked for last, so that it is not laid out anew for every part. Its numbers come with each.
    known: Option<(String, Shape, Network)>,
}

impl JobServer {
    pub fn new(device: Device) -> Self {
        Self { device, known: None }
    }

    /// What `StepOutput::numbers` are of the part that is asked for, or its outputs where the network is only used; none if the
    /// question is not understood.
    pub fn answer(&mut self, head: &str, numbers: &[f32]) -> Option<Vec<f32>> {
        let head: JobHeader = serde_json::from_str(head).ok()?;
        let device = self.device.clone();
        let network = self.network(&head, numbers.len())?;
        let rest = network.take(numbers, &device)?;
        let length = head.input.iter().try_fold(head.examples, |all, side| all.checked_mul(*side))?;
        let (inputs, targets) = rest.split_at_checked(length).filter(|_| length > 0)?;
        let input = |device: &Device| Value::of(inputs.to_vec(), &head.input, device);
        let Some(place) = head.place else {
            let mut outputs = Vec::new();
            add(network.forward(input(&device)).ok()?, &mut outputs);
            return Some(outputs);
        };
        let targets = Targets::from_numbers(&head.target, targets).filter(|t| t.len() == head.examples)?;
        let mut training = Training::at(place);
        let task = TargetTask::of(&head.target);
        let input = input(&device.clone().autodiff());
        let learned = learn((&task, network), input, &targets, &mut training, &device).ok()?;
        Some(learned.numbers(network))
    }

    /// The network that the question is of: it comes with its numbers, so it has no more than those.
    fn network(&mut self, head: &JobHeader, numbers: usize) -> Option<&mut Network> {
        let same =
            |(layers, input, _): &(String, Shape, Network)| *layers == head.layers && *input == head.input;
        if !self.known.as_ref().is_some_and(same) {
            let inputs = head.input.iter().try_fold(1, |all: usize, side| all.checked_mul(*side))?;
            if inputs > numbers || head.target.outputs() > numbers {
                return None;
            }
            let layers = syntax::with_classes(syntax::parse(&head.layers).ok()?, head.target.outputs());
            let infos = describe(&layers, &head.input).ok()?;
            if infos.iter().map(|layer| layer.parameters).sum::<usize>() > numbers {
                return None;
            }
            let network = Network::new(&layers, &head.input, 0, &self.device).ok()?;
            self.known = Some((head.layers.clone(), head.input.clone(), network));
        }
        self.known.as_mut().map(|(_, _, network)| network)
    }
}
