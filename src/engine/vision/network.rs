//! A pretrained network at work: its layers on the engine's own kernels, channels last.

use super::weights::Weights;
use crate::engine::kernels::depthwise::Depthwise;
use crate::engine::kernels::im2col;
use crate::engine::kernels::pointwise::{After, Pointwise};
use crate::pretrained::{Layer, Op, Pretrained};

pub struct Classifier {
    pub about: &'static Pretrained,
    pub labels: Vec<String>,
    pub layers: Vec<Layer>,
    kernels: Vec<Kernel>,
    /// Which of the buffers each layer writes.
    plan: Vec<usize>,
    buffers: Vec<Vec<f32>>,
}

enum Kernel {
    /// Windows as rows, then a dense layer at each: kernel, stride.
    Windows(Pointwise, [usize; 2]),
    Depthwise(Depthwise),
    Pointwise(Pointwise),
    Average,
}

impl Classifier {
    /// An error says what the weights lack.
    pub fn new(about: &'static Pretrained, weights: &Weights) -> Result<Self, String> {
        let layers = (about.layers)();
        let kernels = layers.iter().map(|layer| kernel(layer, weights)).collect::<Result<_, _>>()?;
        let (plan, sizes) = plan(&layers);
        let buffers = sizes.into_iter().map(|size| vec![0.0; size]).collect();
        Ok(Self { about, labels: weights.labels.clone(), layers, kernels, plan, buffers })
    }

    /// The network's answer to a picture `[side, side, 3]` of bytes: logits. `each` sees every layer's output,
    /// `[height, width, channels]`, as it is computed.
    pub fn run(&mut self, picture: &[u8], mut each: impl FnMut(usize, &[f32])) -> Vec<f32> {
        let input = self.about.input;
        let mut values: Vec<f32> =
            picture.iter().map(|&byte| (f32::from(byte) - input.mean) / input.scale).collect();
        values.resize(input.side * input.side * 3, 0.0);
        for index in 0..self.layers.len() {
            let layer = &self.layers[index];
            let mut output = std::mem::take(&mut self.buffers[self.plan[index]]);
            let from = match index {
                0 => &values[..],
                _ => &self.buffers[self.plan[index - 1]][..layer.from.iter().product()],
            };
            let add = layer.adds.map(|other| &self.buffers[self.plan[other]][..layer.to.iter().product()]);
            let to = &mut output[..layer.to.iter().product()];
            compute(layer, &self.kernels[index], from, add, to);
            each(index, to);
            self.buffers[self.plan[index]] = output;
        }
        let last = self.plan.last().map(|&buffer| &self.buffers[buffer]);
        last.map(|buffer| buffer[..self.labels.len().min(buffer.len())].to_vec()).unwrap_or_default()
    }

    /// The layer whose output is averaged: what the classes are told from, place by place.
    pub fn last_map(&self) -> usize {
        self.layers.iter().position(|l| l.op == Op::GlobalAverage).map_or(0, |at| at.saturating_sub(1))
    }

    /// The mean of every channel of the last map: what the network knows of a picture before it names it.
    pub fn features(&mut self, picture: &[u8]) -> Vec<f32> {
        let average = self.last_map() + 1;
        let mut features = Vec::new();
        self.run(picture, |index, values| {
            if index == average {
                features = values.to_vec();
            }
        });
        features
    }

    /// The classifier's weights of one class, `[features]`.
    pub fn class_weights(&self, class: usize) -> Vec<f32> {
        match self.kernels.last() {
            Some(Kernel::Pointwise(dense)) => dense.weights_of(class),
            _ => Vec::new(),
        }
    }
}

fn kernel(layer: &Layer, weights: &Weights) -> Result<Kernel, String> {
    let Some(shape) = layer.weight() else { return Ok(Kernel::Average) };
    let weight = weights.tensor(&format!("{}.weight", layer.name), &shape)?;
    let bias = weights.tensor(&format!("{}.bias", layer.name), &shape[..1])?;
    Ok(match layer.op {
        Op::Conv { kernel, stride } => {
            Kernel::Windows(Pointwise::new(weight, bias, shape[1..].iter().product())?, [kernel, stride])
        }
        Op::Depthwise { kernel, stride } => Kernel::Depthwise(Depthwise::new(weight, bias, kernel, stride)?),
        Op::Pointwise | Op::Dense => Kernel::Pointwise(Pointwise::new(weight, bias, shape[1])?),
        Op::GlobalAverage => Kernel::Average,
    })
}

/// `from` `[height, width, channels]` to `to`.
fn compute(layer: &Layer, kernel: &Kernel, from: &[f32], add: Option<&[f32]>, to: &mut [f32]) {
    let after = match (add, layer.relu6) {
        (Some(add), _) => After::Add(add),
        (None, true) => After::Relu6,
        (None, false) => After::Nothing,
    };
    let [channels, height, width] = layer.from;
    match kernel {
        Kernel::Windows(dense, [size, stride]) => {
            let mut rows = vec![0.0; layer.to[2] * channels * size * size];
            for (y, to) in to.chunks_exact_mut(layer.to[2] * layer.to[0]).enumerate() {
                im2col::row(from, [height, width, channels], [*size, *stride], y, &mut rows);
                dense.run(&rows, after, to);
            }
        }
        Kernel::Depthwise(depthwise) => depthwise.run(from, height, width, to),
        Kernel::Pointwise(dense) => dense.run(from, after, to),
        Kernel::Average => {
            to.fill(0.0);
            for pixel in from.chunks_exact(channels) {
                to.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += value);
            }
            to.iter_mut().for_each(|sum| *sum /= (height * width) as f32);
        }
    }
}

/// A buffer for every layer's output, so that none is written while it is still to be read; and their sizes.
fn plan(layers: &[Layer]) -> (Vec<usize>, Vec<usize>) {
    let last_read = |index: usize| {
        layers.iter().rposition(|l| l.adds == Some(index)).map_or(index + 1, |at| at.max(index + 1))
    };
    let mut plan: Vec<usize> = Vec::new();
    let mut sizes: Vec<usize> = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        let busy = |buffer: usize| (0..index).any(|other| plan[other] == buffer && last_read(other) >= index);
        let buffer = (0..sizes.len()).find(|&buffer| !busy(buffer)).unwrap_or(sizes.len());
        sizes.resize(sizes.len().max(buffer + 1), 0);
        sizes[buffer] = sizes[buffer].max(layer.to.iter().product());
        plan.push(buffer);
    }
    (plan, sizes)
}
