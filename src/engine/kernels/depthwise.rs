//! A convolution with one filter for each channel, then an activation. Channels last.

use super::activated::activated;
use super::simd::F4;
use crate::pretrained::{Activation, Padding};

/// A square of `kernel × kernel` values that is moved by `stride`.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub kernel: usize,
    pub stride: usize,
    pub padding: Padding,
}

impl Window {
    /// How many values before the first of `length` it begins.
    pub fn before(self, length: usize) -> usize {
        self.padding.before(length, self.kernel, self.stride)
    }
}

/// Output pixels of a row that are computed together: their windows share weights.
const TILE: usize = 4;

pub struct Depthwise {
    pub channels: usize,
    pub window: Window,
    pub activation: Activation,
    /// `[kernel · kernel, channels]`
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// One picture's sizes, and where its windows begin.
#[derive(Clone, Copy)]
struct Frame {
    width: usize,
    top: usize,
    left: usize,
}

impl Depthwise {
    /// `weight` `[channels, kernel, kernel]` and `bias` `[channels]`; channels come in fours.
    pub fn new(weight: &[f32], bias: &[f32], window: Window, activation: Activation) -> Result<Self, String> {
        let Window { kernel, stride, .. } = window;
        let channels = bias.len();
        if !channels.is_multiple_of(4) || weight.len() != channels * kernel * kernel || stride == 0 {
            return Err(format!("{} weights for {channels} channels of {kernel} × {kernel}", weight.len()));
        }
        let taps = kernel * kernel;
        let weights = (0..taps).flat_map(|tap| weight.iter().skip(tap).step_by(taps)).copied().collect();
        Ok(Self { channels, window, activation, weights, bias: bias.to_vec() })
    }

    /// `input` `[height, width, channels]` to `output` `[⌈height / stride⌉, ⌈width / stride⌉, channels]`.
    pub fn run(&self, input: &[f32], height: usize, width: usize, output: &mut [f32]) {
        let Window { kernel, stride, .. } = self.window;
        let (rows, columns) = (height.div_ceil(stride), width.div_ceil(stride));
        let sizes = (height * width * self.channels, rows * columns * self.channels);
        assert_eq!((input.len(), output.len()), sizes, "depthwise sizes");
        let [top, left] = [height, width].map(|length| self.window.before(length));
        let frame = Frame { width, top, left };
        for (y, row) in output.chunks_exact_mut(columns * self.channels).enumerate() {
            // Kernel rows that lie on the picture.
            let first = y * stride;
            let taps = top.saturating_sub(first)..kernel.min(height + top - first);
            let mut x = 0;
            while x < columns {
                let whole = x + TILE <= columns
                    && x * stride >= left
                    && (x + TILE - 1) * stride + kernel <= width + left;
                let count = if whole { TILE } else { 1 };
                let to = &mut row[x * self.channels..(x + count) * self.channels];
                // SAFETY: `input` and `weights` have the sizes checked above and in `new`; `taps`, and for whole
                // tiles the columns, lie on the picture.
                unsafe {
                    if whole {
                        self.tile(input, frame, [y, x], taps.clone(), to);
                    } else {
                        self.pixel(input, frame, [y, x], taps.clone(), to);
                    }
                }
                x += count;
            }
        }
    }

    /// Four pixels whose windows lie wholly between the left and the right edge.
    ///
    /// # Safety
    /// As `run` says.
    unsafe fn tile(
        &self,
        input: &[f32],
        frame: Frame,
        [y, x]: [usize; 2],
        taps: std::ops::Range<usize>,
        output: &mut [f32],
    ) {
        let Self { channels, window: Window { kernel, stride, .. }, activation, .. } = *self;
        let step = stride * channels;
        for channel in (0..channels).step_by(4) {
            unsafe {
                let bias = F4::load(self.bias.as_ptr().add(channel));
                let mut sums = [bias; TILE];
                for ky in taps.clone() {
                    let line = (y * stride + ky - frame.top) * frame.width + x * stride - frame.left;
                    let mut from = input.as_ptr().add(line * channels + channel);
                    let mut weight = self.weights.as_ptr().add(ky * kernel * channels + channel);
                    for _ in 0..kernel {
                        let w = F4::load(weight);
                        for (i, sum) in sums.iter_mut().enumerate() {
                            *sum = sum.mul_add(F4::load(from.add(i * step)), w);
                        }
                        from = from.add(channels);
                        weight = weight.add(channels);
                    }
                }
                for (i, sum) in sums.into_iter().enumerate() {
                    activated(activation, sum).store(output.as_mut_ptr().add(i * channels + channel));
                }
            }
        }
    }

    /// One pixel anywhere.
    ///
    /// # Safety
    /// As `run` says.
    unsafe fn pixel(
        &self,
        input: &[f32],
        frame: Frame,
        [y, x]: [usize; 2],
        taps: std::ops::Range<usize>,
        output: &mut [f32],
    ) {
        let Self { channels, window: Window { kernel, stride, .. }, activation, .. } = *self;
        let first = x * stride;
        let columns = frame.left.saturating_sub(first)..kernel.min(frame.width + frame.left - first);
        for channel in (0..channels).step_by(4) {
            unsafe {
                let mut sum = F4::load(self.bias.as_ptr().add(channel));
                for ky in taps.clone() {
                    let line = (y * stride + ky - frame.top) * frame.width + first;
                    for kx in columns.clone() {
                        let from = (line + kx - frame.left) * channels + channel;
                        let weight = (ky * kernel + kx) * channels + channel;
                        sum = sum.mul_add(
                            F4::load(input.as_ptr().add(from)),
                            F4::load(self.weights.as_ptr().add(weight)),
                        );
                    }
                }
                activated(activation, sum).store(output.as_mut_ptr().add(channel));
            }
        }
    }
}
