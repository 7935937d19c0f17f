//! The step that is shown: what to do, whether it is done, and the way on. It stays in sight: at the top of a large
//! screen; on a phone above the bar at the bottom, where it can be folded to its title.

use super::lesson_state::LessonState;
use crate::lesson::{Answer, Done, Step, VARIED};
use crate::ui::components::icon::{Icon, icon, icon_of};
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// Where a phone has it.
pub fn in_the_foot() -> AnyView {
    let book = expect_context::<LessonState>();
    let here = memo(move || book.scene.narrow.get() && book.scene.state.lesson.with(Option::is_some));
    part(move || here.get().then(|| task(book)))
}

pub fn task(book: LessonState) -> AnyView {
    let folded = move || book.scene.narrow.get() && book.folded.get();
    view! {
        <div class="guide-now" class:folded=flag(folded) role="region" aria-label=tr!("This step") data-testid="guide-now">
            {steps(book)}
            <div class="guide-step" aria-live="polite" data-testid="guide-step">
                {gave_way(book)}
                {part(move || match (book.step(), book.missing.get()) {
                    (Some(step), _) => one(book, &step),
                    (None, false) => view! { <p class="skeleton-text">{tr!("One moment")}</p> }.into_any(),
                    (None, true) => missing(book),
                })}
                {part(move || book.nowhere.get().then(|| view! {
                    <p class="guide-nowhere">{tr!("This link leaves out the part of the page that this step is about.")}</p>
                }))}
            </div>
            {buttons(book)}
        </div>
    }
    .into_any()
}

/// A number for each step; a tick for those that are done.
fn steps(book: LessonState) -> AnyView {
    let count = memo(move || book.listed().map_or(0, |l| l.steps));
    let button = move |step: usize| {
        let done = move || book.reached().steps.contains(&step);
        let label = move || {
            let state = if done() { tr!("done") } else { tr!("not done yet") };
            tr!("Step {} of {}: {}", step + 1, count.get(), state)
        };
        view! {
            <li>
                <button
                    type="button"
                    class="guide-dot num"
                    class:done=flag(done)
                    aria-label=text(label)
                    aria-current=move || (book.at.get() == step).then_some("step")
                    on:click=move |_| book.go(step)
                >
                    {part(move || if done() { icon(Icon::Tick) } else { (step + 1).to_string().into_any() })}
                </button>
            </li>
        }
        .into_any()
    };
    view! { <ol class="guide-dots" aria-label=tr!("Steps")>{part(move || (0..count.get()).map(button).collect_view())}</ol> }
        .into_any()
}

/// The step before was done, and this one opened by itself.
fn gave_way(book: LessonState) -> AnyView {
    part(move || {
        book.gave_way.get().map(|step| {
            view! {
                <p class="guide-gave-way">
                    {icon(Icon::Tick)}
                    <span>{tr!("Step {} is done.", step + 1)}</span>
                    <button type="button" class="quiet" on:click=move |_| book.take_back()>
                        {icon(Icon::Undo)}
                        <span>{tr!("Back to it")}</span>
                    </button>
                </p>
            }
        })
    })
}

fn one(book: LessonState, step: &Step) -> AnyView {
    let answers = match &step.done {
        Done::Answered(answers) => question(book, answers),
        Done::Asked(question) => about_the_run(book, question == VARIED),
        Done::When(_) => ().into_any(),
    };
    let title = step.title.clone();
    let heading = part(move || {
        let title = title.clone();
        match book.scene.narrow.get() {
            false => title.into_any(),
            true => view! {
                <button
                    type="button"
                    class="guide-fold"
                    aria-expanded=text(move || (!book.folded.get()).to_string())
                    on:click=move |_| book.folded.update(|folded| *folded = !*folded)
                >
                    <span class="guide-count num">{counted(book)}</span>
                    <span class="guide-fold-title">{title}</span>
                    {icon_of(move || if book.folded.get() { Icon::Up } else { Icon::Down })}
                </button>
            }
            .into_any(),
        }
    });
    view! {
        <h3 class="guide-step-title">{heading}</h3>
        <div class="guide-body">
            <div class="guide-prose" inner_html=step.text.clone()></div>
            {answers}
        </div>
    }
    .into_any()
}

/// “2/5”, for where the dots have no room.
fn counted(book: LessonState) -> String {
    format!("{}/{}", book.at.get() + 1, book.listed().map_or(0, |lesson| lesson.steps))
}

/// Computed from the last test, or from drawings; there is nothing to answer before them.
fn about_the_run(book: LessonState, drawings: bool) -> AnyView {
    part(move || {
        let answers = book.asked.get();
        let first = match drawings {
            true => tr!(
                "Have nine endings of one beginning drawn at 0.1 and at 1 first: the answers come from them."
            ),
            false => tr!("Train it first: the answers come from your own run."),
        };
        match answers.is_empty() {
            true => view! { <p class="guide-why">{first}</p> }.into_any(),
            false => question(book, &answers),
        }
    })
}

/// Answers to choose from, and what there is to say to the one that was chosen.
fn question(book: LessonState, answers: &[Answer]) -> AnyView {
    let rows = answers.iter().enumerate().map(|(at, answer)| {
        let right = answer.right;
        let chosen = move || book.chosen.get() == Some(at);
        view! {
            <button
                type="button"
                class="button guide-answer"
                class:right=flag(move || chosen() && right)
                class:wrong=flag(move || chosen() && !right)
                aria-pressed=text(move || chosen().to_string())
                on:click=move |_| book.answer(at)
            >
                {part(move || chosen().then(|| icon(if right { Icon::Tick } else { Icon::Cross })))}
                <span inner_html=answer.text.clone()></span>
            </button>
        }
    });
    let rows = rows.collect_view();
    let answers = answers.to_vec();
    let why = move || {
        let answer = answers.get(book.chosen.get()?)?.clone();
        let verdict = if answer.right { tr!("Right.") } else { tr!("Not quite:") };
        Some(
            view! { <p class="guide-why"><strong>{verdict}</strong>" "<span inner_html=answer.why></span></p> },
        )
    };
    view! {
        <div class="guide-answers" role="group" aria-label=tr!("Answers")>{rows}</div>
        {part(why)}
    }
    .into_any()
}

fn missing(book: LessonState) -> AnyView {
    view! {
        <p>
            {tr!("The lesson’s text could not be fetched. The lab works without it.")}" "
            <button type="button" class="button" on:click=move |_| book.fetch()>{tr!("Try again")}</button>
        </p>
    }
    .into_any()
}

fn buttons(book: LessonState) -> AnyView {
    let place = move || book.step().is_some_and(|step| step.place().is_some());
    let done = memo(move || book.is_done());
    let last = move || book.lesson().is_none_or(|lesson| book.at.get() + 1 >= lesson.steps.len());
    let next = move |_| book.go(book.at.get_untracked() + 1);
    view! {
        <div class="guide-buttons">
            <p class="guide-state" class:done=flag(move || done.get()) data-testid="guide-state">
                {icon_of(move || if done.get() { Icon::Tick } else { Icon::Minus })}
                <span>{text(move || if done.get() { tr!("Done") } else { tr!("Not done yet") })}</span>
            </p>
            {part(move || place().then(|| view! {
                <button type="button" class="button guide-show" on:click=move |_| book.show()>{tr!("Show me")}</button>
            }))}
            {part(move || (!last()).then(|| view! {
                <button type="button" class="button" class:strong=flag(move || done.get()) on:click=next>{tr!("Next")}</button>
            }))}
            {part(move || last().then(|| after(book, done.get())))}
        </div>
    }
    .into_any()
}

/// The way on from the last step.
fn after(book: LessonState, done: bool) -> AnyView {
    let class = if done { "button strong" } else { "button" };
    match book.next_lesson() {
        Some(lesson) => {
            let id = lesson.id.clone();
            let go = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                book.scene.lab.open_lesson(&id);
            };
            view! { <a class=class href=format!("#lesson={}", lesson.id) on:click=go>{tr!("Next lesson: {}", lesson.title)}</a> }
                .into_any()
        }
        None => view! {
            <button type="button" class=class on:click=move |_| book.scene.lab.open_preset("lecture")>
                {tr!("All lessons")}
            </button>
        }
        .into_any(),
    }
}
