//! The kernels for sequences as operations of Burn's, as `backend_ext` has those for pictures.

use super::backend_ext::{self, numbers, tensor};
use super::embedding;
use super::recurrent::{Recurrent, RecurrentOutput};
use crate::engine::recurrent::{Cell, Unrolled, from_one_row};
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use std::sync::Arc;

/// Rows of `table` `[rows · width]` by their numbers → `[ids, width]`
pub fn embedding(table: Tensor<1>, ids: Vec<u32>, width: usize) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as Kernels>::embedding(table.into_dispatch(), ids, width))
}

/// As `engine::recurrent::composed`, with gradients for everything that is given.
pub fn recurrent(
    cell: Cell,
    projected: Tensor<3>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    states: Vec<Tensor<2>>,
) -> Unrolled {
    let of = sizes(cell, &projected);
    let Recurrent { batch, time, units, .. } = of;
    let (projected, state) = (projected.into_dispatch(), together(states).into_dispatch());
    let [weight, bias] = [weight, bias].map(Tensor::into_dispatch);
    let all: Tensor<1> =
        Tensor::from_dispatch(<Dispatch as Kernels>::recurrent(projected, weight, bias, state, of));
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
    let (projected, state) = (projected.into_dispatch(), together(states).into_dispatch());
    let [weight, bias] = [weight, bias].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Inspections>::activations(projected, weight, bias, state, of))
}

/// Mean cross-entropy of `[tokens, classes]`, nats, over the tokens that are not `IGNORE_INDEX`; `[1]`
pub fn token_cross_entropy(logits: Tensor<2>, tokens: Vec<u32>, smoothing: f32) -> Tensor<1> {
    backend_ext::cross_entropy(logits, tokens, smoothing)
}

fn sizes(cell: Cell, projected: &Tensor<3>) -> Recurrent {
    let [batch, time, wide] = projected.dims();
    Recurrent { cell, batch, time, units: wide / cell.gates() }
}

/// `[states · batch, units]`
fn together(mut states: Vec<Tensor<2>>) -> Tensor<2> {
    if states.len() == 1 { states.remove(0) } else { Tensor::cat(states, 0) }
}

#[backend_extension(Flex, Autodiff)]
pub trait Kernels: Backend {
    fn embedding(table: FloatTensor<Self>, ids: Vec<u32>, width: usize) -> FloatTensor<Self>;

    fn recurrent(
        projected: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        state: FloatTensor<Self>,
        of: Recurrent,
    ) -> FloatTensor<Self>;
}

#[backend_extension(Flex)]
pub trait Inspections: Backend {
    fn activations(
        projected: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        state: FloatTensor<Self>,
        of: Recurrent,
    ) -> FloatTensor<Self>;
}

fn gathered(table: &FlexTensor, ids: &[u32], width: usize) -> FlexTensor {
    tensor(embedding::gather(&numbers(table), ids, width), &[ids.len(), width])
}

/// All hidden states and then, of a cell that has one, the last state c, as one row: an operation has one output.
fn walked(
    [projected, weight, bias, state]: [&FlexTensor; 4],
    of: Recurrent,
) -> (FlexTensor, RecurrentOutput) {
    let state = numbers(state);
    let states: Vec<&[f32]> = state.chunks_exact(of.batch * of.units).collect();
    let mut walked = of.forward(&numbers(projected), &numbers(weight), &numbers(bias), &states);
    let mut output = walked.hidden.clone();
    output.extend(walked.last.drain(1..).flatten());
    let length = output.len();
    (tensor(output, &[length]), walked)
}

impl Kernels for Flex {
    fn embedding(table: FlexTensor, ids: Vec<u32>, width: usize) -> FlexTensor {
        gathered(&table, &ids, width)
    }

    fn recurrent(
        projected: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        state: FlexTensor,
        of: Recurrent,
    ) -> FlexTensor {
        walked([&projected, &weight, &bias, &state], of).0
    }
}

impl Inspections for Flex {
    fn activations(
        projected: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        state: FlexTensor,
        of: Recurrent,
    ) -> FlexTensor {
        let (_, walked) = walked([&projected, &weight, &bias, &state], of);
        let activations = if of.cell == Cell::Rnn { walked.hidden } else { walked.activations };
        tensor(activations, &[of.batch, of.time, of.cell.activations().len(), of.units])
    }
}

impl<C: CheckpointStrategy> Kernels for Autodiff<Flex, C> {
    fn embedding(table: FloatTensor<Self>, ids: Vec<u32>, width: usize) -> FloatTensor<Self> {
        let (table, node) = table.into_parts();
        let output = gathered(&table, &ids, width);
        let length = table.layout().shape()[0];
        match (EmbeddingTable { width, length }).prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(Arc::new(ids), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn recurrent(
        projected: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        state: FloatTensor<Self>,
        of: Recurrent,
    ) -> FloatTensor<Self> {
        let [projected, weight, bias, state] = [projected, weight, bias, state].map(|of| of.into_parts());
        let (output, done) = walked([&projected.0, &weight.0, &bias.0, &state.0], of);
        match of.prepare::<C>([projected.1, weight.1, bias.1, state.1]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((weight.0, state.0, Arc::new(done)), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

/// The sizes of an embedding's table.
#[derive(Clone, Copy, Debug)]
struct EmbeddingTable {
    width: usize,
    length: usize,
}

impl Backward<Flex, 1> for EmbeddingTable {
    /// The ids.
    type State = Arc<Vec<u32>>;

    fn backward(self, ops: Ops<Self::State, 1>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        if let [Some(parent)] = ops.parents {
            let Self { width, length } = self;
            let found = embedding::scatter_add(&numbers(&gradient), &ops.state, length / width, width);
            all.register::<Flex>(parent.id, tensor(found, &[length]));
        }
    }
}

impl Backward<Flex, 4> for Recurrent {
    /// Weights, first states, and what the walk left.
    type State = (FlexTensor, FlexTensor, Arc<RecurrentOutput>);

    fn backward(self, ops: Ops<Self::State, 4>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        let (weight, state, walked) = ops.state;
        let Self { batch, time, units, cell } = self;
        let (gradient, state) = (numbers(&gradient), numbers(&state));
        let states: Vec<&[f32]> = state.chunks_exact(batch * units).collect();
        let of = gradient.split_at(batch * time * units);
        let found =
            self.gradients(&numbers(&weight), &states, [&walked.hidden, &walked.activations], [of.0, of.1]);
        let wide = cell.gates() * units;
        let found = [
            tensor(found.projected, &[batch, time, wide]),
            tensor(found.weight, &[wide * units]),
            tensor(found.bias, &[wide]),
            tensor(found.states.concat(), &[cell.states() * batch, units]),
        ];
        for (parent, found) in ops.parents.into_iter().zip(found) {
            if let Some(parent) = parent {
                all.register::<Flex>(parent.id, found);
            }
        }
    }
}
