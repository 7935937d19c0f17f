//! The front page: the lecture as a path. `tools/build/lecture.rs` writes the same markup for the first paint.

use super::LessonState;
use crate::lesson::{LecturePart, Listed};
use crate::spec::{PRESETS, Page, Preset};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;

#[component]
pub fn Front() -> impl IntoView {
    let book = expect_context::<LessonState>();
    view! {
        <main class="front" id="lecture" tabindex="-1">
            {start(book)}
            <div class="parts">
                {of_part(book, LecturePart::Data, tr!("Data"))}
                {of_part(book, LecturePart::Model, tr!("Model"))}
            </div>
            {labs(book)}
            {crate::ui::offline::take_all()}
        </main>
    }
    .into_any()
}

/// Where to begin, or to go on.
fn start(book: LessonState) -> AnyView {
    let place = memo(move || {
        let begun = |l: &Listed| {
            let reached = book.progress.with(|p| p.of(&l.id));
            (!reached.steps.is_empty(), reached.steps.len() < l.steps)
        };
        let all = super::listed();
        let going = all.iter().find(|l| begun(l) == (true, true));
        let fresh = all.iter().find(|l| !begun(l).0);
        let on = all.iter().any(|l| begun(l).0);
        going.or(fresh).or(all.first()).cloned().map(|lesson| (lesson, on))
    });
    part(move || {
        place.get().map(|(lesson, on)| {
            let words = if on { tr!("Go on: {}", lesson.title) } else { tr!("Begin: {}", lesson.title) };
            let id = lesson.id.clone();
            let open = move |event: leptos::ev::MouseEvent| follow(book, &event, &id);
            view! {
                <p class="front-start">
                    <a class="play front-begin" href=format!("#lesson={}", lesson.id) on:click=open>{icon(Icon::Play)}<span>{words}</span></a>
                    <a class="front-slides" href="slides/">{tr!("The lecture as slides")}</a>
                </p>
            }
        })
    })
}

/// A click in this tab opens it here; any other is the browser's.
fn follow(book: LessonState, event: &leptos::ev::MouseEvent, id: &str) {
    if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
        return;
    }
    event.prevent_default();
    book.scene.lab.open_lesson(id);
}

fn of_part(book: LessonState, of: LecturePart, title: String) -> AnyView {
    let rows =
        super::listed().into_iter().filter(|lesson| lesson.part == of).map(|lesson| stop(book, lesson));
    view! {
        <section class="part">
            <h2 class="panel-title">{title}</h2>
            <ol class="path">{rows.collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn stop(book: LessonState, lesson: Listed) -> AnyView {
    let Listed { id, topic, title, sentence, minutes, goal, steps, .. } = lesson;
    let reached = {
        let id = id.clone();
        memo(move || book.progress.with(|p| p.of(&id)))
    };
    let href = format!("#lesson={id}");
    let open = move |event: leptos::ev::MouseEvent| follow(book, &event, &id);
    let far = move || {
        let count = reached.with(|r| r.steps.len());
        (count > 0)
            .then(|| view! { <span class="stop-far">{tr!("{} of {} steps done", count, steps)}</span> })
    };
    let goal = text(move || match reached.with(|r| r.goal) {
        true => tr!("Goal reached: {}", goal),
        false => tr!("Goal: {}", goal),
    });
    view! {
        <li class="stop" class:reached=flag(move || reached.with(|r| r.goal))>
            <a class="stop-link" href=href on:click=open>
                <span class="stop-topic">{topic}</span>
                <h3 class="stop-title">{title}</h3>
            </a>
            <p class="stop-sentence">{sentence}</p>
            <p class="stop-goal"><span>{tr!("{} minutes", minutes)}</span><span>{goal}</span>{part(far)}</p>
        </li>
    }
    .into_any()
}

/// The same labs, without a lesson.
fn labs(book: LessonState) -> AnyView {
    let row = |preset: &'static Preset| {
        view! {
            <li>
                <a href=format!("#preset={}", preset.id) on:click=move |event: leptos::ev::MouseEvent| {
                    event.prevent_default();
                    book.scene.lab.open_preset(preset.id);
                }>{known(preset.title)}</a>
            </li>
        }
    };
    let rows = PRESETS.iter().filter(|p| p.page != Page::Lecture).map(row).collect_view();
    view! {
        <section class="front-more">
            <h2 class="block-title">{tr!("Straight to a lab")}</h2>
            <ul class="front-labs">{rows}</ul>
        </section>
    }
    .into_any()
}
