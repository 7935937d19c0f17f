//! The layers that networks are made of, as data: shapes, parameters, words and scripts, without any tensor. One file
//! each, and one row in `every_layer`; the file of the same name in `engine::layers` gives it its arithmetic.

pub mod avg_pool;
pub mod batch_norm;
pub mod block;
mod block_code;
pub mod cell;
pub mod class_token;
pub mod conv;
pub mod crop;
pub mod decoder;
pub mod dense;
pub mod dropout;
pub mod embedding;
pub mod encoder;
pub mod first;
pub mod flatten;
pub mod gelu;
pub mod global_avg_pool;
pub mod gru;
pub mod kind;
pub mod last;
pub mod layer_norm;
pub mod leaky_relu;
pub mod lstm;
pub mod max_pool;
pub mod mean;
pub mod page;
pub mod patches;
pub mod positions;
pub mod relu;
pub mod residual;
pub mod rms_norm;
pub mod rnn;
pub mod shape;
pub mod sigmoid;
pub mod sinusoidal;
pub mod syntax;
pub mod tanh;
pub mod unrolled;
pub mod working;

pub use kind::{Expected, LayerKind, Number, ParamSpec};
pub use shape::{AnswerError, ShapeError, check_answer, check_directions, describe, describe_until};

use page::LayerPage;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The shape of one example between layers, without the batch: `[channels, height, width]`, `[time, features]`
/// or `[features]`.
pub type Shape = Vec<usize>;

/// Added to the variance that batch normalisation divides by.
pub const EPSILON: f64 = 1e-5;

/// Every layer's module, in the order of the menu. The engine's table is made from the same row.
macro_rules! every_layer {
    ($table:ident) => {
        $table![
            conv,
            crop,
            max_pool,
            avg_pool,
            global_avg_pool,
            residual,
            flatten,
            dense,
            embedding,
            rnn,
            lstm,
            gru,
            last,
            first,
            mean,
            patches,
            class_token,
            positions,
            sinusoidal,
            block,
            encoder,
            decoder,
            relu,
            leaky_relu,
            gelu,
            tanh,
            sigmoid,
            batch_norm,
            layer_norm,
            rms_norm,
            dropout
        ];
    };
}
#[cfg(feature = "engine")]
pub(crate) use every_layer;

macro_rules! tables {
    ($($layer:ident),*) => {
        /// All kinds, in the order of the menu.
        pub static KINDS: &[&LayerKind] = &[$(&$layer::KIND),*];
        $(pub use $layer::$layer;)*
        /// What the page says of each, in the same order.
        static PAGES: &[&LayerPage] = &[$(&$layer::PAGE),*];
    };
}
every_layer!(tables);

/// One layer: its kind, and its numbers in the order of `LayerKind::numbers`.
#[derive(Clone, Copy, PartialEq)]
pub struct LayerSpec {
    kind: &'static LayerKind,
    numbers: [usize; kind::MAX_NUMBERS],
}

/// A layer as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerInfo {
    pub layer: LayerSpec,
    pub output: Shape,
    /// Numbers that are learned; running statistics are not among them.
    pub parameters: usize,
    /// Multiply-adds for one example.
    pub multiply_adds: usize,
}

impl LayerSpec {
    /// Numbers that are not given are 0.
    pub fn of(kind: &'static LayerKind, given: &[usize]) -> Self {
        let mut numbers = [0; kind::MAX_NUMBERS];
        numbers.iter_mut().zip(given).for_each(|(number, given)| *number = *given);
        Self { kind, numbers }
    }

    pub fn kind(self) -> &'static LayerKind {
        self.kind
    }

    pub fn is(self, kind: &LayerKind) -> bool {
        *self.kind == *kind
    }

    /// Number `index` of the layer.
    pub fn number(self, index: usize) -> usize {
        self.numbers[index]
    }

    pub fn numbers(&self) -> &[usize] {
        &self.numbers[..self.kind.numbers.len()]
    }

    /// The same layer with another number.
    pub fn with_number(mut self, index: usize, value: usize) -> Self {
        self.numbers[index] = value;
        self
    }

    /// Its kind's row in `KINDS`.
    pub fn place(self) -> usize {
        KINDS.iter().position(|kind| **kind == *self.kind).unwrap_or(0)
    }

    /// The kind of a word.
    pub fn kind_of(word: &str) -> Option<&'static LayerKind> {
        KINDS.iter().copied().find(|kind| kind.word == word)
    }

    /// What the layer is called in the field, with its numbers as `{0}`, `{1}` …, e.g. “Convolution {1} × {1}”.
    pub fn heading(self) -> &'static str {
        if self.kind.heading.is_empty() { self.kind.title } else { self.kind.heading }
    }

    /// The same with the numbers in it, e.g. “Convolution 5 × 5”.
    pub fn title(self) -> String {
        let first = self.heading().replace("{}", &self.number(0).to_string());
        let numbers = self.numbers.iter().enumerate();
        numbers.fold(first, |title, (index, n)| title.replace(&format!("{{{index}}}"), &n.to_string()))
    }

    /// What it keeps between steps, for inputs of this shape.
    pub fn parameters(self, input: &[usize]) -> Vec<ParamSpec> {
        (self.kind.parameters)(self, input)
    }

    /// Its weights as maps to draw, `[maps, height, width]`, where it takes a picture: a kernel for each pair of channels,
    /// or a picture for each unit. None of a layer without such weights.
    pub fn filter_maps(self, [channels, height, width]: [usize; 3]) -> Option<[usize; 3]> {
        let all = self.parameters(&[channels, height, width]);
        match all.iter().find(|p| p.name == "weight")?.shape[..] {
            [filters, channels, height, width] => Some([filters * channels, height, width]),
            [units, _] => Some([units * channels, height, width]),
            _ => None,
        }
    }
}

impl fmt::Debug for LayerSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.kind.word, self.numbers())
    }
}

/// A layer as it is written and read: `{ "kind": "conv", "numbers": [16, 3] }`.
#[derive(Serialize, Deserialize)]
struct Written {
    kind: String,
    numbers: Vec<usize>,
}

impl Serialize for LayerSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written { kind: self.kind.word.into(), numbers: self.numbers().into() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LayerSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { kind, numbers } = Written::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom(format!("there is no layer “{kind}”"));
        Ok(Self::of(Self::kind_of(&kind).ok_or_else(unknown)?, &numbers))
    }
}

/// `[8, 14, 14]` as “8 × 14 × 14”.
pub fn format_shape(shape: &[usize]) -> String {
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}
