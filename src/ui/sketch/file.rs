//! The drawing as an SVG file, in the colours of the page.

use super::state::SketchState;
use crate::sketch::moves::{path, window};
use crate::ui::charts::sheet::{Sheet, colour, offer_text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// As the lines are on the paper.
const LINE: &str = "stroke-width=\"3\" stroke-linecap=\"round\"";

/// Pixels in a unit of the paper.
const SCALE: f64 = 0.5;

pub fn save(desk: SketchState) {
    let own = desk.strokes.get_untracked();
    let drawn = desk.ending.with_untracked(|e| e.as_ref().map(|e| e.strokes.clone()).unwrap_or_default());
    let [left, top, side] = window(&drawn);
    let moved = |strokes: &[Vec<(f64, f64)>]| {
        let stroke = |points: &Vec<(f64, f64)>| {
            points.iter().map(|(x, y)| ((x - left) * SCALE, (y - top) * SCALE)).collect()
        };
        path(&strokes.iter().map(stroke).collect::<Vec<_>>())
    };
    let mut sheet = Sheet::new(side * SCALE, side * SCALE);
    sheet.path(&moved(&own), &colour("--ink"), LINE);
    sheet.path(&moved(&drawn), &colour("--accent"), LINE);
    let name = format!("{}.svg", desk.kind.get_untracked().id);
    if offer_text(&name, &sheet.svg()).is_none() {
        desk.scene.announcement.set(tr!("The file could not be made."));
    }
}
