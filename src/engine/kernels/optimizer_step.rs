//! An optimiser's update of one parameter.

use crate::engine::optimizer::{AdamStep, MOMENTUM, Sent};
use burn::tensor::Tensor;

/// The new weights and velocity of SGD with momentum, both `[length]`: Burn's arithmetic is good enough for it here.
pub fn momentum(
    value: Tensor<1>,
    gradient: Tensor<1>,
    velocity: Tensor<1>,
    learning_rate: f64,
    _: &Sent,
) -> [Tensor<1>; 2] {
    let velocity = velocity * MOMENTUM + gradient;
    [value - velocity.clone() * learning_rate, velocity]
}

/// Adam's in one pass, in place. All four equally long: weights and the two averages change, the gradient does not.
pub fn adam(step: &AdamStep, value: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32]) {
    let [beta1, beta2] = step.betas.map(|beta| beta as f32);
    let [rest1, rest2] = step.betas.map(|beta| (1.0 - beta) as f32);
    let (kept, rate, epsilon) = (step.kept as f32, step.rate as f32, step.epsilon as f32);
    for (((value, &gradient), first), second) in value.iter_mut().zip(gradient).zip(first).zip(second) {
        *first = *first * beta1 + gradient * rest1;
        *second = *second * beta2 + gradient * gradient * rest2;
        *value = *value * kept - *first / (second.sqrt() + epsilon) * rate;
    }
}
