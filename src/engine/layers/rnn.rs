//! h ← tanh(W x + b + U h + c)

use super::{LayerOps, cell};
use crate::engine::recurrent::Cell;

pub const OPS: LayerOps = LayerOps {
    forward: |pass, layer, x| cell::walk(Cell::Rnn, pass, layer, x),
    inside: Some(|pass, layer, x| cell::activations(Cell::Rnn, pass, layer, x)),
};
