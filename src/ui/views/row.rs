//! Rows of a table: as a grid, their network as neurons, and a row of one's own.

use super::info::View;
use super::point::neurons;
use crate::protocol::Form;
use crate::ui::charts::history::History;
use crate::ui::code::TABLE;
use crate::ui::components::reactive::part;
use crate::ui::language::tr;
use crate::ui::panels::confusion::Confusion;
use crate::ui::panels::model::edit_button;
use crate::ui::table::TableView;
use crate::ui::table::try_row::TryRow;
use leptos::prelude::*;

pub const VIEW: View = View {
    form: Form::Row,
    is_table: true,
    name: "row",
    material: || view! { <TableView /> }.into_any(),
    model: |scene| neurons(scene, edit_button(scene), &TABLE, true),
    learned: |scene| {
        view! {
            <History />
            {part(move || (scene.classes() > 0).then(|| view! { <Confusion /> }))}
        }
        .into_any()
    },
    try_it: || view! { <TryRow /> }.into_any(),
    drop_words: || tr!("Drop a CSV file: it is read here, in this tab, and goes nowhere"),
    take_file: |_, takers, file| takers.table.take_file(file),
};
