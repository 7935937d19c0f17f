//! The kernels as operations of Burn's: on tensors, with gradients. With `device` the only file that names a
//! backend, the CPU's; operations of ours on another device would panic, so only a build without a GPU calls them.

use super::conv::{Conv, Convolved, Tail};
pub use super::optimizer_step::{adam as adam_step, momentum};
use super::{LayerGradients, cross_entropy::CrossEntropy, dense::Dense, norm::Norm, pool::Pool};
use crate::engine::optimizer::{AdamStep, Sent};
use crate::layers::EPSILON;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::{Tensor, TensorData};
use std::borrow::Cow;
use std::sync::Arc;

/// Convolution with bias and what follows it: `[batch, channels, height, width]`, weights flat in PyTorch's
/// layout, bias `[filters]` → `[batch, filters, out height, out width]`
pub fn conv(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    [kernel, stride]: [usize; 2],
    tail: Tail,
) -> Tensor<4> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(<Dispatch as Kernels>::conv(x, weight, bias, kernel, stride, tail))
}

/// `[batch, features]`, weights flat in PyTorch's layout, bias `[units]` → `[batch, units]`
pub fn dense(x: Tensor<2>, weight: Tensor<1>, bias: Tensor<1>, relu: bool) -> Tensor<2> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(<Dispatch as Kernels>::dense(x, weight, bias, relu))
}

/// Normalisation and, with `relu`, a ReLU: `[batch, channels, …]` → the same; the rest is `[channels]` each. With
/// `by_batch` mean and variance are `moments` of this `x`, and the gradient knows it.
pub fn norm<const D: usize>(
    x: Tensor<D>,
    [beta, gamma]: [Tensor<1>; 2],
    moments: [Tensor<1>; 2],
    relu: bool,
    by_batch: bool,
) -> Tensor<D> {
    let (x, beta, gamma) = (x.into_dispatch(), beta.into_dispatch(), gamma.into_dispatch());
    let [mean, variance] = moments.map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Kernels>::norm(x, beta, gamma, mean, variance, relu, by_batch))
}

/// Max pooling of 2 × 2 windows: `[batch, channels, height, width]` → `[batch, channels, height / 2, width / 2]`
pub fn pool(x: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as Kernels>::pool(x.into_dispatch()))
}

/// Mean cross-entropy of `[labels, classes]`, nats; `[1]`
pub fn cross_entropy(logits: Tensor<2>, labels: Vec<u32>, smoothing: f32) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Kernels>::cross_entropy(logits.into_dispatch(), labels, smoothing))
}

/// Each channel's mean and (biased) variance, `[channels]` each, of `[batch, channels, …]`; no gradient flows here.
pub fn moments<const D: usize>(x: Tensor<D>) -> [Tensor<1>; 2] {
    <[_; 2]>::from(<Dispatch as Updates>::moments(x.into_dispatch())).map(Tensor::from_dispatch)
}

/// Adam's new weights and averages, all `[length]`; in place where a tensor has no other owner.
pub fn adam(
    value: Tensor<1>,
    gradient: Tensor<1>,
    averages: [Tensor<1>; 2],
    step: AdamStep,
    _: &Sent,
) -> [Tensor<1>; 3] {
    let [first, second] = averages.map(Tensor::into_dispatch);
    let (value, first, second) =
        <Dispatch as Updates>::adam(value.into_dispatch(), gradient.into_dispatch(), first, second, step);
    [value, first, second].map(Tensor::from_dispatch)
}

#[backend_extension(Flex, Autodiff)]
pub trait Kernels: Backend {
    fn conv(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        kernel: usize,
        stride: usize,
        tail: Tail,
    ) -> FloatTensor<Self>;

    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self>;

    fn norm(
        x: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        relu: bool,
        by_batch: bool,
    ) -> FloatTensor<Self>;

    fn pool(x: FloatTensor<Self>) -> FloatTensor<Self>;

    fn cross_entropy(logits: FloatTensor<Self>, labels: Vec<u32>, smoothing: f32) -> FloatTensor<Self>;
}

#[backend_extension(Flex)]
pub trait Updates: Backend {
    fn adam(
        value: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: AdamStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    fn moments(x: FloatTensor<Self>) -> (FloatTensor<Self>, FloatTensor<Self>);
}

/// A tensor's numbers in order; copied only if it is a view that has them in another.
pub(super) fn numbers(tensor: &FlexTensor) -> Cow<'_, [f32]> {
    match tensor.as_slice::<f32>() {
        Some(numbers) => Cow::Borrowed(numbers),
        None => Cow::Owned(tensor.to_contiguous().storage::<f32>().to_vec()),
    }
}

/// Without a copy.
pub(super) fn tensor(values: Vec<f32>, shape: &[usize]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape.to_vec()))
}

/// A convolution and its output; the winners are for the backward pass.
fn convolved(
    x: &FlexTensor,
    weight: &FlexTensor,
    bias: &FlexTensor,
    [kernel, stride]: [usize; 2],
    tail: Tail,
) -> (Conv, FlexTensor, Vec<u8>) {
    let (shape, filters) = (x.layout().shape(), bias.layout().shape()[0]);
    let (batch, channels, height, width) = (shape[0], shape[1], shape[2], shape[3]);
    let conv = Conv { batch, channels, height, width, filters, kernel, stride, tail };
    let Convolved { output, winners } = conv.forward(&numbers(x), &numbers(weight), &numbers(bias));
    let [height, width] = conv.out();
    (conv, tensor(output, &[batch, filters, height, width]), winners)
}

fn dense_layer(x: &FlexTensor, weight: &FlexTensor, bias: &FlexTensor, relu: bool) -> (Dense, FlexTensor) {
    let (shape, units) = (x.layout().shape(), bias.layout().shape()[0]);
    let dense = Dense { batch: shape[0], features: shape[1], units, relu };
    let output = dense.forward(&numbers(x), &numbers(weight), &numbers(bias));
    (dense, tensor(output, &[dense.batch, units]))
}

fn norm_of(x: &FlexTensor, relu: bool, by_batch: bool) -> Norm {
    let shape = x.layout().shape();
    let area = shape[2..].iter().product();
    Norm { batch: shape[0], channels: shape[1], area, epsilon: EPSILON as f32, relu, by_batch }
}

fn normalised(x: &FlexTensor, by: [&FlexTensor; 4], relu: bool, by_batch: bool) -> (Norm, FlexTensor) {
    let norm = norm_of(x, relu, by_batch);
    let [beta, gamma, mean, variance] = by.map(numbers);
    let output = norm.forward(&numbers(x), &beta, &gamma, [&mean, &variance]);
    (norm, tensor(output, &x.layout().shape().to_vec()))
}

/// A pooling and its output; the winners are for the backward pass.
fn pooled(x: &FlexTensor) -> (Pool, FlexTensor, Vec<u8>) {
    let shape = x.layout().shape();
    let pool = Pool { planes: shape[0] * shape[1], height: shape[2], width: shape[3] };
    let (output, winners) = pool.forward(&numbers(x));
    let [height, width] = pool.out();
    (pool, tensor(output, &[shape[0], shape[1], height, width]), winners)
}

/// The loss, `[1]`, and the logits' gradient.
fn entropy(logits: &FlexTensor, labels: &[u32], smoothing: f32) -> [FlexTensor; 2] {
    let shape = logits.layout().shape().to_vec();
    let (loss, gradient) = CrossEntropy { smoothing }.forward(&numbers(logits), labels, shape[1]);
    [tensor(vec![loss], &[1]), tensor(gradient, &shape)]
}

impl Kernels for Flex {
    fn conv(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        kernel: usize,
        stride: usize,
        tail: Tail,
    ) -> FlexTensor {
        convolved(&x, &weight, &bias, [kernel, stride], tail).1
    }

    fn dense(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, relu: bool) -> FlexTensor {
        dense_layer(&x, &weight, &bias, relu).1
    }

    fn norm(
        x: FlexTensor,
        beta: FlexTensor,
        gamma: FlexTensor,
        mean: FlexTensor,
        variance: FlexTensor,
        relu: bool,
        by_batch: bool,
    ) -> FlexTensor {
        normalised(&x, [&beta, &gamma, &mean, &variance], relu, by_batch).1
    }

    fn pool(x: FlexTensor) -> FlexTensor {
        pooled(&x).1
    }

    fn cross_entropy(logits: FlexTensor, labels: Vec<u32>, smoothing: f32) -> FlexTensor {
        entropy(&logits, &labels, smoothing)[0].clone()
    }
}

impl Updates for Flex {
    fn adam(
        mut value: FlexTensor,
        gradient: FlexTensor,
        mut first: FlexTensor,
        mut second: FlexTensor,
        step: AdamStep,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let gradient = numbers(&gradient);
        adam_step(&step, value.storage_mut(), &gradient, first.storage_mut(), second.storage_mut());
        (value, first, second)
    }

    fn moments(x: FlexTensor) -> (FlexTensor, FlexTensor) {
        let norm = norm_of(&x, false, true);
        norm.moments(&numbers(&x)).map(|found| tensor(found, &[norm.channels])).into()
    }
}

impl<C: CheckpointStrategy> Kernels for Autodiff<Flex, C> {
    fn conv(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        kernel: usize,
        stride: usize,
        tail: Tail,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node), (bias, bias_node)) =
            (x.into_parts(), weight.into_parts(), bias.into_parts());
        let (conv, output, winners) = convolved(&x, &weight, &bias, [kernel, stride], tail);
        match conv.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((x, weight, Arc::new(winners)), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node), (bias, bias_node)) =
            (x.into_parts(), weight.into_parts(), bias.into_parts());
        let (dense, output) = dense_layer(&x, &weight, &bias, relu);
        match dense.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((x, weight, output.clone()), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn norm(
        x: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        relu: bool,
        by_batch: bool,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (beta, beta_node), (gamma, gamma_node)) =
            (x.into_parts(), beta.into_parts(), gamma.into_parts());
        let (mean, variance) = (mean.into_parts().0, variance.into_parts().0);
        let (norm, output) = normalised(&x, [&beta, &gamma, &mean, &variance], relu, by_batch);
        match norm.prepare::<C>([x_node, gamma_node, beta_node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((x, [beta, gamma, mean, variance]), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let (pool, output, winners) = pooled(&x);
        let shape = x.layout().shape().to_vec();
        match pool.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((shape, Arc::new(winners)), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn cross_entropy(logits: FloatTensor<Self>, labels: Vec<u32>, smoothing: f32) -> FloatTensor<Self> {
        let (logits, node) = logits.into_parts();
        let [loss, gradient] = entropy(&logits, &labels, smoothing);
        match (CrossEntropy { smoothing }).prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(gradient, loss),
            OpsKind::UnTracked(prepared) => prepared.finish(loss),
        }
    }
}

impl Backward<Flex, 1> for CrossEntropy {
    /// The gradient of a loss that counts once.
    type State = FlexTensor;

    fn backward(self, ops: Ops<Self::State, 1>, all: &mut Gradients, _: &mut Checkpointer) {
        let share = numbers(&all.consume::<Flex>(&ops.node))[0];
        if let [Some(parent)] = ops.parents {
            let gradient = numbers(&ops.state).iter().map(|number| number * share).collect();
            all.register::<Flex>(parent.id, tensor(gradient, &ops.state.layout().shape().to_vec()));
        }
    }
}

impl Backward<Flex, 3> for Conv {
    /// Input, weights, winners.
    type State = (FlexTensor, FlexTensor, Arc<Vec<u8>>);

    fn backward(self, ops: Ops<Self::State, 3>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        let (x, weight, winners) = ops.state;
        let (inputs, weights, gradient) = (numbers(&x), numbers(&weight), numbers(&gradient));
        let found = self.gradients(&inputs, &weights, &winners, &gradient, parents[0].is_some());
        register(all, parents, found, &[self.batch, self.channels, self.height, self.width]);
    }
}

impl Backward<Flex, 3> for Dense {
    /// Input, weights, output.
    type State = (FlexTensor, FlexTensor, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 3>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        let (x, weight, output) = ops.state;
        let (inputs, weights, gradient) = (numbers(&x), numbers(&weight), numbers(&gradient));
        let found = self.gradients(&inputs, &weights, &numbers(&output), &gradient, parents[0].is_some());
        register(all, parents, found, &[self.batch, self.features]);
    }
}

impl Backward<Flex, 3> for Norm {
    /// Input; β, γ, mean, variance.
    type State = (FlexTensor, [FlexTensor; 4]);

    fn backward(self, ops: Ops<Self::State, 3>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        let (x, by) = ops.state;
        let [beta, gamma, mean, variance] = by.each_ref().map(numbers);
        let (inputs, gradient) = (numbers(&x), numbers(&gradient));
        let found = self.gradients(&inputs, &beta, &gamma, [&mean, &variance], &gradient);
        register(all, parents, found, &x.layout().shape().to_vec());
    }
}

impl Backward<Flex, 1> for Pool {
    /// The input's shape, winners.
    type State = (Vec<usize>, Arc<Vec<u8>>);

    fn backward(self, ops: Ops<Self::State, 1>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        let (shape, winners) = ops.state;
        if let [Some(parent)] = ops.parents {
            all.register::<Flex>(parent.id, tensor(self.gradient(&winners, &numbers(&gradient)), &shape));
        }
    }
}

/// Hands a layer's gradients to those parents, input, weights and bias, that want them.
fn register(all: &mut Gradients, parents: [Option<NodeId>; 3], found: LayerGradients, input: &[usize]) {
    let (weight, bias) = (found.weight.len(), found.bias.len());
    let shapes: [&[usize]; 3] = [input, &[weight], &[bias]];
    let found = [found.input, Some(found.weight), Some(found.bias)];
    for ((parent, values), shape) in parents.into_iter().zip(found).zip(shapes) {
        if let (Some(parent), Some(values)) = (parent, values) {
            all.register::<Flex>(parent, tensor(values, shape));
        }
    }
}
