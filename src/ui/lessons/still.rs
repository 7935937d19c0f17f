//! A step that opens by itself must not move what the visitor has under the pen or the pointer.

use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What stays where it is.
const MAIN: &str = "main";
const GUIDE: &str = ".guide-now";

/// The guide becomes no lower than it is, and where it becomes higher the page is scrolled by as much.
pub fn keep(change: impl FnOnce() + 'static) {
    let Some(main) = find(MAIN) else { return change() };
    let before = main.get_bounding_client_rect().top();
    let height = find(GUIDE).map_or(0.0, |guide| guide.get_bounding_client_rect().height());
    change();
    set_least(&format!("{height:.0}px"));
    // The step is drawn by then.
    let settle = move || {
        let by = main.get_bounding_client_rect().top() - before;
        if by.abs() >= 1.0 {
            window().scroll_by_with_x_and_y(0.0, by);
        }
    };
    request_animation_frame(move || set_timeout(settle, Duration::ZERO));
}

/// The guide is as high as its step again.
pub fn let_go() {
    set_least("0px");
}

fn set_least(height: &str) {
    if let Some(guide) = find(GUIDE).and_then(|guide| guide.dyn_into::<HtmlElement>().ok()) {
        // Fails only for a property that is none.
        let _ = guide.style().set_property("--least", height);
    }
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}
