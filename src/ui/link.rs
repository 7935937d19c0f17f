//! The address follows the page, and the page follows the address. What a hash means is `crate::link`'s.

use super::controller::Controller;
use super::lessons;
use super::state::NoticeLevel;
use super::timers::Debounce;
use crate::link::{self, Decoded};
use crate::spec::Preset;
use crate::ui::components::reactive::{effect, memo};
use crate::ui::language::tr;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// A browser refuses an address that changes too often.
const SETTLE_MILLISECONDS: u32 = 200;

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
pub fn hash_of(lab: Controller) -> String {
    lab.state.shown.with_untracked(|shown| hash_with(lab, shown))
}

/// The same with other parts left out.
pub fn hash_with(lab: Controller, shown: &link::Visibility) -> String {
    let state = lab.state;
    let preset = Preset::by_id(&state.preset.get_untracked());
    let on = (state.engine.with_untracked(|e| e.wanted), state.cores.get_untracked());
    let run = preset.map(|p| state.spec.with_untracked(|spec| link::encode(p, spec, on)));
    let lesson = state.lesson.get_untracked();
    whole(&run.unwrap_or_default(), lesson.as_deref(), shown)
}

/// The same of what a link asks for.
fn hash_of_asked(asked: &Decoded) -> String {
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
pub fn address(lab: Controller) -> String {
    let here = window().location().href().unwrap_or_default();
    let page = here.split('#').next().unwrap_or_default();
    format!("{page}#{}", hash_of(lab))
}

/// Says what was left out of a link.
pub fn complain(lab: Controller, asked: &Decoded) {
    if let Some(complaint) = asked.complaint() {
        lab.state.notify(NoticeLevel::Problem, complaint, tr!("Everything else holds."));
    }
}

/// Keeps the address and the page alike from now on.
pub fn follow(lab: Controller) {
    let soon = Debounce::default();
    // Only what the visitor wants is in a link, not what the engine does.
    let wanted = memo(move || lab.state.engine.with(|e| e.wanted));
    effect(move |shown: Option<String>| {
        let preset = lab.state.preset.get();
        lab.state.spec.track();
        lab.state.cores.track();
        lab.state.lesson.track();
        lab.state.shown.track();
        wanted.track();
        let moved_on = shown.is_some_and(|before| before != preset);
        if moved_on && !is_framed() {
            soon.cancel();
            write(lab, true);
        } else {
            let before = hash_here();
            // Another address has come meanwhile: it is about to be followed, not to be replaced.
            soon.after(SETTLE_MILLISECONDS, move || {
                if hash_here() == before {
                    write(lab, false);
                }
            });
        }
        preset
    });
    let _ = window_event_listener_untyped("hashchange", move |_| {
        let asked = read();
        lab.state.forget_problems();
        complain(lab, &asked);
        if hash_of_asked(&asked) != hash_of(lab) {
            lab.open_link(asked);
        } else if asked.play {
            lab.play();
        }
        // What was refused does not stay in the address.
        write(lab, false);
    });
}

fn write(lab: Controller, as_new_entry: bool) {
    let hash = hash_of(lab);
    // An address that says the same stays as the visitor wrote it.
    if hash_of_asked(&read()) == hash {
        return;
    }
    let hash = if hash == FRONT { ".".into() } else { format!("#{hash}") };
    let Ok(history) = window().history() else { return };
    // Refused in some frames, and then only the address stays behind.
    let _ = if as_new_entry {
        history.push_state_with_url(&JsValue::NULL, "", Some(&hash))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&hash))
    };
}

fn hash_here() -> String {
    window().location().hash().unwrap_or_default()
}

/// In a frame the history belongs to the page around it.
fn is_framed() -> bool {
    let window = window();
    !matches!(window.parent(), Ok(Some(parent)) if parent == window)
}
