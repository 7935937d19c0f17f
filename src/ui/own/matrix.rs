//! Which classes are taken for which, among the held-out pictures and by the labels they have now. A cell shows
//! its pictures, and there their labels are put right.

use super::desk::Desk;
use super::fix;
use super::project::{Verdict, pictures};
use super::taking::focus_soon;
use crate::ui::controls::live::{flag, part, text};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// More would not be looked through.
const SHOWN: usize = 24;
/// So many names have room side by side.
const FEW: usize = 4;

/// (truth, said)
type Cell = (usize, usize);

#[derive(Clone, Copy)]
struct Grid {
    desk: Desk,
    labels: Memo<Vec<String>>,
    /// `[truth × said]`
    counts: Memo<Vec<u32>>,
    /// The one cell that Tab reaches.
    focus: RwSignal<Cell>,
    open: RwSignal<Option<Cell>>,
}

pub fn view(desk: Desk) -> AnyView {
    let labels = Memo::new(move |_| desk.project.with(|p| p.head_labels()));
    let counts = Memo::new(move |_| {
        let n = labels.with(Vec::len);
        let mut counts = vec![0; n * n];
        desk.verdicts.with(|all| {
            for v in all.iter().filter(|v| v.held_out && v.truth < n && v.said < n) {
                counts[v.truth * n + v.said] += 1;
            }
        });
        counts
    });
    let grid = Grid { desk, labels, counts, focus: RwSignal::new((0, 0)), open: RwSignal::new(None) };
    let size = Memo::new(move |_| labels.with(Vec::len));
    Effect::new(move |_| {
        // Another classifier has other cells.
        size.track();
        grid.open.set(None);
        grid.focus.set((0, 0));
    });
    view! {
        <div class="block" data-testid="own-confusion">
            <h3 class="block-title">"Confusion "<span class="block-aside">"what is taken for what; choose a cell to see its pictures"</span></h3>
            <div class="confusion-frame" class:long=flag(move || size.get() > FEW) class:few=flag(move || size.get() <= FEW)>
                <span class="confusion-x" aria-hidden="true">"the network says"</span>
                <span class="confusion-y" aria-hidden="true">"it is labelled"</span>
                {part(move || table(grid, size.get()))}
            </div>
            {shown(grid)}
        </div>
    }
    .into_any()
}

fn table(grid: Grid, size: usize) -> AnyView {
    let head = |at: usize| {
        view! { <th scope="col" role="columnheader"><span>{grid.name(at)}</span></th> }.into_any()
    };
    let row = |truth: usize| {
        let cells = (0..size).map(|said| cell(grid, (truth, said))).collect_view();
        view! { <tr role="row"><th scope="row" role="rowheader"><span>{grid.name(truth)}</span></th>{cells}</tr> }
            .into_any()
    };
    view! {
        <table class="confusion own-confusion" role="grid" aria-label="Confusion matrix of the held-out pictures: rows are the labels, columns what the network says">
            <thead>
                <tr role="row">
                    <th class="corner" role="columnheader"><span class="sr-only">"Label"</span></th>
                    {(0..size).map(head).collect_view()}
                </tr>
            </thead>
            <tbody>{(0..size).map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

impl Grid {
    fn name(self, at: usize) -> Signal<String> {
        let labels = self.labels;
        text(move || labels.with(|l| l.get(at).cloned().unwrap_or_default()))
    }

    fn count(self, (truth, said): Cell) -> u32 {
        let n = self.labels.with(Vec::len);
        self.counts.with(|c| c.get(truth * n + said).copied().unwrap_or(0))
    }

    /// Share of its row, so that small classes are seen as well; mistakes are lifted, being few.
    fn strength(self, cell: Cell) -> f64 {
        let row: u32 = (0..self.labels.with(Vec::len)).map(|said| self.count((cell.0, said))).sum();
        let share = f64::from(self.count(cell)) / f64::from(row.max(1));
        if cell.0 == cell.1 { share * share * 0.9 } else { (share * 4.0).min(1.0).sqrt() }
    }

    /// “labelled cups, predicted bowls, 2 pictures”
    fn words(self, cell: Cell) -> String {
        let (truth, said) = (self.name(cell.0).get(), self.name(cell.1).get());
        format!("labelled {truth}, predicted {said}, {}", pictures(self.count(cell) as usize))
    }

    fn key(self, event: &KeyboardEvent) {
        let last = self.labels.with_untracked(Vec::len).saturating_sub(1);
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
        focus_soon(cell_id(next));
    }

    fn choose(self, cell: Cell) {
        self.focus.set(cell);
        self.open.update(|open| *open = (*open != Some(cell)).then_some(cell));
    }
}

fn cell_id((truth, said): Cell) -> String {
    format!("own-cell-{truth}-{said}")
}

fn cell(grid: Grid, cell: Cell) -> AnyView {
    let count = text(move || match grid.count(cell) {
        0 => String::new(),
        n => n.to_string(),
    });
    let here = Memo::new(move |_| grid.focus.get() == cell);
    let open = Memo::new(move |_| grid.open.get() == Some(cell));
    let strength = Memo::new(move |_| (grid.strength(cell) * 100.0).round() as u32);
    view! {
        <td
            id=cell_id(cell)
            role="gridcell"
            class=if cell.0 == cell.1 { "right" } else { "wrong" }
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

/// The pictures of the cell that was chosen, surest first.
fn shown(grid: Grid) -> AnyView {
    let desk = grid.desk;
    let inside = Memo::new(move |_| {
        let Some((truth, said)) = grid.open.get() else { return Vec::new() };
        let mut inside: Vec<Verdict> = desk.verdicts.with(|all| {
            all.iter().filter(|v| v.held_out && v.truth == truth && v.said == said).copied().collect()
        });
        inside.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        inside
    });
    let more = text(move || match inside.with(Vec::len).saturating_sub(SHOWN) {
        0 => String::new(),
        n => format!("And {} that it is less sure of.", pictures(n)),
    });
    view! {
        <div class="cell-pictures" data-testid="own-cell" hidden=flag(move || grid.open.get().is_none())>
            <p class="cell-title num">{text(move || grid.open.get().map(|cell| grid.words(cell)).unwrap_or_default())}</p>
            {part(move || (grid.open.get().is_some() && inside.with(Vec::is_empty)).then(|| view! {
                <p class="empty">"No picture is in this cell."</p>
            }))}
            <ul class="fixes">
                <For
                    each=move || inside.with(|all| all[..all.len().min(SHOWN)].to_vec())
                    key=|v| (v.id, v.truth, v.said)
                    children=move |v| fix::card(desk, v, "cell", false)
                />
            </ul>
            <p class="note">{more}</p>
        </div>
    }
    .into_any()
}
