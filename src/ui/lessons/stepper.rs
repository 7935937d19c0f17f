//! The guide through the lesson that is open, in place of the page's sentence: what the lesson is about, and below it
//! the step that is shown (`task`), which stays in sight.

use super::lesson_state::LessonState;
use super::task;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use crate::ui::top::TITLE;
use leptos::prelude::*;

pub fn guide(book: LessonState) -> AnyView {
    let listed = memo(move || book.listed());
    let title = move || listed.get().map(|l| l.title).unwrap_or_default();
    let intro = memo(move || book.lesson().map(|lesson| lesson.intro).unwrap_or_default());
    view! {
        <section class="guide" aria-label=text(move || tr!("Lesson: {}", title())) data-testid="guide">
            <div class="guide-head">
                <div class="guide-title">
                    <p class="guide-topic">{text(move || listed.get().map(|l| l.topic).unwrap_or_default())}</p>
                    <h2 id=TITLE tabindex="-1">{text(title)}</h2>
                </div>
                {part(move || (!intro.with(String::is_empty)).then(|| view! {
                    <div class="guide-prose" inner_html=intro.get()></div>
                }))}
                <div class="guide-aim">
                    {goal(book)}
                    <button type="button" class="quiet guide-leave" on:click=move |_| book.leave()>
                        {icon(Icon::Cross)}
                        <span>{tr!("Leave the lesson")}</span>
                    </button>
                </div>
            </div>
            {part(move || (!book.scene.narrow.get()).then(|| task::task(book)))}
        </section>
    }
    .into_any()
}

fn goal(book: LessonState) -> AnyView {
    let reached = move || book.reached().goal;
    let goal = move || book.listed().map(|l| l.goal).unwrap_or_default();
    view! {
        <p class="guide-goal" class:reached=flag(reached) data-testid="guide-goal">
            {part(move || reached().then(|| icon(Icon::Tick)))}
            <span>{text(move || if reached() { tr!("Goal reached: {}", goal()) } else { tr!("Goal: {}", goal()) })}</span>
        </p>
    }
    .into_any()
}
