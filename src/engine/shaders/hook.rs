//! The programs as operations of Burn's: on tensors, with gradients, and queued with the operations that Burn fuses. It
//! offers what the CPU's hook does, so that `fused` can go along a network on either.

use super::convolution::Convolution;
use super::launch::{Program, empty, launch};
use super::product::Product;
use crate::engine::fused::Tail;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::fusion::custom::TensorSpec;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::wgpu::{CubeBackend, CubeTensor};
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, Wgpu, backend_extension};
use burn::tensor::activation::relu;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Shape, Tensor};
use burn_cubecl::kernel::into_contiguous;

/// Convolution with bias and what follows it: `[batch, channels, height, width]`, weights flat in PyTorch's layout, bias
/// `[filters]` → `[batch, filters, out height, out width]`
pub fn conv(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    [kernel, _]: [usize; 2],
    tail: Tail,
) -> Tensor<4> {
    let [_, channels, height, width] = x.dims();
    let filters = bias.dims()[0];
    let pooled = tail == Tail::ReluPool;
    let of = Convolution { channels, height, width, filters, kernel, pooled };
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    let output = Tensor::from_dispatch(<Dispatch as Kernels>::conv(x, weight, bias, of));
    if tail == Tail::Relu { relu(output) } else { output }
}

/// `[batch, features]`, weights flat in PyTorch's layout, bias `[units]` → `[batch, units]`
pub fn dense(x: Tensor<2>, weight: Tensor<1>, bias: Tensor<1>, active: bool) -> Tensor<2> {
    let [rows, inner] = x.dims();
    let columns = bias.dims()[0];
    let of = Product { rows, columns, inner, turned: [false, true] };
    let weight = weight.reshape([columns, inner]);
    let output = <Dispatch as Kernels>::product(x.into_dispatch(), weight.into_dispatch(), of);
    let output = Tensor::from_dispatch(output) + bias.unsqueeze::<2>();
    if active { relu(output) } else { output }
}

/// Max pooling of 2 × 2 windows.
pub fn pool(x: Tensor<4>) -> Tensor<4> {
    max_pool2d(x, MaxPoolOptions::new([2, 2]).with_stride([2, 2]))
}

#[backend_extension(Cube, Autodiff)]
pub trait Kernels: Backend {
    fn conv(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        of: Convolution,
    ) -> FloatTensor<Self>;

    fn product(a: FloatTensor<Self>, b: FloatTensor<Self>, of: Product) -> FloatTensor<Self>;
}

/// What a device runs.
#[backend_extension(Cube, Fusion)]
pub trait Programs: Backend {
    /// The output, and with pooling which pixel of each window won.
    #[fusion(meta = forward_specs)]
    fn forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        of: Convolution,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    #[fusion(dtype = gradient, shape = input_shape(gradient, of))]
    fn to_input(
        gradient: FloatTensor<Self>,
        winners: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        of: Convolution,
    ) -> FloatTensor<Self>;

    /// `[parts, numbers]`
    #[fusion(dtype = gradient, shape = weights_shape(gradient, of))]
    fn to_weights(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        winners: FloatTensor<Self>,
        of: Convolution,
    ) -> FloatTensor<Self>;

    /// `[rows, columns]`
    #[fusion(dtype = a, shape = { let _ = (a, b); [of.rows, of.columns].into() }, id = "matrix_product")]
    fn multiply(a: FloatTensor<Self>, b: FloatTensor<Self>, of: Product) -> FloatTensor<Self>;
}

fn output_shapes(batch: usize, of: &Convolution) -> [[usize; 4]; 2] {
    let [height, width] = of.out();
    let output = [batch, of.filters, height, width];
    [output, if of.pooled { output } else { [1; 4] }]
}

fn forward_specs(
    x: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    of: &Convolution,
) -> (TensorSpec, TensorSpec) {
    let [output, winners] = output_shapes(x.shape[0], of).map(|shape| TensorSpec::new(shape.into(), x.dtype));
    (output, winners)
}

fn input_shape(gradient: &Shape, of: &Convolution) -> Shape {
    [gradient[0], of.channels, of.height, of.width].into()
}

fn weights_shape(gradient: &Shape, of: &Convolution) -> Shape {
    [of.parts(gradient[0]), of.numbers()].into()
}

impl Programs for CubeBackend {
    fn forward(
        x: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        of: Convolution,
    ) -> (CubeTensor, CubeTensor) {
        let [x, weight, bias] = [x, weight, bias].map(into_contiguous);
        let batch = x.shape()[0];
        let [output, winners] = output_shapes(batch, &of).map(|shape| empty(&x, shape));
        let all = [&x, &weight, &bias, &output, &winners];
        launch(Program::Forward(of), of.forward_groups(batch), if of.pooled { &all } else { &all[..4] });
        (output, winners)
    }

    fn to_input(
        gradient: CubeTensor,
        winners: CubeTensor,
        weight: CubeTensor,
        of: Convolution,
    ) -> CubeTensor {
        let [mut gradient, winners, weight] = [gradient, winners, weight].map(into_contiguous);
        let batch = gradient.shape()[0];
        if of.pooled {
            let whole = empty(&gradient, [batch, of.filters, of.height, of.width]);
            launch(Program::Unpool(of), of.unpool_groups(batch), &[&gradient, &winners, &whole]);
            gradient = whole;
        }
        let output = empty(&gradient, [batch, of.channels, of.height, of.width]);
        launch(Program::ToInput(of), of.to_input_groups(batch), &[&gradient, &weight, &output]);
        output
    }

    fn to_weights(x: CubeTensor, gradient: CubeTensor, winners: CubeTensor, of: Convolution) -> CubeTensor {
        let [x, gradient, winners] = [x, gradient, winners].map(into_contiguous);
        let batch = x.shape()[0];
        let output = empty(&gradient, [of.parts(batch), of.numbers()]);
        let all = [&x, &gradient, &output, &winners];
        let tensors = if of.pooled { &all[..] } else { &all[..3] };
        launch(Program::ToWeights(of, batch), of.to_weights_groups(batch), tensors);
        output
    }

    fn multiply(a: CubeTensor, b: CubeTensor, of: Product) -> CubeTensor {
        let [a, b] = [a, b].map(into_contiguous);
        let output = empty(&a, [of.rows, of.columns]);
        launch(Program::Product(of.known()), of.groups(), &[&a, &b, &output]);
        output
    }
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

    fn product(a: FloatTensor<Self>, b: FloatTensor<Self>, of: Product) -> FloatTensor<Self> {
        Self::multiply(a, b, of)
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

    fn product(a: FloatTensor<Self>, b: FloatTensor<Self>, of: Product) -> FloatTensor<Self> {
        let ((a, a_node), (b, b_node)) = (a.into_parts(), b.into_parts());
        let output = Wgpu::multiply(a.clone(), b.clone(), of);
        match of.prepare::<C>([a_node, b_node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((a, b), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

impl Backward<Wgpu, 3> for Convolution {
    /// Input, weights, winners.
    type State = (FloatTensor<Wgpu>, FloatTensor<Wgpu>, FloatTensor<Wgpu>);

    fn backward(self, ops: Ops<Self::State, 3>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Wgpu>(&ops.node);
        let [to_input, to_weight, to_bias] = ops.parents.map(|parent| parent.map(|node| node.id));
        let (x, weight, winners) = ops.state;
        if let Some(parent) = to_input {
            let found = Wgpu::to_input(gradient.clone(), winners.clone(), weight, self);
            all.register::<Wgpu>(parent, found);
        }
        let sums = Wgpu::float_sum_dim(Wgpu::to_weights(x, gradient, winners, self), 0);
        let numbers = self.numbers();
        let sums = Wgpu::float_reshape(sums, [numbers].into());
        let weights = numbers - self.filters;
        for (parent, range) in [(to_weight, 0..weights), (to_bias, weights..numbers)] {
            if let Some(parent) = parent {
                all.register::<Wgpu>(parent, Wgpu::float_slice(sums.clone(), &[range.into()]));
            }
        }
    }
}

/// Of a product as a dense layer has it, its weights turned.
impl Backward<Wgpu, 2> for Product {
    /// Both factors.
    type State = (FloatTensor<Wgpu>, FloatTensor<Wgpu>);

    fn backward(self, ops: Ops<Self::State, 2>, all: &mut Gradients, _: &mut Checkpointer) {
        let gradient = all.consume::<Wgpu>(&ops.node);
        let [to_a, to_b] = ops.parents.map(|parent| parent.map(|node| node.id));
        let (a, b) = ops.state;
        let Self { rows, columns, inner, .. } = self;
        if let Some(parent) = to_a {
            let of = Self { rows, columns: inner, inner: columns, turned: [false, false] };
            all.register::<Wgpu>(parent, Wgpu::multiply(gradient.clone(), b, of));
        }
        if let Some(parent) = to_b {
            let of = Self { rows: columns, columns: inner, inner: rows, turned: [true, false] };
            all.register::<Wgpu>(parent, Wgpu::multiply(gradient, a, of));
        }
    }
}
