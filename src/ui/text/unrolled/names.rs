//! What the numbers of a sequence's network are called.

use crate::explain::Position;
use crate::layers::LayerSpec;
use crate::layers::cell::{direction, is_both};
use crate::protocol::States;
use crate::ui::components::format;
use crate::ui::explain::products::number_name;
use crate::ui::explain::walk::Names;
use crate::ui::language::tr;
use crate::ui::panels::layer::about;
use crate::ui::panels::layer_title::layer_title;
use crate::ui::panels::panel_state::PanelState;
use crate::ui::text::letters::visible;
use crate::ui::text::mind::Mind;
use crate::ui::text::strip::{is_recurrent, words};
use crate::ui::text::tokens;
use crate::ui::text::vocabulary::of_text;
use leptos::prelude::*;
use std::sync::Arc;

pub fn names(mind: Mind) -> Names {
    Names {
        layer: Callback::new(move |place| layer_name(mind.scene, place)),
        trail: Callback::new(move |place| trail_name(mind, place)),
        number: Callback::new(move |place| number(mind.scene, place)),
        place: Callback::new(move |place| place_name(mind, place)),
        about: Callback::new(move |place| layer_words(mind.scene, place)),
    }
}

fn layer(scene: PanelState, place: Position) -> Option<LayerSpec> {
    scene.state.network.with(|network| network.get(place.layer?).map(|info| info.layer))
}

/// “2: LSTM”
fn layer_name(scene: PanelState, place: Position) -> String {
    match layer(scene, place).zip(place.layer) {
        Some((layer, at)) => format!("{}: {}", at + 1, layer_title(layer)),
        None => tr!("Input"),
    }
}

pub fn of_recurrent(scene: PanelState, place: Position) -> bool {
    layer(scene, place).is_some_and(|layer| is_recurrent(layer.kind().word))
}

/// “unit 17”, “unit 17, forget gate”, “number 12”, “the token “e””
fn number(scene: PanelState, place: Position) -> String {
    if place.layer.is_none() {
        let id = place.map as u32;
        return tr!("the token “{}”", of_text(scene, |info| tokens::name(info, id)).unwrap_or_default());
    }
    let which = format::count(place.map as u64 + 1);
    let Some(layer) = layer(scene, place).filter(|layer| is_recurrent(layer.kind().word)) else {
        return tr!("number {}", which);
    };
    let unit = match (is_both(layer), direction(layer, place.map)) {
        (false, _) => tr!("unit {}", which),
        (true, (false, _)) => tr!("unit {} from the beginning", which),
        (true, (true, first)) => {
            tr!("unit {} from the end", format::count((place.map - first) as u64 + 1))
        }
    };
    place.gate.map_or(unit.clone(), |gate| format!("{unit}, {}", number_name(gate)))
}

/// The unit reads from the end.
pub fn from_end(scene: PanelState, place: Position) -> bool {
    layer(scene, place).is_some_and(|layer| direction(layer, place.map).0)
}

/// “unit 17, forget gate “e””
fn trail_name(mind: Mind, place: Position) -> String {
    match place.layer {
        None => tr!("Input"),
        Some(_) => format!("{} “{}”", number(mind.scene, place), token(mind, place.row)),
    }
}

/// “unit 17, forget gate, at token 12, “e””
fn place_name(mind: Mind, place: Position) -> String {
    format!("{}, {}", number(mind.scene, place), step_name(mind, place.row))
}

/// “at token 12, “e””
pub fn step_name(mind: Mind, row: usize) -> String {
    tr!("at token {}, “{}”", format::count(row as u64 + 1), token(mind, row))
}

/// As it stands in the text.
pub fn token(mind: Mind, row: usize) -> String {
    let of = |told: &Arc<States>| told.tokens.get(row).map(|token| visible(token));
    mind.told.with(|told| told.as_ref().and_then(of)).unwrap_or_default()
}

/// What its layer does, of a cell what the number means.
fn layer_words(scene: PanelState, place: Position) -> String {
    let Some(layer) = layer(scene, place) else {
        return tr!("A token is a list with a 1 for the token that it is, and a 0 for every other one.");
    };
    if is_recurrent(layer.kind().word) {
        return words(place.gate.unwrap_or("hidden")).1;
    }
    let before = scene.state.network.with(|network| {
        let below = place.layer.and_then(|layer| layer.checked_sub(1));
        below.and_then(|below| network.get(below)).map(|info| info.output.clone())
    });
    let before = before.or_else(|| scene.dataset.with(|d| d.as_ref().map(|d| d.shape.clone())));
    about(layer, &before.unwrap_or_default())
}
