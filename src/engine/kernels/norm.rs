//! Batch normalisation (Ioffe & Szegedy 2015) with the ReLU that follows it: two passes over the numbers forward, two
//! back, where Burn's operations take one for each sum and product.

use super::LayerGradients;
use super::simd::F4;

/// The sizes of a normalisation: `[batch, channels, area]`; rows of numbers have an area of 1.
#[derive(Clone, Copy, Debug)]
pub struct Norm {
    pub batch: usize,
    pub channels: usize,
    pub area: usize,
    /// Added to the variance.
    pub epsilon: f32,
    /// A ReLU follows.
    pub relu: bool,
    /// The means and variances are the input's own, and move with it.
    pub by_batch: bool,
}

/// What normalises one channel: x ↦ x · scale + shift, and x ↦ (x − mean) · inverse before γ and β.
#[derive(Clone, Copy)]
struct Channel {
    mean: f32,
    inverse: f32,
    scale: f32,
    shift: f32,
}

impl Norm {
    /// Each channel's mean and (biased) variance, `[channels]` each; `x` is `[batch, channels, area]`.
    pub fn moments(&self, x: &[f32]) -> [Vec<f32>; 2] {
        let count = (self.batch * self.area) as f64;
        let mut mean = vec![0.0_f64; self.channels];
        for (plane, channel) in self.planes(x) {
            mean[channel] += f64::from(sum(plane, [], |x, []| x));
        }
        let mean: Vec<f32> = mean.iter().map(|sum| (sum / count) as f32).collect();
        let mut variance = vec![0.0_f64; self.channels];
        for (plane, channel) in self.planes(x) {
            let minus = F4::splat(-mean[channel]);
            let square = |x: F4, []: [F4; 0]| x.add(minus).mul(x.add(minus));
            variance[channel] += f64::from(sum(plane, [], square));
        }
        [mean, variance.iter().map(|sum| (sum / count) as f32).collect()]
    }

    /// `[batch, channels, area]` → the same; the rest is `[channels]` each.
    pub fn forward(&self, x: &[f32], beta: &[f32], gamma: &[f32], moments: [&[f32]; 2]) -> Vec<f32> {
        let channels = self.per_channel(beta, gamma, moments);
        let lowest = F4::splat(if self.relu { 0.0 } else { f32::NEG_INFINITY });
        let mut output = vec![0.0; x.len()];
        for ((from, channel), to) in self.planes(x).zip(output.chunks_exact_mut(self.area)) {
            let (scale, shift) = (F4::splat(channels[channel].scale), F4::splat(channels[channel].shift));
            // `x` on the left: not a number stays so, or a diverged run would look dead instead.
            each(from, [], to, |x, []| shift.mul_add(x, scale).max(lowest));
        }
        output
    }

    /// `gradient` is as `x`, the rest as in `forward`; in the answer `weight` is γ's and `bias` is β's.
    pub fn gradients(
        &self,
        x: &[f32],
        beta: &[f32],
        gamma: &[f32],
        moments: [&[f32]; 2],
        gradient: &[f32],
    ) -> LayerGradients {
        assert_eq!(x.len(), gradient.len());
        let channels = self.per_channel(beta, gamma, moments);
        let (mut of_gamma, mut of_beta) = (vec![0.0; self.channels], vec![0.0; self.channels]);
        for ((x, channel), gradient) in self.planes(x).zip(gradient.chunks_exact(self.area)) {
            let alive = self.alive(channels[channel]);
            let (mean, inverse) = (F4::splat(-channels[channel].mean), F4::splat(channels[channel].inverse));
            of_beta[channel] += sum(x, [gradient], |x, [g]| alive(x, g));
            of_gamma[channel] += sum(x, [gradient], |x, [g]| alive(x, g).mul(x.add(mean).mul(inverse)));
        }
        let mut input = vec![0.0; x.len()];
        let planes = self.planes(x).zip(gradient.chunks_exact(self.area));
        for (((x, channel), gradient), to) in planes.zip(input.chunks_exact_mut(self.area)) {
            let alive = self.alive(channels[channel]);
            let [slope, offset] = self.pull(channels[channel], of_gamma[channel], of_beta[channel]);
            let scale = F4::splat(channels[channel].scale);
            let (slope, offset) = (F4::splat(slope), F4::splat(offset));
            each(x, [gradient], to, |x, [g]| offset.mul_add(x, slope).mul_add(alive(x, g), scale));
        }
        LayerGradients { input: Some(input), weight: of_gamma, bias: of_beta }
    }

    /// What the batch's own mean and variance add to the gradient of `x`: slope · x + offset.
    fn pull(&self, of: Channel, of_gamma: f32, of_beta: f32) -> [f32; 2] {
        if !self.by_batch {
            return [0.0; 2];
        }
        let count = (self.batch * self.area) as f32;
        let slope = -of.scale * of.inverse * of_gamma / count;
        [slope, -of.scale * of_beta / count - slope * of.mean]
    }

    /// The gradient where the ReLU let the number through.
    #[inline(always)]
    fn alive(&self, of: Channel) -> impl Fn(F4, F4) -> F4 {
        let (scale, shift, zero) = (F4::splat(of.scale), F4::splat(of.shift), F4::splat(0.0));
        let relu = self.relu;
        move |x, gradient| {
            if relu { shift.mul_add(x, scale).if_greater(zero, gradient, zero) } else { gradient }
        }
    }

    fn per_channel(&self, beta: &[f32], gamma: &[f32], [mean, variance]: [&[f32]; 2]) -> Vec<Channel> {
        for numbers in [beta, gamma, mean, variance] {
            assert_eq!(numbers.len(), self.channels);
        }
        (0..self.channels)
            .map(|c| {
                let inverse = 1.0 / (variance[c] + self.epsilon).sqrt();
                let scale = gamma[c] * inverse;
                Channel { mean: mean[c], inverse, scale, shift: beta[c] - mean[c] * scale }
            })
            .collect()
    }

    /// Every plane of numbers with its channel.
    fn planes<'a>(&self, x: &'a [f32]) -> impl Iterator<Item = (&'a [f32], usize)> + use<'a> {
        assert_eq!(x.len(), self.batch * self.channels * self.area);
        let channels = self.channels;
        x.chunks_exact(self.area).enumerate().map(move |(plane, numbers)| (numbers, plane % channels))
    }
}

/// `to` = `of(x, others)`, number by number.
#[inline(always)]
fn each<const N: usize>(x: &[f32], others: [&[f32]; N], to: &mut [f32], of: impl Fn(F4, [F4; N]) -> F4) {
    walk(x, others, |at, count, x, others| {
        to[at..at + count].copy_from_slice(&of(x, others).to_array()[..count]);
    });
}

/// The sum of `of(x, others)`.
#[inline(always)]
fn sum<const N: usize>(x: &[f32], others: [&[f32]; N], of: impl Fn(F4, [F4; N]) -> F4) -> f32 {
    let mut all = F4::splat(0.0);
    let mut rest = 0.0;
    walk(x, others, |_, count, x, others| {
        let value = of(x, others);
        if count == 4 {
            all = all.add(value);
        } else {
            rest += value.to_array()[..count].iter().sum::<f32>();
        }
    });
    all.to_array().iter().sum::<f32>() + rest
}

/// Fours of numbers that lie at the same place, with where that is; the last may be fewer, filled up with zeros.
#[inline(always)]
fn walk<const N: usize>(x: &[f32], others: [&[f32]; N], mut visit: impl FnMut(usize, usize, F4, [F4; N])) {
    assert!(others.iter().all(|other| other.len() == x.len()));
    let whole = x.len() / 4 * 4;
    for at in (0..whole).step_by(4) {
        // SAFETY: all have four numbers there.
        unsafe { visit(at, 4, F4::load(x.as_ptr().add(at)), others.map(|o| F4::load(o.as_ptr().add(at)))) }
    }
    if whole < x.len() {
        let filled = |numbers: &[f32]| {
            let mut four = [0.0; 4];
            four[..x.len() - whole].copy_from_slice(&numbers[whole..]);
            // SAFETY: there are four.
            unsafe { F4::load(four.as_ptr()) }
        };
        visit(whole, x.len() - whole, filled(x), others.map(filled));
    }
}
