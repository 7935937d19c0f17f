//! Every token gets something of the few before it: a causal convolution of each feature by itself, added to what was
//! there (in Transformers: “Canon layers”, Allen-Zhu 2025).

/// `[batch, time, width]`, with weights `[taps, width]`, the token's own first.
#[derive(Clone, Copy, Debug)]
pub struct Shift {
    pub time: usize,
    pub width: usize,
}

impl Shift {
    /// x + Σ wᵢ xₜ₋ᵢ
    pub fn forward(&self, x: &[f32], weight: &[f32]) -> Vec<f32> {
        let mut output = x.to_vec();
        for (at, to) in output.chunks_exact_mut(self.width).enumerate() {
            for (tap, weight) in self.taps(at, weight) {
                let from = &x[(at - tap) * self.width..][..self.width];
                to.iter_mut().zip(from).zip(weight).for_each(|((to, x), weight)| *to += x * weight);
            }
        }
        output
    }

    /// The gradients of `x` and of the weights.
    pub fn gradients(&self, x: &[f32], weight: &[f32], gradient: &[f32]) -> [Vec<f32>; 2] {
        let (mut input, mut of_weight) = (gradient.to_vec(), vec![0.0; weight.len()]);
        for (at, gradient) in gradient.chunks_exact(self.width).enumerate() {
            for (tap, weight) in self.taps(at, weight) {
                let place = (at - tap) * self.width;
                let to = input[place..][..self.width].iter_mut().zip(gradient);
                to.zip(weight).for_each(|((to, g), weight)| *to += g * weight);
                let to = of_weight[tap * self.width..][..self.width].iter_mut().zip(gradient);
                to.zip(&x[place..]).for_each(|((to, g), x)| *to += g * x);
            }
        }
        [input, of_weight]
    }

    /// The tokens that a row reads: how far back, and with which weights.
    fn taps<'a>(&self, row: usize, weight: &'a [f32]) -> impl Iterator<Item = (usize, &'a [f32])> + use<'a> {
        weight.chunks_exact(self.width).enumerate().take(row % self.time + 1)
    }
}
