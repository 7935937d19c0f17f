//! Units that are kept or replaced, by gates.

use super::{LayerOps, cell};
use crate::engine::recurrent::Cell;

pub const OPS: LayerOps = LayerOps {
    forward: |pass, layer, x| cell::walk(Cell::Gru, pass, layer, x),
    inside: Some(|pass, layer, x| cell::activations(Cell::Gru, pass, layer, x)),
};
