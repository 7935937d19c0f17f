//! Softmax and cross-entropy in one pass, with the gradient that follows from both at once.

use crate::engine::exponential::exp;
use crate::engine::recurrent::IGNORE_INDEX;

/// Has no sizes: its rows are as many as the labels.
#[derive(Clone, Copy, Debug)]
pub struct CrossEntropy {
    /// ε of `TrainSpec::label_smoothing`; where it is 0, nothing of it is done.
    pub smoothing: f32,
}

impl CrossEntropy {
    /// Mean cross-entropy, −log p(truth), nats, of `logits` `[labels, classes]`, and its gradient, `[labels, classes]`.
    /// A label that is `IGNORE_INDEX` does not count.
    pub fn forward(self, logits: &[f32], labels: &[u32], classes: usize) -> (f32, Vec<f32>) {
        assert_eq!(logits.len(), labels.len() * classes);
        let counted = labels.iter().filter(|label| **label != IGNORE_INDEX).count();
        let share = 1.0 / counted.max(1) as f32;
        let (kept, spread) = (1.0 - self.smoothing, self.smoothing / classes as f32);
        let (mut sum, mut gradient) = (0.0, logits.to_vec());
        for (row, &label) in gradient.chunks_exact_mut(classes).zip(labels) {
            if label == IGNORE_INDEX {
                row.fill(0.0);
                continue;
            }
            let truth = label as usize;
            let highest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let mut before = row[truth] - highest;
            if self.smoothing > 0.0 {
                let all: f32 = row.iter().map(|number| number - highest).sum();
                before = before * kept + all * spread;
            }
            row.iter_mut().for_each(|number| *number = exp(*number - highest));
            let powers: f32 = row.iter().sum();
            sum += powers.ln() - before;
            row.iter_mut().for_each(|number| *number *= share / powers);
            if self.smoothing > 0.0 {
                row.iter_mut().for_each(|number| *number -= share * spread);
            }
            row[truth] -= share * kept;
        }
        (sum * share, gradient)
    }
}
