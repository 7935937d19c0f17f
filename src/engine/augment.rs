//! Data augmentation: training pictures that are changed by chance, so that the network hardly ever sees the same one
//! twice: mirrored and cut out elsewhere as is usual for CIFAR (He et al. 2016, section 4.2), or moved, turned and
//! scaled as is usual for digits (Cireşan et al. 2010). The same seed and step give the same pictures on every engine;
//! test pictures stay as they are. Of a text, other tokens are hidden at every step (Liu et al. 2019, section 4.1).

use super::dataset_store::Sample;
use crate::datasets::target::{IGNORE_INDEX, Targets};
use crate::datasets::tokens::TokenSplit;
use crate::pixels::{self, Affine, Shape};
use crate::random::Random;
use crate::spec::{AFFINE, AUGMENTS, RunSpec};

/// Cut out this many pixels away at most, each way.
const REACH: usize = 4;

/// The purpose of the stream of chances; the step is added.
const PURPOSE: u64 = 1 << 40;

/// An example as training sees it.
pub enum Augmented<'a> {
    As(Sample<'a>),
    /// `[channels, height, width]`
    Picture(Vec<u8>),
    /// `[time]`
    Tokens(Vec<u32>),
}

impl Augmented<'_> {
    pub fn sample(&self) -> Sample<'_> {
        match self {
            Self::As(sample) => *sample,
            Self::Picture(bytes) => Sample::Picture(bytes),
            Self::Tokens(ids) => Sample::Tokens(ids),
        }
    }
}

/// The examples of step `step`, counted from 0; rows of numbers stay as they are.
pub fn batch<'a>(
    spec: &RunSpec,
    step: u32,
    shape: &[usize],
    samples: impl Iterator<Item = Sample<'a>>,
) -> Vec<Augmented<'a>> {
    let &[channels, height, width] = shape else { return samples.map(Augmented::As).collect() };
    if spec.train.augment == AUGMENTS[0].0 {
        return samples.map(Augmented::As).collect();
    }
    let shape = [channels, height, width];
    let mut random = Random::new(spec.seed, PURPOSE + u64::from(step));
    let change = match spec.train.augment.as_str() {
        "affine" => moved,
        "flip_crop" => flipped_and_cropped,
        _ => flipped,
    };
    let changed = |sample: Sample<'a>| match sample {
        Sample::Picture(picture) => Augmented::Picture(change(picture, shape, &mut random)),
        Sample::Row(_) | Sample::Tokens(_) => Augmented::As(sample),
    };
    samples.map(changed).collect()
}

/// Examples of step `step` with hidden tokens, and what is asked for of each: `[examples, time]`.
pub fn masked<'a>(
    spec: &RunSpec,
    step: u32,
    tokens: &TokenSplit,
    mask: u32,
    examples: &[u32],
) -> (Vec<Augmented<'a>>, Targets) {
    let time = tokens.longest(examples.iter().map(|&at| at as usize));
    let (mut read, mut ids) = (Vec::new(), Vec::new());
    for &example in examples {
        let (shown, asked) = tokens.hidden_anew(example as usize, mask, [spec.seed, step]);
        read.push(Augmented::Tokens(shown));
        let end = ids.len() + time;
        ids.extend(asked);
        ids.resize(end, IGNORE_INDEX);
    }
    (read, Targets::Tokens { time, ids })
}

fn flipped(picture: &[u8], shape: Shape, random: &mut Random) -> Vec<u8> {
    if random.below(2) == 1 { pixels::flipped(picture, shape) } else { picture.to_vec() }
}

fn flipped_and_cropped(picture: &[u8], shape: Shape, random: &mut Random) -> Vec<u8> {
    let picture = flipped(picture, shape, random);
    let mut by = || random.below(2 * REACH + 1) as isize - REACH as isize;
    pixels::cropped(&picture, shape, by(), by())
}

fn moved(picture: &[u8], shape: Shape, random: &mut Random) -> Vec<u8> {
    let [shift, turn, scale] = AFFINE;
    let by = Affine {
        down: random.uniform(shift),
        right: random.uniform(shift),
        degrees: random.uniform(turn),
        scale: 1.0 + random.uniform(scale),
    };
    pixels::affine(picture, shape, by)
}
