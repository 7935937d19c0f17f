//! h ← tanh(W x + b + U h + c)

use super::{LayerOps, cell};
use crate::engine::recurrent::Cell;

pub const OPS: LayerOps = LayerOps {
    forward: |pass, _, x| cell::walk(Cell::Rnn, pass, x),
    inside: Some(|pass, _, x| cell::activations(Cell::Rnn, pass, x)),
};
