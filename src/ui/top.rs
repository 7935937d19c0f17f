//! Another lesson or lab begins at its top, with the focus on its title, however far down the last one was left.

use super::panels::panel_state::PanelState;
use crate::ui::components::reactive::{effect, memo};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The id of the heading of what is open.
pub const TITLE: &str = "open-title";

pub fn follow(scene: PanelState) {
    let open = memo(move || (scene.state.lesson.get(), scene.state.preset.get()));
    effect(move |before: Option<(Option<String>, String)>| {
        let now = open.get();
        if let Some(before) = before.filter(|before| *before != now) {
            // Who leaves a lesson stays where it was read.
            let left = now.0.is_none() && before.1 == now.1;
            // What is open now is drawn by then.
            request_animation_frame(move || set_timeout(move || begin(left), Duration::ZERO));
        }
        now
    });
}

fn begin(stay: bool) {
    let place = if stay { window().scroll_y().unwrap_or(0.0) } else { 0.0 };
    let title = document().get_element_by_id(TITLE).and_then(|title| title.dyn_into::<HtmlElement>().ok());
    if let Some(title) = title.filter(|_| !is_in_header()) {
        // Fails only for what cannot have the focus.
        let _ = title.focus();
    }
    // A browser brings what has the focus into sight, which is not wanted of who stays.
    window().scroll_to_with_x_and_y(0.0, place);
}

/// A list whose choices are gone through with the keyboard keeps the focus.
fn is_in_header() -> bool {
    document().active_element().is_some_and(|e: Element| e.closest(".top").ok().flatten().is_some())
}
