//! The programs as operations of Burn's: on tensors, with gradients. They are called as the CPU's are; pooling that no
//! convolution is before is left to Burn.

use super::convolution::Convolution;
use super::cross_entropy::Entropy;
use super::matmul::Dense;
use super::norm::Norm;
use super::optimizer_step::{Rule, Update};
use super::pipelines::Programs;
use crate::engine::device::tensor;
use crate::engine::layers::Tail;
use crate::engine::optimizer::{AdamStep, Sent};
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Wgpu, backend_extension};
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;

/// Convolution with bias and what follows it: `[batch, channels, height, width]`, weights flat in PyTorch's layout, bias
/// `[filters]` → `[batch, filters, out height, out width]`
pub fn conv(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    [kernel, stride]: [usize; 2],
    tail: Tail,
) -> Tensor<4> {
    let [_, channels, height, width] = x.dims();
    let filters = bias.dims()[0];
    let pooled = tail == Tail::ReluPool;
    let of = Convolution { channels, height, width, filters, kernel, stride, pooled };
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    let output = Tensor::from_dispatch(<Dispatch as Kernels>::conv(x, weight, bias, of));
    if tail == Tail::Relu { relu(output) } else { output }
}

/// `[batch, features]`, weights flat in PyTorch's layout, bias `[units]` → `[batch, units]`
pub fn dense(x: Tensor<2>, weight: Tensor<1>, bias: Tensor<1>, relu: bool) -> Tensor<2> {
    let of = Dense { inputs: x.dims()[1], units: bias.dims()[0], relu };
    let [weight, bias] = [weight, bias].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Kernels>::dense(x.into_dispatch(), weight, bias, of))
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
    let of = norm_of(&x, relu, by_batch);
    let (x, beta, gamma) = (x.into_dispatch(), beta.into_dispatch(), gamma.into_dispatch());
    let [mean, variance] = moments.map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Kernels>::norm(x, beta, gamma, mean, variance, of))
}

/// Each channel's mean and (biased) variance, `[channels]` each, of `[batch, channels, …]`; no gradient flows here.
pub fn moments<const D: usize>(x: Tensor<D>) -> [Tensor<1>; 2] {
    let of = norm_of(&x, false, true);
    let (mean, variance) = <Dispatch as Programs>::moments(x.into_dispatch(), of);
    [mean, variance].map(Tensor::from_dispatch)
}

fn norm_of<const D: usize>(x: &Tensor<D>, relu: bool, by_batch: bool) -> Norm {
    let shape = x.dims();
    Norm { batch: shape[0], channels: shape[1], area: shape[2..].iter().product(), relu, by_batch }
}

/// Max pooling of 2 × 2 windows.
pub fn pool(x: Tensor<4>) -> Tensor<4> {
    max_pool2d(x, MaxPoolOptions::new([2, 2]).with_stride([2, 2]))
}

/// Mean cross-entropy of `[labels, classes]`, nats; `[1]`
pub fn cross_entropy(logits: Tensor<2>, labels: Vec<u32>, smoothing: f32) -> Tensor<1> {
    let [rows, classes] = logits.dims();
    let of = Entropy { rows, classes, smoothing: smoothing.to_bits() };
    let truths = labels.into_iter().map(|label| label as f32).collect();
    let truths: Tensor<1> = tensor(truths, [rows], &logits.device());
    Tensor::from_dispatch(<Dispatch as Kernels>::entropy(logits.into_dispatch(), truths.into_dispatch(), of))
}

/// The new weights and averages, all `[length]`.
pub fn adam(
    value: Tensor<1>,
    gradient: Tensor<1>,
    averages: [Tensor<1>; 2],
    step: AdamStep,
    sent: &Sent,
) -> [Tensor<1>; 3] {
    let of = Update { rule: Rule::Adam, length: value.dims()[0] };
    let [beta1, beta2] = step.betas;
    let numbers = [step.kept, step.rate, step.epsilon, beta1, 1.0 - beta1, beta2, 1.0 - beta2];
    let step = sent.get_or_init(|| on_device(&value, numbers)).clone();
    let [value, gradient, step] = [value, gradient, step].map(Tensor::into_dispatch);
    let [first, second] = averages.map(Tensor::into_dispatch);
    let (value, first, second) = <Dispatch as Programs>::adam(value, gradient, first, second, step, of);
    [value, first, second].map(Tensor::from_dispatch)
}

/// The new weights and velocity, both `[length]`.
pub fn momentum(
    value: Tensor<1>,
    gradient: Tensor<1>,
    velocity: Tensor<1>,
    learning_rate: f64,
    sent: &Sent,
) -> [Tensor<1>; 2] {
    let of = Update { rule: Rule::Momentum, length: value.dims()[0] };
    let step = sent.get_or_init(|| on_device(&value, [learning_rate])).clone();
    let [value, gradient] = [value, gradient].map(Tensor::into_dispatch);
    let [velocity, step] = [velocity, step].map(Tensor::into_dispatch);
    let (value, velocity) = <Dispatch as Programs>::momentum(value, gradient, velocity, step, of);
    [value, velocity].map(Tensor::from_dispatch)
}

fn on_device<const N: usize>(beside: &Tensor<1>, numbers: [f64; N]) -> Tensor<1> {
    Tensor::from_floats(numbers.map(|number| number as f32), &beside.device())
}

#[backend_extension(Cube, Autodiff)]
pub trait Kernels: Backend {
    fn conv(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        of: Convolution,
    ) -> FloatTensor<Self>;

    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        of: Dense,
    ) -> FloatTensor<Self>;

    fn norm(
        x: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        of: Norm,
    ) -> FloatTensor<Self>;

    fn entropy(logits: FloatTensor<Self>, truths: FloatTensor<Self>, of: Entropy) -> FloatTensor<Self>;
}

impl Kernels for Wgpu {
    fn conv(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        of: Convolution,
    ) -> FloatTensor<Self> {
        Self::forward(x, weight, bias, of).0
    }

    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        of: Dense,
    ) -> FloatTensor<Self> {
        Self::dense_forward(x, weight, bias, of)
    }

    fn norm(
        x: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        of: Norm,
    ) -> FloatTensor<Self> {
        Self::norm_forward(x, beta, gamma, mean, variance, of).0
    }

    fn entropy(logits: FloatTensor<Self>, truths: FloatTensor<Self>, of: Entropy) -> FloatTensor<Self> {
        Self::loss(logits, truths, of).0
    }
}

impl<C: CheckpointStrategy> Kernels for Autodiff<Wgpu, C> {
    fn conv(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        of: Convolution,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node), (bias, bias_node)) =
            (x.into_parts(), weight.into_parts(), bias.into_parts());
        let (output, winners) = Wgpu::forward(x.clone(), weight.clone(), bias, of);
        match of.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((x, weight, winners), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        of: Dense,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node), (bias, bias_node)) =
            (x.into_parts(), weight.into_parts(), bias.into_parts());
        let output = Wgpu::dense_forward(x.clone(), weight.clone(), bias, of);
        match of.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
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
        of: Norm,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (beta, beta_node), (gamma, gamma_node)) =
            (x.into_parts(), beta.into_parts(), gamma.into_parts());
        let (mean, variance) = (mean.into_parts().0, variance.into_parts().0);
        let (output, lines) = Wgpu::norm_forward(x.clone(), beta, gamma, mean, variance, of);
        match of.prepare::<C>([x_node, gamma_node, beta_node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((x, lines), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn entropy(logits: FloatTensor<Self>, truths: FloatTensor<Self>, of: Entropy) -> FloatTensor<Self> {
        let ((logits, node), (truths, _)) = (logits.into_parts(), truths.into_parts());
        let (loss, gradient) = Wgpu::loss(logits, truths, of);
        match of.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(gradient, loss),
            OpsKind::UnTracked(prepared) => prepared.finish(loss),
        }
    }
}

impl Backward<Wgpu, 3> for Convolution {
    /// Input, weights, winners.
    type State = (FloatTensor<Wgpu>, FloatTensor<Wgpu>, FloatTensor<Wgpu>);

    fn backward(self, ops: Ops<Self::State, 3>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Wgpu>(&ops.node);
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        let (x, weight, winners) = ops.state;
        let input = parents[0].map(|_| Wgpu::to_input(gradient.clone(), winners.clone(), weight, self));
        let (weights, bias) = Wgpu::to_weights(x, gradient, winners, self);
        register(all, parents, [input, Some(weights), Some(bias)]);
    }
}

impl Backward<Wgpu, 3> for Dense {
    /// Input, weights, output.
    type State = (FloatTensor<Wgpu>, FloatTensor<Wgpu>, FloatTensor<Wgpu>);

    fn backward(self, ops: Ops<Self::State, 3>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Wgpu>(&ops.node);
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        let (x, weight, output) = ops.state;
        let input = parents[0].map(|_| Wgpu::dense_to_input(gradient.clone(), output.clone(), weight, self));
        let (weights, bias) = Wgpu::dense_to_weights(x, gradient, output, self);
        register(all, parents, [input, Some(weights), Some(bias)]);
    }
}

impl Backward<Wgpu, 3> for Norm {
    /// Input, lines.
    type State = (FloatTensor<Wgpu>, FloatTensor<Wgpu>);

    fn backward(self, ops: Ops<Self::State, 3>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Wgpu>(&ops.node);
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        let (x, lines) = ops.state;
        let (input, gamma, beta) = Wgpu::norm_backward(x, gradient, lines, self);
        register(all, parents, [input, gamma, beta].map(Some));
    }
}

impl Backward<Wgpu, 1> for Entropy {
    /// The gradient of a loss that counts once.
    type State = FloatTensor<Wgpu>;

    fn backward(self, ops: Ops<Self::State, 1>, all: &mut Gradients, _: &mut Checkpointer) {
        let share = Wgpu::float_reshape(all.consume::<Wgpu>(&ops.node), [1, 1].into());
        if let [Some(parent)] = ops.parents {
            all.register::<Wgpu>(parent.id, Wgpu::float_mul(ops.state, share));
        }
    }
}

/// Hands a layer's gradients to those parents that want them.
fn register(all: &mut Gradients, parents: [Option<NodeId>; 3], found: [Option<FloatTensor<Wgpu>>; 3]) {
    for (parent, found) in parents.into_iter().zip(found) {
        if let (Some(parent), Some(found)) = (parent, found) {
            all.register::<Wgpu>(parent, found);
        }
    }
}
