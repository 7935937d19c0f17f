//! The guide through the lesson that is open: in place of the page's sentence, one short step at a time.

use super::book::Book;
use super::point;
use crate::lesson::{Answer, Done, Step};
use crate::ui::controls::icon::{Icon, icon, icon_of};
use crate::ui::controls::live::{flag, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

pub fn guide(book: Book) -> AnyView {
    let listed = Memo::new(move |_| book.listed());
    let title = move || listed.get().map(|l| l.title).unwrap_or_default();
    view! {
        <section class="guide" aria-label=text(move || tr!("Lesson: {}", title())) data-testid="guide">
            <div class="guide-head">
                <p class="guide-title">
                    <span class="guide-topic">{text(move || listed.get().map(|l| l.topic).unwrap_or_default())}</span>
                    " "
                    <strong>{text(title)}</strong>
                </p>
                {goal(book)}
                {steps(book)}
            </div>
            <div class="guide-step" aria-live="polite" data-testid="guide-step">
                {part(move || match (book.step(), book.missing.get()) {
                    (Some(step), _) => one(book, &step),
                    (None, false) => view! { <p class="skeleton-text">{tr!("One moment")}</p> }.into_any(),
                    (None, true) => missing(book),
                })}
            </div>
            {buttons(book)}
        </section>
    }
    .into_any()
}

fn goal(book: Book) -> AnyView {
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

/// A number for each step; a tick for those that are done.
fn steps(book: Book) -> AnyView {
    let count = Memo::new(move |_| book.listed().map_or(0, |l| l.steps));
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

fn one(book: Book, step: &Step) -> AnyView {
    let first = book.at.get_untracked() == 0;
    let intro = first.then(|| untrack(move || book.lesson())).flatten().map(|lesson| lesson.intro);
    let answers = match &step.done {
        Done::Answered(answers) => question(book, answers),
        Done::When(_) => ().into_any(),
    };
    view! {
        {intro.filter(|intro| !intro.is_empty()).map(|intro| view! { <div class="guide-prose" inner_html=intro></div> })}
        <h2 class="guide-step-title">{step.title.clone()}</h2>
        <div class="guide-prose" inner_html=step.text.clone()></div>
        {answers}
    }
    .into_any()
}

/// Answers to choose from, and what there is to say to the one that was chosen.
fn question(book: Book, answers: &[Answer]) -> AnyView {
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
        let verdict = if answer.right { tr!("Right:") } else { tr!("Not quite:") };
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

fn missing(book: Book) -> AnyView {
    view! {
        <p>
            {tr!("The lesson’s text could not be fetched. The lab works without it.")}" "
            <button type="button" class="button" on:click=move |_| book.fetch()>{tr!("Try again")}</button>
        </p>
    }
    .into_any()
}

fn buttons(book: Book) -> AnyView {
    let place = move || book.step().and_then(|step| point::place(&step.show?));
    let done = move || book.reached().steps.contains(&book.at.get());
    let last = move || book.lesson().is_none_or(|lesson| book.at.get() + 1 >= lesson.steps.len());
    let show = move |_| {
        if let Some(place) = untrack(place) {
            point::to(book.scene, place);
        }
        book.shown();
    };
    let next = move |_| book.go(book.at.get_untracked() + 1);
    view! {
        <div class="guide-buttons">
            <p class="guide-state" class:done=flag(done) data-testid="guide-state">
                {icon_of(move || if done() { Icon::Tick } else { Icon::Minus })}
                <span>{text(move || if done() { tr!("Done") } else { tr!("Not done yet") })}</span>
            </p>
            {part(move || place().is_some().then(|| view! {
                <button type="button" class="button" on:click=show>{tr!("Show me")}</button>
            }))}
            {part(move || (!last()).then(|| view! {
                <button type="button" class="button" class:strong=flag(done) on:click=next>{tr!("Next")}</button>
            }))}
            {part(move || last().then(|| after(book, done())))}
            <button type="button" class="quiet guide-leave" on:click=move |_| book.leave()>
                {icon(Icon::Cross)}
                <span>{tr!("Leave the lesson")}</span>
            </button>
        </div>
    }
    .into_any()
}

/// The way on from the last step.
fn after(book: Book, done: bool) -> AnyView {
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
