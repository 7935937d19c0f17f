//! The programs as a device's operations: shapes, buffers and launches.

use super::convolution::Convolution;
use super::cross_entropy::Entropy;
use super::launch::{Program, empty, launch};
use super::matmul::{Dense, Product};
use super::norm::{Norm, Pass};
use super::optimizer_step::Update;
use super::reduce::Sums;
use burn::backend::tensor::FloatTensor;
use burn::backend::wgpu::{CubeBackend, CubeTensor};
use burn::backend::{Backend, TensorMetadata, backend_extension};
use burn_cubecl::kernel::into_contiguous;

/// What a device runs.
#[backend_extension(Cube)]
pub trait Programs: Backend {
    /// The output, and with pooling which pixel of each window won.
    fn forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        of: Convolution,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    fn to_input(
        gradient: FloatTensor<Self>,
        winners: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        of: Convolution,
    ) -> FloatTensor<Self>;

    /// Of weights and bias, both flat.
    fn to_weights(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        winners: FloatTensor<Self>,
        of: Convolution,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    fn dense_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        of: Dense,
    ) -> FloatTensor<Self>;

    /// `output` is what the layer gave.
    fn dense_to_input(
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        of: Dense,
    ) -> FloatTensor<Self>;

    /// Of weights and bias, both flat.
    fn dense_to_weights(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        of: Dense,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// Mean and (biased) variance of each channel.
    fn moments(x: FloatTensor<Self>, of: Norm) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// The output, and the channels' lines for the way back.
    fn norm_forward(
        x: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        of: Norm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// The gradients of the input, γ and β.
    fn norm_backward(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        lines: FloatTensor<Self>,
        of: Norm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// The loss and the logits' gradient.
    fn loss(
        logits: FloatTensor<Self>,
        truths: FloatTensor<Self>,
        of: Entropy,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    fn adam(
        value: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: FloatTensor<Self>,
        of: Update,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    fn momentum(
        value: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        velocity: FloatTensor<Self>,
        step: FloatTensor<Self>,
        of: Update,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

/// The new value and state from the old value, gradient, state and the step's numbers.
fn updated<const OLD: usize, const NEW: usize>(old: [CubeTensor; OLD], of: Update) -> [CubeTensor; NEW] {
    let old = old.map(into_contiguous);
    let new = [0; NEW].map(|_| empty(&old[0], [of.length]));
    let all: Vec<&CubeTensor> = old.iter().chain(&new).collect();
    launch(Program::Update(of), of.groups(), &all);
    new
}

fn output_shapes(batch: usize, of: &Convolution) -> [[usize; 4]; 2] {
    let [height, width] = of.out();
    let output = [batch, of.filters, height, width];
    [output, if of.pooled { output } else { [1; 4] }]
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
        if of.spreads() {
            let whole = empty(&gradient, [batch, of.filters, of.height, of.width]);
            let all: &[_] = if of.pooled { &[&gradient, &winners, &whole] } else { &[&gradient, &whole] };
            launch(Program::Spread(of), of.spread_groups(batch), all);
            gradient = whole;
        }
        let output = empty(&gradient, [batch, of.channels, of.height, of.width]);
        launch(Program::ToInput(of), of.to_input_groups(batch), &[&gradient, &weight, &output]);
        output
    }

    fn to_weights(
        x: CubeTensor,
        gradient: CubeTensor,
        winners: CubeTensor,
        of: Convolution,
    ) -> (CubeTensor, CubeTensor) {
        let [x, gradient, winners] = [x, gradient, winners].map(into_contiguous);
        let batch = x.shape()[0];
        let (parts, filters, numbers) = (of.parts(batch), of.filters, of.numbers());
        let found = empty(&gradient, [parts, numbers]);
        let all: &[_] = if of.pooled { &[&x, &gradient, &winners, &found] } else { &[&x, &gradient, &found] };
        launch(Program::ToWeights(of, batch), of.to_weights_groups(batch), all);
        let sums = Sums { parts, filters, weights: numbers - filters };
        let [weights, bias] = [sums.weights, filters].map(|length| empty(&gradient, [length]));
        launch(Program::Sums(sums), sums.groups(), &[&found, &weights, &bias]);
        (weights, bias)
    }

    fn dense_forward(x: CubeTensor, weight: CubeTensor, bias: CubeTensor, of: Dense) -> CubeTensor {
        let [x, weight, bias] = [x, weight, bias].map(into_contiguous);
        let batch = x.shape()[0];
        let output = empty(&x, [batch, of.units]);
        let product = Product::Forward(of);
        launch(Program::Product(product), product.groups(batch), &[&x, &weight, &bias, &output]);
        output
    }

    fn dense_to_input(gradient: CubeTensor, output: CubeTensor, weight: CubeTensor, of: Dense) -> CubeTensor {
        let [gradient, output, weight] = [gradient, output, weight].map(into_contiguous);
        let batch = gradient.shape()[0];
        let found = empty(&gradient, [batch, of.inputs]);
        let product = Product::ToInput(of);
        let all: &[_] =
            if of.relu { &[&gradient, &weight, &output, &found] } else { &[&gradient, &weight, &found] };
        launch(Program::Product(product), product.groups(batch), all);
        found
    }

    fn dense_to_weights(
        x: CubeTensor,
        gradient: CubeTensor,
        output: CubeTensor,
        of: Dense,
    ) -> (CubeTensor, CubeTensor) {
        let [x, gradient, output] = [x, gradient, output].map(into_contiguous);
        let batch = x.shape()[0];
        let [weights, bias] = [of.inputs * of.units, of.units].map(|length| empty(&gradient, [length]));
        let product = Product::ToWeights(of, batch);
        let all = [&gradient, &x, &output, &weights, &bias];
        let all: &[_] = if of.relu { &all } else { &[&gradient, &x, &weights, &bias] };
        launch(Program::Product(product), product.groups(batch), all);
        (weights, bias)
    }

    fn moments(x: CubeTensor, of: Norm) -> (CubeTensor, CubeTensor) {
        let x = into_contiguous(x);
        let [mean, variance] = [0; 2].map(|_| empty(&x, [of.channels]));
        launch(Program::Norm(of, Pass::Moments), of.groups(Pass::Moments), &[&x, &mean, &variance]);
        (mean, variance)
    }

    fn norm_forward(
        x: CubeTensor,
        beta: CubeTensor,
        gamma: CubeTensor,
        mean: CubeTensor,
        variance: CubeTensor,
        of: Norm,
    ) -> (CubeTensor, CubeTensor) {
        let [x, beta, gamma, mean, variance] = [x, beta, gamma, mean, variance].map(into_contiguous);
        let (output, lines) = (empty(&x, x.shape()), empty(&x, [of.channels, 4]));
        let all = [&x, &beta, &gamma, &mean, &variance, &output, &lines];
        launch(Program::Norm(of, Pass::Forward), of.groups(Pass::Forward), &all);
        (output, lines)
    }

    fn norm_backward(
        x: CubeTensor,
        gradient: CubeTensor,
        lines: CubeTensor,
        of: Norm,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let [x, gradient, lines] = [x, gradient, lines].map(into_contiguous);
        let [gamma, beta] = [0; 2].map(|_| empty(&x, [of.channels]));
        let all = [&x, &gradient, &lines, &gamma, &beta];
        launch(Program::Norm(of, Pass::Sums), of.groups(Pass::Sums), &all);
        let found = empty(&x, x.shape());
        let all = [&x, &gradient, &lines, &gamma, &beta, &found];
        launch(Program::Norm(of, Pass::ToInput), of.groups(Pass::ToInput), &all);
        (found, gamma, beta)
    }

    fn loss(logits: CubeTensor, truths: CubeTensor, of: Entropy) -> (CubeTensor, CubeTensor) {
        let [logits, truths] = [logits, truths].map(into_contiguous);
        let loss = empty(&logits, [1]);
        let gradient = empty(&logits, [of.rows, of.classes]);
        launch(Program::Entropy(of), [1; 3], &[&logits, &truths, &loss, &gradient]);
        (loss, gradient)
    }

    fn adam(
        value: CubeTensor,
        gradient: CubeTensor,
        first: CubeTensor,
        second: CubeTensor,
        step: CubeTensor,
        of: Update,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        updated([value, gradient, first, second, step], of).into()
    }

    fn momentum(
        value: CubeTensor,
        gradient: CubeTensor,
        velocity: CubeTensor,
        step: CubeTensor,
        of: Update,
    ) -> (CubeTensor, CubeTensor) {
        updated([value, gradient, velocity, step], of).into()
    }
}
