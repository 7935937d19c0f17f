//! The grid's head: a column's name sorts, the field under it filters.

use super::grid::{COLUMN, Grid, HEAD};
use super::state::TableState;
use crate::table::Kind;
use crate::table::view::{Filter, Sort};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// Categories that are offered as a list; of more, letters are typed.
const MOST_OFFERED: usize = 12;

/// In a choice of categories, what is no category.
const ALL: &str = "";
const MISSING: &str = "\u{1}missing";

pub fn head(grid: Grid, total: Signal<String>) -> AnyView {
    let bench = grid.bench;
    let columns = memo(move || grid.window.get().columns);
    let target = memo(move || bench.target());
    // A table or another window has other heads; typing into one changes neither.
    let names = memo(move || {
        bench.table.with(|t| {
            t.as_ref().map(|t| t.columns.iter().map(|c| (c.name.clone(), c.kind())).collect::<Vec<_>>())
        })
    });
    let cells = part(move || {
        let names = names.get().unwrap_or_default();
        let gap = columns.get().start as f64 * COLUMN;
        let cells: Vec<_> = columns
            .get()
            .filter_map(|at| Some(column(bench, at, names.get(at)?.0.clone(), target)))
            .collect();
        view! { <span class="grid-gap" style=format!("width:{gap}px")></span>{cells} }
    });
    let predicted = part(move || {
        let name = target.get().map(|(_, name)| name).filter(|_| grid.predicts.get())?;
        Some(view! {
            <span class="grid-prediction" role="columnheader">{tr!("{}, predicted", name)}</span>
        })
    });
    view! {
        <div class="grid-head" role="rowgroup" style:width=total style=format!("height:{HEAD}px")>
            <div class="grid-row" role="row" aria-rowindex="1">
                <span class="grid-number" role="columnheader"><span class="sr-only">{tr!("Row")}</span></span>
                <span class="grid-role" role="columnheader">{tr!("used for")}</span>
                {predicted}
                {cells}
            </div>
        </div>
    }
    .into_any()
}

fn column(bench: TableState, at: usize, name: String, target: Memo<Option<(usize, String)>>) -> AnyView {
    let mine = move || bench.sort.get().filter(|sort| sort.column == at);
    let order = text(move || {
        let order = match mine() {
            None => "none",
            Some(sort) if sort.descending => "descending",
            Some(_) => "ascending",
        };
        order.into()
    });
    let arrow = text(move || {
        let arrow = match mine() {
            None => "",
            Some(sort) if sort.descending => "↓",
            Some(_) => "↑",
        };
        arrow.into()
    });
    // Up, down, as in the file.
    let next = move |_| {
        bench.sort.update(|sort| {
            *sort = match sort.filter(|sort| sort.column == at) {
                None => Some(Sort { column: at, descending: false }),
                Some(Sort { descending: false, .. }) => Some(Sort { column: at, descending: true }),
                Some(_) => None,
            }
        });
    };
    let learned = flag(move || target.with(|t| t.as_ref().is_some_and(|(place, _)| *place == at)));
    let label = tr!("Sort by {}", name);
    view! {
        <div class="grid-cell" class:learned=learned role="columnheader" aria-sort=order aria-colindex=(at + 4).to_string()>
            <button type="button" class="grid-sort" title=name.clone() aria-label=label on:click=next>
                <span class="grid-name">{name.clone()}</span>
                <span class="grid-arrow" aria-hidden="true">{arrow}</span>
            </button>
            {filter(bench, at, &name)}
        </div>
    }
    .into_any()
}

fn filter(bench: TableState, at: usize, name: &str) -> AnyView {
    let label = tr!("Filter {}", name);
    let (kind, words) = bench.table.with_untracked(|table| {
        let column = table.as_ref().and_then(|t| Some((t, t.columns.get(at)?)));
        column.map_or((Kind::Empty, Vec::new()), |(t, c)| match c.kind() {
            kind @ (Kind::Category | Kind::Constant) => (kind, t.names(Some(at), MOST_OFFERED + 1)),
            kind => (kind, Vec::new()),
        })
    });
    let set = move |filter: Option<Filter>| {
        bench.filters.update(|filters| match filter {
            Some(filter) => drop(filters.insert(at, filter)),
            None => drop(filters.remove(&at)),
        });
    };
    if kind == Kind::Category && words.len() <= MOST_OFFERED {
        let chosen = move || match bench.filters.with(|f| f.get(&at).cloned()) {
            Some(Filter::Is(word)) => word,
            Some(Filter::Missing) => MISSING.into(),
            _ => ALL.into(),
        };
        let choose = move |event| match event_target_value(&event).as_str() {
            ALL => set(None),
            MISSING => set(Some(Filter::Missing)),
            word => set(Some(Filter::Is(word.into()))),
        };
        let options = words.into_iter().map(|word| {
            let value = word.clone();
            view! { <option value=value>{word}</option> }.into_any()
        });
        return view! {
            <select class="grid-filter" aria-label=label prop:value=text(chosen) on:change=choose>
                <option value=ALL>{tr!("all")}</option>
                {options.collect_view()}
                <option value=MISSING>{tr!("missing")}</option>
            </select>
        }
        .into_any();
    }
    let typed = move || match bench.filters.with(|f| f.get(&at).cloned()) {
        Some(Filter::Typed(words)) => words,
        Some(Filter::Missing) => "?".into(),
        _ => String::new(),
    };
    let typing = move |event| {
        let words = event_target_value(&event);
        set(match words.trim() {
            "" => None,
            "?" => Some(Filter::Missing),
            _ => Some(Filter::Typed(words)),
        });
    };
    let hint = if kind == Kind::Number { "> 40" } else { "abc" };
    view! {
        <input
            class="grid-filter"
            type="text"
            autocomplete="off"
            placeholder=hint
            title=tr!("Letters; for numbers also > 40, <= 3.5, 40..50; ? for missing values")
            aria-label=label
            prop:value=text(typed)
            on:input=typing
        />
    }
    .into_any()
}
