//! What the grid shows of an endless table, which cell is meant, and what keys and clicks do with it. `cells` draws it.

use super::state::TableState;
use crate::ui::components::reactive::{effect, memo};
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};

/// Sizes of the grid, in CSS pixels: places are calculated, not measured.
pub const ROW: f64 = 32.0;
pub const COLUMN: f64 = 112.0;
pub const NUMBER: f64 = 72.0;
pub const ROLE: f64 = 80.0;
pub const PREDICTION: f64 = 136.0;
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
    pub bench: TableState,
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
    pub fn new(bench: TableState) -> Self {
        let place = RwSignal::new([0.0, 0.0, 800.0, 480.0]);
        let width = memo(move || bench.table.with(|t| t.as_ref().map_or(0, |t| t.columns.len())));
        let count = memo(move || bench.view.with(Vec::len));
        let predicts =
            memo(move || bench.plan.with(|p| matches!(p, Some(Ok(plan)) if !plan.fill.is_empty())));
        let window = memo(move || {
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
        let active = RwSignal::new((0, 0));
        effect(move |_| {
            // A filter or another table may have taken the cell away.
            let (rows, columns) = (count.get(), width.get());
            let (at, column) = active.get_untracked();
            let there = (at.min(rows.saturating_sub(1)), column.min(columns.saturating_sub(1)));
            if there != (at, column) {
                active.set(there);
            }
        });
        Self {
            bench,
            node: NodeRef::new(),
            place,
            active,
            editing: RwSignal::new(None),
            window,
            width,
            predicts,
        }
    }

    pub(super) fn measure(self) {
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

    pub(super) fn go(self, at: usize, column: usize) {
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
    pub(super) fn commit(self, words: &str) -> bool {
        let (at, column) = self.active.get_untracked();
        let Some(row) = self.row(at) else { return true };
        let taken = self.bench.edit(row, column, words);
        if taken {
            self.editing.set(None);
        }
        taken
    }

    pub(super) fn focus(self) {
        if let Some(node) = self.node.get_untracked() {
            let node: &HtmlElement = &node;
            // Fails for elements that cannot have the focus; this one can.
            let _ = node.focus();
        }
    }

    pub(super) fn key(self, event: &KeyboardEvent) {
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

    pub(super) fn click(self, event: &MouseEvent) {
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
pub(super) fn lead(predicts: bool) -> f64 {
    NUMBER + ROLE + if predicts { PREDICTION } else { 0.0 }
}
