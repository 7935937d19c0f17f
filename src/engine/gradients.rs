//! What becomes of gradients between the backward pass and the optimiser: penalties on large weights, and a longest
//! length. Nothing of it is done where it is off, so that a run without it is the same to the last bit.

use super::network::Parameter;
use crate::spec::TrainSpec;
use burn::tensor::Tensor;

/// `gradients` in the order of `parameters`, each `[length]`.
pub fn shape(
    spec: &TrainSpec,
    parameters: &[Parameter],
    mut gradients: Vec<Option<Tensor<1>>>,
) -> Vec<Option<Tensor<1>>> {
    if spec.l1 > 0.0 || spec.l2 > 0.0 {
        for (gradient, parameter) in gradients.iter_mut().zip(parameters).filter(|(_, p)| is_penalised(p)) {
            *gradient = gradient.take().map(|gradient| penalised(spec, gradient, &parameter.value));
        }
    }
    if spec.clip > 0.0 { clipped(spec.clip, gradients) } else { gradients }
}

/// Weights of convolutions and dense layers: biases and normalisations are not what overfits.
fn is_penalised(parameter: &Parameter) -> bool {
    parameter.shape.len() > 1
}

/// The gradient of the loss plus l1 Σ |w| + l2/2 Σ w².
fn penalised(spec: &TrainSpec, mut gradient: Tensor<1>, value: &Tensor<1>) -> Tensor<1> {
    if spec.l1 > 0.0 {
        gradient = gradient + value.clone().sign() * spec.l1;
    }
    if spec.l2 > 0.0 {
        gradient = gradient + value.clone() * spec.l2;
    }
    gradient
}

/// All of them as one vector no longer than `most` (Pascanu et al. 2013, algorithm 1), without reading it back.
fn clipped(most: f64, gradients: Vec<Option<Tensor<1>>>) -> Vec<Option<Tensor<1>>> {
    let squares = gradients.iter().flatten().map(|g| (g.clone() * g.clone()).sum());
    let Some(sum) = squares.reduce(|a, b| a + b) else { return gradients };
    let factor = (sum.sqrt() + 1e-12).recip().mul_scalar(most).clamp_max(1.0);
    gradients.into_iter().map(|gradient| gradient.map(|g| g * factor.clone())).collect()
}
