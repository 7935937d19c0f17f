//! Keeps the address and the page alike: what the page shows goes into the address, and another address is followed.

use super::controller::Controller;
use super::link::{FRONT, complain, hash_here, hash_of, hash_of_asked, is_framed, read};
use super::timers::Debounce;
use crate::ui::components::reactive::{effect, memo, subscribe};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// A browser refuses an address that changes too often.
const SETTLE_MILLISECONDS: u32 = 200;

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
        subscribe(wanted);
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
        complain(lab.state, &asked);
        if hash_of_asked(&asked) != hash_of(lab.state) {
            lab.open_link(asked);
        } else if asked.play {
            lab.play();
        }
        // What was refused does not stay in the address.
        write(lab, false);
    });
}

fn write(lab: Controller, as_new_entry: bool) {
    let hash = hash_of(lab.state);
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
