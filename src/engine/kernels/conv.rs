//! Convolution (odd kernel, same padding) with bias, and with the ReLU and the 2 × 2 max pooling that
//! follow it: tiles of 2 × 2 pixels × 8 filters, so that a tile is exactly what a pooling window needs and its
//! eight sums and six loads fit the machine's registers (design study `kernels.md`).

use super::im2col_padded::Patches;
use super::simd::F4;
use super::transpose::Turn;
pub use crate::engine::layers::Tail;
use std::ops::Range;

/// Filters in a tile.
const FILTERS: usize = 8;
/// In `Convolved::winners`: the output does not depend on its input.
pub const DEAD: u8 = 4;

/// The sizes of a convolution.
#[derive(Clone, Copy, Debug)]
pub struct Conv {
    pub batch: usize,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub filters: usize,
    pub kernel: usize,
    /// Pixels between windows.
    pub stride: usize,
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
        self.convolved().map(|size| size / step)
    }

    /// Height and width before pooling.
    fn convolved(&self) -> [usize; 2] {
        [self.height, self.width].map(|size| size.div_ceil(self.stride))
    }

    /// Pixels of the convolution for each output, along an axis.
    pub fn step(&self) -> usize {
        if self.tail == Tail::ReluPool { 2 } else { 1 }
    }

    pub fn patches(&self) -> Patches {
        Patches::new(self.channels, [self.height, self.width], self.kernel, self.stride)
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
                let filters = FILTERS.min(self.filters - first);
                let mut lanes = [0.0; FILTERS];
                lanes[..filters].copy_from_slice(&bias[first..first + filters]);
                let at =
                    (number * self.filters + first) * area..(number * self.filters + first + filters) * area;
                let out = Out { values: &mut output[at.clone()], winners: &mut winners[at], area };
                self.block(&patches, &scratch, weight, &lanes, out);
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
    #[inline(never)]
    fn block(&self, patches: &Patches, scratch: &[f32], weight: &[f32], bias: &[f32; FILTERS], mut out: Out) {
        let pool = self.tail == Tail::ReluPool;
        let tiles = |size: usize| if pool { size / 2 } else { size.div_ceil(2) };
        let ([high, wide], [tall, broad]) = (self.out(), self.convolved().map(tiles));
        // SAFETY: there are eight.
        let bias = [0, 4].map(|half| unsafe { F4::load(bias.as_ptr().add(half)) });
        let row = || Row { values: vec![[0.0; FILTERS]; wide + 1], winners: vec![[0; FILTERS]; wide + 1] };
        let mut rows = [row(), row()];
        for y in 0..tall {
            for x in 0..broad {
                let window = patches.start + 2 * (y * patches.below + x * patches.beside);
                // SAFETY: `Patches` has room for the four windows of every tile, `blocks` for the weights of one.
                let sums = unsafe { tile(patches, scratch.as_ptr().add(window), weight.as_ptr()) };
                if pool {
                    rows[0].set(x, pooled(&sums, &bias));
                } else {
                    for (pixel, sums) in sums.iter().enumerate() {
                        rows[pixel / 2].set(2 * x + pixel % 2, single(sums, &bias, self.tail));
                    }
                }
            }
            let first = if pool { y } else { 2 * y };
            for (row, y) in rows.iter().zip(first..high.min(first + if pool { 1 } else { 2 })) {
                out.put(row, y * wide..(y + 1) * wide, self.tail);
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
    // In bytes, or the loop would shift them anew at every step.
    let [beside, below, down] =
        [patches.beside, patches.below, patches.down].map(|floats| floats * size_of::<f32>());
    let (mut row, mut weights) = (window, weights);
    for _ in 0..patches.rows {
        let mut at = row;
        let end = row.wrapping_add(patches.run);
        while at != end {
            // SAFETY: the caller's.
            unsafe {
                let (low, high) = (F4::load(weights), F4::load(weights.add(4)));
                let under = at.byte_add(below);
                for (sum, at) in sums.iter_mut().zip([at, at.byte_add(beside), under, under.byte_add(beside)])
                {
                    let pixel = F4::load_all(at);
                    *sum = [sum[0].mul_add(pixel, low), sum[1].mul_add(pixel, high)];
                }
                at = at.add(1);
                weights = weights.add(FILTERS);
            }
        }
        row = row.wrapping_byte_add(down);
    }
    sums
}

/// Values and winners of eight filters at one place, by half. Winners are chosen between as if they were floats,
/// which costs no conversion.
type Pixel = [(F4, F4); 2];

/// A tile as one pooled output.
#[inline(always)]
fn pooled(sums: &[[F4; 2]; 4], bias: &[F4; 2]) -> Pixel {
    let number = |n: u8| F4::splat(f32::from_bits(n.into()));
    [0, 1].map(|half| {
        let [a, b, c, d] = [0, 1, 2, 3].map(|pixel| sums[pixel][half]);
        let (above, below) = (a.max(b), c.max(d));
        let first = b.if_greater(a, number(1), number(0));
        let second = d.if_greater(c, number(3), number(2));
        let winner = below.if_greater(above, second, first);
        relu(above.max(below).add(bias[half]), winner)
    })
}

/// One pixel of a tile.
#[inline(always)]
fn single(sums: &[F4; 2], bias: &[F4; 2], tail: Tail) -> Pixel {
    [0, 1].map(|half| {
        let (sum, winner) = (sums[half].add(bias[half]), F4::splat(0.0));
        if tail == Tail::Nothing { (sum, winner) } else { relu(sum, winner) }
    })
}

/// Not a number stays so, or a diverged run would look dead instead.
#[inline(always)]
fn relu(sum: F4, winner: F4) -> (F4, F4) {
    let zero = F4::splat(0.0);
    (sum.max(zero), sum.if_greater(zero, winner, F4::splat(f32::from_bits(DEAD.into()))))
}

/// A row of outputs, eight filters beside one another.
struct Row {
    values: Vec<[f32; FILTERS]>,
    winners: Vec<[u32; FILTERS]>,
}

impl Row {
    #[inline(always)]
    fn set(&mut self, x: usize, pixel: Pixel) {
        let (value, winner) = (self.values[x].as_mut_ptr(), self.winners[x].as_mut_ptr());
        for (half, (values, winners)) in pixel.into_iter().enumerate() {
            // SAFETY: both have room for two fours.
            unsafe {
                values.store(value.add(4 * half));
                winners.store(winner.add(4 * half).cast());
            }
        }
    }
}

/// Up to eight filters' outputs of one picture, `[filters, out height, out width]`, `area` of each.
struct Out<'a> {
    values: &'a mut [f32],
    winners: &'a mut [u8],
    area: usize,
}

impl Out<'_> {
    /// A row, to the places `at` of each filter; without a ReLU all winners are 0 already.
    fn put(&mut self, row: &Row, at: Range<usize>, tail: Tail) {
        let Self { area, .. } = *self;
        let turn = Turn { rows: at.len(), columns: self.values.len() / area, down: [FILTERS, area] };
        turn.copy(row.values.as_flattened(), &mut self.values[at.start..]);
        if tail == Tail::Nothing {
            return;
        }
        for (lane, winners) in self.winners.chunks_exact_mut(area).enumerate() {
            for (winner, pixel) in winners[at.clone()].iter_mut().zip(&row.winners) {
                *winner = pixel[lane] as u8;
            }
        }
    }
}
