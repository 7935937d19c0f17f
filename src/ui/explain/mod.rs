//! One number's way: a number of any layer's map, the inputs and weights that it is made of, and from each of these
//! the way back to its own arithmetic, down to the picture. It follows while training goes on. The first group of modules
//! is for any walk along numbers, the second for a picture’s network.

mod at;
mod equations;
pub mod frame;
pub mod labels;
mod plot;
pub mod products;
pub mod steps;
mod sum;
pub mod walk;

pub mod dialog;
mod map_chooser;
mod refresh;
mod weighted_sum;
mod window;

use self::walk::Walk;
use crate::explain::{self, Derivation, Position};
use crate::protocol::LayerIo;
use crate::ui::components::reactive::memo;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::panels::planes::{self, LayerContent};
use crate::ui::panels::probe::Probe;
use leptos::prelude::*;
use std::sync::Arc;

/// What is open, and what the engine told of it. `Copy`: it is signals.
#[derive(Clone, Copy)]
pub struct Way {
    pub scene: PanelState,
    walk: Walk,
    told: RwSignal<Option<Arc<Told>>>,
}

/// A passage, and the number that it was asked for.
struct Told {
    place: Position,
    passage: LayerIo,
}

impl Way {
    pub fn new(scene: PanelState) -> Self {
        let trail = RwSignal::new(Vec::<Position>::new());
        let hover = RwSignal::new(None);
        let told = RwSignal::new(None::<Arc<Told>>);
        let working = memo(move || {
            let place = hover.get().or_else(|| trail.with(|t| t.last().copied()))?;
            let Some(layer) = place.layer else { return pixel(scene, place).map(Arc::new) };
            told.with(|told| {
                let told = told.as_ref()?;
                // Until the engine has answered, what was shown stays.
                let same = (told.place.layer, told.place.map) == (Some(layer), place.map);
                let place = if same { place } else { told.place };
                let network = scene.state.network.read();
                explain::working(&network, &scene.shape(), &told.passage, place).map(Arc::new)
            })
        });
        let step = Signal::derive(move || told.with(|told| told.as_ref().map(|told| told.passage.step)));
        let walk = Walk { scene, trail, hover, working, step, names: labels::names(scene) };
        let way = Self { scene, walk, told };
        way.follow();
        way
    }

    /// Opens a number that was pointed at, or of a map the number that is farthest from 0. False if there is none yet.
    pub fn open(self, probe: Probe) -> bool {
        let rank = self.scene.state.network.with_untracked(|n| n.get(probe.layer).map(|i| i.output.len()));
        let spot = probe.place.or_else(|| self.strongest(probe));
        let (Some(rank), Some((row, column))) = (rank, spot) else { return false };
        let (map, row, column) = match rank {
            1 => (column, 0, 0),
            // A feature of a sequence is a map of its own.
            2 => (column, row, 0),
            _ => (probe.map, row, column),
        };
        let layer = Some(probe.layer);
        self.walk.open(Position { layer, inside: false, gate: None, map, row, column });
        true
    }

    /// Row and column of the number of a map that is farthest from 0.
    fn strongest(self, probe: Probe) -> Option<(usize, usize)> {
        self.scene.state.seen.with_untracked(|seen| {
            let plane = planes::plane(seen.as_ref()?, probe.layer, LayerContent::Maps)?;
            let (height, width) = (plane.height as usize, plane.width as usize);
            let value = |at: &usize| {
                crate::ui::components::picture::value(plane, probe.map * height * width + at).abs()
            };
            let at = (0..height * width).max_by(|a, b| value(a).total_cmp(&value(b)))?;
            Some((at / width, at % width))
        })
    }

    /// The bytes of the picture that is looked at.
    fn picture(self) -> Option<Vec<u8>> {
        let seen = self.scene.state.seen.read();
        Some(seen.as_ref()?.look.as_ref()?.input.to_vec())
    }

    /// The map that a place is in, of what is told: the layer that is shown or the one before it.
    fn numbers(self, place: Position) -> Option<Vec<f32>> {
        let [_, height, width] = labels::maps(self.scene, place);
        let told = self.told.read();
        let told = told.as_ref()?;
        let one = |all: &[f32]| all.chunks(height * width).nth(place.map).map(<[f32]>::to_vec);
        match place.inside {
            true => one(&told.passage.inside),
            false if place.layer != told.place.layer => one(&told.passage.input),
            // Of single numbers, all.
            false => Some(told.passage.output.to_vec()),
        }
    }
}

/// A number of the input, from the picture's byte.
fn pixel(scene: PanelState, place: Position) -> Option<Derivation> {
    let [_, height, width] = scene.shape();
    let seen = scene.state.seen.read();
    let bytes = &seen.as_ref()?.look.as_ref()?.input;
    let byte = *bytes.get((place.map * height + place.row) * width + place.column)?;
    scene.dataset.with(|d| {
        let d = d.as_ref()?;
        Some(explain::pixel(place, byte, *d.mean.get(place.map)?, *d.std.get(place.map)?))
    })
}
