//! A dense layer at every pixel, with what comes after it: a pointwise convolution, a dense layer, or (over
//! gathered windows) any other convolution. Channels last.

use super::activated::activated;
use super::simd::F4;
use crate::pretrained::Activation;

/// Filters that are computed together: two vectors.
const PANEL: usize = 8;
/// Pixels that are computed together. 4 × 2 sums, 2 weights and 4 inputs are the 14 vectors that fit V8's registers.
const TILE: usize = 4;
/// Input values that are read again for every panel: they should stay in the second-level cache.
const BLOCK_VALUES: usize = 48 * 1024;

/// Weights `[filters, channels]` packed for the kernel: `[⌈filters / 8⌉][channels][8]`, zero beyond the last filter.
pub struct Pointwise {
    channels: usize,
    filters: usize,
    panels: Vec<f32>,
    bias: Vec<f32>,
}

/// What is done to the sums, in this order.
#[derive(Clone, Copy)]
pub struct After<'a> {
    pub activation: Activation,
    /// These are added, `[pixels, filters]`.
    pub add: Option<&'a [f32]>,
}

impl Pointwise {
    /// `weight` `[filters, channels]` and `bias` `[filters]`.
    pub fn new(weight: &[f32], bias: &[f32], channels: usize) -> Result<Self, String> {
        let filters = bias.len();
        if filters == 0 || weight.len() != filters * channels || channels == 0 {
            return Err(format!("{} weights for {filters} filters of {channels} channels", weight.len()));
        }
        let whole = filters.next_multiple_of(PANEL);
        let mut panels = Vec::with_capacity(whole * channels);
        for panel in weight.chunks(PANEL * channels) {
            for channel in 0..channels {
                panels.extend(panel.iter().skip(channel).step_by(channels));
                panels.resize(panels.len().next_multiple_of(PANEL), 0.0);
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(whole, 0.0);
        Ok(Self { channels, filters, panels, bias })
    }

    /// The weights of one filter, `[channels]`.
    pub fn weights_of(&self, filter: usize) -> Vec<f32> {
        let panel = &self.panels[filter / PANEL * PANEL * self.channels..][..PANEL * self.channels];
        panel.iter().skip(filter % PANEL).step_by(PANEL).copied().collect()
    }

    /// `input` `[pixels, channels]` to `output` `[pixels, filters]`.
    pub fn run(&self, input: &[f32], after: After, output: &mut [f32]) {
        let Self { channels, filters, .. } = *self;
        let pixels = input.len() / channels;
        assert_eq!((input.len(), output.len()), (pixels * channels, pixels * filters), "pointwise sizes");
        if let Some(add) = after.add {
            assert_eq!(add.len(), output.len(), "pointwise sizes");
        }
        let block = (BLOCK_VALUES / channels).next_multiple_of(TILE);
        for first in (0..pixels).step_by(block) {
            let last = pixels.min(first + block);
            for (panel, weights) in self.panels.chunks_exact(PANEL * channels).enumerate() {
                for pixel in (first..last).step_by(TILE) {
                    // SAFETY: the sizes were checked above; rows beyond the last pixel read the last one again.
                    let sums = unsafe {
                        let row = |i: usize| input.as_ptr().add((pixel + i).min(pixels - 1) * channels);
                        sums([row(0), row(1), row(2), row(3)], weights.as_ptr(), channels)
                    };
                    for (i, sum) in sums.into_iter().enumerate().take(last - pixel) {
                        // SAFETY: `pixel + i` is a pixel and `panel` a panel, so eight values are there.
                        unsafe { self.finish(sum, (pixel + i) * filters, panel * PANEL, after, output) };
                    }
                }
            }
        }
    }

    /// # Safety
    /// `row` must be the first of `filters` values in `output`, and in what is added; `filter` one of them.
    #[inline(always)]
    unsafe fn finish(&self, sum: [F4; 2], row: usize, filter: usize, after: After, output: &mut [f32]) {
        for (half, sum) in sum.into_iter().enumerate() {
            let filter = filter + half * 4;
            // The bias has a number for every filter of a panel, also for those that there are not.
            let sum = unsafe { sum.add(F4::load(self.bias.as_ptr().add(filter))) };
            let done = activated(after.activation, sum);
            if filter + 4 <= self.filters {
                unsafe {
                    let done = match after.add {
                        Some(add) => done.add(F4::load(add.as_ptr().add(row + filter))),
                        None => done,
                    };
                    done.store(output.as_mut_ptr().add(row + filter));
                }
            } else {
                for (at, value) in (filter..self.filters).zip(done.to_array()) {
                    output[row + at] = value + after.add.map_or(0.0, |add| add[row + at]);
                }
            }
        }
    }
}

/// Four rows of `channels` values times one panel. One channel per turn: V8 unrolls by itself, and what is unrolled
/// here spills.
///
/// # Safety
/// `channels` values at every row, `8 · channels` at `weights`.
#[inline(always)]
unsafe fn sums(rows: [*const f32; TILE], weights: *const f32, channels: usize) -> [[F4; 2]; TILE] {
    let mut sums = [[F4::splat(0.0); 2]; TILE];
    for channel in 0..channels {
        unsafe {
            let low = F4::load(weights.add(channel * PANEL));
            let high = F4::load(weights.add(channel * PANEL + 4));
            for (sum, row) in sums.iter_mut().zip(rows) {
                let value = F4::load_all(row.add(channel));
                *sum = [sum[0].mul_add(value, low), sum[1].mul_add(value, high)];
            }
        }
    }
    sums
}
