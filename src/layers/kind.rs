//! What every layer says of itself as data: its word, its numbers, its shapes, its parameters and what it costs.

use super::{LayerSpec, Shape};

/// Most numbers that a layer has.
pub const MAX_NUMBERS: usize = 8;

/// A kind of layer: a row of `KINDS`.
pub struct LayerKind {
    /// In the text of a list: letters only.
    pub word: &'static str,
    /// What the field calls it.
    pub title: &'static str,
    /// The same with its numbers, `{0}` being the first; as `title` if empty.
    pub heading: &'static str,
    /// In the order in which a layer has them.
    pub numbers: &'static [Number],
    /// The shape that comes out for one that goes in, or what it would need.
    pub output: fn(LayerSpec, &[usize]) -> Result<Shape, Expected>,
    /// What it keeps between steps: learned weights and running statistics.
    pub parameters: fn(LayerSpec, &[usize]) -> Vec<ParamSpec>,
    /// Multiply-adds for one example.
    pub multiply_adds: fn(LayerSpec, &[usize]) -> usize,
}

/// A number that a layer has.
pub struct Number {
    pub label: &'static str,
    /// Stands before it in the text of a list.
    pub mark: &'static str,
    pub min: usize,
    pub max: usize,
    pub step: usize,
    pub default: usize,
}

/// What a layer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `[features]`
    List,
    /// `[channels, height, width]`
    Picture,
    /// `[time, features]`
    Sequence,
    /// A sequence of tokens, as only the input is.
    Tokens,
    /// A picture of at least 2 × 2.
    TwoByTwo,
    /// A picture of which something is left.
    Larger,
    /// A sequence whose numbers of a step can be shared out evenly among so many.
    Shared(usize),
    /// A picture that squares with sides of so many pixels fill.
    Divided(usize),
}

/// A parameter tensor, or a running statistic.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamSpec {
    /// As `torch.nn` and torchvision have it, without the layer's place.
    pub name: &'static str,
    /// The first dimension is the layer's maps, or units.
    pub shape: Vec<usize>,
    pub init: Init,
    /// The optimiser changes it; a running statistic only follows.
    pub trained: bool,
}

/// How numbers begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    Zero,
    One,
    /// Random, for weights from so many numbers to so many others.
    Random {
        fan_in: usize,
        fan_out: usize,
    },
    /// Normal with mean 0, and a deviation in thousandths.
    Normal {
        thousandths: usize,
    },
    /// As many square blocks one below the other, in each of which rows stand at right angles; their length is in per cent.
    Orthogonal {
        blocks: usize,
        per_cent: usize,
    },
    /// A number for each block, from the first on; 0 for those beyond.
    Bias {
        blocks: usize,
        values: [i8; 4],
    },
}

impl LayerKind {
    /// A layer that takes any shape and leaves it, with nothing to learn.
    pub const POINTWISE: Self = Self {
        word: "",
        title: "",
        heading: "",
        numbers: &[],
        output: |_, input| Ok(input.to_vec()),
        parameters: |_, _| Vec::new(),
        multiply_adds: |_, _| 0,
    };

    /// As it is added.
    pub fn standard(&'static self) -> LayerSpec {
        LayerSpec::of(self, &self.numbers.iter().map(|n| n.default).collect::<Vec<_>>())
    }
}

impl PartialEq for LayerKind {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

impl Number {
    /// It is on or off.
    pub fn is_switch(&self) -> bool {
        (self.min, self.max) == (0, 1)
    }

    /// Whether a layer can have this number, or what it can have, in words.
    pub fn check(&self, value: usize) -> Result<(), String> {
        if !(self.min..=self.max).contains(&value) {
            return Err(format!("{} goes from {} to {}", self.label, self.min, self.max));
        }
        if !(value - self.min).is_multiple_of(self.step) {
            return Err(format!("{} is an odd number", self.label));
        }
        Ok(())
    }
}

impl ParamSpec {
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Init {
    /// Drawn from a stream of random numbers.
    pub fn is_random(self) -> bool {
        matches!(self, Self::Random { .. } | Self::Normal { .. } | Self::Orthogonal { .. })
    }

    /// Random numbers lie between −bound and bound; none where they are drawn in another way, or are not random. `init`
    /// is the id of a row of `spec::INITS`; `last` is the layer that answers.
    pub fn bound(self, init: &str, last: bool) -> Option<f32> {
        match (self, init) {
            (Self::Zero | Self::One | Self::Bias { .. }, _) => None,
            (_, "small") => Some(0.01),
            (_, "zeros") => Some(0.0),
            // Glorot & Bengio 2010, eq. 16.
            (Self::Random { fan_in, fan_out }, "xavier") => Some((6.0 / (fan_in + fan_out) as f32).sqrt()),
            // He et al. 2015, eq. 10, uniform; the last layer smaller, so that it begins undecided.
            (Self::Random { fan_in, .. }, _) => Some((if last { 1.0 } else { 6.0 } / fan_in as f32).sqrt()),
            (Self::Normal { .. } | Self::Orthogonal { .. }, _) => None,
        }
    }
}

/// A picture's channels, height and width.
pub fn picture(input: &[usize]) -> Result<[usize; 3], Expected> {
    input.try_into().map_err(|_| Expected::Picture)
}

/// A sequence's time and features.
pub fn sequence(input: &[usize]) -> Result<[usize; 2], Expected> {
    input.try_into().map_err(|_| Expected::Sequence)
}

/// Channels of a picture, or how many numbers a list or each step of a sequence has.
pub fn channels(input: &[usize]) -> usize {
    match *input {
        [_, features] => features,
        _ => input.first().copied().unwrap_or(0),
    }
}

pub fn zeros(name: &'static str, length: usize) -> ParamSpec {
    ParamSpec { name, shape: vec![length], init: Init::Zero, trained: true }
}

/// `[filters, channels, kernel, kernel]`
pub fn kernels(name: &'static str, [filters, channels, kernel]: [usize; 3]) -> ParamSpec {
    let area = kernel * kernel;
    let init = Init::Random { fan_in: channels * area, fan_out: filters * area };
    ParamSpec { name, shape: vec![filters, channels, kernel, kernel], init, trained: true }
}

/// β, γ, the running mean and the running variance of a normalisation, by their names.
pub fn normalisation([beta, gamma, mean, variance]: [&'static str; 4], channels: usize) -> [ParamSpec; 4] {
    let one = |name, init, trained| ParamSpec { name, shape: vec![channels], init, trained };
    [
        one(beta, Init::Zero, true),
        one(gamma, Init::One, true),
        one(mean, Init::Zero, false),
        one(variance, Init::One, false),
    ]
}
