//! Which classes are taken for which: a grid of counts over the last test. A cell shows its pictures.

use super::learned::last;
use super::mistakes::strip;
use super::pictures::{Pictures, asked, last_evaluation, skeletons};
use super::scene::{Scene, scene};
use crate::protocol::{Evaluation, Question};
use crate::ui::controls::live::{flag, part, text};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

const SHOWN: u32 = 12;

/// (truth, predicted)
type Cell = (usize, usize);

#[derive(Clone, Copy)]
struct Grid {
    scene: Scene,
    last: Memo<Option<Evaluation>>,
    classes: Memo<usize>,
    /// The one cell that Tab reaches.
    focus: RwSignal<Cell>,
    open: RwSignal<Option<Cell>>,
}

#[component]
pub fn Confusion() -> impl IntoView {
    let scene = scene();
    let classes = Memo::new(move |_| scene.dataset.with(|d| d.as_ref().map_or(10, |d| d.classes.len())));
    let grid =
        Grid { scene, last: last(scene), classes, focus: RwSignal::new((0, 0)), open: RwSignal::new(None) };
    Effect::new(move |_| {
        // Another dataset has other cells.
        classes.track();
        scene.dataset.track();
        grid.open.set(None);
        grid.focus.set((0, 0));
    });
    view! {
        <div class="block" data-testid="confusion">
            <h3 class="block-title">"Confusion "<span class="block-aside">"what is taken for what; choose a cell to see its pictures"</span></h3>
            <div class="confusion-frame" class:long=flag(move || scene.long_names())>
                <span class="confusion-x" aria-hidden="true">"the network says"</span>
                <span class="confusion-y" aria-hidden="true">"it is"</span>
                {table(grid)}
            </div>
            {pictures(grid)}
        </div>
    }
    .into_any()
}

fn table(grid: Grid) -> AnyView {
    let scene = grid.scene;
    let heads = part(move || {
        let head = |c: usize| {
            view! { <th scope="col" role="columnheader"><span>{scene.class(c as u8)}</span></th> }.into_any()
        };
        (0..grid.classes.get()).map(head).collect_view()
    });
    let rows = part(move || (0..grid.classes.get()).map(|truth| row(grid, truth)).collect_view());
    view! {
        <table class="confusion" role="grid" aria-label="Confusion matrix: rows are the truth, columns what the network says">
            <thead>
                <tr role="row">
                    <th class="corner" role="columnheader"><span class="sr-only">"True class"</span></th>
                    {heads}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(grid: Grid, truth: usize) -> AnyView {
    let cells =
        (0..grid.classes.get_untracked()).map(|predicted| cell(grid, (truth, predicted))).collect_view();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><span>{grid.scene.class(truth as u8)}</span></th>
            {cells}
        </tr>
    }
    .into_any()
}

impl Grid {
    fn count(self, (truth, predicted): Cell) -> Option<u32> {
        let classes = self.classes.get();
        self.last.with(|e| e.as_ref().and_then(|e| e.confusion.get(truth * classes + predicted).copied()))
    }

    /// Share of its row, so that rare classes are seen as well; mistakes are lifted, being few.
    fn strength(self, cell: Cell) -> f64 {
        let row: u32 = (0..self.classes.get()).filter_map(|p| self.count((cell.0, p))).sum();
        let share = f64::from(self.count(cell).unwrap_or(0)) / f64::from(row.max(1));
        if cell.0 == cell.1 { share * share * 0.9 } else { (share * 4.0).min(1.0).sqrt() }
    }

    /// “true 4, predicted 9, 12 digits”
    fn words(self, cell: Cell) -> String {
        let (truth, said) = (self.scene.class(cell.0 as u8), self.scene.class(cell.1 as u8));
        match self.count(cell) {
            // The number as it is shown: a name must contain what is seen.
            Some(n) => format!("true {truth}, predicted {said}, {n} {}", self.scene.noun()),
            None => format!("true {truth}, predicted {said}, not tested yet"),
        }
    }

    fn key(self, event: &KeyboardEvent) {
        let last = self.classes.get_untracked().saturating_sub(1);
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
                self.choose((y, x));
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.focus.set(next);
        let target = document().get_element_by_id(&cell_id(next));
        if let Some(target) = target.and_then(|t| t.dyn_into::<HtmlElement>().ok()) {
            // Fails for elements that cannot have the focus; this one can.
            let _ = target.focus();
        }
    }

    fn choose(self, cell: Cell) {
        self.focus.set(cell);
        self.open.update(|open| *open = (*open != Some(cell)).then_some(cell));
    }
}

fn cell_id((truth, predicted): Cell) -> String {
    format!("cell-{truth}-{predicted}")
}

fn cell(grid: Grid, cell: Cell) -> AnyView {
    let right = cell.0 == cell.1;
    let count = text(move || match grid.count(cell) {
        None | Some(0) => String::new(),
        Some(n) => n.to_string(),
    });
    let here = Memo::new(move |_| grid.focus.get() == cell);
    let open = Memo::new(move |_| grid.open.get() == Some(cell));
    let strength = Memo::new(move |_| (grid.strength(cell) * 100.0).round() as u32);
    view! {
        <td
            id=cell_id(cell)
            role="gridcell"
            class=if right { "right" } else { "wrong" }
            style:--strength=text(move || format!("{}%", strength.get()))
            tabindex=text(move || if here.get() { "0".to_string() } else { "-1".to_string() })
            aria-label=text(move || grid.words(cell))
            aria-selected=text(move || open.get().to_string())
            on:click=move |_| grid.choose(cell)
            on:keydown=move |e| grid.key(&e)
        >
            {count}
        </td>
    }
    .into_any()
}

/// The pictures of the cell that was chosen, asked for again after every test.
fn pictures(grid: Grid) -> AnyView {
    let last = last_evaluation(grid.scene);
    let pictures = asked(grid.scene.lab, move || {
        last.get()?;
        let (truth, predicted) = grid.open.get()?;
        Some(Question::Cell { truth: truth as u8, predicted: predicted as u8, limit: SHOWN })
    });
    let title = text(move || grid.open.get().map(|cell| grid.words(cell)).unwrap_or_default());
    let body = part(move || {
        grid.open.get()?;
        Some(match pictures.get() {
            Pictures::Idle => view! { <p class="empty">"Nothing has been tested yet."</p> }.into_any(),
            Pictures::Waiting => view! { <div class="tiles wide">{skeletons(4)}</div> }.into_any(),
            Pictures::Failed(why) => view! { <p class="failed">{why}</p> }.into_any(),
            Pictures::Here(all) if all.is_empty() => {
                view! { <p class="empty">"No picture is in this cell."</p> }.into_any()
            }
            Pictures::Here(all) => strip(grid.scene, &all, "Pictures of the chosen cell"),
        })
    });
    view! {
        <div class="cell-pictures" data-testid="cell-pictures" hidden=flag(move || grid.open.get().is_none())>
            <p class="cell-title num">{title}</p>
            {body}
        </div>
    }
    .into_any()
}
