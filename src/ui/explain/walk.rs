//! A walk along numbers: from the one that was opened to those that it is made of, and back.

use crate::explain::{Derivation, Position};
use crate::ui::components::reactive::{effect, memo, subscribe};
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use std::sync::Arc;

/// `Copy`: it is signals.
#[derive(Clone, Copy)]
pub struct Walk {
    pub scene: PanelState,
    /// From the number that was opened first to the one that is open now; empty is closed.
    pub trail: RwSignal<Vec<Position>>,
    /// The number under the pointer, shown instead while it is there.
    pub hover: RwSignal<Option<Position>>,
    /// How the number that is shown came to be.
    pub working: Memo<Option<Arc<Derivation>>>,
    /// The training step that it is of.
    pub step: Signal<Option<u32>>,
    pub names: Names,
}

/// What places are called.
#[derive(Clone, Copy)]
pub struct Names {
    /// “Convolution 5 × 5”
    pub layer: Callback<Position, String>,
    /// Along the way.
    pub trail: Callback<Position, String>,
    /// Among the inputs of a number: “map 3”, “number 12”.
    pub number: Callback<Position, String>,
    /// Which of its layer's numbers it is: “map 3, row 12, column 7”.
    pub place: Callback<Position, String>,
    /// What its layer does.
    pub about: Callback<Position, String>,
}

impl Walk {
    pub fn close(self) {
        self.hover.set(None);
        self.trail.set(Vec::new());
    }

    /// A walk begins at a number.
    pub fn open(self, place: Position) {
        self.hover.set(None);
        self.trail.set(vec![place]);
    }

    /// One layer or step back, to a number that the one that is shown is made of.
    pub fn go(self, place: Position) {
        self.hover.set(None);
        self.trail.update(|trail| trail.push(place));
    }

    /// Another number instead of the one that is shown.
    pub fn change(self, place: Position) {
        self.hover.set(None);
        self.trail.update(|trail| {
            if let Some(last) = trail.last_mut() {
                *last = place;
            }
        });
    }

    /// Back to the `count`th number of the trail.
    pub fn back_to(self, count: usize) {
        self.hover.set(None);
        self.trail.update(|trail| trail.truncate(count));
    }

    /// Which number is to be shown; tracked.
    pub fn wanted(self) -> Option<Position> {
        self.hover.get().or_else(|| self.trail.with(|t| t.last().copied()))
    }

    /// Which number is shown; it may be an older one while the engine is asked. Tracked.
    pub fn place(self) -> Option<Position> {
        self.working.with(|w| w.as_ref().map(|w| w.place))
    }

    pub fn place_untracked(self) -> Option<Position> {
        untrack(move || self.place())
    }

    /// Another network has other numbers.
    pub fn close_with_network(self) {
        let network = memo(move || self.scene.state.network.get());
        effect(move |before: Option<()>| {
            subscribe(network);
            if before.is_some() {
                self.close();
            }
        });
    }
}
