//! Data augmentation: training pictures that are mirrored and shifted by chance, so that the network hardly ever sees
//! the same one twice. The usual choices for CIFAR (He et al. 2016, section 4.2). The same seed and step give the same
//! pictures on every engine; test pictures stay as they are.

use super::library::Sample;
use crate::pixels;
use crate::random::Random;
use crate::spec::{AUGMENTS, RunSpec};

/// Shifted by this many pixels at most, each way.
const REACH: usize = 4;

/// The purpose of the stream of chances; the step is added.
const PURPOSE: u64 = 1 << 40;

/// An example as training sees it.
pub enum Changed<'a> {
    As(Sample<'a>),
    /// `[channels, height, width]`
    Picture(Vec<u8>),
}

impl Changed<'_> {
    pub fn sample(&self) -> Sample<'_> {
        match self {
            Self::As(sample) => *sample,
            Self::Picture(bytes) => Sample::Picture(bytes),
        }
    }
}

/// The examples of step `step`, counted from 0; rows of numbers stay as they are.
pub fn batch<'a>(
    spec: &RunSpec,
    step: u32,
    shape: &[usize],
    samples: impl Iterator<Item = Sample<'a>>,
) -> Vec<Changed<'a>> {
    let crops = spec.train.augment == "flip_crop";
    let &[channels, height, width] = shape else { return samples.map(Changed::As).collect() };
    if spec.train.augment == AUGMENTS[0].0 {
        return samples.map(Changed::As).collect();
    }
    let shape = [channels, height, width];
    let mut random = Random::new(spec.seed, PURPOSE + u64::from(step));
    let mut changed = |sample: Sample<'a>| {
        let Sample::Picture(picture) = sample else { return Changed::As(sample) };
        let flips = random.below(2) == 1;
        let mut picture = if flips { pixels::flipped(picture, shape) } else { picture.to_vec() };
        if crops {
            let mut by = || random.below(2 * REACH + 1) as isize - REACH as isize;
            picture = pixels::cropped(&picture, shape, by(), by());
        }
        Changed::Picture(picture)
    };
    samples.map(&mut changed).collect()
}
