//! Series of numbers: as a line over time, their network as a list of layers, its predictions of the held-out end, and how
//! it goes on by itself. Of the rows of a table that are in order, the table is shown as ever.

use super::info::View;
use super::{row, text};
use crate::protocol::Form;
use crate::ui::charts::history::History;
use crate::ui::language::tr;
use crate::ui::series::data::SeriesData;
use crate::ui::series::learned::Forecasts;
use crate::ui::series::on_its_own::OnItsOwn;
use leptos::prelude::*;

pub const VIEW: View = View {
    form: Form::Series,
    is_table: false,
    name: "series",
    material: || view! { <SeriesData /> }.into_any(),
    model: |scene| text::network(scene, no_code()),
    learned: |_| view! { <Forecasts /><History /> }.into_any(),
    try_it: || view! { <OnItsOwn /> }.into_any(),
    ..row::VIEW
};

fn no_code() -> AnyView {
    view! { <p class="note">{tr!("There is no script of a series yet.")}</p> }.into_any()
}

/// The visitor's own table.
pub const OF_TABLE: View =
    View { form: Form::Series, model: VIEW.model, learned: VIEW.learned, try_it: VIEW.try_it, ..row::VIEW };
