//! Which class an example is of: softmax and cross-entropy.

use super::{Scores, Task};
use crate::datasets::target::{Prediction, TargetField, Targets};
use crate::engine::backend_ext;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};
use std::rc::Rc;

struct Classification {
    classes: usize,
}

pub fn make(field: &TargetField) -> Rc<dyn Task> {
    Rc::new(Classification { classes: field.outputs() })
}

impl Task for Classification {
    fn loss(&self, outputs: Tensor<2>, targets: &Targets, smoothing: f32, _: &Device) -> Tensor<1> {
        loss(outputs, classes(targets).to_vec(), smoothing)
    }

    /// Σ −log p(truth) in nats, and how many were right.
    fn sums(&self, outputs: &[f32], targets: &Targets) -> Vec<f64> {
        let mut sums = vec![0.0, 0.0];
        for (logits, &truth) in outputs.chunks_exact(self.classes).zip(classes(targets)) {
            let said = Prediction::Class(softmax(logits));
            let p = said.numbers().get(truth as usize).copied().unwrap_or(f32::NAN);
            // NaN stays NaN (diverged); a probability that rounds to 0 does not become infinite.
            sums[0] -= f64::from(if p == 0.0 { f32::MIN_POSITIVE } else { p }).ln();
            sums[1] += f64::from(said.class().is_some_and(|(class, _)| class == truth));
        }
        sums
    }

    fn device_sums(&self, outputs: Tensor<2>, targets: &Targets) -> Tensor<1> {
        let truths: Vec<i32> = classes(targets).iter().map(|class| *class as i32).collect();
        let data = TensorData::new(truths.clone(), [truths.len(), 1]);
        let truths = Tensor::<2, Int>::from_data(data, &outputs.device());
        let least = f64::from(f32::MIN_POSITIVE).ln();
        let nats = log_softmax(outputs.clone(), 1).gather(1, truths.clone()).clamp_min(least).sum().neg();
        let right = outputs.argmax(1).equal(truths).float().sum();
        Tensor::cat(vec![nats, right], 0)
    }

    fn scores(&self, sums: &[f64], count: usize) -> Scores {
        let count = count.max(1) as f64;
        Scores { loss: sums[0] / count, score: sums[1] / count }
    }

    fn decode(&self, outputs: &[f32]) -> Prediction {
        Prediction::Class(softmax(outputs))
    }
}

fn classes(targets: &Targets) -> &[u32] {
    match targets {
        Targets::Classes(all) => all,
        _ => &[],
    }
}

/// Mean cross-entropy, −log p(label), nats, of `logits` `[labels, classes]`, with labels smoothed as
/// `TrainSpec::label_smoothing` says; `[1]`. In one pass, with its gradient.
pub fn loss(logits: Tensor<2>, labels: Vec<u32>, smoothing: f32) -> Tensor<1> {
    backend_ext::cross_entropy(logits, labels, smoothing)
}

/// Probabilities from one example's logits.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|l| (l - highest).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.iter().map(|p| p / sum).collect()
}
