//! The layers of a pretrained network at work, on the engine's own kernels, channels last.

use super::weights::Weights;
use crate::engine::kernels::depthwise::{Depthwise, Window};
use crate::engine::kernels::pointwise::{After, Pointwise};
use crate::engine::kernels::{im2col, maps};
use crate::pretrained::{Activation, Layer, Op};

pub struct Graph {
    pub layers: Vec<Layer>,
    kernels: Vec<Kernel>,
    /// Which of the buffers each layer writes.
    plan: Vec<usize>,
    buffers: Vec<Vec<f32>>,
}

enum Kernel {
    /// Windows as rows, then a dense layer at each.
    Windows(Pointwise, Window),
    Depthwise(Depthwise),
    Pointwise(Pointwise),
    /// Without weights.
    Plain,
}

impl Graph {
    /// An error says what the weights lack.
    pub fn new(layers: Vec<Layer>, weights: &Weights) -> Result<Self, String> {
        let kernels = layers.iter().map(|layer| kernel(layer, weights)).collect::<Result<_, _>>()?;
        let (plan, sizes) = plan(&layers);
        let buffers = sizes.into_iter().map(|size| vec![0.0; size]).collect();
        Ok(Self { layers, kernels, plan, buffers })
    }

    /// Computes everything from `picture` `[height, width, channels]`. `each` sees every layer's output, laid out
    /// alike, as it is computed.
    pub fn run(&mut self, picture: &[f32], mut each: impl FnMut(usize, &[f32])) {
        for index in 0..self.layers.len() {
            let mut output = std::mem::take(&mut self.buffers[self.plan[index]]);
            let layer = &self.layers[index];
            let to = &mut output[..size(layer)];
            let add = layer.adds.map(|other| self.output(other));
            let of = |input: Option<&usize>| input.map_or(picture, |&input| self.output(input));
            match layer.op {
                Op::Concat => {
                    let mut first = 0;
                    for &input in &layer.inputs {
                        let channels = self.layers[input].to[0];
                        maps::put_channels(self.output(input), channels, to, layer.to[0], first);
                        first += channels;
                    }
                }
                _ => compute(layer, &self.kernels[index], of(layer.inputs.first()), add, to),
            }
            each(index, to);
            self.buffers[self.plan[index]] = output;
        }
    }

    /// What a layer computed, while it is still to be read.
    fn output(&self, index: usize) -> &[f32] {
        &self.buffers[self.plan[index]][..size(&self.layers[index])]
    }

    /// What the last layer computed.
    pub fn last(&self) -> &[f32] {
        self.layers.len().checked_sub(1).map_or(&[], |last| self.output(last))
    }

    /// The last layer's weights of one unit, if it is a dense one.
    pub fn weights_of_unit(&self, unit: usize) -> Vec<f32> {
        match self.kernels.last() {
            Some(Kernel::Pointwise(dense)) => dense.weights_of(unit),
            _ => Vec::new(),
        }
    }
}

fn size(layer: &Layer) -> usize {
    layer.to.iter().product()
}

fn kernel(layer: &Layer, weights: &Weights) -> Result<Kernel, String> {
    let Some(shape) = layer.weight() else { return Ok(Kernel::Plain) };
    let weight = weights.tensor(&format!("{}.weight", layer.name), &shape)?;
    let bias = weights.tensor(&format!("{}.bias", layer.name), &shape[..1])?;
    let window = |kernel, stride| Window { kernel, stride, padding: layer.padding };
    Ok(match layer.op {
        Op::Conv { kernel, stride } => {
            let dense = Pointwise::new(weight, bias, shape[1..].iter().product())?;
            Kernel::Windows(dense, window(kernel, stride))
        }
        Op::Depthwise { kernel, stride } => {
            Kernel::Depthwise(Depthwise::new(weight, bias, window(kernel, stride), layer.activation)?)
        }
        _ => Kernel::Pointwise(Pointwise::new(weight, bias, shape[1])?),
    })
}

/// `from` `[height, width, channels]` to `to`.
fn compute(layer: &Layer, kernel: &Kernel, from: &[f32], add: Option<&[f32]>, to: &mut [f32]) {
    let after = After { activation: layer.activation, add };
    let [channels, height, width] = layer.from;
    let sizes = [height, width, channels];
    match (kernel, layer.op) {
        (Kernel::Windows(dense, window), _) => {
            let mut rows = vec![0.0; layer.to[2] * channels * window.kernel * window.kernel];
            let length = layer.to[2] * layer.to[0];
            for (y, to) in to.chunks_exact_mut(length).enumerate() {
                im2col::row(from, sizes, *window, y, &mut rows);
                let add = add.map(|add| &add[y * length..][..length]);
                dense.run(&rows, After { add, ..after }, to);
            }
        }
        (Kernel::Depthwise(depthwise), _) => {
            depthwise.run(from, height, width, to);
            add.into_iter().flatten().zip(to).for_each(|(add, to)| *to += add);
        }
        (Kernel::Pointwise(dense), _) => dense.run(from, after, to),
        (Kernel::Plain, Op::SpaceToDepth) => maps::space_to_depth(from, sizes, to),
        (Kernel::Plain, Op::Upsample) => maps::upsample(from, sizes, to),
        (Kernel::Plain, Op::MaxPool { kernel }) => maps::max_pool(from, sizes, kernel, to),
        (Kernel::Plain, _) => {
            debug_assert_eq!(layer.activation, Activation::Nothing);
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
    let reads = |layer: &Layer, index: usize| layer.adds == Some(index) || layer.inputs.contains(&index);
    let last_read: Vec<usize> = (0..layers.len())
        .map(|index| layers.iter().rposition(|layer| reads(layer, index)).unwrap_or(index))
        .collect();
    let mut plan: Vec<usize> = Vec::new();
    let mut sizes: Vec<usize> = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        let busy = |buffer: usize| (0..index).any(|other| plan[other] == buffer && last_read[other] >= index);
        let buffer = (0..sizes.len()).find(|&buffer| !busy(buffer)).unwrap_or(sizes.len());
        sizes.resize(sizes.len().max(buffer + 1), 0);
        sizes[buffer] = sizes[buffer].max(size(layer));
        plan.push(buffer);
    }
    (plan, sizes)
}
