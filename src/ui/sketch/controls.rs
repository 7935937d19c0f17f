//! What is to be drawn, the network that draws it, and how bold it is.

use super::state::{HOTTEST, SketchState};
use crate::protocol::Failure;
use crate::sketch::{CITATION, HOMEPAGE, LICENCE, SKETCHERS, Sketcher};
use crate::ui::components::credit::credit;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::number::NumberField;
use crate::ui::components::progress::progress;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::pictures::queue::WeightsState;
use leptos::prelude::*;

pub fn panel(desk: SketchState) -> AnyView {
    // It tells what there is, and it is ready to draw when there is a line; the weights wait.
    desk.reader.start();
    desk.look_up();
    view! {
        <section class="vision-panel sketch-left" aria-labelledby="title-kind">
            <h2 class="panel-title" id="title-kind">{tr!("What it draws")}</h2>
            <fieldset class="segments sketch-kinds" data-testid="sketch-kinds" aria-labelledby="title-kind">
                {part(move || kinds(desk))}
            </fieldset>
            <div class="give-weights" data-control="weights" data-testid="sketch-weights">{part(move || weights(desk))}</div>
            {credit(HOMEPAGE, CITATION, LICENCE)}
            {temperature(desk)}
            <details class="more">
                <summary>{tr!("How it draws")}</summary>
                <p class="note">
                    {tr!("The network is an LSTM of 512 units with 1,123,963 weights. It has no picture before it: it reads the pen’s moves one after the other, and after each it says where the pen may go next, as a mixture of 20 Gaussians, and whether the pen stays down, is lifted, or the drawing is over. A move is drawn from that by chance, and becomes the next thing that it reads.")}
                </p>
                <p class="note">
                    {tr!("It learned from 70,000 drawings of its kind from the game Quick, Draw!, each made by a person in less than 20 seconds. It knows nothing else: whatever you begin, it makes its own kind of it.")}
                </p>
                <p class="note num" data-testid="sketch-pace">{text(move || pace(desk))}</p>
            </details>
        </section>
    }
    .into_any()
}

/// Those whose weights the site has.
fn kinds(desk: SketchState) -> AnyView {
    let there = desk.scene.state.catalogue.with(|c| c.as_ref().map(|c| c.sketchers.clone()));
    let offered =
        |one: &&'static Sketcher| there.as_ref().is_none_or(|ids| ids.iter().any(|id| id == one.id));
    let all: Vec<&'static Sketcher> = SKETCHERS.iter().filter(offered).collect();
    let chosen = untrack(move || desk.kind.get());
    if let Some(first) = all.first().filter(|_| !all.iter().any(|one| one.id == chosen.id)) {
        desk.choose(first);
    }
    let one = move |kind: &'static Sketcher| {
        view! {
            <label class="segment">
                <input
                    class="sr-only"
                    type="radio"
                    name="sketch-kind"
                    prop:checked=flag(move || desk.kind.get().id == kind.id)
                    on:change=move |_| desk.choose(kind)
                />
                <span>{known(kind.title)}</span>
            </label>
        }
        .into_any()
    };
    all.into_iter().map(one).collect_view().into_any()
}

/// Before anything is fetched its size is said; then how far it is.
fn weights(desk: SketchState) -> AnyView {
    let thing = known(desk.kind.get().title);
    let size = desk.size.get().map(|(bytes, _)| format::bytes_of(bytes, bytes));
    match desk.weights.get() {
        WeightsState::Away => {
            let here = desk.size.get().is_some_and(|(_, kept)| kept);
            let sentence = match (size, here) {
                (Some(size), true) => tr!("{} is already here: {}, kept from an earlier visit.", thing, size),
                (Some(size), false) => {
                    tr!("{}, {}: fetched with the first drawing, once, and kept for next time.", thing, size)
                }
                (None, _) => {
                    tr!("{} is fetched with the first drawing, once, and kept for next time.", thing)
                }
            };
            view! {
                <p>{sentence}</p>
                <button type="button" class="button" on:click=move |_| desk.prepare()>
                    {icon(Icon::Download)}
                    {tr!("Fetch the network now")}
                </button>
            }
            .into_any()
        }
        WeightsState::Coming => coming(desk),
        WeightsState::Here => {
            let said = match size {
                Some(size) => tr!("{} is ready ({}, kept for next time).", thing, size),
                None => tr!("{} is ready.", thing),
            };
            view! { <p class="give-ready">{icon(Icon::Tick)}{said}</p> }.into_any()
        }
        WeightsState::Failed(failure) => refused(desk, &failure),
    }
}

fn coming(desk: SketchState) -> AnyView {
    let fetching = desk.reader.fetching;
    let share =
        Signal::derive(move || fetching.get().map_or(0.0, |(have, all)| have as f64 / all.max(1) as f64));
    let words = text(move || match fetching.get() {
        Some((have, all)) => tr!("Fetching the network: {}", format::bytes_of(have, all)),
        None => tr!("Starting the network"),
    });
    progress(tr!("Fetching the network"), words, share)
}

fn refused(desk: SketchState, failure: &Failure) -> AnyView {
    view! {
        <div class="refused" data-testid="sketch-refused">
            <p><strong>{known(&failure.what)}</strong>" "{known(&failure.advice)}</p>
            <button type="button" class="button" on:click=move |_| desk.prepare()>
                {icon(Icon::Reset)}
                {tr!("Try again")}
            </button>
        </div>
    }
    .into_any()
}

fn temperature(desk: SketchState) -> AnyView {
    let value = desk.temperature;
    let set = Callback::new(move |wanted: f64| match (0.0..=HOTTEST).contains(&wanted) {
        true => {
            value.set(wanted);
            Ok(())
        }
        false => Err(tr!("It is from {} to {}.", format::plain(0.0), format::plain(HOTTEST))),
    });
    let field = NumberField {
        id: "sketch-temperature".into(),
        label: tr!("Temperature"),
        help: tr!("0 takes the likeliest move always, 1 draws as the network says, more dares more."),
        control: None,
        value: memo(move || value.get()),
        choices: vec![0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, HOTTEST],
        set,
    };
    let slide = move |event: web_sys::Event| {
        if let Ok(wanted) = event_target_value(&event).parse::<f64>() {
            value.set(wanted.clamp(0.0, HOTTEST));
        }
    };
    view! {
        <div class="write-temperature sketch-temperature" data-testid="sketch-temperature">
            {field.view()}
            <input
                type="range"
                min="0"
                max=HOTTEST.to_string()
                step="0.05"
                aria-label=tr!("Temperature")
                aria-valuetext=text(move || format::plain(value.get()))
                style:--share=text(move || (value.get() / HOTTEST).to_string())
                prop:value=text(move || value.get().to_string())
                on:input=slide
            />
        </div>
    }
    .into_any()
}

fn pace(desk: SketchState) -> String {
    match desk.pace.get() {
        Some(pace) => tr!("{} a move on this machine", format::milliseconds(pace)),
        None => String::new(),
    }
}
