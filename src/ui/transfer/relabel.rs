//! A picture that may have the wrong label: what it is labelled, what the network says, and how to put it right.

use super::controller::TransferController;
use super::picture::picture;
use super::project::Verdict;
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part};
use crate::ui::language::tr;
use leptos::prelude::*;
use std::sync::Arc;

/// A choice of the other classes, and a button that moves.
pub fn mover(
    desk: TransferController,
    id: String,
    [label, verb]: [String; 2],
    not: Option<u32>,
    first: Option<u32>,
    on_move: impl Fn(u32) + Send + Sync + 'static,
) -> AnyView {
    // One type for whatever moves.
    let on_move: Arc<dyn Fn(u32) + Send + Sync> = Arc::new(on_move);
    let others = memo(move || {
        desk.project.with(|p| {
            let others = p.classes.iter().filter(|c| Some(c.key) != not);
            others.map(|c| (c.key, c.title())).collect::<Vec<_>>()
        })
    });
    let chosen = RwSignal::new(first);
    let current = move || {
        others.with(|o| {
            let there = chosen.get().filter(|key| o.iter().any(|(other, _)| other == key));
            there.or_else(|| o.first().map(|(key, _)| *key))
        })
    };
    part(move || {
        let now = untrack(current);
        let options = others.get().into_iter().map(|(key, name)| {
            view! { <option value=key.to_string() selected=Some(key) == now>{name}</option> }.into_any()
        });
        let options = options.collect_view();
        let on_move = on_move.clone();
        view! {
            <div class="mover">
                <label for=id.clone()>{label.clone()}</label>
                <select id=id.clone() on:change=move |e| chosen.set(event_target_value(&e).parse().ok())>{options}</select>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        if let Some(key) = untrack(current) {
                            on_move(key);
                        }
                    }
                >
                    {verb.clone()}
                </button>
            </div>
        }
        .into_any()
    })
}

/// A picture with its label and the network's, and what can be done.
pub fn card(desk: TransferController, verdict: Verdict, place: &'static str, confirms: bool) -> AnyView {
    let Verdict { id, truth, said, probability, held_out } = verdict;
    let (labels, keys) = desk.project.with_untracked(|p| {
        (p.head_labels(), p.outcome.as_ref().map(|o| o.keys.clone()).unwrap_or_default())
    });
    let name = |at: usize| labels.get(at).cloned().unwrap_or_default();
    let (is, says) = (name(truth), name(said));
    let right = truth == said;
    let first = keys.get(said).copied().filter(|_| !right);
    let not = keys.get(truth).copied();
    let seen = if held_out { tr!("picture {}, held out", id) } else { tr!("picture {}, trained on", id) };
    view! {
        <li class="fix" data-testid="fix" data-id=id.to_string()>
            {picture(desk, id)}
            <div class="fix-words">
                <p>{tr!("labelled")}" "<strong>{is}</strong></p>
                <p>{tr!("it says")}" "<strong class=if right { "verdict right" } else { "verdict wrong" }>{says}</strong>", "<span class="num">{format::chance(probability)}</span></p>
                <p class="fix-seen">{seen}</p>
            </div>
            <div class="fix-do">
                {mover(desk, format!("{place}-{id}"), [tr!("It is really"), tr!("Change")], not, first, move |to| desk.relabel(&[id], to))}
                <div class="buttons">
                    {confirms.then(|| view! {
                        <button type="button" class="button" on:click=move |_| desk.confirm(id)>{tr!("The label is right")}</button>
                    })}
                    <button type="button" class="button" on:click=move |_| desk.delete(&[id])>{tr!("Remove")}</button>
                </div>
            </div>
        </li>
    }
    .into_any()
}
