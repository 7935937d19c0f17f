//! Cells behind gates.

use super::{LayerOps, cell};
use crate::engine::recurrent::Cell;

pub const OPS: LayerOps = LayerOps {
    forward: |pass, layer, x| cell::walk(Cell::Lstm, pass, layer, x),
    inside: Some(|pass, layer, x| cell::activations(Cell::Lstm, pass, layer, x)),
};
