//! Under the header: the lesson's sentence, what happened, and the run of an earlier visit.

use super::panel_state::{PanelState, scene};
use crate::datasets::rows;
use crate::spec::Preset;
use crate::ui::charts::score::{score, scored};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, part, text};
use crate::ui::language::{known, tr};
use crate::ui::lessons::LessonState;
use crate::ui::lessons::stepper::guide;
use crate::ui::state::{Notice, NoticeLevel};
use crate::ui::store::run::{Offer, SavedRun};
use crate::ui::top::TITLE;
use leptos::prelude::*;

#[component]
pub fn Lead() -> impl IntoView {
    let scene = scene();
    let book = expect_context::<LessonState>();
    let sentence = text(move || {
        if scene.state.spec.with(|s| s.data.id == rows::OWN.about.id) {
            return tr!(
                "A table of your own. Choose the column that is to be learned, press Play, then fill in a row of which you do not know it."
            );
        }
        Preset::by_id(&scene.state.preset.get()).map_or_else(String::new, |p| known(p.sentence))
    });
    view! {
        <section class="lead" class:guided=flag(move || scene.state.lesson.with(Option::is_some)) aria-label=tr!("This lesson")>
            {part(move || match scene.state.lesson.with(Option::is_some) {
                true => guide(book),
                false => view! { {title(scene)}<p class="sentence" data-control="sentence" data-testid="sentence">{sentence}</p> }.into_any(),
            })}
            <div class="notices">
                {part(move || offers(scene, scene.state.offers.get()))}
                <For each=move || scene.state.notices.get() key=|n| n.id children=move |n| notice(scene, n) />
            </div>
        </section>
    }
    .into_any()
}

/// What is open, for who does not see the choice in the header; `top` takes the focus to it.
fn title(scene: PanelState) -> AnyView {
    let words =
        text(move || Preset::by_id(&scene.state.preset.get()).map_or_else(String::new, |p| known(p.title)));
    view! { <h2 class="sr-only" id=TITLE tabindex="-1">{words}</h2> }.into_any()
}

fn notice(scene: PanelState, notice: Notice) -> AnyView {
    let Notice { id, level, what, advice } = notice;
    let (class, role, shape) = match level {
        NoticeLevel::Problem => ("notice problem", "alert", Icon::Alert),
        NoticeLevel::News => ("notice news", "status", Icon::Info),
    };
    view! {
        <div class=class role=role data-testid="notice">
            {icon(shape)}
            <p><strong>{known(&what)}</strong>" "{known(&advice)}</p>
            <button type="button" class="quiet" on:click=move |_| scene.lab.dismiss(id)>
                {icon(Icon::Cross)}
                <span>{tr!("Dismiss")}</span>
            </button>
        </div>
    }
    .into_any()
}

/// The first run of an earlier visit, and behind a word the others.
fn offers(scene: PanelState, offers: Vec<Offer>) -> Option<AnyView> {
    let mut offers = offers.into_iter();
    let first = offers.next()?;
    let others: Vec<_> = offers.collect();
    let list = (!others.is_empty()).then(|| {
        let words = tr!("{n} other run is kept" | "{n} other runs are kept" % others.len());
        let lines = others
            .into_iter()
            .map(|other| view! { <li><p class="num">{line(scene, &other.run)}</p>{choices(scene, other)}</li> });
        view! { <details class="offers-others"><summary>{words}</summary><ul>{lines.collect_view()}</ul></details> }
    });
    let view = view! {
        <div class="notice news" role="status" data-testid="offer">
            {icon(Icon::Info)}
            <p class="num">{line(scene, &first.run)}</p>
            {choices(scene, first)}
            {list}
        </div>
    };
    Some(view.into_any())
}

/// What is offered; a run of another lab than the one that is shown says of which.
fn line(scene: PanelState, run: &SavedRun) -> String {
    let elsewhere = Preset::by_id(&run.preset).filter(|p| p.id != scene.state.preset.get());
    elsewhere.map_or_else(|| told(run), |p| format!("{}: {}", known(p.title), told(run)))
}

fn told(run: &SavedRun) -> String {
    let step = run.progress.as_ref().map_or(0, |p| p.step);
    let last = run.evaluations.last();
    let when = format::ago(js_sys::Date::now() - run.saved_at);
    let words = |step: u32| format::count(step.into());
    let Some(e) = last else { return tr!("You trained this (step {}) {}.", words(step), when) };
    let (share, of) = (score(e), scored(e));
    match e.step == step {
        true => tr!("You trained this to {} of {} (step {}) {}.", share, of, words(step), when),
        // What it reaches since is not known.
        false => tr!(
            "You trained this (step {}) {}; at step {} it reached {} of {}.",
            words(step),
            when,
            words(e.step),
            share,
            of
        ),
    }
}

fn choices(scene: PanelState, offer: Offer) -> AnyView {
    let again = offer.clone();
    view! {
        <div class="buttons">
            <button type="button" class="button strong" on:click=move |_| scene.lab.resume_offer(offer.clone())>{tr!("Continue")}</button>
            <button type="button" class="button" on:click=move |_| scene.lab.discard_offer(again.clone())>{tr!("Discard")}</button>
        </div>
    }
    .into_any()
}
