//! A unit's values as a table, for who reads numbers rather than colours; made when it is opened.

use super::letters::visible;
use super::mind::Mind;
use crate::ui::components::format;
use crate::ui::components::reactive::{part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

pub fn table(mind: Mind) -> AnyView {
    let open = RwSignal::new(false);
    let toggled = move |event: web_sys::Event| {
        let details = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    view! {
        <details class="more" on:toggle=toggled>
            <summary>{tr!("The unit’s values as a table")}</summary>
            <div class="mind-table">{part(move || open.get().then(|| rows(mind)))}</div>
        </details>
    }
    .into_any()
}

fn rows(mind: Mind) -> AnyView {
    let tokens = mind.told.with(|told| told.as_ref().map(|t| t.tokens.clone())).unwrap_or_default();
    let row = |(at, (token, value)): (usize, (&String, f32))| {
        view! {
            <tr>
                <td class="num">{at + 1}</td>
                <th scope="row" class="mono">{visible(token)}</th>
                <td class="num">{format::decimals(f64::from(value), 3)}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <table class="question-table">
            <caption class="sr-only">{text(move || mind.sentence())}</caption>
            <thead>
                <tr>
                    <th scope="col">{tr!("Place")}</th>
                    <th scope="col">{tr!("Token")}</th>
                    <th scope="col">{text(move || mind.strip_words().0)}</th>
                </tr>
            </thead>
            <tbody>{tokens.iter().zip(mind.values()).enumerate().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
