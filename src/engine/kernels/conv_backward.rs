//! The convolution's backward pass. After ReLU and pooling at most one pixel in four has a gradient, and going only
//! over those that are alive is worth more than any dense kernel (design study `kernels.md`). Without pooling half or
//! all of them are: then the way to the input is a convolution too.

use super::LayerGradients;
use super::conv::{Conv, DEAD, Tail};
use super::im2col_padded::Patches;
use super::simd::F4;
use std::borrow::Cow;

/// Groups of four floats that one pass keeps in registers, gathering (sums) and scattering (weights).
const MOST_GROUPS: [usize; 2] = [7, 10];

/// One filter's live outputs in one picture: the window of each, in bytes from the picture's beginning, and its
/// gradient.
struct Live {
    windows: Vec<u32>,
    gradients: Vec<f32>,
    count: usize,
}

impl Conv {
    /// `gradient` and `winners` are `[batch, filters, out height, out width]`, the rest as in `forward`.
    pub fn gradients(
        &self,
        pictures: &[f32],
        weight: &[f32],
        winners: &[u8],
        gradient: &[f32],
        pictures_too: bool,
    ) -> LayerGradients {
        let [picture, taps, area] = self.sizes();
        assert_eq!(pictures.len(), self.batch * picture);
        assert_eq!(weight.len(), self.filters * taps);
        assert_eq!((winners.len(), gradient.len()), (self.batch * self.filters * area, winners.len()));
        let pools = self.tail == Tail::ReluPool;
        let mut found = if pools || self.stride > 1 {
            self.by_output(pictures, weight, winners, gradient, [pools, pictures_too])
        } else {
            LayerGradients::default()
        };
        if pools {
            return found;
        }
        let alive: Cow<[f32]> = match self.tail {
            Tail::Nothing => gradient.into(),
            _ => gradient
                .iter()
                .zip(winners)
                .map(|(&g, &winner)| if winner < DEAD { g } else { 0.0 })
                .collect(),
        };
        found.weight = self.weight_gradient(pictures, &alive);
        if self.stride == 1 {
            found.bias = vec![0.0; self.filters];
            for (plane, gradient) in alive.chunks_exact(area).enumerate() {
                found.bias[plane % self.filters] += gradient.iter().sum::<f32>();
            }
            found.input = pictures_too.then(|| self.turned(weight, &alive));
        }
        found
    }

    /// `gradients` one live output after the other: gathered for the weights, scattered to the pictures, where wanted.
    fn by_output(
        &self,
        pictures: &[f32],
        weight: &[f32],
        winners: &[u8],
        gradient: &[f32],
        [gathers, scatters]: [bool; 2],
    ) -> LayerGradients {
        let [picture, taps, area] = self.sizes();
        let patches = self.patches();
        let row = 4 * patches.groups();
        let filter_size = patches.rows * row;
        let mut spread = vec![0.0; self.filters * filter_size];
        for (filter, weight) in weight.chunks_exact(taps).enumerate() {
            let spread = &mut spread[filter * filter_size..];
            patches.taps(row, |from, to| spread[to] = weight[from]);
        }
        let mut sums = vec![0.0; self.filters * filter_size];
        let mut bias = vec![0.0; self.filters];
        let mut picture_gradients = scatters.then(|| vec![0.0; pictures.len()]);
        let (mut scratch, mut gathered) = (patches.scratch(), patches.scratch());
        let places = self.places(&patches);
        let mut live = Live { windows: vec![0; area], gradients: vec![0.0; area], count: 0 };
        for number in 0..self.batch {
            patches.fill(&pictures[number * picture..][..picture], &mut scratch);
            for (filter, bias) in bias.iter_mut().enumerate() {
                let outputs = (number * self.filters + filter) * area;
                let of = outputs..outputs + area;
                *bias += live.list(&patches, &places, &winners[of.clone()], &gradient[of]);
                let at = filter * filter_size..(filter + 1) * filter_size;
                if gathers {
                    live.gather(&patches, &scratch, &mut sums[at.clone()]);
                }
                if scatters {
                    live.scatter(&patches, &spread[at], &mut gathered);
                }
            }
            if let Some(pictures) = &mut picture_gradients {
                patches.drain(&mut gathered, &mut pictures[number * picture..][..picture]);
            }
        }
        let mut of_weight = vec![0.0; weight.len()];
        for (weight, sums) in of_weight.chunks_exact_mut(taps).zip(sums.chunks_exact(filter_size)) {
            patches.taps(row, |to, from| weight[to] = sums[from]);
        }
        LayerGradients { input: picture_gradients, weight: of_weight, bias }
    }

    /// The input's gradient where every output stands on a pixel of its own: the outputs' gradient under the kernels
    /// turned by 180°, filters and channels in each other's place.
    fn turned(&self, weight: &[f32], gradient: &[f32]) -> Vec<f32> {
        let (taps, area) = (self.sizes()[1], self.kernel * self.kernel);
        let mut turned = vec![0.0; weight.len()];
        for (filter, weight) in weight.chunks_exact(taps).enumerate() {
            for (channel, weight) in weight.chunks_exact(area).enumerate() {
                let at = (channel * self.filters + filter) * area;
                turned[at..at + area].copy_from_slice(weight);
                turned[at..at + area].reverse();
            }
        }
        let back = Self { channels: self.filters, filters: self.channels, tail: Tail::Nothing, ..*self };
        back.forward(gradient, &turned, &vec![0.0; self.channels]).output
    }

    /// For each output the first window it may come from, in bytes.
    fn places(&self, patches: &Patches) -> Vec<u32> {
        let [height, width] = self.out();
        let step = self.step();
        (0..height * width)
            .map(|at| {
                bytes(patches.start + step * (at / width * patches.below + at % width * patches.beside))
            })
            .collect()
    }
}

impl Live {
    /// Lists one filter's live outputs and returns the sum of their gradients.
    fn list(&mut self, patches: &Patches, places: &[u32], winners: &[u8], gradient: &[f32]) -> f32 {
        // One for each winner, and one for the dead, who are overwritten by the next.
        let (beside, below) = (bytes(patches.beside), bytes(patches.below));
        let corners = [0, beside, below, below + beside, 0];
        assert!(places.len() <= self.windows.len() && self.windows.len() == self.gradients.len());
        let mut count = 0;
        for ((&place, &winner), &gradient) in places.iter().zip(winners).zip(gradient) {
            // SAFETY: at most as many were listed as there are places, for which there is room.
            unsafe {
                *self.windows.get_unchecked_mut(count) = place + corners[usize::from(winner.min(DEAD))];
                *self.gradients.get_unchecked_mut(count) = gradient;
            }
            count += usize::from(winner < DEAD);
        }
        self.count = count;
        let (fours, rest) = self.gradients[..count].as_chunks::<4>();
        let add = |sums: [f32; 4], four: &[f32; 4]| std::array::from_fn(|lane| sums[lane] + four[lane]);
        fours.iter().fold([0.0; 4], add).iter().chain(rest).sum()
    }

    /// Adds every live window times its gradient to `sums`, `[rows][4 · groups]`.
    fn gather(&self, patches: &Patches, scratch: &[f32], sums: &mut [f32]) {
        pieces(patches, MOST_GROUPS[0], |row, first, groups| {
            let (from, to) = (row * patches.down + 4 * first, (row * patches.groups() + first) * 4);
            // SAFETY: windows lie inside the scratch, which has slack for the last group; so do rows in `sums`.
            unsafe {
                let (from, to) = (scratch.as_ptr().add(from), sums.as_mut_ptr().add(to));
                match groups {
                    1 => self.gather_groups::<1>(from, to),
                    2 => self.gather_groups::<2>(from, to),
                    3 => self.gather_groups::<3>(from, to),
                    4 => self.gather_groups::<4>(from, to),
                    5 => self.gather_groups::<5>(from, to),
                    6 => self.gather_groups::<6>(from, to),
                    _ => self.gather_groups::<7>(from, to),
                }
            }
        });
    }

    /// Adds every live output's gradient times the filter, `[rows][4 · groups]`, to its window.
    fn scatter(&self, patches: &Patches, filter: &[f32], gathered: &mut [f32]) {
        pieces(patches, MOST_GROUPS[1], |row, first, groups| {
            let (to, from) = (row * patches.down + 4 * first, (row * patches.groups() + first) * 4);
            // SAFETY: as above; a last, partial group adds zeros to what follows its run.
            unsafe {
                let (to, from) = (gathered.as_mut_ptr().add(to), filter.as_ptr().add(from));
                match groups {
                    1 => self.scatter_groups::<1>(from, to),
                    2 => self.scatter_groups::<2>(from, to),
                    3 => self.scatter_groups::<3>(from, to),
                    4 => self.scatter_groups::<4>(from, to),
                    5 => self.scatter_groups::<5>(from, to),
                    6 => self.scatter_groups::<6>(from, to),
                    7 => self.scatter_groups::<7>(from, to),
                    8 => self.scatter_groups::<8>(from, to),
                    9 => self.scatter_groups::<9>(from, to),
                    _ => self.scatter_groups::<10>(from, to),
                }
            }
        });
    }

    #[inline(always)]
    unsafe fn gather_groups<const N: usize>(&self, from: *const f32, to: *mut f32) {
        // SAFETY: the caller's, for every listed window and N groups of `to`.
        unsafe {
            let mut sums: [F4; N] = std::array::from_fn(|i| F4::load(to.add(4 * i)));
            for (&window, gradient) in self.windows[..self.count].iter().zip(&self.gradients) {
                let window = from.byte_add(window as usize);
                let gradient = F4::load_all(gradient);
                for (i, sum) in sums.iter_mut().enumerate() {
                    *sum = sum.mul_add(gradient, F4::load(window.add(4 * i)));
                }
            }
            for (i, sum) in sums.into_iter().enumerate() {
                sum.store(to.add(4 * i));
            }
        }
    }

    #[inline(always)]
    unsafe fn scatter_groups<const N: usize>(&self, from: *const f32, to: *mut f32) {
        // SAFETY: the caller's, for every listed window and N groups of `from`.
        unsafe {
            let weights: [F4; N] = std::array::from_fn(|i| F4::load(from.add(4 * i)));
            for (&window, gradient) in self.windows[..self.count].iter().zip(&self.gradients) {
                let window = to.byte_add(window as usize);
                let gradient = F4::load_all(gradient);
                for (i, weight) in weights.iter().enumerate() {
                    let at = window.add(4 * i);
                    F4::load(at).mul_add(gradient, *weight).store(at);
                }
            }
        }
    }
}

/// Cuts a window into passes: calls with (row, first group, number of groups, at most `most`).
fn pieces(patches: &Patches, most: usize, mut visit: impl FnMut(usize, usize, usize)) {
    let groups = patches.groups();
    let parts = groups.div_ceil(most);
    for row in 0..patches.rows {
        for part in 0..parts {
            let (first, end) = (groups * part / parts, groups * (part + 1) / parts);
            visit(row, first, end - first);
        }
    }
}

fn bytes(floats: usize) -> u32 {
    (floats * size_of::<f32>()) as u32
}
