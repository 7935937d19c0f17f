//! Cells behind gates.

use super::{LayerOps, cell};
use crate::engine::recurrent::Cell;

pub const OPS: LayerOps = LayerOps::of(|pass, _, x| cell::walk(Cell::Lstm, pass, x));
