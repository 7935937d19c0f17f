//! One neuron: the sum that it is, with every weight to read and to change.

use super::graph_state::Graph;
use crate::protocol::ParamValues;
use crate::ui::components::format;
use crate::ui::components::reactive::{here, part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;

/// A weight of the neuron: what it weighs, the parameter's name, and its place there.
#[derive(Clone, PartialEq)]
struct Term {
    label: String,
    name: String,
    at: usize,
}

pub fn card(graph: Graph) -> AnyView {
    part(move || {
        let (at, unit) = graph.chosen.get()?;
        let columns = graph.columns.get()?;
        let column = columns.get(at)?.clone();
        let inputs: Vec<String> = match at.checked_sub(1) {
            None => graph.inputs.get(),
            Some(_) => (1..=columns[at - 1].units).map(|n| tr!("neuron {}", n)).collect(),
        };
        let count = inputs.len();
        let weight = format!("{}.weight", column.dense);
        let mut terms: Vec<Term> = inputs
            .into_iter()
            .enumerate()
            .map(|(input, label)| Term { label, name: weight.clone(), at: unit * count + input })
            .collect();
        terms.push(Term { label: tr!("bias"), name: format!("{}.bias", column.dense), at: unit });
        let title = if at + 1 == columns.len() {
            tr!("Output {}", unit + 1)
        } else {
            tr!("Hidden layer {}, neuron {}", at + 1, unit + 1)
        };
        let after = column.activation.map_or_else(
            || tr!("Its output is the sum of every input times its weight, plus the bias."),
            |layer| {
                tr!(
                    "Its output is {} of the sum of every input times its weight, plus the bias.",
                    known(&layer.title())
                )
            },
        );
        let fields: Vec<AnyView> = terms.into_iter().map(|term| field(graph, term)).collect();
        let label = title.clone();
        Some(view! {
            <div class="neuron-card" role="group" aria-label=label data-testid="neuron-card">
                <p class="neuron-card-title">{title}</p>
                <p class="note">{after}" "{tr!("Change a weight, and the training goes on from there.")}</p>
                <div class="neuron-terms">{fields.collect_view()}</div>
            </div>
        })
    })
}

fn field(graph: Graph, term: Term) -> AnyView {
    let scene = graph.scene;
    let typing = RwSignal::new(false);
    let refused = RwSignal::new(false);
    let read = term.clone();
    // What is being typed is not overwritten by the training.
    let value = Memo::new(move |before: Option<&String>| {
        if typing.get()
            && let Some(before) = before
        {
            return before.clone();
        }
        scene.state.seen.with(|seen| {
            let parameter: Option<&ParamValues> =
                seen.as_ref().and_then(|s| s.weights.iter().find(|w| w.name == read.name));
            parameter
                .and_then(|w| w.values.get(read.at))
                .map_or_else(String::new, |v| format::number(f64::from(*v)))
        })
    });
    let Term { label, name, at } = term;
    let change = move |event| {
        typing.set(false);
        let typed = event_target_value(&event).trim().replace(',', ".").replace('−', "-");
        let number = typed.parse::<f32>().ok().filter(|v| v.is_finite());
        refused.set(number.is_none());
        match number {
            Some(number) => scene.lab.set_weight(name.clone(), at as u32, number),
            None => {
                scene.announcement.set(tr!("“{}” is not a number. Type digits, such as 64 or 0.01.", typed))
            }
        }
    };
    view! {
        <label class="neuron-term">
            <span>{label}</span>
            <input type="text" inputmode="decimal" autocomplete="off" size="7" prop:value=text(move || value.get())
                aria-invalid=move || refused.get().then_some("true")
                on:focus=move |_| typing.set(true) on:blur=move |_| typing.set(false) on:change=here(change) />
        </label>
    }
    .into_any()
}
