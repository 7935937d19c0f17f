//! What one example looks like, a row each: a picture, a row of a table, a point of the plane. The page that trains draws
//! its panels by them.

mod picture;
mod point;
mod row;

use crate::protocol::Form;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

pub struct View {
    pub form: Form,
    /// As the style sheets call it.
    pub name: &'static str,
    /// What there is to learn from.
    pub material: fn() -> AnyView,
    /// The network.
    pub model: fn(PanelState) -> AnyView,
    /// What a visitor can do with a network.
    pub try_it: fn() -> AnyView,
    /// While a file is held over the page.
    pub drop_words: fn() -> String,
    /// A file that was dropped or pasted, and holds no weights.
    pub take_file: fn(PanelState, web_sys::File),
}

const VIEWS: [View; 3] = [picture::VIEW, row::VIEW, point::VIEW];

/// The view of the examples that are shown; tracked.
pub fn view(scene: PanelState) -> &'static View {
    static ALL: [View; 3] = VIEWS;
    let form = scene.form.get();
    ALL.iter().find(|view| view.form == form).unwrap_or(&ALL[0])
}
