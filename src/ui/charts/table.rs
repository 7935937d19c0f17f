//! The charts' numbers as a table, for who cannot see lines or wants to copy them.

use super::chart::Chart;
use super::curve::{Curves, at};
use crate::ui::components::format;
use crate::ui::components::reactive::part;
use crate::ui::language::{known, tr};
use leptos::prelude::*;

/// More rows than anyone reads.
const MOST: usize = 40;

#[component]
pub fn NumbersTable(both: [Chart; 2]) -> impl IntoView {
    let [loss, accuracy] = both;
    let rows = part(move || {
        loss.curves.with(|of_loss| {
            accuracy.curves.with(|of_accuracy| {
                let stride = of_loss.test.len().div_ceil(MOST).max(1);
                let pairs = of_loss.test.iter().zip(&of_accuracy.test).rev().step_by(stride);
                let say = accuracy.exact;
                pairs.map(|(l, a)| row((of_loss, of_accuracy), say, l.0, (l.1, a.1))).collect_view()
            })
        })
    });
    let of_train = |chart: Chart| tr!("{}, training batches", known(chart.title));
    let of_test = |chart: Chart| tr!("{}, test set", known(chart.title));
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=tr!("The charts’ numbers at every test")>
            <table class="numbers num">
                <thead>
                    <tr>
                        <th scope="col">{tr!("Epoch")}</th>
                        <th scope="col">{tr!("Step")}</th>
                        <th scope="col">{of_train(loss)}</th>
                        <th scope="col">{of_test(loss)}</th>
                        <th scope="col">{of_train(accuracy)}</th>
                        <th scope="col">{of_test(accuracy)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row((loss, accuracy): (&Curves, &Curves), say: fn(f64) -> String, step: f64, test: (f64, f64)) -> AnyView {
    let train = |curves: &Curves, say: fn(f64) -> String| {
        at(&curves.train, step).map_or_else(|| "—".into(), |p| say(p.1))
    };
    let cells = [
        format::decimals(step / loss.steps_per_epoch.max(1.0), 2),
        format::count(step as u64),
        train(loss, format::number),
        format::number(test.0),
        train(accuracy, say),
        say(test.1),
    ];
    let cells = cells.into_iter().map(|c| view! { <td>{c}</td> }.into_any()).collect_view();
    view! { <tr>{cells}</tr> }.into_any()
}
