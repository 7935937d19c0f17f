//! The text in a unit's colours: every token as blue or orange as what the unit holds there.

use super::asking::language;
use super::letters::{groups, visible};
use super::mind::Mind;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

pub fn coloured(mind: Mind) -> AnyView {
    let tokens =
        memo(move || mind.told.with(|told| told.as_ref().map(|t| t.tokens.clone())).unwrap_or_default());
    let values = memo(move || mind.values());
    let language = language(mind.scene);
    let one = move |(tokens, words): (Range<usize>, String)| {
        let at = tokens.start;
        let colour = text(move || values.with(|all| paint(all.get(at).copied().unwrap_or(0.0))));
        let here = flag(move || mind.time.get().is_some_and(|time| tokens.contains(&time)));
        let (sign, after) = match words.ends_with('\n') {
            true => (visible(&words), "\n"),
            false => (words, ""),
        };
        view! { <span class="mind-token" class:here=here data-token=at style=colour>{sign}</span>{after} }
            .into_any()
    };
    let point = move |event: &MouseEvent| {
        let element = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        let at = element.and_then(|e| e.get_attribute("data-token")).and_then(|at| at.parse().ok());
        if let Some(at) = at {
            mind.time.set(Some(at));
        }
    };
    view! {
        <div
            class="mind-text"
            tabindex="0"
            role="group"
            aria-label=tr!("The text in the unit’s colours; arrow keys go from token to token and say its number")
            lang=move || language.get()
            on:pointermove=move |event| point(&event)
            on:pointerdown=move |event| point(&event)
            on:keydown=move |event| mind.step(&event)
        >
            {part(move || tokens.with(|all| groups(all)).into_iter().map(one).collect_view())}
        </div>
    }
    .into_any()
}

/// Blue for positive, orange and a dashed line for negative.
fn paint(value: f32) -> String {
    let (mark, line) = if value < 0.0 { ("--mark-wrong", "dashed") } else { ("--mark-right", "solid") };
    let share = value.abs().min(1.0);
    format!(
        "background:rgba(var({mark}),calc({share:.2} * var(--cell-most)));border-bottom:2px {line} rgba(var({mark}),{share:.2})"
    )
}
