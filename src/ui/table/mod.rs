//! Data that is rows of numbers and words: the penguins, or the visitor's own CSV. `state` is what is remembered, `intake`
//! brings a file in and `table_store` saves it for the next visit; `grid`, `cells` and `head` are the table itself, `spread`
//! and `scatter` its pictures; `own` shows what was recognised, `reading` lets the visitor say it otherwise, and `ready`
//! shows what the network gets; `continued` is for rows that are in order.

mod intake;
mod keeper;
pub mod run;
mod source;
pub mod state;
mod table_store;

mod cells;
mod continued;
mod grid;
mod head;
pub mod learned;

mod pick;
mod scatter;
mod spread;

mod own;
mod reading;
mod ready;
pub mod say;
pub mod try_row;

use crate::datasets::penguins;
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::data::chooser;
use grid::Grid;
use leptos::prelude::*;
use state::TableState;
use std::time::Duration;

/// The pictures come after the table, so that a click is not held up.
const LATER_MILLISECONDS: u64 = 30;

#[component]
pub fn TableView() -> impl IntoView {
    let bench = expect_context::<TableState>();
    bench.open();
    let grid = Grid::new(bench);
    let later = RwSignal::new(false);
    set_timeout(move || _ = later.try_set(true), Duration::from_millis(LATER_MILLISECONDS));
    view! {
        <div class="table-page" id="table">
            <div class="table-main">
                <h2 class="panel-title" id="title-data">{tr!("Data")}</h2>
                {chooser(bench.scene)}
                {own::source(bench)}
                {learned::learned(bench)}
                {tools(bench)}
                {cells::grid(grid)}
                {about(bench)}
                {part(move || later.get().then(|| own::recognised(bench)))}
            </div>
            <div class="table-side">
                {part(move || later.get().then(|| view! {
                    {spread::histograms(bench)}
                    {scatter::scatter(bench)}
                }))}
            </div>
            <div class="table-below">
                {part(move || later.get().then(|| ready::panel(bench)))}
            </div>
        </div>
    }
    .into_any()
}

/// How many rows are seen, and what undoes a filter or an edit.
fn tools(bench: TableState) -> AnyView {
    let seen = text(move || {
        let all = bench.table.with(|t| t.as_ref().map_or(0, crate::table::Table::rows));
        let seen = bench.view.with(Vec::len);
        let count = |n: usize| format::count(n as u64);
        if seen == all {
            tr!("All {} rows", count(all))
        } else {
            tr!("{} of {} rows", count(seen), count(all))
        }
    });
    let narrowed = memo(move || bench.filters.with(|f| !f.is_empty()) || bench.sort.get().is_some());
    let edits = memo(move || bench.edits.with(Vec::len));
    let all = move |_| {
        bench.filters.update(std::collections::BTreeMap::clear);
        bench.sort.set(None);
    };
    view! {
        <div class="table-tools">
            <p class="num" role="status" data-testid="rows-seen">{seen}</p>
            {part(move || narrowed.get().then(|| view! {
                <button type="button" class="quiet" on:click=all>{tr!("All rows, as in the file")}</button>
            }))}
            {part(move || (edits.get() > 0).then(|| view! {
                <button type="button" class="quiet" data-testid="table-undo" on:click=move |_| bench.undo()>
                    {tr!("Undo the last of {} edits", format::count(edits.get() as u64))}
                </button>
            }))}
        </div>
    }
    .into_any()
}

/// Where the penguins come from; a file of the visitor's own needs no such words.
fn about(bench: TableState) -> AnyView {
    part(move || {
        bench.file.with(Option::is_none).then(|| {
            view! {
                <p class="note">
                    {tr!("Penguins of three species, measured on three Antarctic islands. The first five rows are the lecture’s: their species is to be filled in.")}" "
                    <a href=penguins::HOMEPAGE target="_blank" rel="noopener">{penguins::CITATION}</a>", "{penguins::LICENCE}
                </p>
            }
        })
    })
}
