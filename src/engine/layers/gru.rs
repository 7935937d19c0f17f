//! Units that are kept or replaced, by gates.

use super::{LayerOps, cell};
use crate::engine::recurrent::Cell;

pub const OPS: LayerOps = LayerOps {
    forward: |pass, _, x| cell::walk(Cell::Gru, pass, x),
    inside: Some(|pass, _, x| cell::activations(Cell::Gru, pass, x)),
};
