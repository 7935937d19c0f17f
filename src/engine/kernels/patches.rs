//! One picture rearranged so that what a filter sees at a pixel lies together: padded with zeros, channels last.
//!
//! With up to three channels every column of windows is written out on its own, so that a whole window is one
//! run of floats; with more, a window is one run for each kernel row, and nothing is written twice.

/// Channels up to which windows are written out: below, a kernel row is too short to keep four lanes busy.
const WRITTEN_OUT: usize = 3;
/// Floats after the end that kernels may touch when they take a run's last, partial group of four.
const SLACK: usize = 4;

/// Where a convolution finds its windows; kernel size odd, stride 1, same padding.
#[derive(Clone, Copy, Debug)]
pub struct Patches {
    channels: usize,
    height: usize,
    width: usize,
    kernel: usize,
    /// Columns written out (1: the picture as it is), and the pixels in each line of one.
    columns: usize,
    across: usize,
    /// Lines with padding; even, because tiles of 2 × 2 may hang over an odd edge by one.
    lines: usize,
    /// A window is `rows` runs of `run` floats; the runs, and windows below one another, are `down` floats apart.
    pub rows: usize,
    pub run: usize,
    pub down: usize,
    /// Floats between windows beside one another.
    pub right: usize,
}

impl Patches {
    pub fn new(channels: usize, height: usize, width: usize, kernel: usize) -> Self {
        let even = |size: usize| size + size % 2;
        let lines = even(height) + kernel - 1;
        let written_out = channels <= WRITTEN_OUT;
        let across = if written_out { kernel } else { even(width) + kernel - 1 };
        let down = across * channels;
        Self {
            channels,
            height,
            width,
            kernel,
            columns: if written_out { even(width) } else { 1 },
            across,
            lines,
            rows: if written_out { 1 } else { kernel },
            run: if written_out { kernel * down } else { kernel * channels },
            down,
            right: if written_out { lines * down } else { channels },
        }
    }

    /// Scratch for one picture; zeros, because `fill` leaves the padding alone.
    pub fn scratch(&self) -> Vec<f32> {
        vec![0.0; self.columns * self.lines * self.down + SLACK]
    }

    /// Writes `picture`, `[channels, height, width]`, into its scratch.
    pub fn fill(&self, picture: &[f32], scratch: &mut [f32]) {
        self.check(picture, scratch);
        // SAFETY: `places` stays inside both, whose sizes were checked.
        self.places(|pixel, place| unsafe { *scratch.get_unchecked_mut(place) = *picture.get_unchecked(pixel) });
    }

    /// Adds what gathered in the scratch to `picture`, `[channels, height, width]`, and clears the scratch.
    pub fn drain(&self, scratch: &mut [f32], picture: &mut [f32]) {
        self.check(picture, scratch);
        // SAFETY: as above.
        self.places(|pixel, place| unsafe { *picture.get_unchecked_mut(pixel) += *scratch.get_unchecked(place) });
        scratch.fill(0.0);
    }

    fn check(&self, picture: &[f32], scratch: &[f32]) {
        assert_eq!(picture.len(), self.channels * self.height * self.width);
        assert_eq!(scratch.len(), self.columns * self.lines * self.down + SLACK);
    }

    /// Every (index into the picture, index into the scratch) that belong together.
    #[inline(always)]
    fn places(&self, mut visit: impl FnMut(usize, usize)) {
        let padding = self.kernel / 2;
        for column in 0..self.columns {
            let first = padding.saturating_sub(column);
            let end = self.across.min((self.width + padding).saturating_sub(column));
            for y in 0..self.height {
                let line = (column * self.lines + y + padding) * self.down;
                for channel in 0..self.channels {
                    let row = (channel * self.height + y) * self.width;
                    for x in first..end {
                        visit(row + column + x - padding, line + x * self.channels + channel);
                    }
                }
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
