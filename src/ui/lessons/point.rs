//! “Show me”: opens the panel that a place is on, goes there, and lights it for a moment.

use crate::lesson::{PLACES, Place};
use crate::ui::panels::scene::{Scene, Tab};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

const LIT: Duration = Duration::from_millis(2600);

pub fn place(name: &str) -> Option<&'static Place> {
    PLACES.iter().find(|(known, ..)| *known == name)
}

pub fn to(scene: Scene, place: &Place) {
    let (_, tab, selectors) = *place;
    if let Some(tab) = [Tab::Data, Tab::Model, Tab::Learned, Tab::Try].into_iter().find(|t| t.id() == tab) {
        scene.tab.set(tab);
    }
    // The panel is drawn by then.
    request_animation_frame(move || {
        let mut found =
            selectors.split(" | ").map(|selector| document().query_selector(selector).ok().flatten());
        let Some(element) = found.find_map(|element| element) else { return };
        open_around(&element);
        let how = ScrollIntoViewOptions::new();
        how.set_block(ScrollLogicalPosition::Center);
        element.scroll_into_view_with_scroll_into_view_options(&how);
        light(element);
    });
}

/// What is folded away is unfolded.
fn open_around(element: &Element) {
    let mut at = element.closest("details").ok().flatten();
    while let Some(details) = at {
        // Setting an attribute fails only for a name that is none.
        let _ = details.set_attribute("open", "");
        at = details.parent_element().and_then(|e| e.closest("details").ok().flatten());
    }
}

fn light(element: Element) {
    let Ok(element) = element.dyn_into::<HtmlElement>() else { return };
    let classes = element.class_list();
    // Class names without spaces are always taken.
    let _ = classes.add_1("lit");
    set_timeout(move || drop(classes.remove_1("lit")), LIT);
}
