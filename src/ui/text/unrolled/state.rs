//! What is open of a recurrent layer, and what the engine told of it.

use super::names::names;
use crate::explain::{self, Derivation, Position};
use crate::protocol::{Request, Response, UnitIo};
use crate::ui::components::reactive::memo;
use crate::ui::explain::walk::Walk;
use crate::ui::panels::panel_state::Tab;
use crate::ui::text::asking::{keep_asking, refusal};
use crate::ui::text::mind::Mind;
use crate::ui::text::strip::gate;
use leptos::prelude::*;
use std::sync::Arc;

/// While training goes on it is asked at most this often.
const EVERY_MILLISECONDS: f64 = 200.0;

/// What is open, and what the engine told of it. `Copy`: it is signals.
#[derive(Clone, Copy)]
pub struct Unroll {
    pub mind: Mind,
    pub walk: Walk,
    pub told: RwSignal<Option<Arc<Told>>>,
    pub refused: RwSignal<Option<String>>,
}

/// A unit's step, and which it is.
pub struct Told {
    /// Of what the unit passes on.
    pub place: Position,
    pub passage: UnitIo,
}

impl Told {
    /// How the number at a place came to be; until the engine has answered, that of the place that it told of.
    fn working(&self, mind: Mind, place: Position) -> Option<Derivation> {
        if place.layer.is_none() {
            return self.token(place);
        }
        let gate = place.gate.filter(|_| place.layer == self.place.layer);
        mind.scene
            .state
            .network
            .with(|network| explain::unrolled(network, &self.passage, Position { gate, ..self.place }))
    }

    /// A number of a token's one-hot vector, which is what the first layer gets.
    fn token(&self, place: Position) -> Option<Derivation> {
        let here = self.place.layer == Some(0) && self.place.row == place.row;
        let value = *self.passage.input.get(place.map).filter(|_| here)?;
        Some(Derivation { place, steps: Vec::new(), value: value.into(), chance: None })
    }
}

impl Unroll {
    pub fn new(mind: Mind) -> Self {
        let scene = mind.scene;
        let trail = RwSignal::new(Vec::<Position>::new());
        let told = RwSignal::new(None::<Arc<Told>>);
        let working = memo(move || {
            let place = trail.with(|trail| trail.last().copied())?;
            told.with(|told| told.as_ref()?.working(mind, place).map(Arc::new))
        });
        let step = Signal::derive(move || told.with(|told| told.as_ref().map(|told| told.passage.step)));
        let hover = RwSignal::new(None);
        let walk = Walk { scene, trail, hover, working, step, names: names(mind) };
        walk.close_with_network();
        let unroll = Self { mind, walk, told, refused: RwSignal::new(None) };
        let wanted = memo(move || {
            let place = walk.wanted().filter(|place| place.layer.is_some())?;
            Some((mind.asked()?, Position { gate: None, ..place }))
        });
        keep_asking(scene, EVERY_MILLISECONDS, wanted, move |(text, place)| unroll.ask(text, place));
        unroll
    }

    /// Opens what the strip has at the unit and token that are pointed at.
    pub fn open(self) {
        let place = untrack(move || {
            let (time, units) = self.mind.size();
            let row = self.mind.time.get().unwrap_or(0).min(time - 1);
            let map = self.mind.unit.get().min(units - 1);
            self.mind.of_layer(|layer, _| Position {
                layer: Some(layer.layer as usize),
                inside: false,
                gate: self.mind.name(layer).and_then(gate),
                map,
                row,
                column: 0,
            })
        });
        let Some(place) = place else { return };
        let scene = self.mind.scene;
        scene.state.count_action("cell");
        // A window that becomes a phone's shows one column: the one that the dialog is in.
        scene.tab.set(Tab::Learned);
        self.told.set(None);
        self.refused.set(None);
        self.walk.open(place);
    }

    async fn ask(self, text: String, place: Position) {
        let layer = place.layer.unwrap_or_default() as u32;
        let (unit, time) = (place.map as u32, place.row as u32);
        let answer = self.mind.scene.lab.ask(Request::UnitIo { text, layer, unit, time }).await;
        if self.refused.try_get_untracked().is_none() {
            return;
        }
        match answer {
            Ok(Response::UnitIo(passage)) => {
                self.refused.set(None);
                self.told.set(Some(Arc::new(Told { place, passage: *passage })));
            }
            Ok(_) => (),
            Err(failure) => self.refused.set(Some(refusal(&failure))),
        }
    }
}
