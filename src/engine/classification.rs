//! The task of naming a picture's class: the loss that is trained, and the scores that are shown.

use super::backend_ext;
use crate::protocol::Guess;
use burn::tensor::Tensor;

/// Mean cross-entropy, −log p(label), nats, of `logits` `[labels, classes]`, with labels smoothed as
/// `TrainSpec::label_smoothing` says; `[1]`. In one pass, with its gradient.
pub fn loss(logits: Tensor<2>, labels: Vec<u8>, smoothing: f32) -> Tensor<1> {
    backend_ext::cross_entropy(logits, labels, smoothing)
}

/// Probabilities from one example's logits.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|l| (l - highest).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.iter().map(|p| p / sum).collect()
}

/// The likeliest class.
pub fn guess(probabilities: &[f32]) -> Guess {
    let best = probabilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    best.map_or(Guess { class: 0, probability: 0.0 }, |(class, &probability)| Guess {
        class: class as u8,
        probability,
    })
}

/// Loss and hits, added up on the host from logits that were read back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    pub count: u32,
    pub correct: u32,
    /// Sum of −log p(truth), nats.
    pub loss: f64,
}

impl Score {
    /// Adds one example and says what the network thought.
    pub fn add(&mut self, logits: &[f32], label: u8) -> Guess {
        let probabilities = softmax(logits);
        let thought = guess(&probabilities);
        self.count += 1;
        self.correct += u32::from(thought.class == label);
        let truth = probabilities.get(usize::from(label)).copied().unwrap_or(f32::NAN);
        // NaN stays NaN (diverged); a probability that rounds to 0 does not become infinite.
        self.loss -= f64::from(if truth == 0.0 { f32::MIN_POSITIVE } else { truth }).ln();
        thought
    }

    pub fn mean_loss(&self) -> f32 {
        (self.loss / f64::from(self.count.max(1))) as f32
    }

    pub fn accuracy(&self) -> f32 {
        self.correct as f32 / self.count.max(1) as f32
    }
}
