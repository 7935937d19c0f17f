//! A confusion matrix's cells: counts by truth and answer, walked with the arrow keys, one of them open. Which words a
//! cell has and what it shows when it is open is its panel's business.

use super::reactive::{memo, text};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// (truth, predicted)
pub type Cell = (usize, usize);

#[derive(Clone, Copy)]
pub struct Matrix {
    /// Begins the cells' ids on the page.
    id: &'static str,
    pub size: Memo<usize>,
    /// `[truth × predicted]`; empty while nothing has been tested.
    counts: Memo<Vec<u32>>,
    /// The one cell that Tab reaches.
    focus: RwSignal<Cell>,
    pub open: RwSignal<Option<Cell>>,
}

impl Matrix {
    pub fn new(id: &'static str, size: Memo<usize>, counts: Memo<Vec<u32>>) -> Self {
        Self { id, size, counts, focus: RwSignal::new((0, 0)), open: RwSignal::new(None) }
    }

    /// Other classes have other cells.
    pub fn begin_anew(self) {
        self.open.set(None);
        self.focus.set((0, 0));
    }

    pub fn count(self, (truth, predicted): Cell) -> Option<u32> {
        let size = self.size.get();
        self.counts.with(|counts| counts.get(truth * size + predicted).copied())
    }

    /// Share of its row, so that rare classes are seen as well; mistakes are lifted, being few.
    pub fn strength(self, cell: Cell) -> f64 {
        let row: u32 = (0..self.size.get()).filter_map(|p| self.count((cell.0, p))).sum();
        let share = f64::from(self.count(cell).unwrap_or(0)) / f64::from(row.max(1));
        if cell.0 == cell.1 { share * share * 0.9 } else { (share * 4.0).min(1.0).sqrt() }
    }

    fn key(self, event: &KeyboardEvent) {
        let last = self.size.get_untracked().saturating_sub(1);
        let (y, x) = self.focus.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" => (y, x.saturating_sub(1)),
            "ArrowRight" => (y, (x + 1).min(last)),
            "ArrowUp" => (y.saturating_sub(1), x),
            "ArrowDown" => ((y + 1).min(last), x),
            "Home" => (y, 0),
            "End" => (y, last),
            "Enter" | " " => {
                event.prevent_default();
                return self.choose((y, x));
            }
            _ => return,
        };
        event.prevent_default();
        self.focus.set(next);
        let target = document().get_element_by_id(&self.cell_id(next));
        if let Some(target) = target.and_then(|t| t.dyn_into::<HtmlElement>().ok()) {
            // Fails for elements that cannot have the focus; this one can.
            let _ = target.focus();
        }
    }

    fn choose(self, cell: Cell) {
        self.focus.set(cell);
        self.open.update(|open| *open = (*open != Some(cell)).then_some(cell));
    }

    fn cell_id(self, (truth, predicted): Cell) -> String {
        format!("{}-{truth}-{predicted}", self.id)
    }

    /// `words` must contain the number that is seen.
    pub fn cell(self, cell: Cell, words: Signal<String>) -> AnyView {
        let count = text(move || match self.count(cell) {
            None | Some(0) => String::new(),
            Some(n) => n.to_string(),
        });
        let here = memo(move || self.focus.get() == cell);
        let open = memo(move || self.open.get() == Some(cell));
        let strength = memo(move || (self.strength(cell) * 100.0).round() as u32);
        view! {
            <td
                id=self.cell_id(cell)
                role="gridcell"
                class=if cell.0 == cell.1 { "right" } else { "wrong" }
                style:--strength=text(move || format!("{}%", strength.get()))
                tabindex=text(move || if here.get() { "0".to_string() } else { "-1".to_string() })
                aria-label=words
                aria-selected=text(move || open.get().to_string())
                on:click=move |_| self.choose(cell)
                on:keydown=move |e| self.key(&e)
            >
                {count}
            </td>
        }
        .into_any()
    }
}
