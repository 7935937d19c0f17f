//! Batch normalisation (Ioffe & Szegedy 2015), as PyTorch does it: by the batch's own mean and variance while
//! training, by running ones when the network is used.

use super::{Training, Walk};
use crate::layers::EPSILON;
use burn::tensor::Tensor;
use burn::tensor::module::{batch_norm as normalise, batch_norm_train};

/// The share of a batch in the running statistics.
pub const MOMENTUM: f64 = 0.1;

/// `[batch, channels, …]` → the same; takes β, γ, the running mean and the running variance of the walk, `[channels]` each.
pub fn batch_norm<const D: usize>(walk: &mut Walk, x: Tensor<D>) -> Tensor<D> {
    let (Some(beta), Some(gamma)) = (walk.weight(), walk.weight()) else { return x };
    let (Some(mean), Some(variance)) = (walk.statistics.next(), walk.statistics.next()) else { return x };
    let Some(training) = &mut walk.training else {
        return normalise(x, gamma, beta, mean.value.clone(), variance.value.clone(), EPSILON);
    };
    let numbers = x.dims().iter().product::<usize>() / x.dims()[1].max(1);
    let batch = batch_norm_train(x, gamma, beta, EPSILON);
    // The running variance is of the population that the batch is drawn from.
    let unbiased = numbers as f64 / numbers.saturating_sub(1).max(1) as f64;
    training.follow(&mean.value, batch.mean, 1.0);
    training.follow(&variance.value, batch.variance, unbiased);
    batch.output
}

impl Training {
    fn follow(&mut self, running: &Tensor<1>, batch: Tensor<1>, factor: f64) {
        let new = running.clone() * (1.0 - MOMENTUM) + batch.inner() * (MOMENTUM * factor);
        self.statistics.push(new);
    }
}
