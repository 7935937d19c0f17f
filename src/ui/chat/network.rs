//! The network: how large it is before anything is fetched, how far it is, how bold it is, and what it is made of.

use super::state::{ChatState, HOTTEST};
use crate::chat::{CONTEXT, MEMORY, TALKER};
use crate::protocol::Failure;
use crate::ui::components::credit::credit;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::number::NumberField;
use crate::ui::components::progress::{bar, progress};
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::pictures::queue::WeightsState;
use leptos::prelude::*;

pub fn panel(desk: ChatState) -> AnyView {
    // It says whether the site has the weights; these wait.
    desk.reader.start();
    desk.look_up();
    view! {
        <section class="vision-panel chat-left" aria-labelledby="title-talker">
            <h2 class="panel-title" id="title-talker">{TALKER.title}</h2>
            <div class="give-weights" data-control="weights" data-testid="chat-weights">{part(move || weights(desk))}</div>
            {credit(TALKER.homepage, TALKER.citation, TALKER.licence)}
            {temperature(desk)}
            {context(desk)}
            <details class="more">
                <summary>{tr!("How it answers")}</summary>
                <p class="note">
                    {tr!("A Transformer of 30 blocks with 134,515,008 weights, of 4 bits each but for the table of its 49,152 tokens, which has 8. Each block has nine heads, of which three share their keys and values. What was said is one long text to it, with signs where somebody begins to speak. It continues that text, one token after the other, until it writes the sign that ends an answer.")}
                </p>
                <p class="note">
                    {tr!("Each token is drawn by chance from the 40 likeliest, and of these only from those that together have 90 % of the probability. It learned from texts of the internet, mostly in English, and then from examples of conversations. It looks nothing up.")}
                </p>
            </details>
        </section>
    }
    .into_any()
}

/// Before anything is fetched its size is said; then how far it is.
fn weights(desk: ChatState) -> AnyView {
    let size = desk.size.get();
    let kept = size.is_some_and(|(_, kept)| kept);
    let bytes = size.map_or(TALKER.bytes, |(bytes, _)| bytes);
    let said = format::bytes_of(bytes, bytes);
    match desk.weights.get() {
        WeightsState::Away => {
            let (sentence, button) = if kept {
                (
                    tr!("The network is already here: {}, kept from an earlier visit.", said),
                    tr!("Start the network"),
                )
            } else {
                (
                    tr!(
                        "The network has {}. It is fetched once, in parts, and kept for next time; a download that was cut goes on where it was.",
                        said
                    ),
                    tr!("Fetch {}", said),
                )
            };
            let memory = tr!(
                "It needs up to {} of memory. A phone with little memory may end this tab; on a connection that is paid by the megabyte, wait.",
                format::bytes_of(MEMORY, MEMORY)
            );
            view! {
                <p>{sentence}</p>
                <p class="note">{memory}</p>
                <button type="button" class="button strong" data-testid="chat-fetch" on:click=move |_| desk.prepare()>
                    {icon(if kept { Icon::Play } else { Icon::Download })}
                    {button}
                </button>
            }
            .into_any()
        }
        WeightsState::Coming => coming(desk),
        WeightsState::Here => {
            let said = if kept {
                tr!(
                    "The network is ready ({}, kept for next time). It works without a connection from now on.",
                    said
                )
            } else {
                tr!(
                    "The network is ready ({}). The browser does not keep it: your next visit fetches it again.",
                    said
                )
            };
            view! { <p class="give-ready" data-testid="chat-ready">{icon(Icon::Tick)}{said}</p> }.into_any()
        }
        WeightsState::Failed(failure) => refused(desk, &failure),
    }
}

fn coming(desk: ChatState) -> AnyView {
    let fetching = desk.reader.fetching;
    let share =
        Signal::derive(move || fetching.get().map_or(0.0, |(have, all)| have as f64 / all.max(1) as f64));
    let words = text(move || match fetching.get() {
        Some((have, all)) => tr!("Fetching the network: {}", format::bytes_of(have, all)),
        None => tr!("Starting the network"),
    });
    progress(tr!("Fetching the network"), words, share)
}

fn refused(desk: ChatState, failure: &Failure) -> AnyView {
    view! {
        <div class="refused" data-testid="chat-refused">
            <p><strong>{known(&failure.what)}</strong>" "{known(&failure.advice)}</p>
            <button type="button" class="button" on:click=move |_| desk.prepare()>
                {icon(Icon::Reset)}
                {tr!("Try again")}
            </button>
        </div>
    }
    .into_any()
}

fn temperature(desk: ChatState) -> AnyView {
    let value = desk.temperature;
    let set = Callback::new(move |wanted: f64| match (0.0..=HOTTEST).contains(&wanted) {
        true => {
            value.set(wanted);
            Ok(())
        }
        false => Err(tr!("It is from {} to {}.", format::plain(0.0), format::plain(HOTTEST))),
    });
    let field = NumberField {
        id: "chat-temperature".into(),
        label: tr!("Temperature"),
        help: tr!("0 takes the likeliest token always, 1 draws as the network says, more dares more."),
        control: None,
        value: memo(move || value.get()),
        choices: vec![0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, HOTTEST],
        set,
    };
    view! { <div class="chat-temperature" data-testid="chat-temperature">{field.view()}</div> }.into_any()
}

/// How much of what it can have before it is taken.
fn context(desk: ChatState) -> AnyView {
    let share = Signal::derive(move || f64::from(desk.context.get()) / CONTEXT as f64);
    let words = text(move || {
        let [have, all] = [u64::from(desk.context.get()), CONTEXT as u64].map(format::count);
        tr!("{} of {} tokens that it can have before it at once", have, all)
    });
    let forgotten = text(move || match desk.forgotten.get() {
        0 => String::new(),
        some => tr!("The oldest message has no place there any more: the network does not know it."
            | "The oldest {n} messages have no place there any more: the network does not know them." % some),
    });
    view! {
        <div class="chat-context" data-testid="chat-context">
            <h3 class="block-title">{tr!("Context")}</h3>
            <p class="num">{words}</p>
            {bar("coming-bar", tr!("Context"), share)}
            <p class="note">{forgotten}</p>
        </div>
    }
    .into_any()
}
