//! Cells behind gates.

use super::{LayerOps, cell};
use crate::engine::recurrent::Cell;

pub const OPS: LayerOps = LayerOps {
    forward: |pass, _, x| cell::walk(Cell::Lstm, pass, x),
    inside: Some(|pass, _, x| cell::activations(Cell::Lstm, pass, x)),
};
