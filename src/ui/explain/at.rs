//! One step of what is shown: its numbers as the network has them now.

use super::walk::Walk;
use crate::explain::{Operand, Position, Step};
use leptos::prelude::*;

/// One step of what is shown.
#[derive(Clone, Copy)]
pub struct At {
    pub walk: Walk,
    pub(super) index: usize,
}

impl At {
    /// Something of the step; nothing while another kind of place is about to be shown.
    pub fn read<T: Default>(self, read: impl FnOnce(&Step) -> T) -> T {
        self.walk
            .working
            .with(|w| w.as_ref().and_then(|w| w.steps.get(self.index)).map(read).unwrap_or_default())
    }

    pub fn cell(self, at: usize) -> Option<Operand> {
        self.read(|step| step.cells().get(at).copied())
    }

    pub fn from(self, at: usize) -> Option<Position> {
        self.cell(at).and_then(|cell| cell.from)
    }

    pub fn x(self, at: usize) -> f64 {
        self.cell(at).map_or(0.0, |cell| cell.x)
    }

    pub fn weight(self, at: usize) -> f64 {
        self.read(|step| step.weights().get(at).copied().unwrap_or_default())
    }

    /// Which step it is.
    pub fn index(self) -> usize {
        self.index
    }

    pub fn out(self) -> f64 {
        self.read(Step::out)
    }
}
