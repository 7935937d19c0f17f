//! What is in the picture: the first answer in large letters, the five likeliest as bars, and what it took.

use super::brush;
use super::queue::{Reading, SURE, Shelf, Status, capital, chance};
use super::viewer_state::{After, Mode};
use crate::protocol::vision::Milliseconds;
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;
use std::sync::Arc;

pub fn panel(shelf: Shelf) -> AnyView {
    let look = shelf.look;
    view! {
        <section class="vision-panel says" aria-labelledby="title-says" data-testid="says">
            <h2 class="panel-title" id="title-says">{tr!("What is in it")}</h2>
            {part(move || match look.read.get() {
                Some(read) => said(shelf, read),
                None => nothing(shelf),
            })}
        </section>
    }
    .into_any()
}

fn nothing(shelf: Shelf) -> AnyView {
    let failed = matches!(shelf.current().map(|i| i.status), Some(Status::Failed(_)));
    let words = if failed { tr!("No answer for this one") } else { tr!("Reading") };
    let bars = (0..5).map(|_| view! { <i class="five-waiting skeleton"></i> }.into_any()).collect_view();
    view! {
        <p class="says-first none">{words}</p>
        {(!failed).then(|| view! { <div class="five" aria-hidden="true">{bars}</div> })}
    }
    .into_any()
}

fn said(shelf: Shelf, read: Arc<Reading>) -> AnyView {
    let first = read.top.first().cloned();
    let (name, probability) = first.map_or_else(Default::default, |t| (capital(&t.name), t.probability));
    let unsure = probability < SURE;
    let rows = (0..read.top.len()).map(|at| row(shelf, &read, at)).collect_view();
    let doubt = unsure.then(|| {
        view! {
            <p class="says-doubt">
                {tr!("It is unsure. It knows 1,000 kinds of things and must choose among them; perhaps this is none, or several.")}
            </p>
        }
    });
    view! {
        <p class="says-first" class:unsure=unsure data-testid="verdict">
            {unsure.then(|| view! { <span class="says-perhaps">{tr!("Perhaps")}" "</span> })}
            <strong>{name}</strong>
            " "
            <span class="says-sure num">{if unsure { chance(probability) } else { tr!("{} sure", chance(probability)) }}</span>
        </p>
        {doubt}
        {brush::verdict(shelf.look)}
        <fieldset class="five" data-testid="five">
            <legend class="sr-only">{tr!("The five likeliest of 1,000 kinds; choose one to see where it looked for it")}</legend>
            {rows}
        </fieldset>
        {took(read.milliseconds)}
        {about(shelf)}
    }
    .into_any()
}

/// One class; choosing it asks where the network saw it.
fn row(shelf: Shelf, read: &Reading, at: usize) -> AnyView {
    let look = shelf.look;
    let Some(class) = read.top.get(at) else { return ().into_any() };
    let before = class.probability;
    let after =
        move || look.after.with(|a| a.as_ref().map(|a: &Arc<After>| a.five.get(at).copied().unwrap_or(0.0)));
    let chosen = flag(move || look.class.get() == at && matches!(look.mode.get(), Mode::Heat | Mode::Cover));
    let value = text(move || match after() {
        Some(now) => format!("{} → {}", chance(before), chance(now)),
        None => chance(before),
    });
    let choose = move || {
        look.class.set(at);
        if !matches!(look.mode.get_untracked(), Mode::Heat | Mode::Cover) {
            look.mode.set(Mode::Heat);
        }
    };
    let difference = text(move || after().map(|now| difference(before, now)).unwrap_or_default());
    view! {
        <label class="five-row" class:first=at == 0 class:chosen=chosen>
            <input
                type="radio"
                name="five"
                class="sr-only"
                prop:checked=flag(move || look.class.get() == at)
                on:change=move |_| choose()
                on:click=move |_| choose()
            />
            <span class="five-name">{capital(&class.name)}</span>
            <span class="five-value num">{value}<em class="five-difference">{difference}</em></span>
            <span class="five-track" aria-hidden="true">
                <i class="five-ghost" style:transform=scale(before)></i>
                <i class="five-now" style:transform=text(move || scale(after().unwrap_or(before)))></i>
            </span>
        </label>
    }
    .into_any()
}

/// “ −52” in points of percent, where it is worth saying.
fn difference(before: f32, now: f32) -> String {
    let points = (now - before) * 100.0;
    match points {
        0.5.. => format!(" +{points:.0}"),
        ..=-0.5 => format!(" −{:.0}", -points),
        _ => String::new(),
    }
}

fn scale(p: f32) -> String {
    format!("scaleX({p:.4})")
}

fn took(took: Milliseconds) -> AnyView {
    let [network, prepare, decode] = [took.network, took.prepare, took.decode].map(format::milliseconds);
    view! {
        <p class="says-took num" data-testid="took">
            {tr!("{} for the network, {} for preparing, {} for decoding. CPU, one core.", network, prepare, decode)}
        </p>
    }
    .into_any()
}

fn about(shelf: Shelf) -> AnyView {
    let network = shelf.network;
    view! {
        <details class="more says-about">
            <summary>{tr!("About this network")}</summary>
            <dl class="facts">
                <dt>{tr!("Network")}</dt>
                <dd>{network.title}". "{known(network.blurb)}</dd>
                <dt>{tr!("Learned from")}</dt>
                <dd>{known(network.trained_on)}</dd>
            </dl>
        </details>
    }
    .into_any()
}
