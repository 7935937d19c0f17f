//! The address follows the page, and the page follows the address. What a hash means is `crate::link`'s.

use super::lab::Lab;
use super::later::Debounce;
use super::state::NoticeLevel;
use crate::link::{self, Decoded};
use crate::spec::Preset;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// A browser refuses an address that changes too often.
const SETTLE_MILLISECONDS: u32 = 200;

/// What the address that the page was opened with asks for.
pub fn read() -> Decoded {
    // Not `location_hash`: `decode` percent-decodes field by field.
    link::decode(&window().location().hash().unwrap_or_default())
}

/// The hash of what the page shows, without `#`.
pub fn hash_of(lab: Lab) -> String {
    let preset = Preset::by_id(&lab.state.preset.get_untracked());
    let engine = lab.state.engine.with_untracked(|e| e.wanted);
    preset.map(|p| lab.state.spec.with_untracked(|spec| link::encode(p, spec, engine))).unwrap_or_default()
}

/// The whole address, for people to pass on.
pub fn address(lab: Lab) -> String {
    let here = window().location().href().unwrap_or_default();
    let page = here.split('#').next().unwrap_or_default();
    format!("{page}#{}", hash_of(lab))
}

/// Says what was left out of a link.
pub fn complain(lab: Lab, asked: &Decoded) {
    if let Some(complaint) = asked.complaint() {
        lab.state.notify(NoticeLevel::Problem, complaint, "Everything else holds.");
    }
}

/// Keeps the address and the page alike from now on.
pub fn follow(lab: Lab) {
    let soon = Debounce::default();
    // Only what the visitor wants is in a link, not what the engine does.
    let wanted = Memo::new(move |_| lab.state.engine.with(|e| e.wanted));
    Effect::new(move |shown: Option<String>| {
        let preset = lab.state.preset.get();
        lab.state.spec.track();
        wanted.track();
        let moved_on = shown.is_some_and(|before| before != preset);
        if moved_on && !is_framed() {
            soon.cancel();
            write(lab, true);
        } else {
            soon.after(SETTLE_MILLISECONDS, move || write(lab, false));
        }
        preset
    });
    let _ = window_event_listener_untyped("hashchange", move |_| {
        let asked = read();
        complain(lab, &asked);
        if asked.encode() != hash_of(lab) {
            lab.open_link(asked);
        } else if asked.play {
            lab.play();
        }
        // What was refused does not stay in the address.
        write(lab, false);
    });
}

fn write(lab: Lab, as_new_entry: bool) {
    let hash = hash_of(lab);
    // An address that says the same stays as the visitor wrote it.
    if read().encode() == hash {
        return;
    }
    let hash = format!("#{hash}");
    let Ok(history) = window().history() else { return };
    // Refused in some frames, and then only the address stays behind.
    let _ = if as_new_entry {
        history.push_state_with_url(&JsValue::NULL, "", Some(&hash))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&hash))
    };
}

/// In a frame the history belongs to the page around it.
fn is_framed() -> bool {
    let window = window();
    !matches!(window.parent(), Ok(Some(parent)) if parent == window)
}
