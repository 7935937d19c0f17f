//! Under the header: the lesson's sentence, what happened, and the run of an earlier visit.

use super::scene::{Scene, scene};
use crate::spec::Preset;
use crate::ui::charts::history::share;
use crate::ui::controls::icon::{Icon, icon};
use crate::ui::controls::live::{part, text};
use crate::ui::controls::words;
use crate::ui::language::{known, tr};
use crate::ui::lessons::Book;
use crate::ui::lessons::guide::guide;
use crate::ui::state::{Notice, NoticeLevel, SavedRun};
use leptos::prelude::*;

#[component]
pub fn Lead() -> impl IntoView {
    let scene = scene();
    let book = expect_context::<Book>();
    let sentence = text(move || {
        Preset::by_id(&scene.state.preset.get()).map_or_else(String::new, |p| known(p.sentence))
    });
    view! {
        <section class="lead" aria-label=tr!("This lesson")>
            {part(move || match scene.state.lesson.with(Option::is_some) {
                true => guide(book),
                false => view! { <p class="sentence" data-control="sentence" data-testid="sentence">{sentence}</p> }.into_any(),
            })}
            <div class="notices">
                {part(move || scene.state.offer.get().map(|saved| offer(scene, &saved)))}
                <For each=move || scene.state.notices.get() key=|n| n.id children=move |n| notice(scene, n) />
            </div>
        </section>
    }
    .into_any()
}

fn notice(scene: Scene, notice: Notice) -> AnyView {
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

fn offer(scene: Scene, saved: &SavedRun) -> AnyView {
    let step = saved.progress.as_ref().map_or(0, |p| p.step);
    let reached =
        saved.evaluations.last().map(|e| (words::percent(share(e), e.count), words::count(e.count.into())));
    let when = words::ago(js_sys::Date::now() - saved.saved_at);
    let step = words::count(step.into());
    let what = match reached {
        Some((share, of)) => tr!("You trained this to {} of {} (step {}) {}.", share, of, step, when),
        None => tr!("You trained this (step {}) {}.", step, when),
    };
    view! {
        <div class="notice news" role="status" data-testid="offer">
            {icon(Icon::Info)}
            <p class="num">{what}</p>
            <div class="buttons">
                <button type="button" class="button strong" on:click=move |_| scene.lab.resume_offer()>{tr!("Continue")}</button>
                <button type="button" class="button" on:click=move |_| scene.lab.discard_offer()>{tr!("Discard")}</button>
            </div>
        </div>
    }
    .into_any()
}
