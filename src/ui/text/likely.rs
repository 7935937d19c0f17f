//! What could stand in a token's place: the ten likeliest, as the network has them and as they are drawn from, and each a
//! button that puts it there.

use super::letters::{spoken, visible};
use crate::protocol::{TokenChoice, WrittenToken};
use crate::sampling::Sampling;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// Where the tokens stand whose alternatives are shown.
#[derive(Clone, Copy)]
pub struct Alternatives {
    /// The token that is looked at, by its place.
    pub chosen: RwSignal<Option<usize>>,
    /// The token at a place, and how many there are; followed.
    pub token: Callback<usize, Option<(WrittenToken, usize)>>,
    /// Tokens that the network knows.
    pub vocabulary: Callback<(), usize>,
    /// How the next one is drawn; followed.
    pub sampling: Callback<(), Sampling>,
    pub busy: RwSignal<bool>,
    /// Puts another token at a place.
    pub replace: Callback<(usize, TokenChoice)>,
}

/// Of the token that is chosen; nothing where none is.
pub fn likely(desk: Alternatives) -> AnyView {
    let shown = part(move || {
        let at = desk.chosen.get()?;
        let (token, count) = desk.token.run(at)?;
        Some(card(desk, &token, at, count))
    });
    view! { <div class="likely-place">{shown}</div> }.into_any()
}

fn card(desk: Alternatives, token: &WrittenToken, at: usize, count: usize) -> AnyView {
    let last = count.saturating_sub(1);
    let title = tr!("Token {} of {}: “{}”", at + 1, last + 1, visible(&token.text));
    let heading = title.clone();
    let walk = move |to: Option<usize>, name: String, sign: &'static str| {
        view! {
            <button type="button" class="stepper-button" aria-label=name disabled=to.is_none()
                on:click=move |_| desk.chosen.set(to.or(Some(at)))>
                {sign}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="likely" role="group" aria-label=title data-testid="likely">
            <div class="likely-head">
                <h3 class="block-title">{heading}</h3>
                <div class="stepper">
                    {walk(at.checked_sub(1), tr!("Token before"), "←")}
                    {walk((at < last).then_some(at + 1), tr!("Token after"), "→")}
                </div>
                <button type="button" class="quiet" on:click=move |_| desk.chosen.set(None)>
                    {icon(Icon::Cross)}<span>{tr!("Close")}</span>
                </button>
            </div>
            {choices(desk, token, at)}
        </div>
    }
    .into_any()
}

fn choices(desk: Alternatives, token: &WrittenToken, at: usize) -> AnyView {
    if token.choices.is_empty() {
        return view! { <p class="empty">{tr!("Nothing stands before it, so the network had nothing to predict it from.")}</p> }
            .into_any();
    }
    let all = token.choices.clone();
    let vocabulary = untrack(move || desk.vocabulary.run(()));
    let drawn = {
        let all = all.clone();
        memo(move || drawn(&all, vocabulary, desk.sampling.run(())))
    };
    let there = all.iter().any(|choice| choice.id == token.id);
    let here = token.id;
    let rows = all.into_iter().enumerate().map(|(row, choice)| {
        let is = choice.id == here;
        bar(
            desk,
            at,
            choice,
            is,
            text(move || percent(drawn.with(|d| d.get(row).copied().unwrap_or(0.0)))),
            share(drawn, row),
        )
    });
    let note = (!there).then(|| {
        let said = tr!(
            "“{}”, which stands here, is not among them: {}",
            visible(&token.text),
            percent(token.probability)
        );
        view! { <p class="note">{said}</p> }.into_any()
    });
    view! {
        <p class="likely-names" aria-hidden="true">
            <span class="likely-network">{tr!("what the network says")}</span>
            <span class="likely-drawn">{tr!("what is drawn from")}</span>
        </p>
        <ol class="likely-rows">{rows.collect_view()}</ol>
        {note}
        <p class="note">{tr!("Press one to put it there and have the rest written anew. What is not among the ten counts as equally likely among itself.")}</p>
    }
    .into_any()
}

fn share(drawn: Memo<Vec<f32>>, row: usize) -> Signal<String> {
    text(move || format!("{:.1}%", drawn.with(|d| d.get(row).copied().unwrap_or(0.0)) * 100.0))
}

fn bar(
    desk: Alternatives,
    at: usize,
    choice: TokenChoice,
    here: bool,
    after: Signal<String>,
    width: Signal<String>,
) -> AnyView {
    let TokenChoice { text: token, probability, .. } = choice.clone();
    let before = percent(probability);
    let name = {
        let (token, before) = (spoken(&token), before.clone());
        text(move || tr!("“{}”: the network says {}, drawn with {}", token, before, after.get()))
    };
    let sign = visible(&token);
    view! {
        <li>
            <button
                type="button"
                class="likely-row"
                class:here=here
                aria-label=name
                aria-current=here.then_some("true")
                disabled=flag(move || desk.busy.get())
                on:click=move |_| desk.replace.run((at, choice.clone()))
            >
                <span class="likely-token mono">{sign}</span>
                <span class="likely-bars">
                    <i class="likely-network" style:width=format!("{:.1}%", probability * 100.0)></i>
                    <i class="likely-drawn" style:width=width></i>
                </span>
                <span class="likely-number num">{before}</span>
                <span class="likely-number num">{after}</span>
            </button>
        </li>
    }
    .into_any()
}

/// How likely each is drawn. The network's other tokens are known by what is left for them; they share it evenly.
fn drawn(choices: &[TokenChoice], vocabulary: usize, sampling: Sampling) -> Vec<f32> {
    let told: f32 = choices.iter().map(|choice| choice.probability).sum();
    let others = vocabulary.saturating_sub(choices.len());
    let each = (1.0 - told).max(0.0) / others.max(1) as f32;
    let probabilities = choices.iter().map(|choice| choice.probability);
    let all = probabilities.chain(std::iter::repeat_n(each, others));
    let logits: Vec<f32> = all.map(|p| p.max(f32::MIN_POSITIVE).ln()).collect();
    let mut drawn = vec![0.0; choices.len()];
    for (id, probability) in sampling.candidates(&logits) {
        if let Some(place) = drawn.get_mut(id as usize) {
            *place = probability;
        }
    }
    drawn
}

/// With a decimal where it is small: most tokens are.
pub fn percent(probability: f32) -> String {
    let percent = f64::from(probability) * 100.0;
    match percent {
        0.0 => "0\u{202f}%".into(),
        ..0.1 => format!("< {}\u{202f}%", format::decimals(0.1, 1)),
        ..9.95 => format!("{}\u{202f}%", format::decimals(percent, 1)),
        _ => format::chance(probability),
    }
}
