//! Keys for the whole page: `.` one step, `r` reset, `?` help. None while something is being typed, and none
//! when the page is embedded in another one, whose keys these would take.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// What a key does.
pub struct Keys {
    pub step: Box<dyn Fn()>,
    pub reset: Box<dyn Fn()>,
    pub help: Box<dyn Fn()>,
}

pub fn listen(keys: Keys) {
    if embedded() {
        return;
    }
    let handle = window_event_listener(ev::keydown, move |e| {
        if e.ctrl_key() || e.meta_key() || e.alt_key() || e.repeat() || elsewhere(&e) {
            return;
        }
        match e.key().as_str() {
            "." => (keys.step)(),
            "r" => (keys.reset)(),
            "?" => (keys.help)(),
            _ => return,
        }
        e.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

/// Inside a frame, or asked to behave as if.
pub fn embedded() -> bool {
    let framed = window().parent().ok().flatten().is_some_and(|parent| parent != window());
    framed || window().location().search().is_ok_and(|query| query.contains("embed=1"))
}

/// The key belongs to a field that is being typed into, or to an open dialog.
fn elsewhere(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    target.is_some_and(|t| {
        t.closest("input, textarea, select, [contenteditable], [data-typing], dialog[open]")
            .is_ok_and(|c| c.is_some())
    })
}

/// Moves the focus to the element of this id, if it is there.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // Fails only for elements that cannot have it.
        let _ = element.focus();
    }
}
