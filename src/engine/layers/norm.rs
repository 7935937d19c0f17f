//! Batch normalisation (Ioffe & Szegedy 2015), as PyTorch does it: by the batch's own mean and variance while
//! training, by running ones when the network is used.

use super::{ForwardPass, Training};
use crate::engine::backend_ext;
use crate::layers::EPSILON;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::{batch_norm as normalise, batch_norm_train};

/// The share of a batch in the running statistics.
pub const MOMENTUM: f64 = 0.1;

/// `[batch, channels, …]` → the same, and a ReLU after it if `active`; takes β, γ, the running mean and the running
/// variance of the walk, `[channels]` each.
pub fn batch_norm<const D: usize>(walk: &mut ForwardPass, x: Tensor<D>, active: bool) -> Tensor<D> {
    let (Some(beta), Some(gamma)) = (walk.weight(), walk.weight()) else { return x };
    let (Some(mean), Some(variance)) = (walk.statistics.next(), walk.statistics.next()) else { return x };
    let numbers = x.dims().iter().product::<usize>() / x.dims()[1].max(1);
    let running = [&mean.value, &variance.value];
    let (output, batch) = normalised(walk, x, [beta, gamma], running.map(Clone::clone), active);
    if let (Some(training), Some([mean, variance])) = (&mut walk.training, batch) {
        // The running variance is of the population that the batch is drawn from.
        let unbiased = numbers as f64 / numbers.saturating_sub(1).max(1) as f64;
        training.follow(running[0], mean, 1.0);
        training.follow(running[1], variance, unbiased);
    }
    output
}

/// The output; in training also the batch's own mean and variance, by which it is normalised then.
fn normalised<const D: usize>(
    walk: &ForwardPass,
    x: Tensor<D>,
    [beta, gamma]: [Tensor<1>; 2],
    running: [Tensor<1>; 2],
    active: bool,
) -> (Tensor<D>, Option<[Tensor<1>; 2]>) {
    let trains = walk.training.is_some();
    if walk.fast {
        let moments = if trains { backend_ext::moments(x.clone().inner()) } else { running };
        let output = backend_ext::norm(x, [beta, gamma], moments.clone(), active, trains);
        return (output, trains.then_some(moments));
    }
    let (output, moments) = if trains {
        let batch = batch_norm_train(x, gamma, beta, EPSILON);
        (batch.output, Some([batch.mean.inner(), batch.variance.inner()]))
    } else {
        let [mean, variance] = running;
        (normalise(x, gamma, beta, mean, variance, EPSILON), None)
    };
    (if active { relu(output) } else { output }, moments)
}

impl Training {
    fn follow(&mut self, running: &Tensor<1>, batch: Tensor<1>, factor: f64) {
        let new = running.clone() * (1.0 - MOMENTUM) + batch * (MOMENTUM * factor);
        self.statistics.push(new);
    }
}
