//! The kinds of layers that a list can be made of: one row each, with the word that stands for it in a link and the
//! numbers that it has. The builder's menu, the text of a list and its checks all come from here.

use super::LayerSpec;

pub struct Kind {
    /// In the text of a list: letters only.
    pub word: &'static str,
    pub title: &'static str,
    pub numbers: &'static [Number],
    /// The layer with these numbers, in the order of `numbers`.
    pub make: fn(&[usize]) -> LayerSpec,
    /// The numbers of a layer of this kind; none of any other.
    pub read: fn(LayerSpec) -> Option<Vec<usize>>,
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

const FILTERS: Number = Number { label: "Filters", mark: "", min: 1, max: 256, step: 1, default: 16 };
const KERNEL: Number = Number { label: "Kernel", mark: "x", min: 1, max: 7, step: 2, default: 3 };
const STRIDE: Number = Number { label: "Stride", mark: "s", min: 1, max: 2, step: 1, default: 1 };
const BORDER: Number = Number { label: "Pixels", mark: "", min: 1, max: 16, step: 1, default: 2 };
const UNITS: Number = Number { label: "Units", mark: "", min: 1, max: 1024, step: 1, default: 64 };
const PERCENT: Number = Number { label: "Per cent", mark: "", min: 0, max: 90, step: 1, default: 25 };

/// A kind without numbers.
macro_rules! plain {
    ($word:literal, $title:literal, $layer:ident) => {
        Kind {
            word: $word,
            title: $title,
            numbers: &[],
            make: |_| LayerSpec::$layer,
            read: |layer| (layer == LayerSpec::$layer).then(Vec::new),
        }
    };
}

/// All kinds, in the order of the menu.
pub const KINDS: &[Kind] = &[
    Kind {
        word: "conv",
        title: "Convolution",
        numbers: &[FILTERS, KERNEL],
        make: |n| LayerSpec::Conv { filters: n[0], kernel: n[1] },
        read: |layer| match layer {
            LayerSpec::Conv { filters, kernel } => Some(vec![filters, kernel]),
            _ => None,
        },
    },
    Kind {
        word: "crop",
        title: "Cropping",
        numbers: &[BORDER],
        make: |n| LayerSpec::Crop { border: n[0] },
        read: |layer| match layer {
            LayerSpec::Crop { border } => Some(vec![border]),
            _ => None,
        },
    },
    plain!("pool", "Max pooling", MaxPool),
    plain!("avgpool", "Average pooling", AvgPool),
    plain!("globalpool", "Global average pooling", GlobalAvgPool),
    Kind {
        word: "residual",
        title: "Residual block",
        numbers: &[FILTERS, STRIDE],
        make: |n| LayerSpec::Residual { filters: n[0], stride: n[1] },
        read: |layer| match layer {
            LayerSpec::Residual { filters, stride } => Some(vec![filters, stride]),
            _ => None,
        },
    },
    plain!("flatten", "Flatten", Flatten),
    Kind {
        word: "dense",
        title: "Dense",
        numbers: &[UNITS],
        make: |n| LayerSpec::Dense { units: n[0] },
        read: |layer| match layer {
            LayerSpec::Dense { units } => Some(vec![units]),
            _ => None,
        },
    },
    plain!("relu", "ReLU", Relu),
    plain!("leaky", "Leaky ReLU", LeakyRelu),
    plain!("gelu", "GELU", Gelu),
    plain!("tanh", "Tanh", Tanh),
    plain!("sigmoid", "Sigmoid", Sigmoid),
    plain!("norm", "Batch normalisation", BatchNorm),
    Kind {
        word: "dropout",
        title: "Dropout",
        numbers: &[PERCENT],
        make: |n| LayerSpec::Dropout { percent: n[0] },
        read: |layer| match layer {
            LayerSpec::Dropout { percent } => Some(vec![percent]),
            _ => None,
        },
    },
];

impl Kind {
    pub fn by_word(word: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.word == word)
    }

    /// The kind of this layer, and its numbers.
    pub fn of(layer: LayerSpec) -> Option<(&'static Self, Vec<usize>)> {
        KINDS.iter().find_map(|kind| Some((kind, (kind.read)(layer)?)))
    }

    /// As it is added.
    pub fn standard(&self) -> LayerSpec {
        (self.make)(&self.numbers.iter().map(|n| n.default).collect::<Vec<_>>())
    }
}

impl Number {
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
