//! The visitor's own CSV: how it comes in, what was recognised about it, and which of its columns is learned.

use super::run::{LECTURE, OWN};
use super::state::TableState;
use super::{reading, say, spread};
use crate::table::{Column, Table, Use};
use crate::ui::components::files::FilePicker;
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// Columns that are listed; of wider tables the rest is in the grid.
const MOST_LISTED: usize = 100;

/// The buttons that bring in a table, and how far one is read.
pub fn source(bench: TableState) -> AnyView {
    let name = text(move || match bench.file.get() {
        Some(name) => name,
        None => tr!("Palmer Penguins"),
    });
    let size = text(move || {
        let size =
            bench.table.with(|t| t.as_ref().map(|t| (t.rows(), t.columns.len(), t.rows_with_missing())));
        let (rows, columns, missing) = size.unwrap_or_default();
        let count = |n: usize| format::count(n as u64);
        tr!("{} rows, {} columns; in {} rows a value is missing", count(rows), count(columns), count(missing))
    });
    let picker = FilePicker {
        words: tr!("Your own CSV"),
        accept: Some(".csv,.tsv,.txt,.data,text/csv,text/plain,text/tab-separated-values"),
        label: Some(Signal::stored(tr!("Choose a CSV file"))),
        ..FilePicker::default()
    };
    view! {
        <div class="table-source">
            <p><strong data-testid="table-name">{name}</strong>" "<span class="num" data-testid="table-size">{size}</span></p>
            <div class="buttons">
                {picker.view_one(move |file| bench.take_file(file))}
                {part(move || bench.file.with(Option::is_some).then(|| view! {
                    <button type="button" class="button" on:click=move |_| bench.recall(LECTURE)>{tr!("Back to the penguins")}</button>
                }))}
                {part(move || (bench.keeper.own.get() && bench.file.with(Option::is_none)).then(|| view! {
                    <button type="button" class="button" data-testid="table-back" on:click=move |_| bench.recall(OWN)>{tr!("Back to “{}”", bench.own_name())}</button>
                }))}
            </div>
        </div>
        {super::table_store::said(bench)}
        <p class="table-reading num" role="status">{text(move || progress(bench))}</p>
        <p class="failed" role="alert" data-testid="table-trouble">
            {text(move || bench.trouble.with(|t| t.as_ref().map(say::say)).unwrap_or_default())}
        </p>
        {reading::refused(bench)}
        {reading::asked(bench)}
    }
    .into_any()
}

fn progress(bench: TableState) -> String {
    let share = bench.reading.get();
    share.map(|share| tr!("Reading the file: {}", format::percent(share, 1))).unwrap_or_default()
}

/// What was recognised, each of it to be said otherwise.
pub fn recognised(bench: TableState) -> AnyView {
    // A file that was refused has the choices beside it.
    let own = memo(move || bench.file.with(Option::is_some) && bench.refused.with(Option::is_none));
    let target = memo(move || bench.target().map(|(at, _)| at));
    let listed = part(move || {
        bench.table.with(|table| {
            let table = table.as_ref()?;
            let rows = table.columns.iter().enumerate().take(MOST_LISTED);
            Some(rows.map(|(at, column)| row(bench, table, at, column, target)).collect::<Vec<_>>())
        })
    });
    let more = text(move || {
        let columns = bench.table.with(|t| t.as_ref().map_or(0, |t| t.columns.len()));
        let more = tr!("The first {} columns are listed.", format::count(MOST_LISTED as u64));
        if columns > MOST_LISTED { more } else { String::new() }
    });
    let notes = part(move || {
        bench.table.with(|t| {
            let notes = t.iter().flat_map(|t| &t.notes);
            notes.map(|note| view! { <p class="note">{say::say(note)}</p> }.into_any()).collect_view()
        })
    });
    view! {
        <section class="table-block table-columns" aria-labelledby="title-columns" data-testid="columns">
            <h2 class="block-title" id="title-columns">{tr!("Columns")}" "<span class="block-aside">{tr!("one is learned, from the others that are ticked")}</span></h2>
            {part(move || own.get().then(|| how(bench)))}
            {notes}
            <div class="columns-frame">
                <table class="columns-list">
                    <thead><tr>
                        <th scope="col">{tr!("learned")}</th>
                        <th scope="col">{tr!("learned from")}</th>
                        <th scope="col">{tr!("Column")}</th>
                        <th scope="col">{tr!("holds")}</th>
                        <th scope="col">{tr!("missing")}</th>
                        <th scope="col"><span class="sr-only">{tr!("Remarks")}</span></th>
                    </tr></thead>
                    <tbody>{listed}</tbody>
                </table>
            </div>
            <p class="note">{more}</p>
        </section>
    }
    .into_any()
}

/// How the file is written.
fn how(bench: TableState) -> AnyView {
    view! {
        {reading::controls(bench)}
        <p class="note">{tr!("Recognised from the file itself; all of it can be said otherwise.")}</p>
    }
    .into_any()
}

fn row(bench: TableState, table: &Table, at: usize, column: &Column, target: Memo<Option<usize>>) -> AnyView {
    let name = column.name.clone();
    let learned = flag(move || target.get() == Some(at));
    let no_target = column.no_target(column.task()).is_some();
    let missing = column.summary.missing();
    let mark = |mark: &String| if mark.is_empty() { tr!("empty") } else { format!("“{mark}”") };
    let marks = column.marks.keys().take(4).map(mark).collect::<Vec<_>>().join(", ");
    view! {
        <tr class:chosen=learned data-testid="column">
            <td><input type="radio" name="table-target" aria-label=tr!("Learn {}", name) prop:checked=learned disabled=no_target on:change=move |_| bench.choose_target(at) /></td>
            <td>{feature(bench, column, learned, target)}</td>
            <th scope="row">{name}</th>
            <td class="column-holds">{spread::small(table, at)}<span><strong>{say::kind(column.kind())}</strong>" "{spread::line(table, at)}</span></td>
            <td class="num">{(missing > 0).then(|| format::count(missing as u64))}" "<span class="column-marks">{marks}</span></td>
            <td class="column-remark">{remark(column, learned)}" "{reading::remarks(table, column)}" "{odd(column)}</td>
        </tr>
    }
    .into_any()
}

/// Whether it is learned from.
fn feature(
    bench: TableState,
    column: &Column,
    learned: Signal<bool>,
    target: Memo<Option<usize>>,
) -> AnyView {
    let name = StoredValue::new(column.name.clone());
    let never = matches!(column.usable(), Use::No(_));
    let ticked = flag(move || {
        let name = name.get_value();
        bench.recipe.with(|r| r.as_ref().is_some_and(|r| r.features.contains(&name)))
    });
    let tick = move |_| {
        let name = name.get_value();
        bench.change(|recipe| match recipe.features.iter().position(|feature| *feature == name) {
            Some(place) => drop(recipe.features.remove(place)),
            None => recipe.features.push(name),
        });
    };
    view! {
        <input
            type="checkbox"
            aria-label=tr!("Learn from {}", name.get_value())
            hidden=learned
            prop:checked=ticked
            disabled=flag(move || never || target.get().is_none())
            on:change=tick
        />
    }
    .into_any()
}

/// Why it cannot be learned from; or, where it can, why it cannot be learned.
fn remark(column: &Column, learned: Signal<bool>) -> Signal<String> {
    let (words, of_target) = match (column.usable(), column.no_target(column.task())) {
        (Use::No(why) | Use::IfAsked(why), _) => (say::say(&why), false),
        (Use::Yes, Some(why)) => (tr!("As what is learned: {}", say::say(&why)), true),
        _ => (String::new(), false),
    };
    text(move || if of_target && learned.get() { String::new() } else { words.clone() })
}

/// Words in a column of numbers.
fn odd(column: &Column) -> Option<AnyView> {
    let words: Vec<_> = column.odd.values().take(3).map(|word| format!("“{word}”")).collect();
    (!words.is_empty()).then(|| {
        let odd = tr!("No numbers, so they count as missing: {} ({}).", column.odd.len(), words.join(", "));
        view! { <span class="column-odd">{odd}</span> }.into_any()
    })
}
