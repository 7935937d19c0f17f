//! Transformers on a GPU, called as the CPU's kernels are. Attention is programs of ours; what goes number by number is
//! composed of Burn's own operations for now.

use super::attention::{Attend, Pass};
use super::launch::{Program, empty, launch};
use crate::engine::attention::{Attention, EPSILON, HeadRows, turns};
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::wgpu::{CubeBackend, CubeTensor};
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, Wgpu, backend_extension};
use burn::tensor::{Tensor, TensorData};
use burn_cubecl::kernel::into_contiguous;

/// Each query's mean of the values: `[batch, queries, width]`, `[batch, keys, width]` twice → as the queries.
pub fn attention(of: Attention, queries: Tensor<3>, keys: Tensor<3>, values: Tensor<3>) -> Tensor<3> {
    let lengths = lengths(&of, &queries).into_dispatch();
    let [queries, keys, values] = [queries, keys, values].map(Tensor::into_dispatch);
    let of = Attend::from(&of);
    Tensor::from_dispatch(<Dispatch as Kernels>::attention(queries, keys, values, lengths, of))
}

/// How much each query takes of each value, `[batch, heads, queries, keys]`; no gradient flows here.
pub fn attention_weights(of: Attention, queries: Tensor<3>, keys: Tensor<3>) -> Tensor<4> {
    let lengths = lengths(&of, &queries).into_dispatch();
    let [queries, keys] = [queries, keys].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Attends>::weights(queries, keys, lengths, Attend::from(&of)))
}

/// Rows of `[rows, width]` brought to mean 0 (if `centred`) and mean square 1, times γ, plus β, `[width]` each.
pub fn row_norm(x: Tensor<2>, [gamma, beta]: [Tensor<1>; 2], centred: bool, epsilon: f32) -> Tensor<2> {
    let x = if centred { x.clone() - x.mean_dim(1) } else { x };
    let square = (x.clone() * x.clone()).mean_dim(1);
    x / (square + epsilon).sqrt() * gamma.unsqueeze() + beta.unsqueeze()
}

/// Queries or keys, `[batch, time, width]`, as they meet.
pub fn head_rows(of: HeadRows, x: Tensor<3>) -> Tensor<3> {
    let ([batch, _, width], HeadRows { time, heads, size, normalised, rotary }) = (x.dims(), of);
    let mut x: Tensor<4> = x.reshape([batch, time, heads, size]);
    if normalised {
        let square = (x.clone() * x.clone()).mean_dim(3);
        x = x / (square + EPSILON).sqrt();
    }
    if rotary {
        let (half, device, turns) = (size / 2, x.device(), turns(time, size));
        let table = |part: usize| {
            let values: Vec<f32> = turns.iter().map(|turn| turn[part]).collect();
            Tensor::<4>::from_data(TensorData::new::<f32, _>(values, [1, time, 1, half]), &device)
        };
        let [cos, sin] = [0, 1].map(table);
        let [a, b] = [0, half].map(|from| x.clone().narrow(3, from, half));
        let first = a.clone() * cos.clone() - b.clone() * sin.clone();
        x = Tensor::cat(vec![first, a * sin + b * cos], 3);
    }
    x.reshape([batch, time, width])
}

/// `[batch, time, width]` with something of the few tokens before each; weights `[taps · width]`, the token's own first.
pub fn shift(x: Tensor<3>, weight: Tensor<1>) -> Tensor<3> {
    let [batch, time, width] = x.dims();
    let taps = weight.dims()[0] / width;
    let before = Tensor::zeros([batch, taps - 1, width], &x.device());
    let long = Tensor::cat(vec![before, x.clone()], 1);
    (0..taps).fold(x, |sum, tap| {
        let weight = weight.clone().narrow(0, tap * width, width).unsqueeze::<3>();
        sum + long.clone().narrow(1, taps - 1 - tap, time) * weight
    })
}

/// x Φ(x), number by number, so composed that its slope is its own: Burn's own GELU takes tanh's formula there.
pub fn gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let below = (x.clone() * std::f32::consts::FRAC_1_SQRT_2).erf() + 1.0;
    x * below * 0.5
}

/// Of each example, where they differ.
fn lengths(of: &Attention, beside: &Tensor<3>) -> Tensor<1> {
    let lengths: Vec<f32> = of.lengths.iter().map(|length| *length as f32).collect();
    let count = lengths.len().max(1);
    let lengths = if lengths.is_empty() { vec![0.0] } else { lengths };
    Tensor::from_data(TensorData::new::<f32, _>(lengths, [count]), &beside.device())
}

#[backend_extension(Cube, Autodiff)]
pub trait Kernels: Backend {
    fn attention(
        queries: FloatTensor<Self>,
        keys: FloatTensor<Self>,
        values: FloatTensor<Self>,
        lengths: FloatTensor<Self>,
        of: Attend,
    ) -> FloatTensor<Self>;
}

#[backend_extension(Cube)]
pub trait Attends: Backend {
    /// The output, and the rows' numbers for the way back.
    fn attend(
        queries: FloatTensor<Self>,
        keys: FloatTensor<Self>,
        values: FloatTensor<Self>,
        lengths: FloatTensor<Self>,
        of: Attend,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    fn weights(
        queries: FloatTensor<Self>,
        keys: FloatTensor<Self>,
        lengths: FloatTensor<Self>,
        of: Attend,
    ) -> FloatTensor<Self>;
}

/// Runs a pass on what it reads, in its order, and writes new tensors of these shapes.
fn run<'a, const WRITTEN: usize>(
    of: Attend,
    pass: Pass,
    mut read: Vec<&'a CubeTensor>,
    lengths: &'a CubeTensor,
    written: [&'a CubeTensor; WRITTEN],
) {
    if of.ragged {
        read.push(lengths);
    }
    read.extend(written);
    launch(Program::Attend(of, pass), of.groups(pass), &read);
}

impl Attends for CubeBackend {
    fn attend(
        queries: CubeTensor,
        keys: CubeTensor,
        values: CubeTensor,
        lengths: CubeTensor,
        of: Attend,
    ) -> (CubeTensor, CubeTensor) {
        let [queries, keys, values] = [queries, keys, values].map(into_contiguous);
        let output = empty(&queries, [of.batch, of.queries, of.width]);
        let rows = empty(&queries, [of.batch * of.heads * of.queries * 2]);
        run(of, Pass::Forward, vec![&queries, &keys, &values], &lengths, [&output, &rows]);
        (output, rows)
    }

    fn weights(queries: CubeTensor, keys: CubeTensor, lengths: CubeTensor, of: Attend) -> CubeTensor {
        let [queries, keys] = [queries, keys].map(into_contiguous);
        let output = empty(&queries, [of.batch, of.heads, of.queries, of.keys]);
        run(of, Pass::Weights, vec![&queries, &keys], &lengths, [&output]);
        output
    }
}

impl Kernels for Wgpu {
    fn attention(
        queries: FloatTensor<Self>,
        keys: FloatTensor<Self>,
        values: FloatTensor<Self>,
        lengths: FloatTensor<Self>,
        of: Attend,
    ) -> FloatTensor<Self> {
        Self::attend(queries, keys, values, lengths, of).0
    }
}

impl<C: CheckpointStrategy> Kernels for Autodiff<Wgpu, C> {
    fn attention(
        queries: FloatTensor<Self>,
        keys: FloatTensor<Self>,
        values: FloatTensor<Self>,
        lengths: FloatTensor<Self>,
        of: Attend,
    ) -> FloatTensor<Self> {
        let [queries, keys, values] = [queries, keys, values].map(|of| of.into_parts());
        let lengths = lengths.into_parts().0;
        let inputs = [queries.0, keys.0, values.0];
        let [q, k, v] = inputs.clone();
        let (output, rows) = Wgpu::attend(q, k, v, lengths.clone(), of);
        match of.prepare::<C>([queries.1, keys.1, values.1]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((inputs, [lengths, rows, output.clone()]), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

impl Backward<Wgpu, 3> for Attend {
    /// Queries, keys, values; lengths, rows' numbers, output.
    type State = ([FloatTensor<Wgpu>; 3], [FloatTensor<Wgpu>; 3]);

    fn backward(self, ops: Ops<Self::State, 3>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = into_contiguous(all.consume::<Wgpu>(&ops.node));
        let ([queries, keys, values], [lengths, rows, output]) = ops.state;
        let [queries, keys, values] = [queries, keys, values].map(into_contiguous);
        let [of_queries, of_keys, of_values] =
            [&queries, &keys, &values].map(|input| empty(input, input.shape()));
        let read = vec![&queries, &keys, &values, &gradient, &output];
        run(self, Pass::ToQueries, read, &lengths, [&of_queries, &rows]);
        let read = vec![&queries, &keys, &values, &gradient, &rows];
        run(self, Pass::ToKeys, read, &lengths, [&of_keys, &of_values]);
        for (parent, found) in ops.parents.into_iter().zip([of_queries, of_keys, of_values]) {
            if let Some(parent) = parent {
                all.register::<Wgpu>(parent.id, found);
            }
        }
    }
}
