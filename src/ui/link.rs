//! What the address asks for, and what it says of what the page shows. What a hash means is `crate::link`'s.

use super::lessons;
use super::state::{NoticeLevel, State};
use crate::link::{self, Decoded};
use crate::spec::Preset;
use crate::ui::language::tr;
use leptos::prelude::*;

/// The front page is the page without any link.
pub const FRONT: &str = "preset=lecture";

/// What the address asks for.
pub fn read() -> Decoded {
    // Not `location_hash`: `decode` percent-decodes field by field.
    let hash = hash_here();
    if hash.trim_start_matches('#').is_empty() && !is_framed() {
        return link::decode(FRONT);
    }
    let mut asked = link::decode(&link::with_lesson_lab(&hash, lessons::lab_of));
    if let Some(id) = asked.lesson.take_if(|id| lessons::lab_of(id).is_none()) {
        asked.ignored.push(format!("lesson={id} (no such lesson)"));
    }
    asked
}

/// The hash of what the page shows, without `#`.
pub fn hash_of(state: State) -> String {
    state.shown.with_untracked(|shown| hash_with(state, shown))
}

/// The same with other parts left out.
pub fn hash_with(state: State, shown: &link::Visibility) -> String {
    let preset = Preset::by_id(&state.preset.get_untracked());
    let on = (state.engine.with_untracked(|e| e.wanted), state.cores.get_untracked());
    let run = preset.map(|p| state.spec.with_untracked(|spec| link::encode(p, spec, on)));
    let lesson = state.lesson.get_untracked();
    whole(&run.unwrap_or_default(), lesson.as_deref(), shown)
}

/// The same of what a link asks for.
pub(super) fn hash_of_asked(asked: &Decoded) -> String {
    whole(&asked.encode(), asked.lesson.as_deref(), &asked.shown)
}

/// A lesson's own lab needs no words beside the lesson's name.
fn whole(run: &str, lesson: Option<&str>, shown: &link::Visibility) -> String {
    let lab = lesson.and_then(lessons::lab_of).map(|lab| link::decode(&lab).encode());
    let start = match lesson {
        Some(id) if lab.as_deref() == Some(run) => format!("lesson={id}"),
        Some(id) => format!("lesson={id}&{run}"),
        None => run.into(),
    };
    start + &shown.encode()
}

/// The whole address, for people to pass on.
pub fn address(state: State) -> String {
    let here = window().location().href().unwrap_or_default();
    let page = here.split('#').next().unwrap_or_default();
    format!("{page}#{}", hash_of(state))
}

/// Says what was left out of a link.
pub fn complain(state: State, asked: &Decoded) {
    if let Some(complaint) = asked.complaint() {
        state.notify(NoticeLevel::Problem, complaint, tr!("Everything else holds."));
    }
}

pub(super) fn hash_here() -> String {
    window().location().hash().unwrap_or_default()
}

/// In a frame the history belongs to the page around it.
pub(super) fn is_framed() -> bool {
    let window = window();
    !matches!(window.parent(), Ok(Some(parent)) if parent == window)
}
