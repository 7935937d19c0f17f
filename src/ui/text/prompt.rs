//! Try it, for texts: the visitor begins and the network writes on; every token opens what could stand in its place.

use super::asking::language;
use super::controls::controls;
use super::desk::{Desk, Sheet};
use super::letters::{groups, visible};
use super::likely::{Alternatives, likely};
use crate::protocol::TokenChoice;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::keys::focus;
use crate::ui::components::pick::tile_by_key;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::{PanelState, scene};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// A screen reader is told so many letters of what was written.
const SAID: usize = 300;

#[component]
pub fn PromptPanel() -> impl IntoView {
    let scene = scene();
    let desk = Desk::new(scene);
    let lead = text(move || match desk.asks.get() {
        false => tr!("Begin a text, and the network writes on. It does so while it learns, too."),
        true => {
            tr!("Ask a question of your own, in the form of the others. It answers while it learns, too.")
        }
    });
    view! {
        <h2 class="panel-title" id="title-try">{tr!("Try it")}</h2>
        <p class="panel-lead">{lead}</p>
        <div class="write" data-testid="prompt">
            {beginning(desk)}
            <div class="write-keys">
                <button type="button" class="button strong" data-testid="write-on" on:click=move |_| desk.write_on()>
                    {icon(Icon::Play)}
                    <span>{text(move || if desk.asks.get() { tr!("Answer") } else { tr!("Write on") })}</span>
                </button>
                <button type="button" class="button" data-testid="one-token" on:click=move |_| desk.one_more()>
                    {icon(Icon::Step)}<span>{tr!("One token")}</span>
                </button>
                <button type="button" class="button" data-testid="clear-text" on:click=move |_| { desk.clear(); focus("write-beginning") }>
                    {icon(Icon::Clear)}<span>{tr!("Clear")}</span>
                </button>
            </div>
            <p class="setting-error" role="alert" data-testid="write-trouble">{text(move || desk.refused.get().unwrap_or_default())}</p>
            <p class="note write-note">{text(move || untrained(scene))}</p>
            {paper(desk)}
            {likely(alternatives(desk))}
            {controls(desk)}
        </div>
    }
    .into_any()
}

fn alternatives(desk: Desk) -> Alternatives {
    Alternatives {
        chosen: desk.chosen,
        token: Callback::new(move |at: usize| {
            let sheet = desk.sheet.get()?;
            let tokens = &sheet.written.tokens;
            tokens.get(at).map(|token| (token.clone(), tokens.len()))
        }),
        vocabulary: Callback::new(move |()| desk.scene.outputs()),
        sampling: Callback::new(move |()| desk.sampling()),
        busy: desk.busy,
        replace: Callback::new(move |(at, choice): (usize, TokenChoice)| desk.replace(at, &choice.text)),
    }
}

fn untrained(scene: PanelState) -> String {
    match scene.state.progress.with(|p| p.as_ref().is_none_or(|p| p.step == 0)) {
        true => tr!("It has not learned anything yet, so what it writes is chance."),
        false => String::new(),
    }
}

fn beginning(desk: Desk) -> AnyView {
    let language = language(desk.scene);
    let label = text(move || if desk.asks.get() { tr!("Question") } else { tr!("Beginning") });
    let help = text(move || match desk.asks.get() {
        false => tr!("It may be empty. Enter has it written on, Shift and Enter begins a new line."),
        true => tr!("Enter has it answered."),
    });
    let key = move |event: KeyboardEvent| {
        // A word that is being put together from several keys ends with Enter as well.
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            desk.write_on();
        }
    };
    view! {
        <label class="setting-name" for="write-beginning">{label}</label>
        <textarea
            id="write-beginning"
            class="write-beginning"
            rows="2"
            spellcheck="false"
            autocomplete="off"
            autocapitalize="off"
            aria-describedby="write-help"
            lang=move || language.get()
            prop:value=text(move || desk.prompt.get())
            on:input=move |event| desk.prompt.set(event_target_value(&event))
            on:keydown=key
        ></textarea>
        <p class="setting-help" id="write-help">{help}</p>
    }
    .into_any()
}

/// What was written, and what there is to say of it.
fn paper(desk: Desk) -> AnyView {
    let language = language(desk.scene);
    let said = text(move || {
        let written = desk.sheet.with(|s| s.as_ref().map(|s| s.text()));
        written.map(|all| all.chars().take(SAID).collect()).unwrap_or_default()
    });
    let unknown = text(move || desk.sheet.with(|s| s.as_ref().map(|s| unknown(s)).unwrap_or_default()));
    let pace = text(move || desk.sheet.with(|s| s.as_ref().map(|s| pace(s)).unwrap_or_default()));
    let tokens = part(move || {
        match desk.sheet.get() {
        Some(sheet) => tokens(desk, &sheet),
        None => view! { <p class="empty">{tr!("What the network writes will be here. Each token can be pressed.")}</p> }.into_any(),
    }
    });
    view! {
        <div
            class="written"
            role="group"
            aria-label=tr!("What was written; arrow keys go from token to token, Enter shows what could stand there")
            aria-busy=text(move || desk.busy.get().to_string())
            lang=move || language.get()
            data-testid="written"
            on:click=move |event| token_of(event.target()).into_iter().for_each(|at| choose(desk, at))
            on:keydown=move |event| walk(desk, &event)
        >
            {tokens}
        </div>
        <p class="setting-error">{unknown}</p>
        <p class="write-pace num">{pace}</p>
        <p class="sr-only" role="status" aria-live="polite" lang=move || language.get()>{said}</p>
    }
    .into_any()
}

/// Pressed again, it closes.
fn choose(desk: Desk, at: usize) {
    desk.chosen.update(|chosen| *chosen = (*chosen != Some(at)).then_some(at));
}

/// The token of the button that the event is of.
fn token_of(target: Option<web_sys::EventTarget>) -> Option<usize> {
    let element = target?.dyn_into::<Element>().ok()?;
    element.closest("[data-token]").ok()??.get_attribute("data-token")?.parse().ok()
}

/// The text is one stop for the keyboard; arrows go from token to token.
fn walk(desk: Desk, event: &KeyboardEvent) {
    if event.key() == "Escape" {
        return desk.chosen.set(None);
    }
    let Some(from) = token_of(event.target()) else { return };
    let Some(sheet) = desk.sheet.get_untracked() else { return };
    let places = places(&sheet);
    let at = places.iter().position(|place| *place == from);
    if let Some(next) = tile_by_key(event, at, 10, places.len()) {
        focus(&format!("token-{}", places[next]));
        if desk.chosen.get_untracked().is_some() {
            desk.chosen.set(Some(places[next]));
        }
    }
}

fn texts(sheet: &Sheet) -> Vec<String> {
    sheet.written.tokens.iter().map(|token| token.text.clone()).collect()
}

/// The first token of everything that is shown by itself.
fn places(sheet: &Sheet) -> Vec<usize> {
    groups(&texts(sheet)).into_iter().map(|(tokens, _)| tokens.start).collect()
}

fn tokens(desk: Desk, sheet: &Sheet) -> AnyView {
    let own = sheet.own;
    let all = groups(&texts(sheet));
    let first = all.first().map(|(tokens, _)| tokens.start);
    let stop = memo(move || desk.chosen.get().or(first));
    let one = |(tokens, words): (std::ops::Range<usize>, String)| {
        let at = tokens.start;
        // A line end stands as a sign, and breaks the line behind it.
        let (sign, after) = match words.ends_with('\n') {
            true => (visible(&words), "\n"),
            false => (words, ""),
        };
        let class = if at < own { "token own" } else { "token" };
        let chosen = {
            let tokens = tokens.clone();
            memo(move || desk.chosen.get().is_some_and(|at| tokens.contains(&at)))
        };
        view! {
            <button
                type="button"
                class=class
                id=format!("token-{at}")
                data-token=at
                aria-pressed=text(move || chosen.get().to_string())
                tabindex=text(move || if stop.get().is_some_and(|stop| tokens.contains(&stop)) { "0".to_string() } else { "-1".to_string() })
            >
                {sign}
            </button>
            {after}
        }
        .into_any()
    };
    all.into_iter().map(one).collect_view().into_any()
}

fn unknown(sheet: &Sheet) -> String {
    match sheet.written.unknown.as_slice() {
        [] => String::new(),
        some => {
            let signs: Vec<String> = some.iter().map(|sign| format!("“{}”", visible(sign))).collect();
            tr!("The vocabulary does not have {}; the network reads each as unknown.", signs.join(", "))
        }
    }
}

/// “100 tokens in 0.12 s, 830 a second”
fn pace(sheet: &Sheet) -> String {
    let count = sheet.written.tokens.len().saturating_sub(sheet.written.prompt as usize);
    let seconds = sheet.written.seconds;
    if seconds <= 0.0 {
        return tr!("{n} token" | "{n} tokens" % count);
    }
    let rate = format::count((count as f64 / seconds) as u64);
    tr!(
        "{n} token in {} s, {} a second" | "{n} tokens in {} s, {} a second" % count,
        format::number(seconds),
        rate
    )
}
