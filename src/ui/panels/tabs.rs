//! On a phone one panel is seen at a time. All stay on the page, so each keeps its state.

use super::panel_state::{PanelState, Tab, scene};
use crate::ui::components::reactive::text;
use crate::ui::language::{key, known, tr};
use crate::ui::share::hide::has_panel;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

const TABS: [(Tab, &str, &str); 4] = [
    (Tab::Data, "data", key("Data")),
    (Tab::Model, "model", key("Model")),
    (Tab::Learned, "learned", key("Learned")),
    (Tab::Try, "try", key("Try it")),
];

impl Tab {
    pub fn id(self) -> &'static str {
        TABS.iter().find(|t| t.0 == self).map_or("data", |t| t.1)
    }
}

#[component]
pub fn Tabs() -> impl IntoView {
    let scene = scene();
    let tabs =
        TABS.iter().enumerate().map(|(at, (tab, id, name))| one(scene, at, *tab, id, name)).collect_view();
    view! {
        <nav class="tabs" aria-label=tr!("Panels")>
            <div class="tab-list" role="tablist" aria-label=tr!("Panels")>{tabs}</div>
        </nav>
    }
    .into_any()
}

/// The tabs go to the top of the screen and the panel begins below them, wherever the last one was left.
fn to_the_panel() {
    if let Some(top) = document().get_element_by_id("panels-top") {
        top.scroll_into_view();
    }
}

fn one(scene: PanelState, at: usize, tab: Tab, id: &'static str, name: &'static str) -> AnyView {
    let open = move || scene.tab.get() == tab;
    let key = move |e: KeyboardEvent| {
        let by = match e.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => TABS.len() - 1,
            _ => return,
        };
        e.prevent_default();
        // Past those that the link leaves out.
        let others = (1..=TABS.len()).map(|n| TABS[(at + n * by) % TABS.len()]);
        let Some((tab, id, _)) = others.into_iter().find(|t| untrack(|| has_panel(scene.state, t.1))) else {
            return;
        };
        scene.tab.set(tab);
        let target = document().get_element_by_id(&format!("tab-{id}"));
        if let Some(target) = target.and_then(|t| t.dyn_into::<HtmlElement>().ok()) {
            // Fails for elements that cannot have the focus; a button can.
            let _ = target.focus();
        }
    };
    view! {
        <button
            type="button"
            class="tab"
            role="tab"
            id=format!("tab-{id}")
            aria-controls=format!("panel-{id}")
            aria-selected=text(move || open().to_string())
            tabindex=text(move || if open() { "0".to_string() } else { "-1".to_string() })
            on:click=move |_| {
                scene.tab.set(tab);
                to_the_panel();
            }
            on:keydown=key
        >
            {known(name)}
        </button>
    }
    .into_any()
}
