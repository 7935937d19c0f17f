//! A row of the visitor's own: values typed in, and what the network says of them.

use super::state::TableState;
use crate::protocol::Picture;
use crate::spec::ChoiceInfo;
use crate::table::{Cell, Cells, Column, How, Input, Plan};
use crate::ui::components::format;
use crate::ui::components::reactive::{effect, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Maximum number of input fields.
const MOST_FIELDS: usize = 12;

#[component]
pub fn TryRow() -> impl IntoView {
    let bench: TableState = expect_context();
    // What was typed, by the column's name; the rest is the median or the most frequent word.
    let typed = RwSignal::new(BTreeMap::<String, String>::new());
    let answer = watched(bench, typed);
    let fields = part(move || {
        bench.plan.with(|plan| {
            let Some(Ok(plan)) = plan else { return ().into_any() };
            let inputs = plan.inputs.iter().take(MOST_FIELDS);
            inputs.map(|input| field(bench, input, typed)).collect_view().into_any()
        })
    });
    view! {
        <h2 class="panel-title" id="title-try">{tr!("Try it")}</h2>
        <p class="panel-lead">{tr!("Type a row of your own. It answers while it learns.")}</p>
        <div class="row-fields">{fields}</div>
        <div class="row-answer" role="status" data-testid="row-answer">{part(move || answer.with(|a| bars(bench, a)))}</div>
    }
    .into_any()
}

fn field(bench: TableState, input: &Input, typed: RwSignal<BTreeMap<String, String>>) -> AnyView {
    let name = input.column.clone();
    let put = {
        let name = name.clone();
        move |value: String| typed.update(|t| drop(t.insert(name.clone(), value)))
    };
    let now = {
        let name = name.clone();
        text(move || typed.with(|t| t.get(&name).cloned().unwrap_or_default()))
    };
    let control = match &input.how {
        How::Standardised { median, .. } => {
            let usual = format::number(*median);
            view! {
                <input type="text" inputmode="decimal" autocomplete="off" placeholder=usual prop:value=now
                    on:input=move |event| put(event_target_value(&event)) />
            }
            .into_any()
        }
        _ => {
            let choices = choices(bench, &name);
            let options: Vec<_> = choices
                .into_iter()
                .map(|c| view! { <option value=c.id.clone()>{c.title}</option> }.into_any())
                .collect();
            view! {
                <select prop:value=now on:change=move |event| put(event_target_value(&event))>
                    <option value="">{tr!("the most frequent")}</option>
                    {options}
                </select>
            }
            .into_any()
        }
    };
    view! { <label class="row-field"><span>{name}</span>{control}</label> }.into_any()
}

fn choices(bench: TableState, column: &str) -> Vec<ChoiceInfo> {
    bench.table.with_untracked(|table| {
        let Some(table) = table else { return Vec::new() };
        let Some(at) = table.column(column) else { return Vec::new() };
        let choice = |name: String| ChoiceInfo { id: name.clone(), title: name, blurb: String::new() };
        table.names(Some(at), 60).into_iter().map(choice).collect()
    })
}

/// What was typed, as the network takes it.
fn encoded(bench: TableState, plan: &Plan, typed: &BTreeMap<String, String>) -> Vec<f32> {
    bench.table.with_untracked(|table| {
        plan.encode_with(|name| {
            let Some(words) = typed.get(name).filter(|w| !w.trim().is_empty()) else { return Cell::Missing };
            let column = table.as_ref().and_then(|t| t.columns.get(t.column(name)?));
            column.map_or(Cell::Missing, |column| cell(column, words))
        })
    })
}

fn cell<'a>(column: &'a Column, words: &str) -> Cell<'a> {
    match &column.cells {
        Cells::Numbers { .. } => {
            let number = crate::table::number::parse(words, words.contains(','));
            number.map_or(Cell::Missing, |(number, _)| Cell::Number(number))
        }
        Cells::Words { .. } => {
            let found = (0..column.len()).find(|row| column.text(*row) == words);
            found.map_or(Cell::Missing, |row| column.cell(row))
        }
    }
}

/// The row that is typed is the one that is looked at, so its answer comes with every look.
fn watched(bench: TableState, typed: RwSignal<BTreeMap<String, String>>) -> Memo<Vec<f32>> {
    let row = memo(move || {
        bench.plan.with(|plan| match plan {
            Some(Ok(plan)) => typed.with(|typed| Some(encoded(bench, plan, typed))),
            _ => None,
        })
    });
    let lab = bench.scene.lab;
    lab.watch(|w| w.grid.clear());
    let need = lab.watch_here();
    effect(move |_| {
        let look = row.get().map(Picture::Row);
        need(move |w| (w.look, w.inside, w.weights) = (look.clone(), true, true));
    });
    memo(move || {
        let seen = bench.scene.state.seen;
        seen.with(|s| {
            s.as_ref()
                .and_then(|s| s.look.as_ref())
                .map(|l| l.prediction.numbers().to_vec())
                .unwrap_or_default()
        })
    })
}

/// One bar a class, or the number.
fn bars(bench: TableState, answer: &[f32]) -> AnyView {
    let dataset = bench.scene.dataset.get();
    let Some(dataset) = dataset.filter(|_| !answer.is_empty()) else {
        return view! { <p class="empty">{tr!("No network is open yet.")}</p> }.into_any();
    };
    if let Some(name) = dataset.target.value() {
        let number = format::number(f64::from(answer[0]));
        return view! { <p><strong class="headline-figure num">{number}</strong>" "{name.to_string()}</p> }
            .into_any();
    }
    let bar = |(class, chance): (&String, &f32)| {
        let width = format!("{:.1}%", chance * 100.0);
        view! {
            <li class="row-bar"><span>{class.clone()}</span><span class="row-bar-track" aria-hidden="true"><i style:width=width></i></span><span class="num">{format::chance(*chance)}</span></li>
        }
        .into_any()
    };
    view! { <ul class="row-bars">{dataset.target.classes().iter().zip(answer).take(20).map(bar).collect_view()}</ul> }
        .into_any()
}
