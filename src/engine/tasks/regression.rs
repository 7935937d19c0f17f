//! How large a number is: the squared error of the standardised number.

use super::{Scores, Task};
use crate::datasets::target::{Prediction, TargetField, Targets};
use crate::engine::device::tensor;
use burn::tensor::{Device, Tensor};
use std::rc::Rc;

struct Regression {
    mean: f32,
    std: f32,
}

pub fn make(field: &TargetField) -> Rc<dyn Task> {
    let (mean, std) = match field {
        TargetField::Value { mean, std, .. } => (*mean, *std),
        _ => (0.0, 1.0),
    };
    Rc::new(Regression { mean, std })
}

impl Regression {
    fn standardised(&self, targets: &Targets) -> Vec<f32> {
        match targets {
            Targets::Values(all) => all.iter().map(|value| (value - self.mean) / self.std).collect(),
            _ => Vec::new(),
        }
    }
}

impl Task for Regression {
    fn loss(&self, outputs: Tensor<2>, targets: &Targets, _: f32, device: &Device) -> Tensor<1> {
        let values = self.standardised(targets);
        let count = values.len();
        let truth = tensor(values, [count, 1], device);
        let off = outputs - truth;
        (off.clone() * off).sum() * (1.0 / count as f64)
    }

    /// Σ error², Σ truth, Σ truth², of standardised numbers.
    fn sums(&self, outputs: &[f32], targets: &Targets) -> Vec<f64> {
        let mut sums = vec![0.0; 3];
        for (said, truth) in outputs.iter().zip(self.standardised(targets)) {
            let truth = f64::from(truth);
            let off = f64::from(*said) - truth;
            for (sum, term) in sums.iter_mut().zip([off * off, truth, truth * truth]) {
                *sum += term;
            }
        }
        sums
    }

    fn device_sums(&self, outputs: Tensor<2>, targets: &Targets) -> Tensor<1> {
        let values = self.standardised(targets);
        let shape = [values.len(), 1];
        let truth = tensor(values, shape, &outputs.device());
        let off = outputs - truth.clone();
        let squares = |x: Tensor<2>| (x.clone() * x).sum();
        Tensor::cat(vec![squares(off), truth.clone().sum(), squares(truth)], 0)
    }

    /// R² = 1 − Σ error² / Σ (truth − mean truth)².
    fn scores(&self, sums: &[f64], count: usize) -> Scores {
        let count = count.max(1) as f64;
        let [errors, sum, squares] = [sums[0], sums[1], sums[2]];
        let spread = squares - sum * sum / count;
        Scores { loss: errors / count, score: if spread > 0.0 { 1.0 - errors / spread } else { 0.0 } }
    }

    fn decode(&self, outputs: &[f32]) -> Prediction {
        Prediction::Value(outputs.first().map_or(f32::NAN, |y| y * self.std + self.mean))
    }
}
