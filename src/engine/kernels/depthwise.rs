//! A convolution with one filter for each channel, then ReLU6. Channels last.

use super::simd::F4;

/// Where a window of `kernel` values, moved by `stride`, begins before the first of `length` values: TensorFlow's
/// “SAME”, where the odd value of padding is at the end.
pub fn padding_before(length: usize, kernel: usize, stride: usize) -> usize {
    ((length.div_ceil(stride) - 1) * stride + kernel).saturating_sub(length) / 2
}

/// Output pixels of a row that are computed together: their windows share weights.
const TILE: usize = 4;

pub struct Depthwise {
    pub channels: usize,
    pub kernel: usize,
    pub stride: usize,
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
    pub fn new(weight: &[f32], bias: &[f32], kernel: usize, stride: usize) -> Result<Self, String> {
        let channels = bias.len();
        if !channels.is_multiple_of(4) || weight.len() != channels * kernel * kernel || stride == 0 {
            return Err(format!("{} weights for {channels} channels of {kernel} × {kernel}", weight.len()));
        }
        let taps = kernel * kernel;
        let weights = (0..taps).flat_map(|tap| weight.iter().skip(tap).step_by(taps)).copied().collect();
        Ok(Self { channels, kernel, stride, weights, bias: bias.to_vec() })
    }

    /// `input` `[height, width, channels]` to `output` `[⌈height / stride⌉, ⌈width / stride⌉, channels]`.
    pub fn run(&self, input: &[f32], height: usize, width: usize, output: &mut [f32]) {
        let (rows, columns) = (height.div_ceil(self.stride), width.div_ceil(self.stride));
        let sizes = (height * width * self.channels, rows * columns * self.channels);
        assert_eq!((input.len(), output.len()), sizes, "depthwise sizes");
        let top = padding_before(height, self.kernel, self.stride);
        let left = padding_before(width, self.kernel, self.stride);
        let frame = Frame { width, top, left };
        for (y, row) in output.chunks_exact_mut(columns * self.channels).enumerate() {
            // Kernel rows that lie on the picture.
            let first = y * self.stride;
            let taps = top.saturating_sub(first)..self.kernel.min(height + top - first);
            let mut x = 0;
            while x < columns {
                let whole = x + TILE <= columns
                    && x * self.stride >= left
                    && (x + TILE - 1) * self.stride + self.kernel <= width + left;
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
        let Self { channels, kernel, stride, .. } = *self;
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
                    relu6(sum).store(output.as_mut_ptr().add(i * channels + channel));
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
        let Self { channels, kernel, stride, .. } = *self;
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
                relu6(sum).store(output.as_mut_ptr().add(channel));
            }
        }
    }
}

#[inline(always)]
fn relu6(x: F4) -> F4 {
    x.max(F4::splat(0.0)).min(F4::splat(6.0))
}
