//! Recurrent layers on a GPU as operations of Burn's, called as the CPU's kernels are: a program for each step, then one
//! product of all steps for the weights' gradient.

use super::launch::{Program, empty, launch};
use super::matmul::{Dense, Product};
use super::recurrent::{Pass, STRIDE, Walk};
use crate::engine::recurrent::{Cell, Unrolled, from_one_row};
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::wgpu::{CubeBackend, CubeTensor};
use burn::backend::{Autodiff, Backend, Dispatch, Wgpu, backend_extension};
use burn::tensor::{Device, Tensor, TensorData};
use burn_cubecl::kernel::into_contiguous;

/// As `engine::recurrent::composed`, with gradients for everything that is given.
pub fn recurrent(
    cell: Cell,
    projected: Tensor<3>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    states: Vec<Tensor<2>>,
) -> Unrolled {
    let of = sizes(cell, &projected);
    let Walk { batch, time, units, .. } = of;
    let steps = steps(of, &projected.device()).into_dispatch();
    let (projected, state) = (projected.into_dispatch(), Tensor::cat(states, 0).into_dispatch());
    let [weight, bias] = [weight, bias].map(Tensor::into_dispatch);
    let all: Tensor<1> =
        Tensor::from_dispatch(<Dispatch as Kernels>::recurrent(projected, weight, bias, state, steps, of));
    from_one_row(all, cell, [batch, time, units])
}

/// What `Cell::activations` names, `[batch, time, activations, units]`, of the same walk; no gradient flows here.
pub fn activations(
    cell: Cell,
    projected: Tensor<3>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    states: Vec<Tensor<2>>,
) -> Tensor<4> {
    let of = sizes(cell, &projected);
    let steps = steps(of, &projected.device()).into_dispatch();
    let (projected, state) = (projected.into_dispatch(), Tensor::cat(states, 0).into_dispatch());
    let [weight, bias] = [weight, bias].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Walks>::walk(projected, weight, bias, state, steps, of).1)
}

fn sizes(cell: Cell, projected: &Tensor<3>) -> Walk {
    let [batch, time, wide] = projected.dims();
    Walk { cell, batch, time, units: wide / cell.gates() }
}

/// The numbers of all steps and of the end, `[time + 1, STRIDE]`, each where a buffer may begin.
fn steps(of: Walk, device: &Device) -> Tensor<2> {
    let numbers: Vec<f32> = (0..=of.time).flat_map(|step| [step as f32; STRIDE]).collect();
    Tensor::from_data(TensorData::new::<f32, _>(numbers, [of.time + 1, STRIDE]), device)
}

/// The number of one step of those.
fn number_of(steps: &CubeTensor, at: usize) -> CubeTensor {
    let mut one = steps.clone();
    one.handle = one.handle.offset_start((at * STRIDE * size_of::<f32>()) as u64);
    one
}

#[backend_extension(Cube, Autodiff)]
pub trait Kernels: Backend {
    fn recurrent(
        projected: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        state: FloatTensor<Self>,
        steps: FloatTensor<Self>,
        of: Walk,
    ) -> FloatTensor<Self>;
}

#[backend_extension(Cube)]
pub trait Walks: Backend {
    /// All hidden states and then, of a cell that has one, the last state c, as one row; and the activations.
    fn walk(
        projected: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        state: FloatTensor<Self>,
        steps: FloatTensor<Self>,
        of: Walk,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

impl Walks for CubeBackend {
    fn walk(
        projected: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        state: CubeTensor,
        steps: CubeTensor,
        of: Walk,
    ) -> (CubeTensor, CubeTensor) {
        let [projected, weight, bias, state] = [projected, weight, bias, state].map(into_contiguous);
        let transposed = empty(&weight, [of.units * of.wide()]);
        run(of, Pass::Transpose, &[&weight, &transposed]);
        let output = empty(&projected, [of.length()]);
        let kept = empty(&projected, [of.batch, of.time, of.cell.activations().len(), of.units]);
        for at in 0..of.time {
            let step = number_of(&steps, at);
            run(of, Pass::Forward, &[&step, &projected, &transposed, &bias, &state, &output, &kept]);
        }
        (output, kept)
    }
}

fn run(of: Walk, pass: Pass, tensors: &[&CubeTensor]) {
    launch(Program::Recur(of, pass), of.groups(pass), tensors);
}

impl Kernels for Wgpu {
    fn recurrent(
        projected: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        state: FloatTensor<Self>,
        steps: FloatTensor<Self>,
        of: Walk,
    ) -> FloatTensor<Self> {
        Self::walk(projected, weight, bias, state, steps, of).0
    }
}

impl<C: CheckpointStrategy> Kernels for Autodiff<Wgpu, C> {
    fn recurrent(
        projected: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        state: FloatTensor<Self>,
        steps: FloatTensor<Self>,
        of: Walk,
    ) -> FloatTensor<Self> {
        let [projected, weight, bias, state] = [projected, weight, bias, state].map(|of| of.into_parts());
        let steps = steps.into_parts().0;
        let (output, kept) =
            Wgpu::walk(projected.0, weight.0.clone(), bias.0, state.0.clone(), steps.clone(), of);
        match of.prepare::<C>([projected.1, weight.1, bias.1, state.1]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                prepared.finish([weight.0, state.0, steps, output.clone(), kept], output)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

impl Backward<Wgpu, 4> for Walk {
    /// Weights, first states, the steps' numbers, output, activations.
    type State = [FloatTensor<Wgpu>; 5];

    fn backward(self, ops: Ops<Self::State, 4>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = into_contiguous(all.consume::<Wgpu>(&ops.node));
        let [weight, state, steps, output, kept] = ops.state.map(into_contiguous);
        let Self { cell, batch, time, units } = self;
        let (count, wide) = (batch * time, self.wide());
        let before = empty(&output, [count, units]);
        run(self, Pass::Before, &[&state, &output, &before]);
        let sums = empty(&output, [batch, time, wide]);
        let of_projected =
            if self.same_gradient() { sums.clone() } else { empty(&output, [batch, time, wide]) };
        let of_states = empty(&output, [cell.states() * batch, units]);
        for at in (0..=time).rev() {
            let step = number_of(&steps, at);
            let tensors: &[&CubeTensor] = match cell {
                Cell::Rnn => &[&step, &weight, &kept, &gradient, &sums, &of_states],
                Cell::Lstm => &[&step, &weight, &state, &kept, &gradient, &sums, &of_states],
                Cell::Gru => &[&step, &weight, &before, &kept, &gradient, &of_projected, &sums, &of_states],
            };
            run(self, Pass::Backward, tensors);
        }
        let product = Product::ToWeights(Dense { inputs: units, units: wide, relu: false }, count);
        let [of_weight, of_bias] = [wide * units, wide].map(|length| empty(&output, [length]));
        launch(Program::Product(product), product.groups(count), &[&sums, &before, &of_weight, &of_bias]);
        for (parent, found) in ops.parents.into_iter().zip([of_projected, of_weight, of_bias, of_states]) {
            if let Some(parent) = parent {
                all.register::<Wgpu>(parent.id, found);
            }
        }
    }
}
