//! Which classes are taken for which: a grid of counts over the last test. A cell shows its pictures.

use super::mistakes::strip;
use super::panel_state::{PanelState, scene};
use super::pictures::{Pictures, asked, last_evaluation, skeletons};
use crate::protocol::{Form, Request};
use crate::ui::charts::export::{Thing, export, run_name};
use crate::ui::charts::grid::{self, MatrixSheet};
use crate::ui::components::matrix::{Cell, Matrix};
use crate::ui::components::reactive::{effect, flag, memo, part, subscribe, text};
use crate::ui::language::tr;
use leptos::prelude::*;

const SHOWN: u32 = 12;

#[derive(Clone, Copy)]
struct Grid {
    scene: PanelState,
    matrix: Matrix,
}

#[component]
pub fn Confusion() -> impl IntoView {
    let scene = scene();
    let classes = memo(move || scene.dataset.with(|d| d.as_ref().map_or(10, |d| d.classes().len())));
    let last = scene.last_evaluation();
    let counts = memo(move || last.with(|e| e.as_ref().map(|e| e.confusion.clone()).unwrap_or_default()));
    let grid = Grid { scene, matrix: Matrix::new("cell", classes, counts) };
    effect(move |_| {
        if grid.matrix.open.get().is_some() {
            scene.state.count_action("cell");
        }
    });
    effect(move |_| {
        // Another dataset has other cells.
        subscribe(classes);
        subscribe(scene.dataset);
        grid.matrix.begin_anew();
    });
    view! {
        <div class="block" data-testid="confusion">
            <h3 class="block-title">{tr!("Confusion")}" "<span class="block-aside">{text(move || match scene.form.get() {
                Form::Picture => tr!("what is taken for what; choose a cell to see its pictures"),
                _ => tr!("what is taken for what"),
            })}</span></h3>
            <div class="confusion-frame" class:long=flag(move || scene.long_names())>
                <span class="confusion-x" aria-hidden="true">{tr!("the network says")}</span>
                <span class="confusion-y" aria-hidden="true">{tr!("it is")}</span>
                {table(grid)}
            </div>
            {export(scene, "export-confusion", grid.files())}
            {part(move || (scene.form.get() == Form::Picture).then(|| pictures(grid)))}
        </div>
    }
    .into_any()
}

fn table(grid: Grid) -> AnyView {
    let scene = grid.scene;
    let heads = part(move || {
        let head = |c: usize| {
            view! { <th scope="col" role="columnheader"><span>{scene.class(c as u32)}</span></th> }.into_any()
        };
        (0..grid.matrix.size.get()).map(head).collect_view()
    });
    let rows = part(move || (0..grid.matrix.size.get()).map(|truth| row(grid, truth)).collect_view());
    view! {
        <table class="confusion" role="grid" aria-label=tr!("Confusion matrix: rows are the truth, columns what the network says")>
            <thead>
                <tr role="row">
                    <th class="corner" role="columnheader"><span class="sr-only">{tr!("True class")}</span></th>
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
        (0..grid.matrix.size.get_untracked()).map(|predicted| grid.cell((truth, predicted))).collect_view();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><span>{grid.scene.class(truth as u32)}</span></th>
            {cells}
        </tr>
    }
    .into_any()
}

impl Grid {
    fn cell(self, cell: Cell) -> AnyView {
        self.matrix.cell(cell, text(move || self.words(cell)))
    }

    fn files(self) -> Vec<Thing> {
        let scene = self.scene;
        let shown = move || {
            let size = self.matrix.size.get_untracked();
            MatrixSheet {
                title: tr!("Confusion"),
                rows: tr!("it is"),
                columns: tr!("the network says"),
                names: untrack(move || (0..size).map(|c| scene.class(c as u32)).collect()),
                matrix: self.matrix,
            }
        };
        grid::files(shown, tr!("Confusion matrix"), move || run_name(scene))
    }

    /// “true 4, predicted 9, 12 digits”
    fn words(self, cell: Cell) -> String {
        let (truth, said) = (self.scene.class(cell.0 as u32), self.scene.class(cell.1 as u32));
        match self.matrix.count(cell) {
            // The number as it is shown: a name must contain what is seen.
            Some(n) => tr!("true {}, predicted {}, {} {}", truth, said, n, self.scene.noun()),
            None => tr!("true {}, predicted {}, not tested yet", truth, said),
        }
    }
}

/// The pictures of the cell that was chosen, asked for again after every test.
fn pictures(grid: Grid) -> AnyView {
    let last = last_evaluation(grid.scene);
    let pictures = asked(grid.scene.lab, move || {
        last.get()?;
        let (truth, predicted) = grid.matrix.open.get()?;
        Some(Request::Cell { truth: truth as u32, predicted: predicted as u32, limit: SHOWN })
    });
    let title = text(move || grid.matrix.open.get().map(|cell| grid.words(cell)).unwrap_or_default());
    let body = part(move || {
        grid.matrix.open.get()?;
        Some(match pictures.get() {
            Pictures::Idle => view! { <p class="empty">{tr!("Nothing has been tested yet.")}</p> }.into_any(),
            Pictures::Waiting => view! { <div class="tiles wide">{skeletons(4)}</div> }.into_any(),
            Pictures::Failed(why) => view! { <p class="failed">{why}</p> }.into_any(),
            Pictures::Here(all) if all.is_empty() => {
                view! { <p class="empty">{tr!("No picture is in this cell.")}</p> }.into_any()
            }
            Pictures::Here(all) => strip(grid.scene, &all, tr!("Pictures of the chosen cell")),
        })
    });
    view! {
        <div class="cell-pictures" data-testid="cell-pictures" hidden=flag(move || grid.matrix.open.get().is_none())>
            <p class="cell-title num">{title}</p>
            {body}
        </div>
    }
    .into_any()
}
