//! The gradient of a convolution's weights where no pooling leaves most outputs dead: tiles of 4 taps × 8 filters,
//! summed over a picture's pixels, so that eight sums and six loads fit the machine's registers.

use super::conv::Conv;
use super::im2col_padded::Patches;
use super::simd::F4;
use super::transpose::Turn;

const TAPS: usize = 4;
const FILTERS: usize = 8;

impl Conv {
    /// `[filters, channels, kernel, kernel]`; `pictures` as in `forward`, `gradient` `[batch, filters, out height, out width]`.
    pub(super) fn weight_gradient(&self, pictures: &[f32], gradient: &[f32]) -> Vec<f32> {
        let [picture, taps, area] = self.sizes();
        let patches = self.patches();
        let row = TAPS * patches.groups();
        let block_size = patches.rows * row * FILTERS;
        let mut sums = vec![0.0; self.filters.div_ceil(FILTERS) * block_size];
        let mut scratch = patches.scratch();
        let mut beside = vec![0.0; area * FILTERS];
        for (picture, gradient) in
            pictures.chunks_exact(picture).zip(gradient.chunks_exact(self.filters * area))
        {
            patches.fill(picture, &mut scratch);
            for (gradient, sums) in gradient.chunks(FILTERS * area).zip(sums.chunks_exact_mut(block_size)) {
                // Lanes without a filter keep what they had: nobody reads their sums.
                let filters = gradient.len() / area;
                Turn { rows: filters, columns: area, down: [area, FILTERS] }.copy(gradient, &mut beside);
                self.add_block(&patches, &scratch, &beside, sums);
            }
        }
        let mut weight = vec![0.0; self.filters * taps];
        for (filter, weight) in weight.chunks_exact_mut(taps).enumerate() {
            let sums = &sums[filter / FILTERS * block_size..];
            patches.taps(row, |to, from| weight[to] = sums[from * FILTERS + filter % FILTERS]);
        }
        weight
    }

    /// Adds one picture's part to eight filters' `sums`, `[tap in a window's order][8]`; `gradient` `[out area][8]`.
    #[inline(never)]
    fn add_block(&self, patches: &Patches, scratch: &[f32], gradient: &[f32], sums: &mut [f32]) {
        let out = self.out();
        for (tile, sums) in sums.chunks_exact_mut(TAPS * FILTERS).enumerate() {
            let (row, group) = (tile / patches.groups(), tile % patches.groups());
            let window = patches.start + row * patches.down + group * TAPS;
            // SAFETY: every output's window lies inside the scratch, which has slack for the last group's taps.
            unsafe {
                add_tile(patches, out, scratch.as_ptr().add(window), gradient.as_ptr(), sums.as_mut_ptr())
            };
        }
    }
}

/// Adds to `sums`, `[4][8]`, the products of four taps and eight filters' gradients over all outputs.
///
/// # Safety
/// Four floats at `window` and at its like for every output; eight at `gradient` for each.
#[inline(always)]
unsafe fn add_tile(
    patches: &Patches,
    [high, wide]: [usize; 2],
    window: *const f32,
    gradient: *const f32,
    sums: *mut f32,
) {
    // SAFETY: the caller's.
    unsafe {
        let of = |tap: usize, half: usize| sums.add(tap * FILTERS + 4 * half);
        let mut tile: [[F4; 2]; TAPS] = std::array::from_fn(|tap| [0, 1].map(|half| F4::load(of(tap, half))));
        let (mut row, mut gradient) = (window, gradient);
        for _ in 0..high {
            let mut at = row;
            let end = row.wrapping_add(wide * patches.beside);
            while at != end {
                let (low, high) = (F4::load(gradient), F4::load(gradient.add(4)));
                for (tap, sum) in tile.iter_mut().enumerate() {
                    let pixel = F4::load_all(at.add(tap));
                    *sum = [sum[0].mul_add(pixel, low), sum[1].mul_add(pixel, high)];
                }
                at = at.wrapping_add(patches.beside);
                gradient = gradient.add(FILTERS);
            }
            row = row.wrapping_add(patches.below);
        }
        for (tap, sum) in tile.into_iter().enumerate() {
            sum[0].store(of(tap, 0));
            sum[1].store(of(tap, 1));
        }
    }
}
