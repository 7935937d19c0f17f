//! The table as a grid: only what is in sight is on the page, so a hundred thousand rows scroll as three hundred do.
//! The grid itself has the focus and says which cell is meant; cells come and go while it scrolls.

use super::bench::{Bench, Role};
use super::head;
use super::say;
use crate::ui::controls::live::{part, text};
use crate::ui::controls::words;
use crate::ui::language::tr;
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent, MouseEvent};

/// Sizes of the grid, in CSS pixels: places are calculated, not measured.
pub const ROW: f64 = 32.0;
pub const COLUMN: f64 = 132.0;
pub const NUMBER: f64 = 56.0;
pub const ROLE: f64 = 84.0;
pub const PREDICTION: f64 = 156.0;
pub const HEAD: f64 = 76.0;

/// Rows come and go so many at once.
const CHUNK: usize = 8;

/// What is on the page of an endless table.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    pub rows: Range<usize>,
    pub columns: Range<usize>,
}

#[derive(Clone, Copy)]
pub struct Grid {
    pub bench: Bench,
    pub node: NodeRef<html::Div>,
    /// How far it is scrolled, and how large it is.
    place: RwSignal<[f64; 4]>,
    /// Place in the view, column.
    pub active: RwSignal<(usize, usize)>,
    /// The words that editing begins with; none while nothing is edited.
    pub editing: RwSignal<Option<String>>,
    pub window: Memo<Window>,
    pub width: Memo<usize>,
    /// The column of predictions is there.
    pub predicts: Memo<bool>,
}

impl Grid {
    pub fn new(bench: Bench) -> Self {
        let place = RwSignal::new([0.0, 0.0, 800.0, 480.0]);
        let width = Memo::new(move |_| bench.table.with(|t| t.as_ref().map_or(0, |t| t.columns.len())));
        let count = Memo::new(move |_| bench.view.with(Vec::len));
        let predicts =
            Memo::new(move |_| bench.plan.with(|p| matches!(p, Some(Ok(plan)) if !plan.fill.is_empty())));
        let window = Memo::new(move |_| {
            let [left, top, wide, high] = place.get();
            let first = ((top / ROW) as usize / CHUNK * CHUNK).saturating_sub(CHUNK);
            let last = ((top + high) / ROW) as usize / CHUNK * CHUNK + 2 * CHUNK;
            let lead = lead(predicts.get());
            let column = ((left - lead) / COLUMN).max(0.0) as usize;
            let end = ((left + wide - lead) / COLUMN).max(0.0) as usize + 2;
            Window {
                rows: first.min(count.get())..last.min(count.get()),
                columns: column.min(width.get())..end.min(width.get()),
            }
        });
        Self {
            bench,
            node: NodeRef::new(),
            place,
            active: RwSignal::new((0, 0)),
            editing: RwSignal::new(None),
            window,
            width,
            predicts,
        }
    }

    fn measure(self) {
        if let Some(node) = self.node.get_untracked() {
            let size = (node.client_width(), node.client_height());
            let now = [node.scroll_left().into(), node.scroll_top().into(), size.0.into(), size.1.into()];
            if self.place.get_untracked() != now {
                self.place.set(now);
            }
        }
    }

    /// The row of the table at a place in the view.
    pub fn row(self, at: usize) -> Option<u32> {
        self.bench.view.with_untracked(|view| view.get(at).copied())
    }

    fn go(self, at: usize, column: usize) {
        let rows = self.bench.view.with_untracked(Vec::len);
        let at = at.min(rows.saturating_sub(1));
        let column = column.min(self.width.get_untracked().saturating_sub(1));
        self.active.set((at, column));
        let Some(node) = self.node.get_untracked() else { return };
        let (top, high) = (at as f64 * ROW, f64::from(node.client_height()) - HEAD);
        let seen = f64::from(node.scroll_top());
        if top < seen {
            node.set_scroll_top(top as i32);
        } else if top + ROW > seen + high {
            node.set_scroll_top((top + ROW - high).ceil() as i32);
        }
        let left = lead(self.predicts.get_untracked()) + column as f64 * COLUMN;
        let (seen, wide) = (f64::from(node.scroll_left()), f64::from(node.client_width()));
        if left - NUMBER < seen {
            node.set_scroll_left(if column == 0 { 0 } else { (left - NUMBER) as i32 });
        } else if left + COLUMN > seen + wide {
            node.set_scroll_left((left + COLUMN - wide).ceil() as i32);
        }
        self.measure();
    }

    /// Begins with these words, or with what stands there.
    fn begin(self, words: Option<String>) {
        let (at, column) = self.active.get_untracked();
        let Some(row) = self.row(at) else { return };
        let there = || {
            let words = |t: &Option<crate::table::Table>| t.as_ref().map(|t| t.text(row as usize, column));
            self.bench.table.with_untracked(words).unwrap_or_default()
        };
        self.editing.set(Some(words.unwrap_or_else(there)));
    }

    /// Whether the words were taken; the cell stays open otherwise.
    fn commit(self, words: &str) -> bool {
        let (at, column) = self.active.get_untracked();
        let Some(row) = self.row(at) else { return true };
        let taken = self.bench.edit(row, column, words);
        if taken {
            self.editing.set(None);
        }
        taken
    }

    fn focus(self) {
        if let Some(node) = self.node.get_untracked() {
            let node: &HtmlElement = &node;
            // Fails for elements that cannot have the focus; this one can.
            let _ = node.focus();
        }
    }

    fn key(self, event: &KeyboardEvent) {
        let of_grid = event.target() == event.current_target();
        if !of_grid || self.editing.get_untracked().is_some() || event.alt_key() {
            return;
        }
        let (at, column) = self.active.get_untracked();
        let page =
            self.node.get_untracked().map_or(10, |n| (f64::from(n.client_height()) - HEAD) as usize / 32);
        let (rows, width) = (self.bench.view.with_untracked(Vec::len), self.width.get_untracked());
        let far = event.ctrl_key() || event.meta_key();
        let key = event.key();
        match key.as_str() {
            "z" if far => self.bench.undo(),
            "ArrowLeft" => self.go(at, column.saturating_sub(1)),
            "ArrowRight" => self.go(at, column + 1),
            "ArrowUp" => self.go(at.saturating_sub(1), column),
            "ArrowDown" => self.go(at + 1, column),
            "PageUp" => self.go(at.saturating_sub(page), column),
            "PageDown" => self.go(at + page, column),
            "Home" => self.go(if far { 0 } else { at }, 0),
            "End" => self.go(if far { rows } else { at }, width),
            "Enter" | "F2" => self.begin(None),
            "Delete" | "Backspace" => _ = self.commit(""),
            letter if letter.chars().count() == 1 && letter != " " && !far => self.begin(Some(key)),
            _ => return,
        }
        event.prevent_default();
    }

    fn click(self, event: &MouseEvent) {
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        let cell = target.and_then(|t| t.closest("[data-at]").ok().flatten());
        let Some(cell) = cell else { return };
        let number = |name: &str| cell.get_attribute(name).and_then(|n| n.parse().ok());
        let Some((at, column)) = number("data-at").zip(number("data-column")) else { return };
        let again = self.active.get_untracked() == (at, column);
        self.editing.set(None);
        self.go(at, column);
        self.focus();
        if event.detail() > 1 || again && self.bench.scene.narrow.get_untracked() {
            self.begin(None);
        }
    }

    pub fn left_of(self, column: usize) -> f64 {
        lead(self.predicts.get()) + column as f64 * COLUMN
    }
}

/// Width of what stands before the first column.
fn lead(predicts: bool) -> f64 {
    NUMBER + ROLE + if predicts { PREDICTION } else { 0.0 }
}

pub fn grid(grid: Grid) -> AnyView {
    let bench = grid.bench;
    let resize = window_event_listener(leptos::ev::resize, move |_| grid.measure());
    on_cleanup(move || resize.remove());
    Effect::new(move |_| {
        // Once it is on the page, and whenever another table is.
        grid.node.track();
        bench.table.track();
        request_animation_frame(move || grid.measure());
    });
    let total = text(move || format!("{}px", lead(grid.predicts.get()) + grid.width.get() as f64 * COLUMN));
    let height = text(move || format!("{}px", bench.view.with(Vec::len) as f64 * ROW));
    let items = move || {
        let Window { rows, columns } = grid.window.get();
        let edition = bench.edition.get();
        let view = bench.view.get();
        let item = |at: usize| Some(Item { at, row: *view.get(at)?, columns: columns.clone(), edition });
        rows.filter_map(item).collect::<Vec<_>>()
    };
    let active = text(move || {
        let (at, column) = grid.active.get();
        format!("cell-{at}-{column}")
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
            <div class="grid-body" role="rowgroup" style:width=total style:height=height>
                <For each=items key=|item| item.clone() children=move |item| row(grid, &item) />
                {cursor(grid)}
            </div>
        </div>
    }
    .into_any()
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Item {
    at: usize,
    row: u32,
    columns: Range<usize>,
    edition: u32,
}

fn row(grid: Grid, item: &Item) -> AnyView {
    let bench = grid.bench;
    let Item { at, row, columns, .. } = item.clone();
    let role = Memo::new(move |_| bench.roles.with(|r| r.get(row as usize).copied().unwrap_or(Role::None)));
    let class = text(move || format!("grid-row role-{}", class_of(role.get())));
    let cells = bench.table.with_untracked(|table| {
        let table = table.as_ref()?;
        let cell = |column: usize| cell(at, column, say::cell(table, row as usize, column));
        Some(columns.clone().map(cell).collect_view())
    });
    let lead = grid.predicts.get_untracked();
    view! {
        <div class=class role="row" aria-rowindex=(at + 2).to_string() style=format!("top:{}px", at as f64 * ROW)>
            <span class="grid-number num" role="rowheader">{words::count(u64::from(row) + 1)}</span>
            <span class="grid-role" role="gridcell" title=text(move || reason(role.get()))>{text(move || say::role(role.get()))}</span>
            {lead.then(|| prediction(bench, row, role))}
            <span class="grid-gap" style=format!("width:{}px", columns.start as f64 * COLUMN)></span>
            {cells}
        </div>
    }
    .into_any()
}

fn cell(at: usize, column: usize, (words, missing): (String, bool)) -> AnyView {
    let id = format!("cell-{at}-{column}");
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
fn prediction(bench: Bench, row: u32, role: Memo<Role>) -> AnyView {
    let said = Memo::new(move |_| bench.predictions.with(|p| p.get(&row).cloned()));
    let content = part(move || {
        let said = said.get();
        match (said, role.get()) {
            (Some(p), _) => Some(
                view! {
                    <strong>{p.words}</strong>
                    <span class="num">{p.chance.map(words::chance)}</span>
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
    let there = Memo::new(move |_| grid.editing.with(Option::is_some));
    view! {
        <div class="grid-cursor" class:editing=move || there.get() style=place>
            {part(move || there.get().then(|| editor(grid)))}
        </div>
    }
    .into_any()
}

fn editor(grid: Grid) -> AnyView {
    let node: NodeRef<html::Input> = NodeRef::new();
    let begun = grid.editing.get_untracked().unwrap_or_default();
    Effect::new(move |_| {
        if let Some(input) = node.get() {
            // Fails for elements that cannot have the focus; a field can.
            let _ = input.focus();
        }
    });
    let (_, column) = grid.active.get_untracked();
    let known = grid.bench.table.with_untracked(|t| t.as_ref().map(|t| t.names(Some(column), 50)));
    let words = grid.bench.table.with_untracked(|t| {
        let column = t.as_ref().and_then(|t| t.columns.get(column));
        column.is_some_and(|c| matches!(c.cells, crate::table::Cells::Words { .. }))
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
            on:blur=leave
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
