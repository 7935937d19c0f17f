//! How one number inside a network came to be: from a layer's passage to the inputs, weights and sums that make it up.
//! Plain arithmetic, done again by hand; a test holds it against what Burn computed.

mod activation;
mod arithmetic;
mod receptive_field;

pub use activation::activation;
pub use arithmetic::{pixel, working};
pub use receptive_field::{ReceptiveField, field};

use crate::layers::{LayerInfo, LayerSpec};
use serde::Serialize;

/// Where a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Which layer gave it; none did if it is the input's.
    pub layer: Option<usize>,
    /// Between the two halves of a residual block, not behind them.
    pub inside: bool,
    /// A number of a list is a map of its own.
    pub map: usize,
    pub row: usize,
    pub column: usize,
}

/// A number that goes into another one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Operand {
    /// None is a zero beyond the edge, or, of a step with one input, what the step before it gave.
    pub from: Option<Position>,
    pub x: f64,
}

/// How a number came to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Derivation {
    pub place: Position,
    /// One after the other; the last one's `out` is the number.
    pub steps: Vec<Step>,
    /// The number as the network has it.
    pub value: f64,
    /// Of the numbers that answer: e to the number, all of these added up, and the share of the two.
    pub chance: Option<[f64; 3]>,
}

/// One piece of arithmetic.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    /// Σ input × weight, plus a bias where there is one. Of each input map `side × side` cells, map after map.
    Weighted {
        side: usize,
        cells: Vec<Operand>,
        weights: Vec<f64>,
        sums: Vec<f64>,
        bias: Option<f64>,
        out: f64,
    },
    /// (x − mean) ÷ √(variance + ε) × γ + β
    Normalised { input: Operand, mean: f64, variance: f64, gamma: f64, beta: f64, out: f64 },
    /// What an activation makes of it.
    Activated { input: Operand, layer: LayerSpec, out: f64 },
    /// The largest or the mean of a window, `columns` wide.
    Window { largest: bool, columns: usize, cells: Vec<Operand>, out: f64 },
    /// As it is.
    Passed { input: Operand, out: f64 },
    /// A residual block's branch and its way around, added up.
    Added { branch: f64, around: f64, out: f64 },
    /// The input: (byte ÷ 255 − mean) ÷ std
    Scaled { byte: f64, mean: f64, std: f64, out: f64 },
}

impl Step {
    pub fn out(&self) -> f64 {
        match *self {
            Self::Weighted { out, .. }
            | Self::Normalised { out, .. }
            | Self::Activated { out, .. }
            | Self::Window { out, .. }
            | Self::Passed { out, .. }
            | Self::Added { out, .. }
            | Self::Scaled { out, .. } => out,
        }
    }

    /// Its inputs; several of them are in order.
    pub fn cells(&self) -> &[Operand] {
        match self {
            Self::Weighted { cells, .. } | Self::Window { cells, .. } => cells,
            Self::Normalised { input, .. } | Self::Activated { input, .. } | Self::Passed { input, .. } => {
                std::slice::from_ref(input)
            }
            Self::Added { .. } | Self::Scaled { .. } => &[],
        }
    }

    /// Its weights; only weighted sums have any.
    pub fn weights(&self) -> &[f64] {
        match self {
            Self::Weighted { weights, .. } => weights,
            _ => &[],
        }
    }

    /// What each input map adds to a weighted sum.
    pub fn sums(&self) -> &[f64] {
        match self {
            Self::Weighted { sums, .. } => sums,
            _ => &[],
        }
    }
}

/// A shape as `[maps, height, width]`; a list is that many maps of one number.
pub fn maps(shape: &[usize]) -> [usize; 3] {
    match *shape {
        [maps, height, width] => [maps, height, width],
        _ => [shape.iter().product(), 1, 1],
    }
}

/// What layer `layer` of the network gives, as maps; without a layer, the input of shape `input`.
pub fn maps_of(network: &[LayerInfo], input: &[usize], layer: Option<usize>) -> Option<[usize; 3]> {
    match layer {
        None => Some(maps(input)),
        Some(layer) => network.get(layer).map(|info| maps(&info.output)),
    }
}
