//! The kernels of Transformers as operations of Burn's, as `backend_ext` has those for pictures.

use super::attention::Attended;
use super::backend_ext::{numbers, tensor};
use super::gelu;
use super::row_norm::RowNorm;
use super::shift::Shift;
use crate::engine::attention::{Attention, HeadRows};
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use std::sync::Arc;

/// Each query's mean of the values: `[batch, queries, width]`, `[batch, keys, width]` twice → as the queries.
pub fn attention(of: Attention, queries: Tensor<3>, keys: Tensor<3>, values: Tensor<3>) -> Tensor<3> {
    let [queries, keys, values] = [queries, keys, values].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Kernels>::attention(queries, keys, values, of))
}

/// How much each query takes of each value, `[batch, heads, queries, keys]`; no gradient flows here.
pub fn attention_weights(of: Attention, queries: Tensor<3>, keys: Tensor<3>) -> Tensor<4> {
    let [queries, keys] = [queries, keys].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Inspections>::attention_weights(queries, keys, of))
}

/// Rows of `[rows, width]` brought to mean 0 (if `centred`) and mean square 1, times γ, plus β, `[width]` each.
pub fn row_norm(x: Tensor<2>, [gamma, beta]: [Tensor<1>; 2], centred: bool, epsilon: f32) -> Tensor<2> {
    let of = RowNorm { width: x.dims()[1], centred, epsilon };
    let [gamma, beta] = [gamma, beta].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Kernels>::row_norm(x.into_dispatch(), gamma, beta, of))
}

/// Queries or keys, `[batch, time, width]`, as they meet.
pub fn head_rows(of: HeadRows, x: Tensor<3>) -> Tensor<3> {
    Tensor::from_dispatch(<Dispatch as Kernels>::head_rows(x.into_dispatch(), of))
}

/// `[batch, time, width]` with something of the few tokens before each; weights `[taps · width]`, the token's own first.
pub fn shift(x: Tensor<3>, weight: Tensor<1>) -> Tensor<3> {
    let [_, time, width] = x.dims();
    let of = Shift { time, width };
    Tensor::from_dispatch(<Dispatch as Kernels>::shift(x.into_dispatch(), weight.into_dispatch(), of))
}

/// x Φ(x), number by number. Burn's own GELU takes its slope from another formula, tanh's.
pub fn gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(<Dispatch as Kernels>::gelu(x.into_dispatch()))
}

#[backend_extension(Flex, Autodiff)]
pub trait Kernels: Backend {
    fn attention(
        queries: FloatTensor<Self>,
        keys: FloatTensor<Self>,
        values: FloatTensor<Self>,
        of: Attention,
    ) -> FloatTensor<Self>;

    fn row_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        of: RowNorm,
    ) -> FloatTensor<Self>;

    fn head_rows(x: FloatTensor<Self>, of: HeadRows) -> FloatTensor<Self>;

    fn shift(x: FloatTensor<Self>, weight: FloatTensor<Self>, of: Shift) -> FloatTensor<Self>;

    fn gelu(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

#[backend_extension(Flex)]
pub trait Inspections: Backend {
    fn attention_weights(
        queries: FloatTensor<Self>,
        keys: FloatTensor<Self>,
        of: Attention,
    ) -> FloatTensor<Self>;
}

fn attended(of: &Attention, all: [&FlexTensor; 3]) -> (FlexTensor, Vec<f32>) {
    let [queries, keys, values] = all.map(numbers);
    let Attended { output, weights } = of.forward(&queries, &keys, &values);
    (tensor(output, &[of.batch, of.queries, of.width]), weights)
}

fn shape(of: &FlexTensor) -> Vec<usize> {
    of.layout().shape().to_vec()
}

impl Kernels for Flex {
    fn attention(queries: FlexTensor, keys: FlexTensor, values: FlexTensor, of: Attention) -> FlexTensor {
        attended(&of, [&queries, &keys, &values]).0
    }

    fn row_norm(x: FlexTensor, gamma: FlexTensor, beta: FlexTensor, of: RowNorm) -> FlexTensor {
        tensor(of.forward(&numbers(&x), &numbers(&gamma), &numbers(&beta)), &shape(&x))
    }

    fn head_rows(x: FlexTensor, of: HeadRows) -> FlexTensor {
        tensor(of.forward(&numbers(&x)), &shape(&x))
    }

    fn shift(x: FlexTensor, weight: FlexTensor, of: Shift) -> FlexTensor {
        tensor(of.forward(&numbers(&x), &numbers(&weight)), &shape(&x))
    }

    fn gelu(x: FlexTensor) -> FlexTensor {
        tensor(gelu::forward(&numbers(&x)), &shape(&x))
    }
}

impl Inspections for Flex {
    fn attention_weights(queries: FlexTensor, keys: FlexTensor, of: Attention) -> FlexTensor {
        let (_, weights) = attended(&of, [&queries, &keys, &keys]);
        tensor(weights, &[of.batch, of.heads, of.queries, of.keys])
    }
}

impl<C: CheckpointStrategy> Kernels for Autodiff<Flex, C> {
    fn attention(
        queries: FloatTensor<Self>,
        keys: FloatTensor<Self>,
        values: FloatTensor<Self>,
        of: Attention,
    ) -> FloatTensor<Self> {
        let [queries, keys, values] = [queries, keys, values].map(|of| of.into_parts());
        let (output, weights) = attended(&of, [&queries.0, &keys.0, &values.0]);
        match of.prepare::<C>([queries.1, keys.1, values.1]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                prepared.finish(([queries.0, keys.0, values.0], Arc::new(weights)), output)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn row_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        of: RowNorm,
    ) -> FloatTensor<Self> {
        let [x, gamma, beta] = [x, gamma, beta].map(|of| of.into_parts());
        let output = Flex::row_norm(x.0.clone(), gamma.0.clone(), beta.0, of);
        match of.prepare::<C>([x.1, gamma.1, beta.1]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((x.0, gamma.0), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn head_rows(x: FloatTensor<Self>, of: HeadRows) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let output = Flex::head_rows(x.clone(), of);
        match of.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(x, output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn shift(x: FloatTensor<Self>, weight: FloatTensor<Self>, of: Shift) -> FloatTensor<Self> {
        let [x, weight] = [x.into_parts(), weight.into_parts()];
        let output = Flex::shift(x.0.clone(), weight.0.clone(), of);
        match of.prepare::<C>([x.1, weight.1]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish([x.0, weight.0], output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn gelu(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let output = Flex::gelu(x.clone());
        match Gelu.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(x, output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

impl Backward<Flex, 3> for Attention {
    /// Queries, keys and values; the weights.
    type State = ([FlexTensor; 3], Arc<Vec<f32>>);

    fn backward(self, ops: Ops<Self::State, 3>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        let (inputs, weights) = ops.state;
        let [queries, keys, values] = inputs.each_ref().map(numbers);
        let found = self.gradients([&queries, &keys, &values], &weights, &numbers(&gradient));
        let found = [found.queries, found.keys, found.values];
        for ((parent, found), input) in ops.parents.into_iter().zip(found).zip(&inputs) {
            if let Some(parent) = parent {
                all.register::<Flex>(parent.id, tensor(found, &shape(input)));
            }
        }
    }
}

impl Backward<Flex, 3> for RowNorm {
    /// Input, γ.
    type State = (FlexTensor, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 3>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        let (x, gamma) = ops.state;
        let found = self.gradients(&numbers(&x), &numbers(&gamma), &numbers(&gradient));
        let found = [
            (found.input.unwrap_or_default(), shape(&x)),
            (found.weight, vec![self.width]),
            (found.bias, vec![self.width]),
        ];
        for (parent, (found, shape)) in ops.parents.into_iter().zip(found) {
            if let Some(parent) = parent {
                all.register::<Flex>(parent.id, tensor(found, &shape));
            }
        }
    }
}

impl Backward<Flex, 1> for HeadRows {
    type State = FlexTensor;

    fn backward(self, ops: Ops<Self::State, 1>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        if let [Some(parent)] = ops.parents {
            let found = self.gradient(&numbers(&ops.state), &numbers(&gradient));
            all.register::<Flex>(parent.id, tensor(found, &shape(&ops.state)));
        }
    }
}

impl Backward<Flex, 2> for Shift {
    /// Input, weights.
    type State = [FlexTensor; 2];

    fn backward(self, ops: Ops<Self::State, 2>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        let [x, weight] = &ops.state;
        let found = self.gradients(&numbers(x), &numbers(weight), &numbers(&gradient));
        for ((parent, found), input) in ops.parents.into_iter().zip(found).zip(&ops.state) {
            if let Some(parent) = parent {
                all.register::<Flex>(parent.id, tensor(found, &shape(input)));
            }
        }
    }
}

#[derive(Debug)]
struct Gelu;

impl Backward<Flex, 1> for Gelu {
    type State = FlexTensor;

    fn backward(self, ops: Ops<Self::State, 1>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Flex>(&ops.node);
        if let [Some(parent)] = ops.parents {
            let found = gelu::gradient(&numbers(&ops.state), &numbers(&gradient));
            all.register::<Flex>(parent.id, tensor(found, &shape(&ops.state)));
        }
    }
}
