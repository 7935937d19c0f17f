//! Convolution (odd kernel, stride 1, same padding) with bias, and with the ReLU and the 2 × 2 max pooling that
//! follow it: tiles of 2 × 2 pixels × 8 filters, so that a tile is exactly what a pooling window needs and its
//! eight sums and six loads fit the machine's registers (design study `kernels.md`).

use super::patches::Patches;
use super::simd::F4;

/// Filters in a tile.
const FILTERS: usize = 8;
/// In `Convolved::winners`: the output does not depend on its input.
pub const DEAD: u8 = 4;

/// What follows the convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    Nothing,
    Relu,
    /// ReLU, then the largest of each 2 × 2 window; an odd last row or column is dropped.
    ReluPool,
}

/// The sizes of a convolution.
#[derive(Clone, Copy, Debug)]
pub struct Conv {
    pub batch: usize,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub filters: usize,
    pub kernel: usize,
    pub tail: Tail,
}

/// What a convolution leaves behind.
pub struct Convolved {
    /// `[batch, filters, out height, out width]`
    pub output: Vec<f32>,
    /// For each output the pixel of its pooling window that won, row by row (0 without pooling), or `DEAD`. Of
    /// equal pixels the first wins, as in Burn's max pooling.
    pub winners: Vec<u8>,
}

impl Conv {
    /// Output height and width.
    pub fn out(&self) -> [usize; 2] {
        let step = self.step();
        [self.height / step, self.width / step]
    }

    /// Pixels of the convolution for each output, along an axis.
    pub fn step(&self) -> usize {
        if self.tail == Tail::ReluPool { 2 } else { 1 }
    }

    pub fn patches(&self) -> Patches {
        Patches::new(self.channels, self.height, self.width, self.kernel)
    }

    /// Floats in one input picture, one filter's weights and one filter's output.
    pub fn sizes(&self) -> [usize; 3] {
        let [height, width] = self.out();
        [self.channels * self.height * self.width, self.channels * self.kernel * self.kernel, height * width]
    }

    /// `pictures` `[batch, channels, height, width]`, `weight` `[filters, channels, kernel, kernel]`, `bias`
    /// `[filters]`
    pub fn forward(&self, pictures: &[f32], weight: &[f32], bias: &[f32]) -> Convolved {
        let [picture, taps, area] = self.sizes();
        assert!(self.kernel % 2 == 1 && picture > 0, "an odd kernel on pictures");
        assert_eq!(pictures.len(), self.batch * picture);
        assert_eq!((weight.len(), bias.len()), (self.filters * taps, self.filters));
        let patches = self.patches();
        let weight = self.blocks(&patches, weight);
        let mut scratch = patches.scratch();
        let mut output = vec![0.0; self.batch * self.filters * area];
        let mut winners = vec![0; output.len()];
        for number in 0..self.batch {
            patches.fill(&pictures[number * picture..][..picture], &mut scratch);
            for (block, weight) in weight.chunks_exact(taps * FILTERS).enumerate() {
                let first = block * FILTERS;
                let filters = first..self.filters.min(first + FILTERS);
                let mut lanes = [0.0; FILTERS];
                lanes[..filters.len()].copy_from_slice(&bias[filters.clone()]);
                let at = (number * self.filters + first) * area..(number * self.filters + filters.end) * area;
                let mut out = Out {
                    conv: self,
                    bias: lanes,
                    values: &mut output[at.clone()],
                    winners: &mut winners[at],
                };
                self.block(&patches, &scratch, weight, &mut out);
            }
        }
        Convolved { output, winners }
    }

    /// Weights by blocks of eight filters, `[filters / 8][tap in a window's order][8]`, missing filters zero.
    fn blocks(&self, patches: &Patches, weight: &[f32]) -> Vec<f32> {
        let taps = self.sizes()[1];
        let mut blocks = vec![0.0; self.filters.div_ceil(FILTERS) * taps * FILTERS];
        for (filter, weight) in weight.chunks_exact(taps).enumerate() {
            let block = &mut blocks[filter / FILTERS * taps * FILTERS..];
            patches.taps(patches.run, |from, to| block[to * FILTERS + filter % FILTERS] = weight[from]);
        }
        blocks
    }

    /// Eight filters over one picture.
    fn block(&self, patches: &Patches, scratch: &[f32], weight: &[f32], out: &mut Out) {
        let tiles = |size: usize| if self.tail == Tail::ReluPool { size / 2 } else { size.div_ceil(2) };
        for y in 0..tiles(self.height) {
            for x in 0..tiles(self.width) {
                let window = 2 * (y * patches.down + x * patches.right);
                // SAFETY: `Patches` has room for the four windows of every tile, `blocks` for the weights of one.
                let sums = unsafe { tile(patches, scratch.as_ptr().add(window), weight.as_ptr()) };
                match self.tail {
                    Tail::ReluPool => out.pooled(&sums, y, x),
                    _ => out.pixels(&sums, y, x),
                }
            }
        }
    }
}

/// Sums of 2 × 2 pixels × 8 filters: `[pixel row by row][filters in two fours]`. One step of the inner loop is one
/// basic block that needs 14 registers; unrolled or with larger tiles V8 spills and takes up to twice as long.
///
/// # Safety
/// Four windows at `window`, `weights` for all their taps.
#[inline(always)]
unsafe fn tile(patches: &Patches, window: *const f32, weights: *const f32) -> [[F4; 2]; 4] {
    let zero = F4::splat(0.0);
    let mut sums = [[zero; 2]; 4];
    let (right, down) = (patches.right, patches.down);
    let (mut row, mut weights) = (window, weights);
    // SAFETY: the caller's.
    unsafe {
        for _ in 0..patches.rows {
            let mut at = row;
            for _ in 0..patches.run {
                let (low, high) = (F4::load(weights), F4::load(weights.add(4)));
                for (sum, offset) in sums.iter_mut().zip([0, right, down, down + right]) {
                    let pixel = F4::load_all(at.add(offset));
                    *sum = [sum[0].mul_add(pixel, low), sum[1].mul_add(pixel, high)];
                }
                at = at.add(1);
                weights = weights.add(FILTERS);
            }
            row = row.add(down);
        }
    }
    sums
}

/// Up to eight filters' outputs of one picture.
struct Out<'a> {
    conv: &'a Conv,
    bias: [f32; FILTERS],
    /// `[filters, out height, out width]`
    values: &'a mut [f32],
    winners: &'a mut [u8],
}

impl Out<'_> {
    /// The tile at (y, x) as one pooled output.
    #[inline(always)]
    fn pooled(&mut self, sums: &[[F4; 2]; 4], y: usize, x: usize) {
        let result = [0, 1].map(|half| {
            let [a, b, c, d] = [0, 1, 2, 3].map(|pixel| sums[pixel][half]);
            let number = |n: u8| F4::splat(f32::from(n));
            let (above, below) = (a.max(b), c.max(d));
            let first = b.if_greater(a, number(1), number(0));
            let second = d.if_greater(c, number(3), number(2));
            self.relu(half, above.max(below), below.if_greater(above, second, first))
        });
        self.put(result, y, x);
    }

    /// The tile at (y, x) as four outputs, fewer at an odd edge.
    #[inline(always)]
    fn pixels(&mut self, sums: &[[F4; 2]; 4], y: usize, x: usize) {
        for (pixel, sums) in sums.iter().enumerate() {
            let (y, x) = (2 * y + pixel / 2, 2 * x + pixel % 2);
            if y < self.conv.height && x < self.conv.width {
                let result = [0, 1].map(|half| match self.conv.tail {
                    Tail::Nothing => (sums[half].add(self.bias(half)), F4::splat(0.0)),
                    _ => self.relu(half, sums[half], F4::splat(0.0)),
                });
                self.put(result, y, x);
            }
        }
    }

    #[inline(always)]
    fn bias(&self, half: usize) -> F4 {
        // SAFETY: there are eight.
        unsafe { F4::load(self.bias.as_ptr().add(4 * half)) }
    }

    /// Adds the bias; not a number stays so, or a diverged run would look dead instead.
    #[inline(always)]
    fn relu(&self, half: usize, sum: F4, winner: F4) -> (F4, F4) {
        let (sum, zero) = (sum.add(self.bias(half)), F4::splat(0.0));
        (sum.max(zero), sum.if_greater(zero, winner, F4::splat(f32::from(DEAD))))
    }

    #[inline(always)]
    fn put(&mut self, halves: [(F4, F4); 2], y: usize, x: usize) {
        let [_, _, area] = self.conv.sizes();
        let at = y * self.conv.out()[1] + x;
        let outputs = self.values.chunks_exact_mut(area).zip(self.winners.chunks_exact_mut(area));
        let lanes = halves.map(|(value, winner)| (value.to_array(), winner.to_array()));
        for (lane, (values, winners)) in outputs.enumerate() {
            let (value, winner) = &lanes[lane / 4];
            values[at] = value[lane % 4];
            winners[at] = winner[lane % 4] as u8;
        }
    }
}
