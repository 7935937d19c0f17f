//! A choice of one of the table's columns.

use super::state::TableState;
use crate::spec::ChoiceInfo;
use crate::table::Kind;
use crate::ui::components::reactive::{memo, text};
use crate::ui::components::select::Select;
use crate::ui::language::tr;
use leptos::prelude::*;

/// Places and names of the columns of some kinds.
pub fn columns(bench: TableState, fits: fn(Kind) -> bool) -> Memo<Vec<(usize, String)>> {
    memo(move || {
        bench.table.with(|table| {
            let columns = table.iter().flat_map(|t| t.columns.iter().enumerate());
            columns.filter(|(_, c)| fits(c.kind())).map(|(at, c)| (at, c.name.clone())).collect()
        })
    })
}

#[component]
pub fn Pick(
    id: &'static str,
    label: String,
    columns: Memo<Vec<(usize, String)>>,
    chosen: RwSignal<Option<usize>>,
    /// No column can be chosen too.
    #[prop(optional)]
    none: bool,
) -> impl IntoView {
    let choices = Signal::derive(move || {
        let nothing =
            none.then(|| ChoiceInfo { id: String::new(), title: tr!("none"), blurb: String::new() });
        let column = |(at, name): (usize, String)| ChoiceInfo {
            id: at.to_string(),
            title: name,
            blurb: String::new(),
        };
        nothing.into_iter().chain(columns.get().into_iter().map(column)).collect::<Vec<_>>()
    });
    let current = text(move || chosen.get().map(|at| at.to_string()).unwrap_or_default());
    view! { <Select id=id label=label choices=choices chosen=current on_choose=move |id| chosen.set(id.parse().ok()) /> }
        .into_any()
}
