//! An answer's tokens, each a button that shows what could stand in its place.

use super::state::ChatState;
use crate::protocol::WrittenToken;
use crate::ui::components::keys::focus;
use crate::ui::components::pick::tile_by_key;
use crate::ui::components::reactive::{memo, text};
use crate::ui::language::tr;
use crate::ui::text::letters::{groups, visible};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, KeyboardEvent};

/// The answer that is message `message`.
pub fn of(desk: ChatState, message: usize, tokens: &Arc<Vec<WrittenToken>>) -> AnyView {
    let texts: Vec<String> = tokens.iter().map(|token| token.text.clone()).collect();
    let all = groups(&texts);
    let places: Vec<usize> = all.iter().map(|(tokens, _)| tokens.start).collect();
    let first = places.first().copied();
    let chosen = memo(move || desk.chosen.get().filter(|_| desk.open.get() == message));
    let stop = memo(move || chosen.get().or(first));
    let one = |(tokens, words): (std::ops::Range<usize>, String)| {
        let at = tokens.start;
        // A line end stands as a sign, and breaks the line behind it.
        let (sign, after) = match words.ends_with('\n') {
            true => (visible(&words), "\n"),
            false => (words, ""),
        };
        let here = tokens.clone();
        let pressed = memo(move || chosen.get().is_some_and(|at| here.contains(&at)));
        let reached = move || if stop.get().is_some_and(|stop| tokens.contains(&stop)) { "0" } else { "-1" };
        view! {
            <button
                type="button"
                class="token"
                id=token_id(message, at)
                data-token=at
                aria-pressed=text(move || pressed.get().to_string())
                tabindex=text(move || reached().to_string())
            >
                {sign}
            </button>
            {after}
        }
        .into_any()
    };
    let buttons = all.into_iter().map(one).collect_view();
    view! {
        <div
            class="chat-text chat-tokens"
            role="group"
            aria-label=tr!("The answer; arrow keys go from token to token, Enter shows what could stand there")
            data-testid="chat-answer"
            on:click=move |event| token_of(event.target()).into_iter().for_each(|at| choose(desk, message, at))
            on:keydown=move |event| walk(desk, message, &places, &event)
        >
            {buttons}
        </div>
    }
    .into_any()
}

fn token_id(message: usize, at: usize) -> String {
    format!("chat-token-{message}-{at}")
}

/// Pressed again, it closes.
fn choose(desk: ChatState, message: usize, at: usize) {
    let there = desk.open.get_untracked() == message && desk.chosen.get_untracked() == Some(at);
    desk.open.set(message);
    desk.chosen.set((!there).then_some(at));
}

/// The token of the button that the event is of.
fn token_of(target: Option<EventTarget>) -> Option<usize> {
    let element = target?.dyn_into::<Element>().ok()?;
    element.closest("[data-token]").ok()??.get_attribute("data-token")?.parse().ok()
}

/// An answer is one stop for the keyboard; arrows go from token to token.
fn walk(desk: ChatState, message: usize, places: &[usize], event: &KeyboardEvent) {
    if event.key() == "Escape" {
        return desk.chosen.set(None);
    }
    let Some(from) = token_of(event.target()) else { return };
    let at = places.iter().position(|place| *place == from);
    if let Some(next) = tile_by_key(event, at, 10, places.len()) {
        focus(&token_id(message, places[next]));
        if desk.chosen.get_untracked().is_some() {
            choose(desk, message, places[next]);
        }
    }
}
