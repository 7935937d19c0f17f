//! Which of several grades in order: for each grade but the last, whether the truth is above it.

use super::{Scores, Task};
use crate::datasets::target::{Prediction, TargetField, Targets};
use crate::engine::device::tensor;
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Device, Int, Tensor, TensorData};
use std::rc::Rc;

struct Ordinal {
    /// Grades but the last: one output each.
    questions: usize,
}

pub fn make(field: &TargetField) -> Rc<dyn Task> {
    Rc::new(Ordinal { questions: field.outputs() })
}

impl Ordinal {
    /// 1 where the truth is above the grade: `[batch, questions]`
    fn above(&self, targets: &Targets, device: &Device) -> Tensor<2> {
        let grades = grades(targets);
        let of = |grade: u32| (0..self.questions as u32).map(move |at| f32::from(grade > at));
        let answers: Vec<f32> = grades.iter().copied().flat_map(of).collect();
        tensor(answers, [grades.len(), self.questions], device)
    }

    /// Each grade's probability: that the truth is above the one before, less that it is above this one.
    fn probabilities(&self, logits: &[f32]) -> Vec<f32> {
        let above: Vec<f32> = logits.iter().map(|z| 1.0 / (1.0 + (-z).exp())).collect();
        let upper = std::iter::once(1.0).chain(above.iter().copied());
        let lower = above.iter().copied().chain([0.0]);
        // Nothing makes the answers fall from grade to grade: where they rise, no grade lies between.
        let each: Vec<f32> = upper.zip(lower).map(|(upper, lower)| (upper - lower).max(0.0)).collect();
        let sum: f32 = each.iter().sum();
        each.iter().map(|p| p / sum).collect()
    }
}

impl Task for Ordinal {
    /// −Σ t ln σ(z) + (1 − t) ln(1 − σ(z)), as max(z, 0) − t z + ln(1 + e^−|z|).
    fn loss(&self, outputs: Tensor<2>, targets: &Targets, _: f32, device: &Device) -> Tensor<1> {
        let above = self.above(targets, device);
        let count = (targets.len() * self.questions).max(1) as f64;
        cross_entropy(outputs, above).sum() * (1.0 / count)
    }

    /// Σ loss of each example; then of the grade that is said and the true one: Σ difference², Σ said, Σ truth, Σ said²,
    /// Σ truth².
    fn sums(&self, outputs: &[f32], targets: &Targets) -> Vec<f64> {
        let mut sums = vec![0.0; 6];
        for (row, &truth) in outputs.chunks_exact(self.questions).zip(grades(targets)) {
            let loss = row.iter().zip(0..).map(|(&z, at)| {
                let (z, t) = (f64::from(z), f64::from(truth > at));
                z.max(0.0) - t * z + (-z.abs()).exp().ln_1p()
            });
            sums[0] += loss.sum::<f64>() / self.questions as f64;
            let said = Prediction::Class(self.probabilities(row)).class().map_or(f64::NAN, |(g, _)| g.into());
            let truth = f64::from(truth);
            for (sum, term) in
                sums[1..].iter_mut().zip([(said - truth).powi(2), said, truth, said * said, truth * truth])
            {
                *sum += term;
            }
        }
        sums
    }

    fn device_sums(&self, outputs: Tensor<2>, targets: &Targets) -> Tensor<1> {
        let device = outputs.device();
        let above = self.above(targets, &device);
        let loss = cross_entropy(outputs.clone(), above).sum() * (1.0 / self.questions as f64);
        let (rows, p) = (targets.len(), sigmoid(outputs));
        let upper = Tensor::cat(vec![Tensor::ones([rows, 1], &device), p.clone()], 1);
        let lower = Tensor::cat(vec![p, Tensor::zeros([rows, 1], &device)], 1);
        let said: Tensor<2> = relu(upper - lower).argmax(1).float();
        let truth: Vec<i32> = grades(targets).iter().map(|grade| *grade as i32).collect();
        let truth = Tensor::<2, Int>::from_data(TensorData::new(truth, [rows, 1]), &device).float();
        let squares = |x: Tensor<2>| (x.clone() * x).sum();
        let off = said.clone() - truth.clone();
        let sums = [squares(off), said.clone().sum(), truth.clone().sum(), squares(said), squares(truth)];
        Tensor::cat([loss].into_iter().chain(sums).collect(), 0)
    }

    /// Quadratic weighted kappa (Cohen 1968): 1 − mean (said − truth)² ÷ what that is where said and truth know nothing of
    /// each other.
    fn scores(&self, sums: &[f64], count: usize) -> Scores {
        let mean = |at: usize| sums[at] / count.max(1) as f64;
        let by_chance = mean(4) + mean(5) - 2.0 * mean(2) * mean(3);
        let score = if by_chance > 0.0 { 1.0 - mean(1) / by_chance } else { 0.0 };
        Scores { loss: mean(0), score }
    }

    fn decode(&self, outputs: &[f32]) -> Prediction {
        Prediction::Class(self.probabilities(outputs))
    }
}

fn grades(targets: &Targets) -> &[u32] {
    match targets {
        Targets::Classes(all) => all,
        _ => &[],
    }
}

/// Of each output, by itself.
fn cross_entropy(outputs: Tensor<2>, truths: Tensor<2>) -> Tensor<2> {
    relu(outputs.clone()) - outputs.clone() * truths + outputs.abs().neg().exp().log1p()
}
