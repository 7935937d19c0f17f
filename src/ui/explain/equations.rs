//! The steps that are one line of arithmetic: numbers with their names under them, and what they give.

use super::at::At;
use super::labels::{behind, fixed, tint};
use super::walk::Walk;
use crate::explain::Step;
use crate::layers::page::{Explain, LayerPage};
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::{key, known, tr};
use crate::ui::panels::layer_title::in_words;
use leptos::prelude::*;

/// What the step gives.
pub fn result(at: At) -> AnyView {
    view! { <strong class="way-out" data-testid="way-out">{text(move || fixed(at.out()))}</strong> }
        .into_any()
}

/// A number of the equation with its name under it.
fn named(name: &'static str, at: At, read: fn(&Step) -> f64) -> AnyView {
    view! { <span class="way-named">{text(move || behind(at.read(read)))}<small>{known(name)}</small></span> }
        .into_any()
}

/// The one input of a step: it can be asked where it comes from, if it is not the step before that gave it.
pub fn number_in(at: At) -> AnyView {
    number(at, Memo::new(|_| 0))
}

/// One of several inputs.
pub fn number(at: At, input: Memo<usize>) -> AnyView {
    let from = memo(move || at.from(input.get()));
    let x = move || at.x(input.get());
    part(move || match from.get() {
        Some(place) => {
            let label = text(move || tr!("{}. Where does it come from?", fixed(x())));
            view! {
                <button type="button" class="way-cell way-single" aria-label=label data-testid="way-input-number"
                    style:background=text(move || tint(x(), x().abs()))
                    on:click=move |_| at.walk.go(place)>{text(move || fixed(x()))}</button>
            }
            .into_any()
        }
        None => view! { <span>{text(move || fixed(x()))}</span> }.into_any(),
    })
}

pub fn passed_words(at: At) -> String {
    let Some((from, place)) = at.from(0).zip(at.walk.place()) else { return String::new() };
    let layer =
        place.layer.and_then(|layer| at.walk.scene.state.network.with(|n| n.get(layer).map(|i| i.layer)));
    match layer.map(|layer| &LayerPage::of(layer).explain) {
        Some(Explain::Passed { why, .. }) => {
            let values = [format::count(place.map as u64 + 1), at.walk.names.place.run(from)];
            in_words(why, values.into_iter())
        }
        _ => tr!("The way around takes what came in as it is."),
    }
}

pub fn normalised(at: At, running: bool) -> AnyView {
    let names = match running {
        true => [key("running mean"), key("running variance")],
        false => [key("mean"), key("variance")],
    };
    let read = |pick: fn([f64; 4]) -> f64| {
        move |step: &Step| match *step {
            Step::Normalised { mean, variance, gamma, beta, .. } => pick([mean, variance, gamma, beta]),
            _ => 0.0,
        }
    };
    let show = move |name: &'static str, pick: fn([f64; 4]) -> f64| {
        view! { <span class="way-named">{text(move || behind(at.read(read(pick))))}<small>{known(name)}</small></span> }
            .into_any()
    };
    view! {
        <p class="way-equation num">
            "("{number_in(at)}<span class="way-op">"−"</span>{show(names[0], |n| n[0])}")"
            <span class="way-op">"÷ √("</span>{show(names[1], |n| n[1])}" + "{format::decimals(crate::layers::EPSILON, 5)}<span class="way-op">") ×"</span>
            {show("γ", |n| n[2])}<span class="way-op">"+"</span>{show("β", |n| n[3])}
            <span class="way-op">"="</span>{result(at)}
        </p>
    }
    .into_any()
}

pub fn scaled(at: At) -> AnyView {
    let show = move |name: &'static str, pick: fn([f64; 3]) -> f64, whole: bool| {
        let number = move || {
            at.read(|step| match *step {
                Step::Scaled { byte, mean, std, .. } => pick([byte, mean, std]),
                _ => 0.0,
            })
        };
        let shown = text(move || if whole { format::count(number() as u64) } else { fixed(number()) });
        view! { <span class="way-named">{shown}<small>{known(name)}</small></span> }.into_any()
    };
    view! {
        <p class="way-equation num">
            "("{show(key("of 255"), |n| n[0], true)}<span class="way-op">"÷ 255 −"</span>{show(key("mean"), |n| n[1], false)}")"
            <span class="way-op">"÷"</span>{show(key("standard deviation"), |n| n[2], false)}
            <span class="way-op">"="</span>{result(at)}
        </p>
    }
    .into_any()
}

/// A block's branch and its way around.
pub fn added(at: At) -> AnyView {
    view! {
            <p class="way-equation num">
                {named(key("branch"), at, |step| if let Step::Added { branch, .. } = step { *branch } else { 0.0 })}
                <span class="way-op">"+"</span>
                {named(key("way around"), at, |step| if let Step::Added { around, .. } = step { *around } else { 0.0 })}
                <span class="way-op">"="</span>{result(at)}
            </p>
        }
        .into_any()
}

/// Of the numbers that answer: how sure the network is.
pub fn answered(walk: Walk) -> AnyView {
    let answers = memo(move || walk.working.with(|w| w.as_ref().is_some_and(|w| w.chance.is_some())));
    let read =
        move |at: usize| walk.working.with(|w| w.as_ref().and_then(|w| w.chance).map_or(0.0, |c| c[at]));
    part(move || {
        answers.get().then(|| {
            view! {
                <section class="way-stage" data-testid="way-softmax">
                    <h3 class="block-title">{tr!("Softmax: the number becomes a probability")}</h3>
                    <p class="way-equation num">
                        <span class="way-named">{text(move || format::number(read(0)))}<small>{tr!("e to this number")}</small></span>
                        <span class="way-op">"÷"</span>
                        <span class="way-named">{text(move || format::number(read(1)))}<small>{tr!("the same of every class, added up")}</small></span>
                        <span class="way-op">"="</span>
                        <strong class="way-out">{text(move || format::chance(read(2) as f32))}</strong>
                    </p>
                </section>
            }
        })
    })
}
