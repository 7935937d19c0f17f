//! A choice by id, as the browser's own select: it works with every keyboard, finger and screen reader.

use crate::spec::ChoiceInfo;
use crate::ui::components::reactive::{part, text};
use crate::ui::language::known;
use leptos::prelude::*;

/// `chosen` is an id; `choices` may change as the catalogue arrives.
#[component]
pub fn Select(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    /// The label is for screen readers only.
    #[prop(optional)]
    quiet: bool,
    #[prop(into)] choices: Signal<Vec<ChoiceInfo>>,
    #[prop(into)] chosen: Signal<String>,
    on_choose: impl Fn(String) + 'static,
) -> impl IntoView {
    let options = part(move || {
        let current = chosen.get();
        choices
            .get()
            .into_iter()
            .map(|c| {
                let selected = c.id == current;
                view! { <option value=c.id selected=selected>{known(&c.title)}</option> }.into_any()
            })
            .collect_view()
    });
    view! {
        <div class="select">
            <label class=if quiet { "sr-only" } else { "select-label" } for=id.clone()>{label}</label>
            <select
                id=id
                prop:value=text(move || chosen.get())
                on:change=move |e| on_choose(event_target_value(&e))
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}
