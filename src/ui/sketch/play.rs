//! The ending is drawn before the visitor's eyes, move by move; at once for whoever wants no motion.

use super::state::{Ending, SketchState};
use crate::sketch::moves::strokes_of;
use crate::ui::language::{known, tr};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

const MOVE_MILLISECONDS: u64 = 30;

/// Puts this ending on the paper.
pub fn show(desk: SketchState, ending: Arc<Ending>) {
    desk.forget_expected();
    let whole = ending.moves.len();
    desk.ending.set(Some(ending));
    desk.shown.set(0);
    if wants_no_motion() {
        desk.shown.set(whole);
        return done(desk);
    }
    desk.turn.update_value(|turn| *turn += 1);
    go_on(desk, desk.turn.get_value());
}

fn go_on(desk: SketchState, turn: u32) {
    let next = move || {
        let whole = desk.ending.with_untracked(|e| e.as_ref().map_or(0, |e| e.moves.len()));
        // Something else was begun meanwhile, or the rest was drawn at once.
        if desk.turn.get_value() != turn || desk.shown.get_untracked() >= whole {
            return;
        }
        desk.shown.update(|shown| *shown += 1);
        if desk.shown.get_untracked() < whole { go_on(desk, turn) } else { done(desk) }
    };
    set_timeout(next, Duration::from_millis(MOVE_MILLISECONDS));
}

fn done(desk: SketchState) {
    let strokes = desk.ending.with_untracked(|e| e.as_ref().map_or(0, |e| e.strokes.len()));
    let thing = known(desk.kind.get_untracked().title);
    let count = tr!("{n} stroke" | "{n} strokes" % strokes);
    desk.scene.announcement.set(tr!("{}: the network has drawn {}, and the drawing is done.", thing, count));
    if desk.looks.get_untracked() {
        desk.look();
    }
}

/// The strokes of the ending as far as it is drawn; tracked.
pub fn drawn(desk: SketchState) -> Vec<Vec<(f64, f64)>> {
    let shown = desk.shown.get();
    desk.ending.with(|ending| {
        let Some(ending) = ending else { return Vec::new() };
        let moves = &ending.moves[..shown.min(ending.moves.len())];
        strokes_of(ending.start, ending.before.as_ref(), moves)
    })
}

/// It is still being drawn; tracked.
pub fn is_drawing(desk: SketchState) -> bool {
    let shown = desk.shown.get();
    desk.ending.with(|ending| ending.as_ref().is_some_and(|ending| shown < ending.moves.len()))
}

/// The system says so, or the page around this frame (`motion=reduce`).
fn wants_no_motion() -> bool {
    let asked = document().document_element().is_some_and(|root| root.class_list().contains("still"));
    let query = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    asked || query.is_some_and(|query| query.matches())
}
