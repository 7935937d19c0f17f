//! The prediction target: a class, or a number (regression). The loss that is trained and the scores that are shown
//! follow from it.

use super::classification;
use crate::protocol::{DatasetInfo, Guess, TargetInfo};
use burn::tensor::{Device, Tensor, TensorData};

#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// One of this many classes.
    Class(usize),
    /// A number; the network learns it standardised.
    Number { mean: f32, std: f32 },
}

impl Task {
    pub fn of(info: &DatasetInfo) -> Self {
        match &info.target {
            Some(TargetInfo { mean, std, .. }) => Self::Number { mean: *mean, std: *std },
            None => Self::Class(info.classes.len()),
        }
    }

    /// How many numbers the network gives for an example.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Class(classes) => *classes,
            Self::Number { .. } => 1,
        }
    }

    /// Mean loss of `outputs` `[batch, outputs]` for the truths (a class's index, or a number in its unit): cross-entropy in
    /// nats with smoothed labels, or the squared error of the standardised number; `[1]`.
    pub fn loss(&self, outputs: Tensor<2>, truths: &[f32], smoothing: f32, device: &Device) -> Tensor<1> {
        match self {
            Self::Class(_) => {
                classification::loss(outputs, truths.iter().map(|t| *t as u8).collect(), smoothing)
            }
            Self::Number { mean, std } => {
                let values: Vec<f32> = truths.iter().map(|t| (t - mean) / std).collect();
                let truth = Tensor::<2>::from_data(TensorData::new(values, [truths.len(), 1]), device);
                let off = outputs - truth;
                (off.clone() * off).sum() * (1.0 / truths.len() as f64)
            }
        }
    }

    /// One example's outputs as they are shown: probabilities, or the number in its unit.
    pub fn shown(&self, outputs: &[f32]) -> Vec<f32> {
        match self {
            Self::Class(_) => classification::softmax(outputs),
            Self::Number { mean, std } => outputs.iter().map(|y| y * std + mean).collect(),
        }
    }

    /// What is told of an example, from its outputs as they are shown.
    pub fn guess(&self, shown: &[f32]) -> Guess {
        match self {
            Self::Class(_) => classification::guess(shown),
            Self::Number { .. } => {
                Guess { class: 0, probability: shown.first().copied().unwrap_or(f32::NAN) }
            }
        }
    }
}

/// Scores of either kind, added up on the host from outputs that were read back.
#[derive(Clone, Debug)]
pub struct Score {
    task: Task,
    pub classes: classification::Score,
    /// Of standardised numbers: Σ error², Σ truth, Σ truth².
    sums: [f64; 3],
}

impl Score {
    pub fn new(task: &Task) -> Self {
        Self { task: task.clone(), classes: classification::Score::default(), sums: [0.0; 3] }
    }

    /// Adds one example and says what the network thought.
    pub fn add(&mut self, outputs: &[f32], truth: f32) -> Guess {
        match self.task {
            Task::Class(_) => self.classes.add(outputs, truth as u8),
            Task::Number { mean, std } => {
                let told = outputs.first().copied().unwrap_or(f32::NAN);
                let truth = f64::from((truth - mean) / std);
                let off = f64::from(told) - truth;
                for (sum, term) in self.sums.iter_mut().zip([off * off, truth, truth * truth]) {
                    *sum += term;
                }
                self.classes.count += 1;
                self.task.guess(&self.task.shown(&[told]))
            }
        }
    }

    pub fn mean_loss(&self) -> f32 {
        match self.task {
            Task::Class(_) => self.classes.mean_loss(),
            Task::Number { .. } => (self.sums[0] / f64::from(self.classes.count.max(1))) as f32,
        }
    }

    /// Where numbers are told, R² = 1 − Σ error² / Σ (truth − mean truth)².
    pub fn r_squared(&self) -> Option<f64> {
        let [errors, sum, squares] = self.sums;
        let spread = squares - sum * sum / f64::from(self.classes.count.max(1));
        matches!(self.task, Task::Number { .. })
            .then(|| if spread > 0.0 { 1.0 - errors / spread } else { 0.0 })
    }

    /// Share that was right, or R².
    pub fn accuracy(&self) -> f32 {
        self.r_squared().map_or_else(|| self.classes.accuracy(), |r| r as f32)
    }
}
