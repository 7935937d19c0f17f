//! “Show me”: opens the panel that a place is on, goes to where the place begins, and lights it for a moment.

use crate::lesson::Landmark;
use crate::ui::panels::panel_state::{PanelState, Tab};
use crate::ui::share::hide::has_panel;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

const LIT: Duration = Duration::from_millis(2600);
/// Between what sticks at the top and the place.
const GAP: f64 = 12.0;
/// What sticks at the top of the window, and at its bottom.
const ABOVE: &str = ".guide-now, .tabs";
const BELOW: &str = ".transport-place";

/// False where the link leaves the place out.
pub fn to(scene: PanelState, place: &Landmark) -> bool {
    let mut all = place.selectors.split(" | ");
    let found = all.find_map(|selector| {
        let element = document().query_selector(selector).ok().flatten()?;
        is_to_be_seen(scene, &element).then_some(element)
    });
    let Some(element) = found else { return false };
    if let Some(tab) = tab_of(&element) {
        scene.tab.set(tab);
    }
    open_around(&element);
    // The panel is drawn by then, and the guide as large as it stays.
    request_animation_frame(move || {
        set_timeout(
            move || {
                bring(&element);
                light(element);
            },
            Duration::ZERO,
        );
    });
    true
}

/// It can be shown: at most its panel's tab is closed, or something that it is in is folded.
fn is_to_be_seen(scene: PanelState, element: &Element) -> bool {
    if tab_of(element).is_some_and(|tab| !has_panel(scene.state, tab.id())) {
        return false;
    }
    let mut at = Some(element.clone());
    while let Some(here) = at {
        let styles = window().get_computed_style(&here).ok().flatten();
        let display = styles.and_then(|styles| styles.get_property_value("display").ok());
        if display.as_deref() == Some("none") && !here.class_list().contains("panel") {
            return false;
        }
        at = here.parent_element();
    }
    true
}

/// The panel that an element is on.
fn tab_of(element: &Element) -> Option<Tab> {
    let panel = element.closest(".panel").ok().flatten()?;
    [Tab::Data, Tab::Model, Tab::Learned, Tab::Try]
        .into_iter()
        .find(|tab| panel.id() == format!("panel-{}", tab.id()))
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

/// Its beginning comes below what sticks at the top; all of it is seen where it fits.
fn bring(element: &Element) {
    if element.closest(BELOW).ok().flatten().is_some() {
        return;
    }
    let room = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(800.0);
    let above = stuck(ABOVE).unwrap_or(0.0);
    let below = stuck(BELOW).unwrap_or(0.0);
    let place = element.get_bounding_client_rect();
    let seen = place.top() >= above + GAP && place.bottom() <= room - below - GAP;
    if !seen {
        window().scroll_by_with_x_and_y(0.0, place.top() - above - GAP);
    }
}

/// The height of what sticks.
fn stuck(selector: &str) -> Option<f64> {
    let found = document().query_selector_all(selector).ok()?;
    let all = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<HtmlElement>().ok());
    // What is inside the bar at the bottom does not stick at the top.
    let all = all.filter(|e| selector == BELOW || e.closest(BELOW).ok().flatten().is_none());
    Some(all.map(|e| e.get_bounding_client_rect().height()).fold(0.0, f64::max))
}

fn light(element: Element) {
    let Ok(element) = element.dyn_into::<HtmlElement>() else { return };
    let classes = element.class_list();
    // Class names without spaces are always taken.
    let _ = classes.add_1("lit");
    set_timeout(move || drop(classes.remove_1("lit")), LIT);
}
