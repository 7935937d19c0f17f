//! Whether the rows of the visitor's table are in order: then the next value of the learned column is predicted from the
//! last rows, whose number is on a slider.

use super::state::TableState;
use crate::datasets::series::cut_of;
use crate::table::{Recipe, Table, Task};
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// Rows that are read when the rows are first said to be in order.
const FIRST: usize = 10;
/// The slider ends here; a link may say more.
const MOST: usize = 100;

pub fn choice(bench: TableState) -> AnyView {
    let able = memo(move || {
        let target = bench.target().map(|(at, _)| at);
        bench.table.with(|t| {
            t.as_ref().and_then(|t| Some(t.columns.get(target?)?.no_target(Task::Regression).is_none()))
        }) == Some(true)
    });
    part(move || able.get().then(|| in_order(bench)))
}

fn window(bench: TableState) -> Memo<usize> {
    memo(move || bench.recipe.with(|r| r.as_ref().map_or(0, |r| r.window)))
}

fn in_order(bench: TableState) -> AnyView {
    let window = window(bench);
    let on = memo(move || window.get() > 0);
    let tick = move |event: web_sys::Event| {
        let rows = if event_target_checked(&event) { FIRST } else { 0 };
        bench.change(|recipe| recipe.window = rows);
    };
    let name = text(move || bench.target().map(|(_, name)| name).unwrap_or_default());
    view! {
        <div class="in-order" data-testid="in-order">
            <label class="in-order-tick">
                <input type="checkbox" id="in-order" prop:checked=flag(move || on.get()) on:change=tick />
                <span>{text(move || tr!("The rows are in order: predict the next value of “{}” from the last rows", name.get()))}</span>
            </label>
            {part(move || on.get().then(|| slider(bench, window)))}
        </div>
    }
    .into_any()
}

fn slider(bench: TableState, window: Memo<usize>) -> AnyView {
    // What it stands on while it is moved; each place would be another run.
    let moved = RwSignal::new(None::<usize>);
    let at = move || moved.get().unwrap_or_else(|| window.get());
    let of =
        |event: &web_sys::Event| event_target_value(event).parse::<usize>().ok().map(|n| n.clamp(1, MOST));
    let set = move |event: web_sys::Event| {
        moved.set(None);
        if let Some(rows) = of(&event) {
            bench.change(|recipe| recipe.window = rows);
        }
    };
    let split = text(move || {
        let rows = bench.table.with(|t| t.as_ref().map_or(0, Table::rows));
        bench.recipe.with(|r| r.as_ref().map(|r| split(rows, r)).unwrap_or_default())
    });
    view! {
        <div class="in-order-rows">
            <label class="setting-name" for="in-order-rows">{tr!("Rows that are read before each prediction")}</label>
            <output class="num" for="in-order-rows">{text(move || format::count(at() as u64))}</output>
            <input
                id="in-order-rows"
                type="range"
                min="1"
                max=MOST.to_string()
                step="1"
                style:--share=text(move || ((at().min(MOST) as f64 - 1.0) / (MOST as f64 - 1.0)).to_string())
                prop:value=text(move || at().to_string())
                on:input=move |event| moved.set(of(&event))
                on:change=set
            />
        </div>
        <p class="note num" data-testid="in-order-split">{split}</p>
    }
    .into_any()
}

/// How the end is parted from the rest, in words.
fn split(rows: usize, recipe: &Recipe) -> String {
    let (count, cut) = (|n: usize| format::count(n as u64), cut_of(rows));
    tr!(
        "Split by time: the network learns from rows 1 to {} and is tested on the last {}, a fifth. It reads the numbers of the ticked columns and of “{}” itself.",
        count(cut),
        count(rows - cut),
        recipe.target
    )
}
