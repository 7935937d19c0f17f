//! The numbers at one place of the picture, in words, for each way to look at it.

use super::occlusion::{self, ACROSS};
use super::queue::{Reading, Shelf, chance};
use super::viewer_state::Mode;
use crate::ui::components::format;
use crate::ui::language::tr;
use leptos::prelude::*;

/// How many places a row has in this view: pixels, or cells of a map.
pub fn across(shelf: Shelf, mode: Mode) -> usize {
    match mode {
        Mode::Input | Mode::Paint => shelf.network.input.side,
        Mode::Heat => shelf.look.read.with(|r| r.as_ref().map_or(ACROSS, |r| r.heat_side.max(1))),
        Mode::Cover => ACROSS,
    }
}

/// What is at the place under the pointer; what to do where there is none.
pub fn sentence(shelf: Shelf) -> String {
    let look = shelf.look;
    let Some(read) = look.read.get() else { return String::new() };
    let mode = look.mode.get();
    let Some((row, column)) = look.place.get() else { return hint(shelf, mode) };
    let side = shelf.network.input.side;
    let across = across(shelf, mode);
    let (y, x) = (row * across / side, column * across / side);
    let here = |what: String| tr!("Row {}, column {}: {}", y + 1, x + 1, what);
    match mode {
        Mode::Input | Mode::Paint => here(pixel(shelf, y * side + x)),
        Mode::Heat => {
            let value = read.heat.get(look.class.get()).and_then(|map| map.get(y * across + x)).copied();
            let sign = if value.is_some_and(|v| v >= 0.0) { "+" } else { "" };
            let value = value.map_or_else(String::new, |v| format::number(v.into()));
            here(tr!("{} to the score of “{}”", format!("{sign}{value}"), class_name(shelf)))
        }
        Mode::Cover => here(covered(shelf, &read, y * across + x)),
    }
}

fn hint(shelf: Shelf, mode: Mode) -> String {
    match mode {
        Mode::Input => tr!("Point at a pixel to read its numbers"),
        Mode::Paint => String::new(),
        Mode::Heat => tr!("Point at a place to read what it adds"),
        Mode::Cover => {
            let id = shelf.look.read.with(|r| r.as_ref().map(|r| r.id));
            let some = shelf.look.covered.with(|all| id.is_some_and(|id| all.contains_key(&id)));
            if some { tr!("Point at a place to read what covering it does") } else { String::new() }
        }
    }
}

/// “red 143, green 128, blue 90; the network gets 0.13, 0.01, −0.29”
fn pixel(shelf: Shelf, at: usize) -> String {
    let input = shelf.network.input;
    let shown = shelf.look.shown();
    let Some([r, g, b]) = shown.get(at * 3..at * 3 + 3).and_then(|p| <[u8; 3]>::try_from(p).ok()) else {
        return String::new();
    };
    let normal = |byte: u8| format::decimals(((f32::from(byte) - input.mean) / input.scale).into(), 2);
    tr!("red {}, green {}, blue {}; the network gets {}, {}, {}", r, g, b, normal(r), normal(g), normal(b))
}

fn covered(shelf: Shelf, read: &Reading, at: usize) -> String {
    let class = shelf.look.class.get();
    let before = read.top.get(class).map_or(0.0, |t| t.probability);
    let drops = shelf
        .look
        .covered
        .with(|all| all.get(&read.id).map(|c| occlusion::drops(c, class, before)))
        .unwrap_or_default();
    match drops.get(at) {
        Some(drop) => tr!(
            "with this covered, “{}” goes from {} to {}",
            class_name(shelf),
            chance(before),
            chance(before - drop)
        ),
        None => tr!("not covered yet"),
    }
}

/// The class that is asked about.
pub fn class_name(shelf: Shelf) -> String {
    let class = shelf.look.class.get();
    shelf
        .look
        .read
        .with(|r| r.as_ref().and_then(|r| r.top.get(class)).map(|t| t.name.clone()))
        .unwrap_or_default()
}
