//! How tokens are drawn: temperature, and under a fold the likeliest k and the likeliest that have a share p together.

use super::desk::Desk;
use crate::ui::components::format;
use crate::ui::components::number::NumberField;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use std::ops::RangeInclusive;

const HOTTEST: f64 = 2.0;
/// Tokens that can be asked for at once.
const LENGTHS: [u32; 4] = [1, 20, 100, 300];

pub fn controls(desk: Desk) -> AnyView {
    let lengths = part(move || (!desk.asks.get()).then(|| lengths(desk)));
    view! {
        <div class="write-controls">
            {temperature(desk)}
            {lengths}
        </div>
        <details class="more write-more">
            <summary>
                {tr!("Fewer choices")}
                <span class="summary-now num">{text(move || choices_now(desk))}</span>
            </summary>
            <div>{top_k(desk)}{top_p(desk)}</div>
        </details>
    }
    .into_any()
}

/// Takes values of the range, and says what the range is of others.
fn setter(
    value: RwSignal<f64>,
    range: RangeInclusive<f64>,
    whole: bool,
) -> Callback<f64, Result<(), String>> {
    Callback::new(move |wanted: f64| match range.contains(&wanted) {
        true => {
            value.set(if whole { wanted.round() } else { wanted });
            Ok(())
        }
        false => Err(tr!("It is from {} to {}.", format::plain(*range.start()), format::plain(*range.end()))),
    })
}

fn temperature(desk: Desk) -> AnyView {
    let value = desk.temperature;
    let field = NumberField {
        id: "write-temperature".into(),
        label: tr!("Temperature"),
        help: tr!("0 takes the likeliest always, 1 draws as the network says, more dares more."),
        control: None,
        value: memo(move || value.get()),
        choices: (0..=10).map(|step| f64::from(step) / 5.0).collect(),
        set: setter(value, 0.0..=HOTTEST, false),
    };
    let slide = move |event: web_sys::Event| {
        if let Ok(wanted) = event_target_value(&event).parse::<f64>() {
            value.set(wanted.clamp(0.0, HOTTEST));
        }
    };
    view! {
        <div class="write-temperature">
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

fn top_k(desk: Desk) -> AnyView {
    let value = desk.top_k;
    NumberField {
        id: "write-top-k".into(),
        label: tr!("Top-k"),
        help: tr!("Only so many of the likeliest tokens can be drawn; 0 leaves all."),
        control: None,
        value: memo(move || value.get()),
        choices: [0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 40.0, 100.0].into(),
        set: setter(value, 0.0..=100_000.0, true),
    }
    .view()
}

fn top_p(desk: Desk) -> AnyView {
    let value = desk.top_p;
    NumberField {
        id: "write-top-p".into(),
        label: tr!("Top-p"),
        help: tr!(
            "Only the likeliest tokens that together have this probability can be drawn; 1 leaves all."
        ),
        control: None,
        value: memo(move || value.get()),
        choices: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0].into(),
        set: setter(value, 0.05..=1.0, false),
    }
    .view()
}

fn choices_now(desk: Desk) -> String {
    let k = match desk.top_k.get() {
        0.0 => tr!("any of the tokens"),
        k => tr!("one of the {} likeliest", format::plain(k)),
    };
    match desk.top_p.get() {
        1.0.. => k,
        p => format!("{k}, {}", tr!("top-p {}", format::plain(p))),
    }
}

fn lengths(desk: Desk) -> AnyView {
    let one = |length: u32| {
        view! {
            <label class="segment num">
                <input type="radio" name="write-length" class="sr-only"
                    prop:checked=flag(move || desk.tokens.get() == length)
                    on:change=move |_| desk.tokens.set(length) />
                <span>{format::count(length.into())}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <div class="write-length">
            <p class="setting-name" id="write-length-name">{tr!("How many tokens")}</p>
            <fieldset class="segments" aria-labelledby="write-length-name">{LENGTHS.map(one).collect_view()}</fieldset>
        </div>
    }
    .into_any()
}
