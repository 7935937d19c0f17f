//! What places are called, and numbers as this view writes them.

use super::walk::Names;
use crate::explain::{Position, maps_of};
use crate::ui::components::format;
use crate::ui::language::tr;
use crate::ui::panels::layer::about;
use crate::ui::panels::layer_title::layer_title;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

/// How many maps the layer of a place has, and how high and wide they are.
pub(super) fn maps(scene: PanelState, place: Position) -> [usize; 3] {
    scene.state.network.with(|network| maps_of(network, &scene.shape(), place.layer)).unwrap_or([1, 1, 1])
}

/// The numbers are a list, not maps.
pub(super) fn is_list(scene: PanelState, place: Position) -> bool {
    let [_, height, width] = maps(scene, place);
    height * width == 1
}

/// Of a picture's network.
pub(super) fn names(scene: PanelState) -> Names {
    Names {
        layer: Callback::new(move |place| layer_name(scene, place)),
        trail: Callback::new(move |place| layer_name(scene, place)),
        number: Callback::new(move |place| map_name(scene, place)),
        place: Callback::new(move |place| place_name(scene, place)),
        about: Callback::new(move |place| layer_words(scene, place)),
    }
}

/// “Convolution 5 × 5”
fn layer_name(scene: PanelState, place: Position) -> String {
    match place.layer {
        None => tr!("Input"),
        Some(_) if place.inside => tr!("Residual block, first half"),
        Some(layer) => {
            scene.state.network.with(|n| n.get(layer).map(|info| layer_title(info.layer)).unwrap_or_default())
        }
    }
}

/// “map 3”, “number 12”, “red”, “output “7””.
fn map_name(scene: PanelState, place: Position) -> String {
    let [maps, ..] = maps(scene, place);
    let last = scene.state.network.with(|n| n.len());
    match place.layer {
        None if maps == 3 => [tr!("red"), tr!("green"), tr!("blue")][place.map.min(2)].clone(),
        None => tr!("brightness"),
        Some(layer) if layer + 1 == last => tr!("output “{}”", scene.class(place.map as u32)),
        Some(_) if is_list(scene, place) => tr!("number {}", format::count(place.map as u64 + 1)),
        Some(_) => tr!("map {}", place.map + 1),
    }
}

/// “Row 12, column 7”; nothing of a list.
fn spot_name(scene: PanelState, place: Position) -> String {
    match is_list(scene, place) {
        true => String::new(),
        false => tr!("row {}, column {}", place.row + 1, place.column + 1),
    }
}

fn place_name(scene: PanelState, place: Position) -> String {
    let (spot, map) = (spot_name(scene, place), map_name(scene, place));
    if spot.is_empty() { map } else { format!("{map}, {spot}") }
}

/// What its layer does.
fn layer_words(scene: PanelState, place: Position) -> String {
    let Some(layer) = place.layer else {
        return tr!(
            "The network gets no bytes: each pixel is normalised first, by the mean and the standard deviation of all training pixels."
        );
    };
    scene.state.network.with(|network| {
        let before = match layer.checked_sub(1) {
            Some(before) => network.get(before).map(|info| info.output.clone()),
            None => Some(scene.shape().to_vec()),
        };
        network.get(layer).zip(before).map(|(info, before)| about(info.layer, &before)).unwrap_or_default()
    })
}

/// Sums and what they are made of: three decimals, so that they add up as they stand.
pub fn fixed(v: f64) -> String {
    format::decimals(without_sign(v, 0.0005), 3)
}

/// In a grid: two decimals.
pub(super) fn short(v: f64) -> String {
    if v.abs() < 0.005 { "0".into() } else { format::decimals(v, 2) }
}

/// Behind a sign: in brackets where it is negative.
pub(super) fn behind(v: f64) -> String {
    if v <= -0.0005 { format!("({})", fixed(v)) } else { fixed(v) }
}

/// Nothing is “−0.000”.
fn without_sign(v: f64, half: f64) -> f64 {
    if v.abs() < half { 0.0 } else { v }
}

/// A background for `v` where `most` is the strongest.
pub fn tint(v: f64, most: f64) -> String {
    let mark = if v < 0.0 { "--mark-wrong" } else { "--mark-right" };
    let share = (v.abs() / most.max(f64::MIN_POSITIVE)).sqrt().min(1.0);
    format!("rgba(var({mark}), calc(var(--cell-most) * {share:.2}))")
}
