//! What places are called, and numbers as this view writes them.

use super::Way;
use crate::explain::Position;
use crate::ui::components::format;
use crate::ui::language::tr;
use crate::ui::panels::layer_title::layer_title;
use leptos::prelude::*;

impl Way {
    /// “Convolution 5 × 5”
    pub(super) fn layer_name(self, place: Position) -> String {
        match place.layer {
            None => tr!("Input"),
            Some(_) if place.inside => tr!("Residual block, first half"),
            Some(layer) => self
                .scene
                .state
                .network
                .with(|n| n.get(layer).map(|info| layer_title(info.layer)).unwrap_or_default()),
        }
    }

    /// “map 3”, “number 12”, “red”, “output “7””.
    pub(super) fn map_name(self, place: Position) -> String {
        let [maps, ..] = self.maps(place);
        let last = self.scene.state.network.with(|n| n.len());
        match place.layer {
            None if maps == 3 => [tr!("red"), tr!("green"), tr!("blue")][place.map.min(2)].clone(),
            None => tr!("brightness"),
            Some(layer) if layer + 1 == last => tr!("output “{}”", self.scene.class(place.map as u32)),
            Some(_) if self.is_list(place) => tr!("number {}", format::count(place.map as u64 + 1)),
            Some(_) => tr!("map {}", place.map + 1),
        }
    }

    /// “Row 12, column 7”; nothing of a list.
    pub(super) fn spot_name(self, place: Position) -> String {
        match self.is_list(place) {
            true => String::new(),
            false => tr!("row {}, column {}", place.row + 1, place.column + 1),
        }
    }

    pub(super) fn place_name(self, place: Position) -> String {
        let spot = self.spot_name(place);
        let map = self.map_name(place);
        if spot.is_empty() { map } else { format!("{map}, {spot}") }
    }
}

/// Sums and what they are made of: three decimals, so that they add up as they stand.
pub(super) fn fixed(v: f64) -> String {
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
pub(super) fn tint(v: f64, most: f64) -> String {
    let mark = if v < 0.0 { "--mark-wrong" } else { "--mark-right" };
    let share = (v.abs() / most.max(f64::MIN_POSITIVE)).sqrt().min(1.0);
    format!("rgba(var({mark}), calc(var(--cell-most) * {share:.2}))")
}
