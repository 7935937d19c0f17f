//! Batch normalisation (Ioffe & Szegedy 2015), as PyTorch does it: by the batch's own mean and variance while
//! training, by running ones when the network is used.

use super::{ForwardPass, LayerOps};
use crate::engine::backend_ext;
use crate::engine::value::{Value, pointwise};
use crate::layers::{EPSILON, relu as relu_layer};
use crate::protocol::Failure;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::{batch_norm as normalise, batch_norm_train};

/// The share of a batch in the running statistics.
pub const MOMENTUM: f64 = 0.1;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| {
    let active = pass.takes_along(&[&relu_layer::KIND]);
    Ok(pointwise!(x, x => normalised(pass, x, "", active)?))
});

/// `[batch, channels, …]` → the same, and a ReLU after it if `active`, by the layer's parameters `{prefix}weight`,
/// `{prefix}bias`, `{prefix}running_mean` and `{prefix}running_var`, `[channels]` each.
pub fn normalised<const D: usize>(
    pass: &mut ForwardPass,
    x: Tensor<D>,
    prefix: &str,
    active: bool,
) -> Result<Tensor<D>, Failure> {
    let name = |name: &str| format!("{prefix}{name}");
    let learned = [pass.weight(&name("bias"))?, pass.weight(&name("weight"))?];
    let (mean_at, mean) = pass.statistic(&name("running_mean"))?;
    let (variance_at, variance) = pass.statistic(&name("running_var"))?;
    let running = [mean.clone(), variance.clone()];
    let numbers = x.dims().iter().product::<usize>() / x.dims()[1].max(1);
    let (output, batch) = by(pass, x, learned, running.clone(), active);
    if let (Some(training), Some([mean, variance])) = (&mut pass.training, batch) {
        // The running variance is of the population that the batch is drawn from.
        let unbiased = numbers as f64 / numbers.saturating_sub(1).max(1) as f64;
        let [old_mean, old_variance] = running;
        training.statistics.push((mean_at, followed(old_mean, mean, 1.0)));
        training.statistics.push((variance_at, followed(old_variance, variance, unbiased)));
    }
    Ok(output)
}

/// The output; in training also the batch's own mean and variance, by which it is normalised then.
fn by<const D: usize>(
    pass: &ForwardPass,
    x: Tensor<D>,
    [beta, gamma]: [Tensor<1>; 2],
    running: [Tensor<1>; 2],
    active: bool,
) -> (Tensor<D>, Option<[Tensor<1>; 2]>) {
    let trains = pass.training.is_some();
    if pass.fast {
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

/// A running statistic after a batch whose own, times `factor`, is `batch`.
fn followed(running: Tensor<1>, batch: Tensor<1>, factor: f64) -> Tensor<1> {
    running * (1.0 - MOMENTUM) + batch * (MOMENTUM * factor)
}
