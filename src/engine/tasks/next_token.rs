//! Which token comes next: softmax and cross-entropy at every step at which one is asked for.

use super::{Scores, Task, softmax};
use crate::datasets::target::{IGNORE_INDEX, Prediction, TargetField, Targets};
use crate::engine::device::tensor;
use crate::engine::exponential::sum_of_powers;
use crate::engine::sequence_ext;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};
use std::rc::Rc;

/// Outputs are `[batch, time · vocabulary]`.
pub struct Tokens {
    vocabulary: usize,
    /// An example counts as right if all its tokens are.
    whole: bool,
}

pub fn make(field: &TargetField) -> Rc<dyn Task> {
    Rc::new(Tokens { vocabulary: field.outputs(), whole: false })
}

/// The same, of answers.
pub fn of_answers(field: &TargetField) -> Rc<dyn Task> {
    Rc::new(Tokens { vocabulary: field.outputs(), whole: true })
}

/// Which token is the likeliest, and −log p of the true one in nats.
fn judge(logits: &[f32], truth: u32) -> (bool, f64) {
    let (mut best, mut highest) = (0, f32::NEG_INFINITY);
    for (id, &logit) in (0..).zip(logits) {
        if logit > highest {
            (best, highest) = (id, logit);
        }
    }
    let nats = sum_of_powers(logits, highest).ln() + highest
        - logits.get(truth as usize).copied().unwrap_or(f32::NAN);
    (best == truth, nats.into())
}

impl Task for Tokens {
    fn loss(&self, outputs: Tensor<2>, targets: &Targets, smoothing: f32, _: &Device) -> Tensor<1> {
        let (_, ids) = tokens(targets);
        sequence_ext::token_cross_entropy(self.steps(outputs), ids.to_vec(), smoothing)
    }

    /// Σ −log p(truth), tokens that were asked for, how many of what is counted were right, and how many there are:
    /// tokens, or whole answers.
    fn sums(&self, outputs: &[f32], targets: &Targets) -> Vec<f64> {
        let (time, ids) = tokens(targets);
        let mut sums = vec![0.0; 4];
        let steps = outputs.chunks_exact(time * self.vocabulary).zip(ids.chunks_exact(time));
        for (outputs, truths) in steps {
            let mut all = true;
            for (logits, &truth) in outputs.chunks_exact(self.vocabulary).zip(truths) {
                if truth == IGNORE_INDEX {
                    continue;
                }
                let (right, nats) = judge(logits, truth);
                sums[0] += nats;
                sums[1] += 1.0;
                sums[2] += f64::from(right && !self.whole);
                all &= right;
            }
            sums[2] += f64::from(all && self.whole);
            sums[3] += f64::from(self.whole);
        }
        if !self.whole {
            sums[3] = sums[1];
        }
        sums
    }

    fn device_sums(&self, outputs: Tensor<2>, targets: &Targets) -> Tensor<1> {
        let device = outputs.device();
        let (time, ids) = tokens(targets);
        let examples = ids.len() / time;
        let asked: Vec<f32> = ids.iter().map(|id| f32::from(*id != IGNORE_INDEX)).collect();
        let count: f32 = asked.iter().sum();
        let truths: Vec<i32> =
            ids.iter().map(|id| if *id == IGNORE_INDEX { 0 } else { *id as i32 }).collect();
        let column = [ids.len(), 1];
        let asked = tensor(asked, column, &device);
        let truths = Tensor::<2, Int>::from_data(TensorData::new(truths, column), &device);
        let logits = self.steps(outputs);
        let nats = (log_softmax(logits.clone(), 1).gather(1, truths.clone()) * asked.clone()).sum().neg();
        let right = logits.argmax(1).equal(truths).float();
        let (right, all) = match self.whole {
            false => ((right * asked).sum(), count),
            true => {
                let wrong = ((right - 1.0) * asked).reshape([examples, time]).sum_dim(1);
                (wrong.equal_elem(0.0).float().sum(), examples as f32)
            }
        };
        let counts = |n: f32| tensor(vec![n], [1], &device);
        Tensor::cat(vec![nats, counts(count), right, counts(all)], 0)
    }

    fn scores(&self, sums: &[f64], _: usize) -> Scores {
        Scores { loss: sums[0] / sums[1].max(1.0), score: sums[2] / sums[3].max(1.0) }
    }

    fn count(&self, sums: &[f64], _: usize) -> usize {
        sums[3] as usize
    }

    /// Of the last step.
    fn decode(&self, outputs: &[f32]) -> Prediction {
        Prediction::Class(softmax(&outputs[outputs.len().saturating_sub(self.vocabulary)..]))
    }
}

impl Tokens {
    /// `[batch · time, vocabulary]`
    fn steps(&self, outputs: Tensor<2>) -> Tensor<2> {
        outputs.reshape([-1, self.vocabulary as i32])
    }
}

/// Steps of each example, and the tokens that are asked for.
fn tokens(targets: &Targets) -> (usize, &[u32]) {
    match targets {
        Targets::Tokens { time, ids } => (*time, ids),
        _ => (1, &[]),
    }
}
