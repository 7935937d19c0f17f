//! One picture rearranged so that what a filter sees at a pixel lies together: padded with zeros, channels last.
//!
//! With up to three channels every column of windows is then written out on its own, so that a whole window is
//! one run of floats; with more, a window is one run for each kernel row, and nothing is written twice.

use super::simd::F4;
use super::transpose::Turn;

/// Channels up to which windows are written out: below, a kernel row is too short to keep four lanes busy.
const WRITTEN_OUT: usize = 3;
/// Floats after an end that kernels may touch when they take a run's last, partial group of four.
const SLACK: usize = 4;

/// Where a convolution finds its windows; kernel size odd, same padding.
#[derive(Clone, Copy, Debug)]
pub struct Patches {
    channels: usize,
    height: usize,
    width: usize,
    kernel: usize,
    /// Lines of the padded picture, and floats in one.
    lines: usize,
    line: usize,
    /// Columns written out, or none.
    columns: usize,
    /// Where windows begin in the scratch: after the padded picture, if they are written out.
    pub start: usize,
    /// A window is `rows` runs of `run` floats that are `down` floats apart.
    pub rows: usize,
    pub run: usize,
    pub down: usize,
    /// Floats between windows at pixels beside one another.
    right: usize,
    /// Floats between windows of outputs beside and below one another: `stride` pixels.
    pub beside: usize,
    pub below: usize,
}

impl Patches {
    pub fn new(channels: usize, [height, width]: [usize; 2], kernel: usize, stride: usize) -> Self {
        // Tiles of 2 × 2 outputs may hang over an odd edge by one.
        let covered = |size: usize| size.div_ceil(stride).next_multiple_of(2) * stride;
        let lines = covered(height) + kernel - 1;
        let line = (covered(width) + kernel - 1) * channels;
        let padded = Self {
            channels,
            height,
            width,
            kernel,
            lines,
            line,
            columns: 0,
            start: 0,
            rows: kernel,
            run: kernel * channels,
            down: line,
            right: channels,
            beside: channels * stride,
            below: line * stride,
        };
        if channels > WRITTEN_OUT {
            return padded;
        }
        let down = kernel * channels;
        let right = lines * down;
        Self {
            columns: covered(width),
            start: lines * line + SLACK,
            rows: 1,
            run: kernel * down,
            down,
            right,
            beside: right * stride,
            below: down * stride,
            ..padded
        }
    }

    /// Scratch for one picture; zeros, because `fill` leaves the padding alone.
    pub fn scratch(&self) -> Vec<f32> {
        vec![0.0; self.size()]
    }

    fn size(&self) -> usize {
        let written_out = self.columns * self.right;
        if written_out > 0 { self.start + written_out + SLACK } else { self.lines * self.line + SLACK }
    }

    /// Writes `picture`, `[channels, height, width]`, into its scratch.
    pub fn fill(&self, picture: &[f32], scratch: &mut [f32]) {
        assert_eq!((picture.len(), scratch.len()), (self.channels * self.height * self.width, self.size()));
        let turn = Turn {
            rows: self.channels,
            columns: self.width,
            down: [self.height * self.width, self.channels],
        };
        self.pixel_rows(|picture_row, place| turn.copy(&picture[picture_row..], &mut scratch[place..]));
        let scratch = scratch.as_mut_ptr();
        self.written_out(|from, to| {
            for group in (0..self.down).step_by(4) {
                // SAFETY: a last group that is too long spills into the next line, which is written next, or slack.
                unsafe { F4::load(scratch.add(from + group)).store(scratch.add(to + group)) };
            }
        });
    }

    /// Moves what gathered in the scratch to `picture`, `[channels, height, width]`, and clears the scratch.
    pub fn drain(&self, scratch: &mut [f32], picture: &mut [f32]) {
        assert_eq!((picture.len(), scratch.len()), (self.channels * self.height * self.width, self.size()));
        self.written_out(|to, from| {
            for at in 0..self.down {
                scratch[to + at] += scratch[from + at];
            }
        });
        let turn = Turn {
            rows: self.width,
            columns: self.channels,
            down: [self.channels, self.height * self.width],
        };
        self.pixel_rows(|picture_row, place| turn.copy(&scratch[place..], &mut picture[picture_row..]));
        scratch.fill(0.0);
    }

    /// Every row's beginning in the picture's first channel and in the padded picture.
    fn pixel_rows(&self, mut visit: impl FnMut(usize, usize)) {
        let padding = self.kernel / 2;
        for y in 0..self.height {
            visit(y * self.width, (y + padding) * self.line + padding * self.channels);
        }
    }

    /// Every (index into the padded picture, index of its copy) where `down` floats are written out.
    #[inline(always)]
    fn written_out(&self, mut visit: impl FnMut(usize, usize)) {
        for column in 0..self.columns {
            for y in 0..self.lines {
                visit(
                    y * self.line + column * self.channels,
                    self.start + column * self.right + y * self.down,
                );
            }
        }
    }

    /// Groups of four floats that cover a run.
    pub fn groups(&self) -> usize {
        self.run.div_ceil(4)
    }

    /// Copies between one filter's weights in PyTorch's layout, `[channels, kernel, kernel]`, and in a window's
    /// order with `row` floats for each run: calls with (PyTorch's index, the window's index).
    pub fn taps(&self, row: usize, mut visit: impl FnMut(usize, usize)) {
        let (kernel, channels) = (self.kernel, self.channels);
        let lines_in_a_run = kernel / self.rows;
        for channel in 0..channels {
            for y in 0..kernel {
                for x in 0..kernel {
                    let within = (y % lines_in_a_run * kernel + x) * channels + channel;
                    visit((channel * kernel + y) * kernel + x, y / lines_in_a_run * row + within);
                }
            }
        }
    }
}
