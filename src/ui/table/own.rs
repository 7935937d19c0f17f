//! The visitor's own CSV: how it comes in, what was recognised about it, and which of its columns is learned.

use super::bench::Bench;
use super::{say, spread};
use crate::spec::ChoiceInfo;
use crate::table::{Column, Dialect, Table, Use};
use crate::ui::controls::files;
use crate::ui::controls::icon::{Icon, icon};
use crate::ui::controls::live::{flag, part, text};
use crate::ui::controls::select::Select;
use crate::ui::controls::words;
use crate::ui::language::tr;
use leptos::prelude::*;

/// Columns that are listed; of wider tables the rest is in the grid.
const MOST_LISTED: usize = 100;

/// The buttons that bring in a table, and how far one is read.
pub fn source(bench: Bench) -> AnyView {
    let name = text(move || match bench.file.get() {
        Some(name) => name,
        None => tr!("Palmer Penguins"),
    });
    let size = text(move || {
        let size =
            bench.table.with(|t| t.as_ref().map(|t| (t.rows(), t.columns.len(), t.rows_with_missing())));
        let (rows, columns, missing) = size.unwrap_or_default();
        let count = |n: usize| words::count(n as u64);
        tr!("{} rows, {} columns; in {} rows a value is missing", count(rows), count(columns), count(missing))
    });
    view! {
        <div class="table-source">
            <p><strong data-testid="table-name">{name}</strong>" "<span class="num" data-testid="table-size">{size}</span></p>
            <div class="buttons">
                <label class="button">
                    {icon(Icon::Upload)}
                    {tr!("Your own CSV")}
                    <input
                        class="sr-only"
                        type="file"
                        accept=".csv,.tsv,.txt,.data,text/csv,text/plain,text/tab-separated-values"
                        aria-label=tr!("Choose a CSV file")
                        on:change=move |e| { if let Some(file) = files::chosen(&e) { bench.take_file(file) } }
                    />
                </label>
                {part(move || bench.file.with(Option::is_some).then(|| view! {
                    <button type="button" class="button" on:click=move |_| bench.take_penguins()>{tr!("Back to the penguins")}</button>
                }))}
            </div>
        </div>
        <p class="table-reading num" role="status">{text(move || reading(bench))}</p>
        <p class="failed" role="alert" data-testid="table-trouble">
            {text(move || bench.trouble.with(|t| t.as_ref().map(say::say)).unwrap_or_default())}
        </p>
    }
    .into_any()
}

fn reading(bench: Bench) -> String {
    let share = bench.reading.get();
    share.map(|share| tr!("Reading the file: {}", words::percent(share, 1))).unwrap_or_default()
}

/// What was recognised, each of it to be said otherwise.
pub fn recognised(bench: Bench) -> AnyView {
    let dialect = Memo::new(move |_| bench.table.with(|t| t.as_ref().map(|t| t.dialect)));
    let own = Memo::new(move |_| bench.file.with(Option::is_some));
    let choices = part(move || own.get().then(|| dialect.get()).flatten().map(|d| how(bench, d)));
    let listed = part(move || {
        bench.edition.track();
        let target = bench.target().map(|(at, _)| at);
        bench.table.with(|table| {
            let table = table.as_ref()?;
            let rows = table.columns.iter().enumerate().take(MOST_LISTED);
            let rows: Vec<_> = rows.map(|(at, column)| row(bench, table, at, column, target)).collect();
            Some(rows)
        })
    });
    let more = text(move || {
        let columns = bench.table.with(|t| t.as_ref().map_or(0, |t| t.columns.len()));
        if columns <= MOST_LISTED {
            return String::new();
        }
        tr!("The first {} columns are listed.", words::count(MOST_LISTED as u64))
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
            {choices}
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
fn how(bench: Bench, dialect: Dialect) -> AnyView {
    let choice = |id: &str, title: String| ChoiceInfo { id: id.into(), title, blurb: String::new() };
    let delimiters = vec![
        choice(",", tr!("comma")),
        choice(";", tr!("semicolon")),
        choice("\t", tr!("tab")),
        choice("|", tr!("bar")),
    ];
    let headers = vec![choice("yes", tr!("names of the columns")), choice("no", tr!("the first row"))];
    let marks = vec![choice("point", tr!("point, as in 3.5")), choice("comma", tr!("comma, as in 3,5"))];
    let encoding = bench.table.with_untracked(|t| t.as_ref().map(|t| t.encoding.name())).unwrap_or_default();
    let delimiter = dialect.delimiter.to_string();
    let header = if dialect.header { "yes" } else { "no" }.to_string();
    let mark = if dialect.decimal_comma { "comma" } else { "point" }.to_string();
    view! {
        <div class="table-picks" data-testid="recognised">
            <Select id="csv-delimiter" label=tr!("Cells are divided by") choices=Signal::derive(move || delimiters.clone()) chosen=text(move || delimiter.clone())
                on_choose=move |id| bench.read_as(Dialect { delimiter: id.chars().next().unwrap_or(','), ..dialect }) />
            <Select id="csv-header" label=tr!("The first line holds") choices=Signal::derive(move || headers.clone()) chosen=text(move || header.clone())
                on_choose=move |id| bench.read_as(Dialect { header: id == "yes", ..dialect }) />
            <Select id="csv-mark" label=tr!("Decimal mark") choices=Signal::derive(move || marks.clone()) chosen=text(move || mark.clone())
                on_choose=move |id| bench.read_as(Dialect { decimal_comma: id == "comma", ..dialect }) />
            <p class="note">{tr!("Recognised from the file itself. Encoding: {}.", encoding)}</p>
        </div>
    }
    .into_any()
}

fn row(bench: Bench, table: &Table, at: usize, column: &Column, target: Option<usize>) -> AnyView {
    let name = column.name.clone();
    let usable = column.usable();
    let cannot = column.no_target(column.task());
    let no_target = cannot.is_some();
    let learned = target == Some(at);
    let from = {
        let name = name.clone();
        flag(move || bench.recipe.with(|r| r.as_ref().is_some_and(|r| r.features.contains(&name))))
    };
    let tick = {
        let name = name.clone();
        move |_| {
            bench.change(|recipe| match recipe.features.iter().position(|f| *f == name) {
                Some(place) => drop(recipe.features.remove(place)),
                None => recipe.features.push(name.clone()),
            });
        }
    };
    let remark = match (&usable, cannot) {
        // Why it is no input is why it is no target, mostly.
        (Use::No(why) | Use::IfAsked(why), _) => say::say(why),
        (Use::Yes, Some(why)) if !learned => tr!("As what is learned: {}", say::say(&why)),
        _ => String::new(),
    };
    let odd = (!column.odd.is_empty()).then(|| {
        let words: Vec<_> = column.odd.values().take(3).map(|word| format!("“{word}”")).collect();
        let odd = tr!("No numbers, so they count as missing: {} ({}).", column.odd.len(), words.join(", "));
        view! { <span class="column-odd">{odd}</span> }
    });
    let missing = column.summary.missing();
    let marks: Vec<_> = column
        .marks
        .keys()
        .take(4)
        .map(|m| if m.is_empty() { tr!("empty") } else { format!("“{m}”") })
        .collect();
    let marks = (!marks.is_empty()).then(|| view! { <span class="column-marks">{marks.join(", ")}</span> });
    view! {
        <tr class:chosen=learned data-testid="column">
            <td><input type="radio" name="table-target" aria-label=tr!("Learn {}", name) prop:checked=learned disabled=no_target on:change=move |_| bench.choose_target(at) /></td>
            <td>{(!learned).then(|| view! {
                <input type="checkbox" aria-label=tr!("Learn from {}", name) prop:checked=from
                    disabled=matches!(usable, Use::No(_)) || target.is_none() on:change=tick />
            })}</td>
            <th scope="row">{name.clone()}</th>
            <td class="column-holds">{spread::small(table, at)}<span><strong>{say::kind(column.kind())}</strong>" "{spread::line(table, at)}</span></td>
            <td class="num">{(missing > 0).then(|| words::count(missing as u64))}" "{marks}</td>
            <td class="column-remark">{remark}" "{odd}</td>
        </tr>
    }
    .into_any()
}
