//! The table as a grid: only what is in sight is on the page, so a hundred thousand rows scroll as three hundred do.
//! The grid itself has the focus and says which cell is meant; cells come and go while it scrolls.

use super::grid::{COLUMN, Grid, ROW, Window, lead};
use super::head;
use super::say;
use super::state::{Role, TableState};
use crate::table::Cells;
use crate::ui::components::format;
use crate::ui::components::reactive::{effect, flag, here, memo, part, text};
use crate::ui::language::tr;
use crate::ui::timers::next_frame;
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

pub fn grid(grid: Grid) -> AnyView {
    let bench = grid.bench;
    let resize = window_event_listener(leptos::ev::resize, move |_| grid.measure());
    on_cleanup(move || resize.remove());
    effect(move |_| {
        // Once it is on the page, and whenever another table is.
        grid.node.track();
        bench.table.track();
        next_frame(move || grid.measure());
    });
    let total = text(move || format!("{}px", lead(grid.predicts.get()) + grid.width.get() as f64 * COLUMN));
    let height = text(move || format!("{}px", bench.view.with(Vec::len) as f64 * ROW));
    let items = move || {
        let Window { rows, columns } = grid.window.get();
        let edition = bench.edition.get();
        let view = bench.view.get();
        let predicts = grid.predicts.get();
        let item =
            |at: usize| Some(Item { at, row: *view.get(at)?, columns: columns.clone(), predicts, edition });
        rows.filter_map(item).collect::<Vec<_>>()
    };
    let none = memo(move || bench.view.with(Vec::is_empty));
    let active = text(move || {
        let (at, column) = grid.active.get();
        format!("entry-{at}-{column}")
    });
    view! {
        <div
            class="grid"
            node_ref=grid.node
            role="grid"
            tabindex="0"
            data-typing=""
            data-testid="grid"
            aria-label=tr!("The table. Arrow keys move, Enter edits a cell, Delete empties it.")
            aria-rowcount=text(move || (bench.view.with(Vec::len) + 1).to_string())
            aria-colcount=text(move || (grid.width.get() + 2 + usize::from(grid.predicts.get())).to_string())
            aria-activedescendant=active
            on:scroll=move |_| grid.measure()
            on:keydown=move |e| grid.key(&e)
            on:click=move |e| grid.click(&e)
        >
            {head::head(grid, total)}
            <div class="grid-body" style:width=total style:height=height>
                <div role="rowgroup">
                    <For each=items key=|item| item.clone() children=move |item| row(grid, &item) />
                </div>
                {part(move || (!none.get()).then(|| cursor(grid)))}
            </div>
            {part(move || none.get().then(|| view! { <p class="grid-none">{tr!("No row passes these filters.")}</p> }))}
        </div>
    }
    .into_any()
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Item {
    at: usize,
    row: u32,
    columns: Range<usize>,
    predicts: bool,
    edition: u32,
}

fn row(grid: Grid, item: &Item) -> AnyView {
    let bench = grid.bench;
    let Item { at, row, columns, predicts, .. } = item.clone();
    let role = memo(move || bench.roles.with(|r| r.get(row as usize).copied().unwrap_or(Role::None)));
    let class = text(move || format!("grid-row role-{}", class_of(role.get())));
    let cells = bench.table.with_untracked(|table| {
        let table = table.as_ref()?;
        let cell = |column: usize| cell(at, column, say::cell(table, row as usize, column));
        Some(columns.clone().map(cell).collect_view())
    });
    view! {
        <div class=class role="row" aria-rowindex=(at + 2).to_string() style=format!("top:{}px", at as f64 * ROW)>
            <span class="grid-number num" role="rowheader">{format::count(u64::from(row) + 1)}</span>
            <span class="grid-role" role="gridcell" title=text(move || reason(role.get()))>{text(move || say::role(role.get()))}</span>
            {predicts.then(|| prediction(bench, row, role))}
            <span class="grid-gap" style=format!("width:{}px", columns.start as f64 * COLUMN)></span>
            {cells}
        </div>
    }
    .into_any()
}

fn cell(at: usize, column: usize, (words, missing): (String, bool)) -> AnyView {
    let id = format!("entry-{at}-{column}");
    let (at, index) = (at.to_string(), column.to_string());
    let class = if missing { "grid-cell missing" } else { "grid-cell" };
    let shown = match (missing, words.is_empty()) {
        (true, true) => tr!("missing"),
        _ => words,
    };
    view! {
        <span class=class id=id role="gridcell" aria-colindex=(column + 4).to_string() data-at=at data-column=index>{shown}</span>
    }
    .into_any()
}

/// “Gentoo 97 %”, for rows whose target is missing, as soon as a network has something to say.
fn prediction(bench: TableState, row: u32, role: Memo<Role>) -> AnyView {
    let said = memo(move || bench.predictions.with(|p| p.get(&row).cloned()));
    let content = part(move || {
        let said = said.get();
        match (said, role.get()) {
            (Some(p), _) => Some(
                view! {
                    <strong>{p.words}</strong>
                    <span class="num">{p.chance.map(format::chance)}</span>
                }
                .into_any(),
            ),
            (None, Role::Fill) => Some(view! { <span class="grid-ask">"?"</span> }.into_any()),
            _ => None,
        }
    });
    view! { <span class="grid-prediction" role="gridcell" data-testid="prediction">{content}</span> }
        .into_any()
}

/// The frame around the cell that is meant, and the field while it is edited.
fn cursor(grid: Grid) -> AnyView {
    let place = text(move || {
        let (at, column) = grid.active.get();
        format!("top:{}px;left:{}px", at as f64 * ROW, grid.left_of(column))
    });
    let there = memo(move || grid.editing.with(Option::is_some));
    view! {
        <div class="grid-cursor" class:editing=flag(move || there.get()) style=place>
            {part(move || there.get().then(|| editor(grid)))}
        </div>
    }
    .into_any()
}

fn editor(grid: Grid) -> AnyView {
    let node: NodeRef<html::Input> = NodeRef::new();
    let begun = grid.editing.get_untracked().unwrap_or_default();
    effect(move |_| {
        if let Some(input) = node.get() {
            // Fails for elements that cannot have the focus; a field can.
            let _ = input.focus();
        }
    });
    let (_, column) = grid.active.get_untracked();
    let known = grid.bench.table.with_untracked(|t| t.as_ref().map(|t| t.names(Some(column), 50)));
    let words = grid.bench.table.with_untracked(|t| {
        let column = t.as_ref().and_then(|t| t.columns.get(column));
        column.is_some_and(|c| matches!(c.cells, Cells::Words { .. }))
    });
    let options = known.filter(|_| words).map(|known| {
        known.into_iter().map(|word| view! { <option value=word></option> }.into_any()).collect_view()
    });
    let key = move |event: KeyboardEvent| {
        let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else { return };
        event.stop_propagation();
        let (at, column) = grid.active.get_untracked();
        match event.key().as_str() {
            "Enter" if grid.commit(&input.value()) => {
                grid.focus();
                grid.go(at + 1, column);
            }
            "Tab" if grid.commit(&input.value()) => {
                grid.focus();
                grid.go(at, if event.shift_key() { column.saturating_sub(1) } else { column + 1 });
            }
            "Escape" => {
                grid.editing.set(None);
                grid.bench.trouble.set(None);
                grid.focus();
            }
            "Enter" | "Tab" => (),
            _ => return,
        }
        event.prevent_default();
    };
    let leave = move |event: web_sys::FocusEvent| {
        let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input.filter(|_| grid.editing.get_untracked().is_some()) {
            grid.commit(&input.value());
            // What was refused is said; the cell stays as it was.
            grid.editing.set(None);
        }
    };
    view! {
        <input
            node_ref=node
            class="grid-input"
            type="text"
            autocomplete="off"
            list="grid-words"
            aria-label=tr!("New value")
            data-testid="cell-input"
            prop:value=begun
            on:keydown=key
            on:blur=here(leave)
            on:click=|e| e.stop_propagation()
        />
        <datalist id="grid-words">{options}</datalist>
    }
    .into_any()
}

fn class_of(role: Role) -> &'static str {
    match role {
        Role::Train => "train",
        Role::Test => "test",
        Role::Fill => "fill",
        Role::KeptOut => "kept-out",
        Role::LeftOut => "left-out",
        Role::None => "none",
    }
}

fn reason(role: Role) -> String {
    match role {
        Role::Train => tr!("The network learns from this row."),
        Role::Test => tr!("Held out: the network is tried on this row and never learns from it."),
        Role::Fill => tr!("What is learned is missing here: the network fills it in."),
        Role::KeptOut => tr!(
            "It is the same as a row that is to be filled in, so it is not trained on: the answer would be given away."
        ),
        Role::LeftOut => tr!("A value is missing, so this row is left out."),
        Role::None => String::new(),
    }
}
