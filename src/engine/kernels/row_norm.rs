//! Layer normalisation (Ba et al. 2016) and RMS normalisation (Zhang & Sennrich 2019): each row by itself.

use super::LayerGradients;

/// How rows of `width` numbers are normalised.
#[derive(Clone, Copy, Debug)]
pub struct RowNorm {
    pub width: usize,
    /// The mean is taken away first; without, it is RMS normalisation.
    pub centred: bool,
    /// Added to the variance, or to the mean square.
    pub epsilon: f32,
}

impl RowNorm {
    /// `x` `[rows, width]`, γ and β `[width]` → as `x`.
    pub fn forward(&self, x: &[f32], gamma: &[f32], beta: &[f32]) -> Vec<f32> {
        let mut output = Vec::with_capacity(x.len());
        for row in x.chunks_exact(self.width) {
            let [mean, inverse] = self.moments(row);
            let lines = row.iter().zip(gamma).zip(beta);
            output.extend(lines.map(|((x, gamma), beta)| (x - mean) * inverse * gamma + beta));
        }
        output
    }

    /// `gradient` is as `x`; in the answer `weight` is γ's and `bias` is β's.
    pub fn gradients(&self, x: &[f32], gamma: &[f32], gradient: &[f32]) -> LayerGradients {
        let width = self.width;
        let (mut of_gamma, mut of_beta) = (vec![0.0; width], vec![0.0; width]);
        let mut input = vec![0.0; x.len()];
        let rows = x.chunks_exact(width).zip(gradient.chunks_exact(width));
        for ((x, gradient), input) in rows.zip(input.chunks_exact_mut(width)) {
            let [mean, inverse] = self.moments(x);
            let [mut pull, mut along] = [0.0; 2];
            for at in 0..width {
                let (normal, g) = ((x[at] - mean) * inverse, gradient[at]);
                of_gamma[at] += g * normal;
                of_beta[at] += g;
                pull += g * gamma[at];
                along += g * gamma[at] * normal;
            }
            let pull = if self.centred { pull / width as f32 } else { 0.0 };
            let along = along / width as f32;
            for at in 0..width {
                let normal = (x[at] - mean) * inverse;
                input[at] = inverse * (gradient[at] * gamma[at] - pull - normal * along);
            }
        }
        LayerGradients { input: Some(input), weight: of_gamma, bias: of_beta }
    }

    /// What is taken away, and by what the rest is multiplied.
    fn moments(&self, row: &[f32]) -> [f32; 2] {
        let count = self.width as f32;
        let mean = if self.centred { row.iter().sum::<f32>() / count } else { 0.0 };
        let square = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / count;
        [mean, 1.0 / (square + self.epsilon).sqrt()]
    }
}
