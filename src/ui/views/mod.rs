//! What one example looks like, a row each: a picture, a row of a table, a point of the plane, a text, a series. The page that
//! trains draws its panels by them.

pub mod info;

mod picture;
mod point;
mod row;
mod series;
mod text;

use crate::ui::panels::panel_state::PanelState;
use info::View;
use leptos::prelude::*;

static VIEWS: [View; 6] = [picture::VIEW, row::VIEW, point::VIEW, text::VIEW, series::VIEW, series::OF_TABLE];

/// The view of the examples that are shown; tracked.
pub fn view(scene: PanelState) -> &'static View {
    let (form, is_table) = (scene.form.get(), scene.is_table.get());
    VIEWS.iter().find(|view| view.form == form && view.is_table == is_table).unwrap_or(&VIEWS[0])
}
