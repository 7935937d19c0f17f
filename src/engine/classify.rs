//! The task of naming a picture's class: the loss that is trained, and the scores that are shown.

use crate::protocol::Guess;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};

/// Mean cross-entropy, −log p(truth), nats, of `logits` `[batch, classes]` against `truth` one-hot
/// `[batch, classes]`; `[1]`. A product with one-hot labels has a cheaper gradient on a GPU than a gather.
pub fn loss(logits: Tensor<2>, truth: Tensor<2>) -> Tensor<1> {
    let batch = logits.dims()[0] as f64;
    (log_softmax(logits, 1) * truth).sum() * (-1.0 / batch)
}

/// Labels as `[labels, classes]` of 0 and 1.
pub fn one_hot(labels: impl ExactSizeIterator<Item = u8>, classes: usize, device: &Device) -> Tensor<2> {
    let count = labels.len();
    let mut values = vec![0.0_f32; count * classes];
    for (row, label) in values.chunks_exact_mut(classes).zip(labels) {
        row[usize::from(label)] = 1.0;
    }
    Tensor::from_data(TensorData::new(values, [count, classes]), device)
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
