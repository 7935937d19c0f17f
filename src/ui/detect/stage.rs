//! The picture with a box around each thing, and below how sure it must be and how one box of many is kept.

use super::state::Finder;
use super::{boxes, controls, give, own, truth};
use crate::protocol::Failure;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{part, text};
use crate::ui::language::{known, tr};
use crate::ui::pictures::queue::WeightsState;
use crate::ui::pictures::{samples, upload};
use leptos::prelude::*;

pub fn panel(desk: Finder) -> AnyView {
    view! {
        <section class="vision-panel sees-panel detect-panel" id="vision-sees" tabindex="-1" aria-labelledby="title-sees">
            <h2 class="panel-title" id="title-sees">{tr!("Where it is")}</h2>
            {part(move || picture(desk))}
            {part(move || desk.answer.get().map(|_| view! { {controls::view(desk)} {own::panel(desk)} {truth::panel(desk)} }))}
            {samples::credit_of(move || desk.picture.with(|shown| shown.as_ref().and_then(|s| s.sample.clone())))}
        </section>
    }
    .into_any()
}

fn picture(desk: Finder) -> Option<AnyView> {
    let shown = desk.picture.get()?;
    let name = shown.name.clone();
    let label = text(move || tr!("{0}: {1}", name, desk.in_words()));
    Some(
        view! {
            <div class="detect-stage" role="img" aria-label=label data-testid="detect-stage">
                <img class="detect-picture" src=shown.address alt="" />
                {boxes::layer(desk)}
                {own::layer(desk)}
            </div>
            {part(move || instead(desk))}
        }
        .into_any(),
    )
}

/// Words while there are no boxes: it is being looked at, or it could not be.
fn instead(desk: Finder) -> Option<AnyView> {
    if desk.answer.with(Option::is_some) {
        return None;
    }
    if let WeightsState::Failed(failure) = desk.weights.get() {
        return Some(upload::refused(give::coming(desk), &failure));
    }
    Some(match desk.trouble.get() {
        Some(failure) => failed(&failure),
        None if desk.weights.get() == WeightsState::Coming => upload::coming(give::coming(desk)),
        None => view! { <p class="note" role="status">{tr!("Looking at it")}</p> }.into_any(),
    })
}

fn failed(failure: &Failure) -> AnyView {
    view! {
        <div class="refused" role="alert" data-testid="refused">
            {icon(Icon::Alert)}
            <p><strong>{known(&failure.what)}</strong>" "{known(&failure.advice)}</p>
        </div>
    }
    .into_any()
}
