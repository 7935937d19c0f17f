//! What is looked at of recurrent layers: a text, a layer, one of its strips, a unit and a token.

use super::asking::{keep_asking, own_text, refusal};
use super::letters::visible;
use super::strip::{Strip, is_recurrent, strip, words};
use crate::layers::LayerInfo;
use crate::layers::cell::is_both;
use crate::protocol::{Excerpt, Request, Response, States, UnitStates};
use crate::ui::components::format;
use crate::ui::components::pick::by_key;
use crate::ui::components::reactive::{effect, memo, subscribe};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::KeyboardEvent;

/// More tokens than this are too narrow to be seen, so at most so many characters are asked about.
const MOST_TOKENS: usize = 200;
/// While training goes on it is asked at most this often.
const EVERY_MILLISECONDS: f64 = 500.0;

#[derive(Clone, Copy)]
pub struct Mind {
    pub scene: PanelState,
    /// None until the visitor types one or the beginning of the held-out text is known.
    pub text: RwSignal<Option<String>>,
    pub told: RwSignal<Option<Arc<States>>>,
    /// Places in what was told.
    pub layer: RwSignal<usize>,
    pub strip: RwSignal<usize>,
    pub unit: RwSignal<usize>,
    /// The token that is pointed at.
    pub time: RwSignal<Option<usize>>,
    pub refused: RwSignal<Option<String>>,
    /// Some layer of the network is recurrent.
    pub recurrent: Memo<bool>,
}

impl Mind {
    pub fn new(scene: PanelState, seen: RwSignal<bool>) -> Self {
        let is_there =
            move || scene.state.network.with(|all| all.iter().any(|l| is_recurrent(l.layer.kind().word)));
        let refused = RwSignal::new(None);
        let spelled = |found: &Excerpt| found.texts.iter().take(MOST_TOKENS).map(String::as_str).collect();
        let mind = Self {
            scene,
            text: own_text(scene, EVERY_MILLISECONDS, refused, || (), spelled),
            told: RwSignal::new(None),
            layer: RwSignal::new(0),
            strip: RwSignal::new(0),
            unit: RwSignal::new(0),
            time: RwSignal::new(None),
            refused,
            recurrent: memo(is_there),
        };
        mind.follow_network();
        let wanted = memo(move || {
            let asks = seen.get() && mind.recurrent.get();
            let text = mind.asked()?;
            // Another network has another mind.
            let network = scene.state.network.with(Vec::len);
            (asks && !text.is_empty()).then_some((text, network))
        });
        keep_asking(scene, EVERY_MILLISECONDS, wanted, move |(text, _)| mind.ask(text));
        mind
    }

    /// What was told of another network is not shown as this one's.
    fn follow_network(self) {
        let network = memo(move || self.scene.state.network.get());
        effect(move |_| {
            subscribe(network);
            self.told.set(None);
        });
        // A unit that does something is the one to begin with.
        let size = memo(move || self.of_layer(|layer, _| (layer.layer, layer.units)));
        effect(move |_| {
            if size.get().is_some() {
                untrack(move || self.to_liveliest());
            }
        });
    }

    async fn ask(self, text: String) {
        let answer = self.scene.lab.ask(Request::States { text }).await;
        if self.refused.try_get_untracked().is_none() {
            return;
        }
        match answer {
            Ok(Response::States(states)) => {
                self.refused.set(None);
                let last = states.tokens.len().saturating_sub(1);
                self.time.update(|time| *time = time.map(|at| at.min(last)));
                self.told.set(Some(Arc::new(states)));
            }
            Ok(_) => (),
            Err(failure) => self.refused.set(Some(refusal(&failure))),
        }
    }

    /// As much of the text as is read; tracked.
    pub fn asked(self) -> Option<String> {
        self.text.with(|text| text.as_ref().map(|text| text.chars().take(MOST_TOKENS).collect()))
    }

    /// Reads the layer that is looked at; tracked.
    pub fn of_layer<T>(self, read: impl FnOnce(&UnitStates, &States) -> T) -> Option<T> {
        self.told.with(|told| {
            let states = told.as_ref()?;
            let last = states.layers.len().checked_sub(1)?;
            Some(read(&states.layers[self.layer.get().min(last)], states))
        })
    }

    /// Reads the strip that is looked at; tracked.
    pub fn of_strip<T>(self, read: impl FnOnce(Strip) -> T) -> Option<T> {
        self.of_layer(|layer, states| strip(states, layer, self.place(layer)).map(read)).flatten()
    }

    /// Of a layer that has fewer strips it is the first.
    fn place(self, layer: &UnitStates) -> usize {
        Some(self.strip.get()).filter(|at| *at < layer.names.len()).unwrap_or(0)
    }

    /// The name of the layer's strip that is looked at.
    pub fn name(self, layer: &UnitStates) -> Option<&str> {
        layer.names.get(self.place(layer)).map(String::as_str)
    }

    /// The strip's title and what it means.
    pub fn strip_words(self) -> (String, String) {
        self.of_layer(|layer, _| self.name(layer).map(words)).flatten().unwrap_or_default()
    }

    /// Tokens and units of the strip.
    pub fn size(self) -> (usize, usize) {
        self.of_strip(|strip| (strip.time, strip.units)).unwrap_or((1, 1))
    }

    /// What the unit that is looked at holds at each token.
    pub fn values(self) -> Vec<f32> {
        self.of_strip(|strip| strip.of_unit(self.unit.get().min(strip.units - 1))).unwrap_or_default()
    }

    pub fn to_liveliest(self) {
        if let Some(unit) = self.of_strip(|strip| strip.liveliest()) {
            self.unit.set(unit);
        }
    }

    /// The layer has units that read from the beginning, and behind them as many that read from the end.
    fn is_both(self) -> bool {
        let place = self.of_layer(|layer, _| layer.layer as usize);
        let layer = |all: &Vec<LayerInfo>| place.and_then(|at| all.get(at)).map(|info| info.layer);
        self.scene.state.network.with(layer).is_some_and(is_both)
    }

    /// “Unit 17 of 128. Token 12, “e”: 0.83”
    pub fn sentence(self) -> String {
        let (_, units) = self.size();
        let unit = self.unit.get().min(units - 1);
        let half = if self.is_both() { units / 2 } else { 0 };
        let which = match half {
            0 => tr!("Unit {} of {}", unit + 1, units),
            _ if unit < half => tr!("Unit {} of {} that read from the beginning", unit + 1, half),
            _ => tr!("Unit {} of {} that read from the end", unit + 1 - half, half),
        };
        let at_token = self.time.get().and_then(|time| {
            let token = self.told.with(|told| told.as_ref()?.tokens.get(time).map(|t| visible(t)))?;
            let value = *self.values().get(time)?;
            Some(tr!("token {}, “{}”: {}", time + 1, token, format::decimals(f64::from(value), 2)))
        });
        at_token.map_or(which.clone(), |at| format!("{which}, {at}"))
    }

    /// Arrows go from number to number, and what is there is said.
    pub fn step(self, event: &KeyboardEvent) {
        let (time, units) = untrack(move || self.size());
        let from = (self.unit.get_untracked(), self.time.get_untracked().unwrap_or(0));
        let Some((unit, at)) = by_key(event, from, (units, time)) else { return };
        event.prevent_default();
        self.unit.set(unit);
        self.time.set(Some(at));
        self.say();
    }

    /// To who does not see it.
    pub fn say(self) {
        self.scene.announcement.set(untrack(move || self.sentence()));
    }
}
