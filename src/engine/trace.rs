//! One example's way forward and back, number by number: what a training step on it alone would do.

use super::dataset_store::{Loaded, Sample};
use super::inspect::named;
use super::lost;
use super::optimizer::schedule;
use super::trainer::Trainer;
use crate::datasets::target::Targets;
use crate::protocol::{Failure, FailureKind, MOST_WEIGHTS, Trace};
use burn::tensor::{Device, Tensor};

/// Forward, loss and gradients of one example with its target; the run is left as it is.
pub async fn of(
    run: &Trainer,
    data: &Loaded,
    (sample, targets): (Sample<'_>, &Targets),
    device: &Device,
) -> Result<Trace, Failure> {
    let network = &run.network;
    if network.parameters.iter().map(|p| p.len()).sum::<usize>() > MOST_WEIGHTS {
        return Err(Failure::new(
            FailureKind::Input,
            "This network has too many weights to be read number by number.",
            "Make it smaller.",
        ));
    }
    let input = data.batch([sample].into_iter(), &device.clone().autodiff());
    let leaves: Vec<Tensor<1>> =
        network.weights().into_iter().map(|w| Tensor::from_inner(w).require_grad()).collect();
    let mut flat = vec![input.clone().flat().inner().flatten(0, 1)];
    let outputs = network.forward_with(&leaves, input, |flow| {
        flat.push(flow.clone().flat().inner().flatten(0, 1));
    })?;
    let lengths: Vec<usize> = flat.iter().map(|t: &Tensor<1>| t.dims()[0]).collect();
    // The page shows where each comes from, so of the plain loss: without penalties, the truth as it is.
    let gradients = run.task.loss(outputs, targets, 0.0, &device.clone().autodiff()).backward();
    let slopes = leaves.iter().zip(&network.parameters);
    let slopes = slopes.map(|(leaf, p)| leaf.grad(&gradients).unwrap_or_else(|| p.value.zeros_like()));
    let all: Vec<Tensor<1>> = flat.into_iter().chain(network.weights()).chain(slopes).collect();
    let read = Tensor::cat(all, 0).into_data_async().await.map_err(lost)?;
    let numbers: Vec<f32> = read.iter::<f32>().collect();

    let mut rest = &numbers[..];
    let mut flows = lengths.iter().map(|&length| {
        let (head, tail) = rest.split_at(length);
        rest = tail;
        head.to_vec()
    });
    let input = flows.next().unwrap_or_default();
    let outputs: Vec<Vec<f32>> = flows.collect();
    let (weights, gradients) = rest.split_at(rest.len() / 2);
    let last = outputs.last().cloned().unwrap_or_default();
    let loss = run.task.scores(&run.task.sums(&last, targets), 1).loss as f32;
    let done = f64::from(run.step) / f64::from(run.steps_total().max(1));
    Ok(Trace {
        step: run.step,
        input,
        prediction: run.task.decode(&last),
        outputs,
        target: targets.get(0),
        loss,
        weights: named(network, weights),
        gradients: named(network, gradients),
        learning_rate: run.spec.train.learning_rate * schedule(&run.spec.train.schedule, done),
    })
}
