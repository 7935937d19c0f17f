//! How an answer looks at its question: a row for each token that is written, a column for each of the question.

use super::looks::Looks;
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// A smaller share is not written down.
const NAMED_FROM: f32 = 0.05;

/// Nothing where the chosen head does not look across.
pub fn view(looks: Looks) -> AnyView {
    let crosses = memo(move || looks.crosses());
    part(move || if crosses.get() { table(looks) } else { ().into_any() })
}

fn table(looks: Looks) -> AnyView {
    let area = memo(move || looks.area(looks.head.get().0));
    let weights = memo(move || looks.weights(looks.head.get()).unwrap_or_default());
    let head = part(move || {
        let [_, keys] = area.get();
        keys.map(|key| view! { <th scope="col">{looks.token(key)}</th> }.into_any()).collect_view()
    });
    let rows = part(move || {
        let [queries, keys] = area.get();
        let row =
            |(at, query): (usize, usize)| row(looks, query, weights, at * keys.len()..(at + 1) * keys.len());
        queries.enumerate().map(row).collect_view()
    });
    view! {
        <p class="note">{tr!("Each row is a token that it writes, each column a word of the question: what it takes of it to write this.")}</p>
        <div class="mind-table" tabindex="0" role="region" aria-label=tr!("How the answer looks at the question")>
            <table class="across num" data-testid="across">
                <thead><tr><td></td>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(looks: Looks, query: usize, weights: Memo<Vec<f32>>, of: std::ops::Range<usize>) -> AnyView {
    let here = flag(move || looks.query() == query);
    let cells = of.map(|at| {
        let share = memo(move || weights.with(|all| all.get(at).copied().unwrap_or(0.0)));
        let colour = text(move || {
            let depth = share.get().clamp(0.0, 1.0).sqrt();
            format!("background:rgba(var(--mark-right),calc({depth:.2} * var(--cell-most)))")
        });
        let words = text(move || match share.get() {
            small if small < NAMED_FROM => String::new(),
            share => format::percent(f64::from(share), 100),
        });
        view! { <td style=colour>{words}</td> }.into_any()
    });
    view! {
        <tr class:here=here on:click=move |_| looks.choose(query)>
            <th scope="row">{text(move || looks.written(query))}</th>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}
