//! What one example looks like, a row each: a picture, a row of a table, a point of the plane, a text. The page that
//! trains draws its panels by them.

pub mod info;

mod picture;
mod point;
mod row;
mod text;

use crate::ui::panels::panel_state::PanelState;
use info::View;
use leptos::prelude::*;

static VIEWS: [View; 4] = [picture::VIEW, row::VIEW, point::VIEW, text::VIEW];

/// The view of the examples that are shown; tracked.
pub fn view(scene: PanelState) -> &'static View {
    let form = scene.form.get();
    VIEWS.iter().find(|view| view.form == form).unwrap_or(&VIEWS[0])
}
