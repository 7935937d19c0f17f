//! How one number inside a network came to be: from a layer's passage to the inputs, weights and sums that make it up.
//! Plain arithmetic, done again by hand; a test holds it against what Burn computed.

mod arithmetic;
pub mod attention;
pub mod likeness;
mod receptive_field;
pub mod rollout;
mod unrolled;

pub use crate::layers::working::{Factor, Operand, Position, ReceptiveField, Step};
pub use arithmetic::{pixel, working};
pub use receptive_field::field;
pub use unrolled::unrolled;

use crate::layers::LayerInfo;
use serde::Serialize;

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

/// A shape as `[maps, height, width]`; a list is that many maps of one number, and each feature of a sequence is a map with
/// a row for each step.
pub fn maps(shape: &[usize]) -> [usize; 3] {
    match *shape {
        [maps, height, width] => [maps, height, width],
        [time, features] => [features, time, 1],
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
