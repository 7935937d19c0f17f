//! Data augmentation: training pictures that are mirrored and shifted by chance, so that the network hardly ever sees
//! the same one twice. The usual choices for CIFAR (He et al. 2016, section 4.2). The same seed and step give the same
//! pictures on every engine; test pictures stay as they are.

use super::random::Random;
use crate::pixels::{self, Shape};
use crate::spec::RunSpec;
use std::borrow::Cow;

/// Shifted by this many pixels at most, each way.
const REACH: usize = 4;

/// The purpose of the stream of chances; the step is added.
const PURPOSE: u64 = 1 << 40;

/// The pictures of step `step`, counted from 0, `[channels, height, width]` bytes each.
pub fn batch<'a>(
    spec: &RunSpec,
    step: u32,
    shape: Shape,
    pictures: impl Iterator<Item = &'a [u8]>,
) -> Vec<Cow<'a, [u8]>> {
    let crops = match spec.train.augment.as_str() {
        "flip" => false,
        "flip_crop" => true,
        _ => return pictures.map(Cow::Borrowed).collect(),
    };
    let mut random = Random::new(spec.seed, PURPOSE + u64::from(step));
    let mut changed = |picture: &'a [u8]| {
        let mut picture = Cow::Borrowed(picture);
        if random.below(2) == 1 {
            picture = pixels::flipped(&picture, shape).into();
        }
        if crops {
            let mut by = || random.below(2 * REACH + 1) as isize - REACH as isize;
            picture = pixels::cropped(&picture, shape, by(), by()).into();
        }
        picture
    };
    pictures.map(&mut changed).collect()
}
