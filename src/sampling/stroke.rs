//! The pen's next move from what a network that draws says of it: twenty Gaussians of the plane, and whether the pen stays
//! on the paper, is lifted, or the drawing is over (Ha & Eck 2017, section 3.2, equations 3 to 8).

use super::Sampling;
use crate::random::Random;
use crate::sketch::MIXTURE;
use crate::sketch::moves::{Pen, PenMove};
use serde::{Deserialize, Serialize};

/// One of the places where the pen may go next, in units of the drawing from where it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gaussian {
    /// How likely it is this one, at temperature 1.
    pub weight: f32,
    /// Right and down.
    pub mean: [f32; 2],
    /// At temperature 1.
    pub deviation: [f32; 2],
    /// From −1 to 1.
    pub correlation: f32,
}

/// The ellipse at one deviation around a mean: half its long and half its short diameter, and degrees from the right,
/// clockwise as the paper's down is positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ellipse {
    pub long: f64,
    pub short: f64,
    pub degrees: f64,
}

impl Gaussian {
    /// At a temperature τ variances are τ times as large.
    pub fn ellipse(&self, temperature: f64) -> Ellipse {
        let [x, y] = self.deviation.map(f64::from);
        // Eigenvalues and the first axis of the covariance matrix.
        let (a, b, c) = (x * x, f64::from(self.correlation) * x * y, y * y);
        let (middle, apart) = ((a + c) / 2.0, ((a - c) / 2.0).hypot(b));
        let radius = |variance: f64| (variance.max(0.0) * temperature).sqrt();
        let degrees = 0.5 * (2.0 * b).atan2(a - c).to_degrees();
        Ellipse { long: radius(middle + apart), short: radius(middle - apart), degrees }
    }
}

/// What the network says of the next move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextMove {
    /// Of `Pen::ALL`, before softmax.
    pub pen_logits: [f32; 3],
    /// As the network gives them, before softmax.
    pub weight_logits: Vec<f32>,
    pub mixture: Vec<Gaussian>,
}

impl NextMove {
    /// From the network's outputs, `[3 + 6 · MIXTURE]`: the pen's logits, then of all Gaussians the weights' logits, the
    /// means' Δx and Δy, the deviations' logarithms and the correlations before tanh. `scale` is the drawing's units in what
    /// the network calls 1.
    pub fn of(outputs: &[f32], scale: f32) -> Self {
        let (pen, rest) = outputs.split_at(3);
        let of = |what: usize, at: usize| rest[what * MIXTURE + at];
        let weight_logits = rest[..MIXTURE].to_vec();
        let weights = chances(&weight_logits, 1.0);
        let gaussian = |(at, weight): (usize, f32)| Gaussian {
            weight,
            mean: [of(1, at), of(2, at)].map(|mean| mean * scale),
            deviation: [of(3, at), of(4, at)].map(|log| log.exp() * scale),
            correlation: of(5, at).tanh(),
        };
        let mixture = weights.into_iter().enumerate().map(gaussian).collect();
        Self { pen_logits: [pen[0], pen[1], pen[2]], weight_logits, mixture }
    }

    /// How likely each Gaussian is at this temperature.
    pub fn weights(&self, temperature: f32) -> Vec<f32> {
        chances(&self.weight_logits, temperature)
    }

    /// How likely each of `Pen::ALL` is at this temperature.
    pub fn pen(&self, temperature: f32) -> [f32; 3] {
        let chances = chances(&self.pen_logits, temperature);
        [chances[0], chances[1], chances[2]]
    }

    /// Draws a Gaussian, a place in it, and what the pen does. At temperature 0 that is the likeliest Gaussian's mean; none
    /// if the network gives no numbers.
    pub fn draw(&self, temperature: f32, random: &mut Random) -> Option<PenMove> {
        let sampling = Sampling { temperature, ..Sampling::default() };
        let gaussian = self.mixture.get(sampling.draw(&self.weight_logits, random)? as usize)?;
        let pen = *Pen::ALL.get(sampling.draw(&self.pen_logits, random)? as usize)?;
        let [one, other] =
            [random.normal(), random.normal()].map(|normal| normal * temperature.max(0.0).sqrt());
        let rho = gaussian.correlation;
        let right = gaussian.mean[0] + gaussian.deviation[0] * one;
        let down = gaussian.mean[1] + gaussian.deviation[1] * (rho * one + (1.0 - rho * rho).sqrt() * other);
        (right.is_finite() && down.is_finite()).then_some(PenMove { right, down, pen })
    }
}

/// Of each logit, in its place.
fn chances(logits: &[f32], temperature: f32) -> Vec<f32> {
    let mut chances = vec![0.0; logits.len()];
    for (at, chance) in (Sampling { temperature, ..Sampling::default() }).candidates(logits) {
        chances[at as usize] = chance;
    }
    chances
}
