//! A sample that writes itself while training goes on, always with the same seed, so that what changes is what was
//! learned. Of made sequences, held-out questions are answered instead, and hidden tokens named where those are asked for.

use super::asking::{language, said, when};
use super::blanks::asked::asks_for_hidden;
use super::blanks::held_out::held_out;
use super::questions::questions;
use crate::datasets::target::TargetField;
use crate::protocol::{Continuation, LiveView, Written};
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::{PanelState, scene};
use leptos::prelude::*;

/// Tokens of a text that goes on, and of a list of lines.
const GOES_ON: u32 = 200;
const LINES: u32 = 60;
/// A screen reader is told so many letters of it.
const SAID: usize = 100;

#[component]
pub fn Sample() -> impl IntoView {
    let scene = scene();
    let kind = memo(move || (asks_questions(scene), asks_for_hidden(scene)));
    part(move || match kind.get() {
        (true, _) => questions(scene),
        (_, true) => held_out(scene),
        _ => writing(scene),
    })
}

/// What is learned are answers, not a text; tracked.
pub fn asks_questions(scene: PanelState) -> bool {
    scene.dataset.with(|d| d.as_ref().is_some_and(|d| matches!(d.target, TargetField::Answer { .. })))
}

fn writing(scene: PanelState) -> AnyView {
    let seen = watched(scene);
    let said = said(move || seen.with(|s| s.as_ref().map(|(_, text)| text.chars().take(SAID).collect())));
    let language = language(scene);
    let aside = text(move || seen.with(|s| s.as_ref().map(|(step, _)| when(*step)).unwrap_or_default()));
    let words = text(move || {
        seen.with(|s| {
            s.as_ref().map_or_else(|| tr!("The network writes here as soon as it is open."), |s| s.1.clone())
        })
    });
    view! {
        <div class="block" data-testid="sample">
            <h3 class="block-title">
                {tr!("A sample that writes itself")}" "<span class="block-aside num">{aside}</span>
            </h3>
            <div
                class="sample-paper"
                class:waiting=flag(move || seen.with(Option::is_none))
                lang=move || language.get()
                tabindex="0"
                role="region"
                aria-label=tr!("What the network writes")
            >
                {words}
            </div>
            <p class="note">{tr!("It begins with the same random numbers each time: what changes is what the network has learned.")}</p>
            <p class="sr-only" role="status" aria-live="polite" lang=move || language.get()>{said}</p>
        </div>
    }
    .into_any()
}

/// The last sample and the step at which it was written. Views without one come in between.
fn watched(scene: PanelState) -> RwSignal<Option<(u32, String)>> {
    let tokens = memo(move || {
        let lines = scene.dataset.with(|d| d.as_ref()?.text.as_ref().map(|text| text.lines))?;
        Some(if lines { LINES } else { GOES_ON })
    });
    let need = scene.lab.watch_here();
    effect(move |_| {
        let tokens = tokens.get();
        need(move |watch| watch.sample = tokens.map(continuation));
    });
    let last = RwSignal::new(None);
    effect(move |_| {
        scene.state.seen.with(|seen| match seen {
            None => last.set(None),
            Some(LiveView { step, sample: Some(written), .. }) => last.set(Some((*step, whole(written)))),
            Some(_) => (),
        });
    });
    last
}

fn continuation(tokens: u32) -> Continuation {
    let prompt = String::new();
    Continuation { prompt, tokens, temperature: 0.8, top_k: 0, top_p: 1.0, seed: 1, choices: false }
}

fn whole(written: &Written) -> String {
    written.tokens.iter().map(|token| token.text.as_str()).collect()
}
