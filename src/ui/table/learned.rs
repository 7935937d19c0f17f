//! Which column of the visitor's own table is learned, right above the table: a new file comes with a proposal, and one
//! click trains on it.

use super::continued;
use super::state::TableState;
use crate::spec::ChoiceInfo;
use crate::table::propose::{Why, propose};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::components::select::Select;
use crate::ui::language::tr;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};

/// What trains on the proposal; Play leads to it while nothing is chosen.
pub const BUTTON: &str = "learn-proposed";

pub fn learned(bench: TableState) -> AnyView {
    let own = memo(move || bench.file.with(Option::is_some));
    part(move || own.get().then(|| choice(bench)))
}

fn choice(bench: TableState) -> AnyView {
    let chosen = memo(move || bench.target().map(|(at, _)| at));
    let proposed = memo(move || bench.table.with(|t| propose(t.as_ref()?)));
    // Of a proposal the visitor may pick another before anything is learned.
    let picked = RwSignal::new(None);
    effect(move |_| {
        bench.file.track();
        picked.set(proposed.get().map(|(at, _)| at));
    });
    let choices = Signal::derive(move || {
        bench.table.with(|table| {
            let columns = table.iter().flat_map(|t| t.columns.iter().enumerate());
            let able = columns.filter(|(_, column)| column.no_target(column.task()).is_none());
            let choice = |(at, name): (usize, &str)| ChoiceInfo {
                id: at.to_string(),
                title: name.into(),
                blurb: String::new(),
            };
            able.map(|(at, column)| choice((at, &column.name))).collect::<Vec<_>>()
        })
    });
    let current = text(move || chosen.get().or(picked.get()).map(|at| at.to_string()).unwrap_or_default());
    let choose = move |id: String| {
        let at = id.parse().ok();
        match (chosen.get_untracked(), at) {
            (Some(_), Some(at)) => bench.choose_target(at),
            _ => picked.set(at),
        }
    };
    let nothing = memo(move || bench.table.with(Option::is_some) && proposed.get().is_none());
    let undecided = memo(move || chosen.get().is_none() && proposed.get().is_some());
    view! {
        <section class="table-learned" class:undecided=undecided aria-label=tr!("What is to be learned") data-testid="table-learned">
            {part(move || match nothing.get() {
                true => view! { <p class="failed">{tr!("No column of this table can be learned; the list of columns below says why.")}</p> }.into_any(),
                false => view! {
                    <Select id="table-target" label=tr!("Column to learn") choices=choices chosen=current on_choose=choose />
                }.into_any(),
            })}
            {continued::choice(bench)}
            {part(move || undecided.get().then(|| view! {
                <button type="button" class="button strong" id=BUTTON disabled=flag(move || picked.with(Option::is_none))
                    on:click=move |_| learn(bench, picked.get_untracked())>
                    {icon(Icon::Play)}
                    <span>{text(move || tr!("Learn “{}”", name(bench, picked.get())))}</span>
                </button>
                <p class="note">{text(move || why(proposed.get().filter(|(at, _)| picked.get() == Some(*at))))}</p>
            }))}
        </section>
    }
    .into_any()
}

fn name(bench: TableState, at: Option<usize>) -> String {
    let name = |table: &crate::table::Table| Some(table.columns.get(at?)?.name.clone());
    bench.table.with(|t| t.as_ref().and_then(name)).unwrap_or_default()
}

fn why(proposed: Option<(usize, Why)>) -> String {
    match proposed {
        Some((_, Why::Name)) => {
            tr!("Proposed because of its name. All other columns that can be used are learned from.")
        }
        Some((_, Why::Last)) => {
            tr!("Proposed because it is the last one. All other columns that can be used are learned from.")
        }
        Some((_, Why::FewCategories)) => {
            tr!(
                "Proposed because it has few categories. All other columns that can be used are learned from."
            )
        }
        None => String::new(),
    }
}

/// Trains once what was chosen has become the run's settings.
fn learn(bench: TableState, column: Option<usize>) {
    let Some(column) = column else { return };
    bench.choose_target(column);
    spawn_local(async move {
        tick().await;
        bench.scene.lab.play();
    });
}
