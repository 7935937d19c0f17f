//! What a link leaves out of the page. Controls carry `data-control`, one name or several; a style sheet made from
//! `state.shown` takes out what is named. Panels are named on the root element, where `embed.css` finds them.

use crate::link::{PANELS, Visibility};
use crate::ui::browser::query;
use crate::ui::components::reactive::effect;
use crate::ui::panels::panel_state::{PanelState, Tab};
use crate::ui::state::State;
use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// The panels that are shown alone: the link's, or else those of an older frame's `view=`.
fn only(shown: &Visibility) -> Vec<String> {
    if !shown.only.is_empty() {
        return shown.only.clone();
    }
    let view = query("view").unwrap_or_default();
    view.split(',').filter(|id| PANELS.iter().any(|p| p.0 == *id)).map(String::from).collect()
}

/// The panel is shown; tracked.
pub fn has_panel(state: State, id: &str) -> bool {
    let only = state.shown.with(only);
    only.is_empty() || only.iter().any(|panel| panel == id)
}

/// The control is shown; tracked.
pub fn offers(state: State, id: &str) -> bool {
    state.shown.with(|shown| !shown.hidden.iter().any(|hidden| hidden == id))
}

/// Keeps the page as `state.shown` says from now on.
pub fn follow(scene: PanelState) {
    let sheet = Sheet::new();
    effect(move |_| {
        let (panels, rules) = scene.state.shown.with(|shown| (only(shown), rules(shown)));
        name_panels(&panels);
        sheet.with_value(|sheet| sheet.set(&rules));
    });
    // On a phone the open tab is one that is there.
    effect(move |_| {
        let shown = |tab: Tab| has_panel(scene.state, tab.id());
        if !shown(scene.tab.get()) {
            let all = [Tab::Data, Tab::Model, Tab::Learned, Tab::Try];
            all.into_iter().find(|tab| shown(*tab)).into_iter().for_each(|tab| scene.tab.set(tab));
        }
    });
}

fn name_panels(panels: &[String]) {
    let Some(root) = document().document_element() else { return };
    // From here on these say it; `view` was for the first paint.
    let _ = root.remove_attribute("data-view");
    // Setting fails only for a name that is none.
    let _ = if panels.is_empty() {
        root.remove_attribute("data-only")
    } else {
        root.set_attribute("data-only", &panels.join(" "))
    };
}

/// Ids are of the lists in `crate::link`, so nothing in them ends the selector.
fn rules(shown: &Visibility) -> String {
    let all: Vec<_> = shown.hidden.iter().map(|id| format!("[data-control~=\"{id}\"]")).collect();
    if all.is_empty() { String::new() } else { format!("{} {{ display: none !important; }}", all.join(", ")) }
}

/// A style sheet of the document's that is no element: a strict Content-Security-Policy lets it be.
struct Sheet(Option<JsValue>);

impl Sheet {
    fn new() -> StoredValue<Self, LocalStorage> {
        let made = || -> Result<JsValue, JsValue> {
            let maker: Function = Reflect::get(&window(), &"CSSStyleSheet".into())?.dyn_into()?;
            let sheet = Reflect::construct(&maker, &Array::new())?;
            Reflect::set(&document(), &"adoptedStyleSheets".into(), &Array::of1(&sheet))?;
            Ok(sheet)
        };
        // A browser without such sheets shows everything.
        StoredValue::new_local(Self(made().ok()))
    }

    fn set(&self, rules: &str) {
        let Some(sheet) = &self.0 else { return };
        let replace = Reflect::get(sheet, &"replaceSync".into()).and_then(|f| f.dyn_into::<Function>());
        if let Ok(replace) = replace {
            // Throws only for sheets that are not made by hand.
            let _ = replace.call1(sheet, &rules.into());
        }
    }
}
