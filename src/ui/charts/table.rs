//! The charts' numbers as a table, for who cannot see lines or wants to copy them.

use super::curve::{Curves, at};
use crate::ui::controls::live::part;
use crate::ui::controls::words;
use crate::ui::language::tr;
use leptos::prelude::*;

/// More rows than anyone reads.
const MOST: usize = 40;

#[component]
pub fn NumbersTable(loss: Memo<Curves>, accuracy: Memo<Curves>) -> impl IntoView {
    let rows = part(move || {
        loss.with(|loss| {
            accuracy.with(|accuracy| {
                let stride = loss.test.len().div_ceil(MOST).max(1);
                let pairs = loss.test.iter().zip(&accuracy.test).rev().step_by(stride);
                pairs.map(|(l, a)| row(loss, accuracy, l.0, l.1, a.1)).collect_view()
            })
        })
    });
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=tr!("Loss and accuracy at every test")>
            <table class="numbers num">
                <thead>
                    <tr>
                        <th scope="col">{tr!("Epoch")}</th>
                        <th scope="col">{tr!("Step")}</th>
                        <th scope="col">{tr!("Train loss")}</th>
                        <th scope="col">{tr!("Test loss")}</th>
                        <th scope="col">{tr!("Train accuracy")}</th>
                        <th scope="col">{tr!("Test accuracy")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(loss: &Curves, accuracy: &Curves, step: f64, test_loss: f64, test_accuracy: f64) -> AnyView {
    let train = |curves: &Curves, say: fn(f64) -> String| {
        at(&curves.train, step).map_or_else(|| "—".into(), |p| say(p.1))
    };
    let percent = |v| words::percent(v, 10_000);
    let cells = [
        words::decimals(step / loss.steps_per_epoch.max(1.0), 2),
        words::count(step as u64),
        train(loss, words::number),
        words::number(test_loss),
        train(accuracy, percent),
        percent(test_accuracy),
    ];
    let cells = cells.into_iter().map(|c| view! { <td>{c}</td> }.into_any()).collect_view();
    view! { <tr>{cells}</tr> }.into_any()
}
