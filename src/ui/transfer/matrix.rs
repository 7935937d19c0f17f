//! Which classes are taken for which, among the held-out pictures and by the labels they have now. A cell shows
//! its pictures, and there their labels are put right.

use super::controller::TransferController;
use super::project::{Verdict, pictures};
use super::relabel;
use crate::ui::charts::export::{Thing, export};
use crate::ui::charts::{self, grid::MatrixSheet};
use crate::ui::components::matrix::{Cell, Matrix};
use crate::ui::components::reactive::{effect, flag, memo, part, subscribe, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// More would not be looked through.
const SHOWN: usize = 24;
/// So many names have room side by side.
const FEW: usize = 4;

#[derive(Clone, Copy)]
struct Grid {
    desk: TransferController,
    labels: Memo<Vec<String>>,
    matrix: Matrix,
}

pub fn view(desk: TransferController) -> AnyView {
    let labels = memo(move || desk.project.with(|p| p.head_labels()));
    let counts = memo(move || {
        let n = labels.with(Vec::len);
        let mut counts = vec![0; n * n];
        desk.verdicts.with(|all| {
            for v in all.iter().filter(|v| v.held_out && v.truth < n && v.said < n) {
                counts[v.truth * n + v.said] += 1;
            }
        });
        counts
    });
    let size = memo(move || labels.with(Vec::len));
    let grid = Grid { desk, labels, matrix: Matrix::new("own-cell", size, counts) };
    effect(move |_| {
        // Another classifier has other cells.
        subscribe(size);
        grid.matrix.begin_anew();
    });
    view! {
        <div class="block" data-testid="own-confusion">
            <h3 class="block-title">{tr!("Confusion")}" "<span class="block-aside">{tr!("what is taken for what; choose a cell to see its pictures")}</span></h3>
            <div class="confusion-frame" class:long=flag(move || size.get() > FEW) class:few=flag(move || size.get() <= FEW)>
                <span class="confusion-x" aria-hidden="true">{tr!("the network says")}</span>
                <span class="confusion-y" aria-hidden="true">{tr!("it is labelled")}</span>
                {part(move || table(grid, size.get()))}
            </div>
            {export(desk.scene, "export-own-confusion", grid.files())}
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
        let cells = (0..size).map(|said| grid.cell((truth, said))).collect_view();
        view! { <tr role="row"><th scope="row" role="rowheader"><span>{grid.name(truth)}</span></th>{cells}</tr> }
            .into_any()
    };
    view! {
        <table class="confusion own-confusion" role="grid" aria-label=tr!("Confusion matrix of the held-out pictures: rows are the labels, columns what the network says")>
            <thead>
                <tr role="row">
                    <th class="corner" role="columnheader"><span class="sr-only">{tr!("Label")}</span></th>
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

    fn files(self) -> Vec<Thing> {
        let shown = move || MatrixSheet {
            title: tr!("Confusion"),
            rows: tr!("it is labelled"),
            columns: tr!("the network says"),
            names: self.labels.get_untracked(),
            matrix: self.matrix,
        };
        charts::grid::files(shown, tr!("Confusion matrix"), || "intab-own".into())
    }

    fn cell(self, cell: Cell) -> AnyView {
        self.matrix.cell(cell, text(move || self.words(cell)))
    }

    /// “labelled cups, predicted bowls, 2 pictures”
    fn words(self, cell: Cell) -> String {
        let (truth, said) = (self.name(cell.0).get(), self.name(cell.1).get());
        tr!(
            "labelled {}, predicted {}, {}",
            truth,
            said,
            pictures(self.matrix.count(cell).unwrap_or(0) as usize)
        )
    }
}

/// The pictures of the cell that was chosen, surest first.
fn shown(grid: Grid) -> AnyView {
    let desk = grid.desk;
    let inside = memo(move || {
        let Some((truth, said)) = grid.matrix.open.get() else { return Vec::new() };
        let mut inside: Vec<Verdict> = desk.verdicts.with(|all| {
            all.iter().filter(|v| v.held_out && v.truth == truth && v.said == said).copied().collect()
        });
        inside.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        inside
    });
    let more = text(move || match inside.with(Vec::len).saturating_sub(SHOWN) {
        0 => String::new(),
        n => tr!("And {} that it is less sure of.", pictures(n)),
    });
    view! {
        <div class="cell-pictures" data-testid="own-cell" hidden=flag(move || grid.matrix.open.get().is_none())>
            <p class="cell-title num">{text(move || grid.matrix.open.get().map(|cell| grid.words(cell)).unwrap_or_default())}</p>
            {part(move || (grid.matrix.open.get().is_some() && inside.with(Vec::is_empty)).then(|| view! {
                <p class="empty">{tr!("No picture is in this cell.")}</p>
            }))}
            <ul class="fixes">
                <For
                    each=move || inside.with(|all| all[..all.len().min(SHOWN)].to_vec())
                    key=|v| (v.id, v.truth, v.said)
                    children=move |v| relabel::card(desk, v, "cell", false)
                />
            </ul>
            <p class="note">{more}</p>
        </div>
    }
    .into_any()
}
