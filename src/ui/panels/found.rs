//! A photo with several digits: each that was found, what it is read as, and which of them is looked at.

use super::panel_state::PanelState;
use crate::protocol::{FoundDigit, Picture};
use crate::ui::components::format;
use crate::ui::components::picture::still;
use crate::ui::components::reactive::{flag, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

pub fn found(scene: PanelState) -> AnyView {
    part(move || {
        let digits = scene.found.get();
        (digits.len() > 1).then(|| list(scene, digits))
    })
}

#[inline(never)]
fn list(scene: PanelState, digits: Vec<FoundDigit>) -> AnyView {
    let read: String = digits
        .iter()
        .filter_map(|digit| digit.prediction.as_ref())
        .map(|p| scene.prediction_words(p))
        .collect();
    let words = tr!("{} were found, each is read on its own: {}", digits.len(), read);
    let chosen = RwSignal::new(0);
    let buttons =
        digits.into_iter().enumerate().map(|(at, digit)| one(scene, chosen, at, digit)).collect_view();
    view! {
        <div class="found" data-testid="found">
            <p class="note" role="status">{words}</p>
            <div class="found-digits" role="group" aria-label=tr!("The digits of the photo")>{buttons}</div>
        </div>
    }
    .into_any()
}

fn one(scene: PanelState, chosen: RwSignal<usize>, at: usize, digit: FoundDigit) -> AnyView {
    let picture = still("thumb", scene.shape(), &digit.input);
    let (class, chance) = digit
        .prediction
        .as_ref()
        .map_or_else(Default::default, |p| (scene.prediction_words(p), format::chance(p.confidence())));
    let label = tr!("Digit {}: read as {}, {}", at + 1, class.clone(), chance.clone());
    let look = move |_| {
        chosen.set(at);
        scene.lab.look_at(Picture::Exact(digit.input.clone()));
    };
    view! {
        <button type="button" class="found-digit" aria-label=label aria-pressed=text(move || (chosen.get() == at).to_string())
            class:chosen=flag(move || chosen.get() == at) on:click=look>
            {picture}
            <span class="num"><strong>{class}</strong>" "{chance}</span>
        </button>
    }
    .into_any()
}
