//! The conversation: what was said, what is being said, and the field to write in.

use super::state::{ChatState, Message, words};
use super::tokens;
use crate::protocol::chat::Over;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::keys::focus;
use crate::ui::components::reactive::{effect, flag, part, text};
use crate::ui::language::{known, tr};
use crate::ui::pictures::queue::WeightsState;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// No longer message can fit into the context.
const LONGEST: &str = "8000";

/// What can be asked at first, in the language that it speaks.
const EXAMPLES: [&str; 3] = [
    "What is the capital of France?",
    "Explain in three sentences why the sky is blue.",
    "Write a short poem about the sea.",
];

pub fn panel(desk: ChatState) -> AnyView {
    view! {
        <section class="vision-panel chat-middle" aria-labelledby="title-chat" data-testid="chat">
            <h2 class="panel-title" id="title-chat">{tr!("Conversation")}</h2>
            <p class="panel-lead" data-testid="chat-unchecked">
                {tr!("What it says is not checked by anyone, and it is often wrong: it continues a text, and knows nothing of whether that is true. It speaks English best.")}
            </p>
            {said(desk)}
            {writing(desk)}
        </section>
    }
    .into_any()
}

fn said(desk: ChatState) -> AnyView {
    let messages = part(move || {
        let all = desk.messages.get();
        let one = |(at, message): (usize, &Message)| match message {
            Message::Own(text) => own(text),
            Message::Answer { tokens, over } => view! {
                <li class="chat-message">
                    <p class="chat-who">{tr!("Network")}</p>
                    {tokens::of(desk, at, tokens)}
                    {ending(*over)}
                </li>
            }
            .into_any(),
        };
        all.iter().enumerate().map(one).collect_view()
    });
    let last = NodeRef::<leptos::html::Ol>::new();
    effect(move |_| {
        desk.answer.track();
        desk.messages.track();
        if let Some(list) = last.get() {
            list.set_scroll_top(list.scroll_height());
        }
    });
    view! {
        <ol class="chat-messages" role="list" tabindex="0" aria-label=tr!("What was said") data-testid="chat-messages" node_ref=last>
            {messages}
            {part(move || desk.busy.get().then(|| coming(desk)))}
        </ol>
    }
    .into_any()
}

fn own(text: &str) -> AnyView {
    view! {
        <li class="chat-message own">
            <p class="chat-who">{tr!("You")}</p>
            <p class="chat-text">{text.to_string()}</p>
        </li>
    }
    .into_any()
}

/// Its tokens can be pressed when all are there.
fn coming(desk: ChatState) -> AnyView {
    let said = text(move || desk.answer.with(|tokens| words(tokens)));
    let waits = text(move || {
        if !desk.answer.with(|tokens| tokens.is_empty()) {
            return String::new();
        }
        if desk.weights.get() != WeightsState::Here {
            return tr!("Starting the network");
        }
        match desk.unread.get() {
            0 => tr!("It reads."),
            some => tr!("It reads: {n} token is left." | "It reads: {n} tokens are left." % some),
        }
    });
    view! {
        <li class="chat-message" aria-busy="true">
            <p class="chat-who">{tr!("Network")}</p>
            <p class="chat-text" data-testid="chat-coming">{said}</p>
            <p class="note">{waits}</p>
        </li>
    }
    .into_any()
}

fn ending(over: Option<Over>) -> Option<AnyView> {
    let said = match over {
        Some(Over::Ended) => return None,
        Some(Over::Full) => {
            tr!("Its context is full, so it ends here. With your next message it forgets the oldest ones.")
        }
        None => tr!("You stopped it here."),
    };
    Some(view! { <p class="note">{said}</p> }.into_any())
}

fn writing(desk: ChatState) -> AnyView {
    let key = move |event: KeyboardEvent| {
        // A word that is being put together from several keys ends with Enter as well.
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            desk.send();
        }
    };
    let away = flag(move || desk.weights.get() != WeightsState::Here);
    let trouble = text(move || {
        desk.trouble
            .with(|t| t.as_ref().map(|f| format!("{} {}", known(&f.what), known(&f.advice))))
            .unwrap_or_default()
    });
    view! {
        <div class="chat-writing" data-control="message">
            {part(move || desk.messages.with(|all| all.is_empty()).then(|| offers(desk)))}
            <label class="setting-name" for="chat-draft">{tr!("Message")}</label>
            <textarea
                id="chat-draft"
                class="write-beginning"
                rows="2"
                maxlength=LONGEST
                autocomplete="off"
                aria-describedby="chat-help"
                data-testid="chat-draft"
                prop:value=text(move || desk.draft.get())
                on:input=move |event| desk.draft.set(event_target_value(&event))
                on:keydown=key
            ></textarea>
            <p class="setting-help" id="chat-help">
                {text(move || match away.get() {
                    true => tr!("Fetch the network first."),
                    false => tr!("Enter sends it, Shift and Enter begins a new line."),
                })}
            </p>
            <div class="write-keys">
                {part(move || button(desk))}
                <button type="button" class="button" data-testid="chat-anew" on:click=move |_| { desk.begin_anew(); focus("chat-draft") }>
                    {icon(Icon::Clear)}<span>{tr!("New conversation")}</span>
                </button>
            </div>
            <p class="setting-error" role="alert" data-testid="chat-trouble">{trouble}</p>
            <p class="write-pace num" data-testid="chat-pace">{text(move || desk.pace())}</p>
        </div>
    }
    .into_any()
}

/// Sends, or stops what is being said.
fn button(desk: ChatState) -> AnyView {
    if desk.busy.get() {
        return view! {
            <button type="button" class="button strong" data-testid="chat-stop" on:click=move |_| desk.stop()>
                {icon(Icon::Pause)}<span>{tr!("Stop")}</span>
            </button>
        }
        .into_any();
    }
    let nothing = flag(move || {
        desk.weights.get() != WeightsState::Here || desk.draft.with(|draft| draft.trim().is_empty())
    });
    view! {
        <button type="button" class="button strong" data-testid="chat-send" disabled=nothing on:click=move |_| desk.send()>
            {icon(Icon::Play)}<span>{tr!("Send")}</span>
        </button>
    }
    .into_any()
}

fn offers(desk: ChatState) -> AnyView {
    let offer = |text: &'static str| {
        view! {
            <button type="button" class="button" lang="en" on:click=move |_| { desk.draft.set(text.into()); focus("chat-draft") }>
                {text}
            </button>
        }
        .into_any()
    };
    view! { <div class="chat-offers" role="group" aria-label=tr!("For example")>{EXAMPLES.map(offer).into_iter().collect_view()}</div> }
        .into_any()
}
