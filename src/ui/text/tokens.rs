//! Tokens in their colours: each has its own, by its id, and a border, so that colour is not all that tells one from the
//! next. Pointed at, touched or with the focus, a token says its id and how frequent it is.

use super::letters::{groups, spoken, visible};
use crate::protocol::{Excerpt, TextInfo};
use crate::tokenizer::{UNKNOWN, UNKNOWN_TEXT};
use crate::ui::components::format;
use crate::ui::components::reactive::text;
use crate::ui::language::tr;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// Where a token is in its line.
const AT: &str = "data-at";

/// The hue of a token, as the style sheet takes it. Ids that follow each other are far apart.
pub fn hue(id: u32) -> String {
    const GOLDEN: f64 = 137.507_764;
    format!("--hue:{:.0}", (f64::from(id) * GOLDEN) % 360.0)
}

/// The vocabulary does not have it. Made sequences, which have no tokenizer, know all their letters.
pub fn is_unknown(info: &TextInfo, id: u32) -> bool {
    id == UNKNOWN && !info.tokenizer.is_empty()
}

/// A token's text; what the vocabulary lacks is said.
pub fn name(info: &TextInfo, id: u32) -> String {
    match info.vocabulary.get(id as usize) {
        Some(_) if is_unknown(info, id) => tr!("unknown"),
        Some(token) => visible(&token.text),
        None => UNKNOWN_TEXT.into(),
    }
}

/// What is shown of a run of tokens: neighbours that make one sign are one piece.
#[derive(Clone)]
struct Piece {
    ids: Vec<u32>,
    text: String,
}

/// A text by its tokens, with a line below that says what is pointed at.
pub fn coloured(scene: PanelState, info: &TextInfo, excerpt: &Excerpt, label: String) -> AnyView {
    let all: Vec<Piece> = groups(&excerpt.texts)
        .into_iter()
        .map(|(tokens, text)| Piece { ids: excerpt.tokens[tokens].to_vec(), text })
        .collect();
    let pieces = all.iter().enumerate().map(|(at, one)| piece(info, at, one)).collect_view();
    let all = StoredValue::new(all);
    let chosen = RwSignal::new(None::<usize>);
    let point = move |event: Event| {
        if let Some(at) = place(&event) {
            chosen.set(Some(at));
        }
    };
    let focused = move |event: web_sys::FocusEvent| {
        rove(&event);
        point(event.into());
    };
    let line = text(move || match chosen.get() {
        Some(at) => all.with_value(|all| all.get(at).map(|piece| about(scene, piece)).unwrap_or_default()),
        None => tr!("Point at a token, touch it, or go through them with the arrow keys."),
    });
    let language = (!info.language.is_empty()).then(|| info.language.clone());
    view! {
        <div
            class="pieces"
            role="group"
            aria-label=label
            lang=language
            data-testid="tokens"
            on:click=move |e| point(e.into())
            on:pointerover=move |e| point(e.into())
            on:focusin=focused
            on:keydown=move |e| walk(&e)
        >
            {pieces}
        </div>
        <p class="piece-line num" role="status" data-testid="token-line">{line}</p>
    }
    .into_any()
}

fn piece(info: &TextInfo, at: usize, piece: &Piece) -> AnyView {
    let Piece { ids, text } = piece;
    let first = ids.first().copied().unwrap_or(UNKNOWN);
    let unknown = ids.iter().any(|id| is_unknown(info, *id));
    let class = if unknown { "piece unknown" } else { "piece" };
    // A line ends where the text's line ends.
    let after = if text.ends_with('\n') { "\n" } else { "" };
    let label = text.trim().is_empty().then(|| spoken(text));
    view! {
        <button type="button" class=class style=hue(first) tabindex=if at == 0 { "0" } else { "-1" } data-at=at.to_string() aria-label=label>
            {visible(text)}
        </button>
        {after}
    }
    .into_any()
}

/// “ th”, id 118: 4,021 times in the training text, 0.45 %
fn about(scene: PanelState, piece: &Piece) -> String {
    let one = |info: &TextInfo, id: u32| {
        let count = info.vocabulary.get(id as usize).map_or(0, |token| token.count);
        let share = count as f64 / (info.tokens[0].max(1)) as f64;
        let name = if is_unknown(info, id) { visible(&piece.text) } else { name(info, id) };
        let times = tr!("{n} time in the training text" | "{n} times in the training text" % count);
        let known = tr!("“{}”, id {}: {}, {}", name, id, times, format::percent(share, 10_000));
        match is_unknown(info, id) {
            true => format!("{known}. {}", tr!("The vocabulary does not have it.")),
            false => known,
        }
    };
    scene.dataset.with_untracked(|d| {
        let Some(info) = d.as_ref().and_then(|d| d.text.as_ref()) else { return String::new() };
        piece.ids.iter().map(|id| one(info, *id)).collect::<Vec<_>>().join(" · ")
    })
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(&format!("[{AT}]")).ok()?
}

fn place(event: &Event) -> Option<usize> {
    target(event)?.get_attribute(AT)?.parse().ok()
}

/// Tab reaches the token that had the focus last; the arrow keys reach the others.
fn rove(event: &Event) {
    let Some(here) = target(event) else { return };
    let before = here.parent_element().and_then(|all| all.query_selector("[tabindex='0']").ok().flatten());
    // Setting an attribute fails only for a name that is none.
    let _ = before.map(|before| before.set_attribute("tabindex", "-1"));
    let _ = here.set_attribute("tabindex", "0");
}

fn walk(event: &KeyboardEvent) {
    let Some(here) = target(event) else { return };
    let next = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => here.next_element_sibling(),
        "ArrowLeft" | "ArrowUp" => here.previous_element_sibling(),
        "Home" => here.parent_element().and_then(|all| all.first_element_child()),
        "End" => here.parent_element().and_then(|all| all.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        // Fails for elements that cannot have the focus; a button can.
        let _ = next.focus();
    }
}
