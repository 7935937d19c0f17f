//! Try it, for series: from a step that the visitor chooses, the network goes on from its own predictions. It does so
//! while it learns, too.

use super::lines::{Line, Lines, points};
use super::truth::{info, name, truth};
use crate::protocol::{Continued, Request, Response, SeriesAnswer, SeriesInfo, SeriesQuestion};
use crate::ui::components::format;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::text::asking::{keep_asking, refusal, when};
use leptos::prelude::*;
use std::sync::Arc;

/// Steps that it goes on, and steps that are shown before them.
const STEPS: u32 = 100;
const BEFORE: u32 = 60;
/// It is asked again at most so often.
const MILLISECONDS: f64 = 800.0;

/// What was answered, or why it was not.
type Answer = Option<Result<Arc<Continued>, String>>;

#[component]
pub fn OnItsOwn() -> impl IntoView {
    let scene = scene();
    let info = info(scene);
    // None is the first held-out step, of whichever series is open.
    let chosen = RwSignal::new(None::<u32>);
    let length = memo(move || info.with(|i| i.as_ref().map(|i| (i.steps, i.window))));
    let from = memo(move || {
        let info = info.get()?;
        Some(chosen.get().unwrap_or(info.cut).clamp(info.window, info.steps))
    });
    let answer = continuation(scene, from);
    let all = truth(scene);
    let chart =
        part(move || Some(chart(scene, &info.get()?, &all.get().unwrap_or_default(), from.get()?, answer)));
    let slider = part(move || length.get().map(|(steps, window)| slider(steps, window, from, chosen)));
    view! {
        <h2 class="panel-title" id="title-try">{tr!("Try it")}</h2>
        <p class="panel-lead">{tr!("By itself: from the step that you choose on, the network reads its own predictions instead of what is true. It does so while it learns, too.")}</p>
        {chart}
        {slider}
        <p class="note num" data-testid="on-its-own-words">{text(move || words(scene, answer, &all.get().unwrap_or_default()))}</p>
        <p class="note">{text(move || info.with(|i| i.as_ref().map(|i| others(scene, i)).unwrap_or_default()))}</p>
        <p class="setting-error" role="alert">{text(move || answer.get().and_then(Result::err).unwrap_or_default())}</p>
    }
    .into_any()
}

fn continuation(scene: PanelState, from: Memo<Option<u32>>) -> RwSignal<Answer> {
    let answer: RwSignal<Answer> = RwSignal::new(None);
    let wanted = memo(move || {
        // Another network, or another run of the same one, says something else.
        scene.state.network.track();
        Some((from.get()?, scene.state.spec.with(|spec| spec.to_keys())))
    });
    keep_asking(scene, MILLISECONDS, wanted, move |(from, _)| async move {
        let question = SeriesQuestion::Continue { from, steps: STEPS };
        let told = match scene.lab.ask(Request::Series(question)).await {
            Ok(Response::Series(SeriesAnswer::Continued(found))) => Ok(Arc::new(found)),
            Ok(_) => return,
            Err(failure) => Err(refusal(&failure)),
        };
        // The view may be gone by then.
        let _ = answer.try_set(Some(told));
    });
    answer
}

fn chart(scene: PanelState, info: &SeriesInfo, all: &[f32], from: u32, answer: RwSignal<Answer>) -> AnyView {
    let first = from.saturating_sub(BEFORE) as usize;
    let (from, end) = (from as usize, (from + STEPS) as usize);
    let cut = (info.cut as usize).clamp(first, end);
    let said = answer.get().and_then(Result::ok).filter(|found| found.from as usize == from);
    let said = said.map(|found| {
        // It goes on from the last true value.
        let before = points(all, from.saturating_sub(1)..from);
        let steps = found.predicted.iter().enumerate();
        before.into_iter().chain(steps.map(|(at, value)| ((from + at) as f64, f64::from(*value)))).collect()
    });
    let line = |class, name, points| Line { class, name, points };
    Lines {
        test_id: "on-its-own",
        title: tr!("By itself"),
        unit: name(scene),
        from: first as f64,
        to: end as f64,
        truth: vec![
            line("series-train", tr!("to learn from"), points(all, first..cut + 1)),
            line("series-held", tr!("held out"), points(all, cut..end)),
        ],
        said: vec![line("series-own", tr!("what it says by itself"), said.unwrap_or_default())],
        mark: Some((from as f64, tr!("by itself from here"))),
    }
    .view()
}

fn slider(steps: u32, window: u32, from: Memo<Option<u32>>, chosen: RwSignal<Option<u32>>) -> AnyView {
    let at = move || from.get().unwrap_or(window);
    let share = text(move || {
        (f64::from(at().saturating_sub(window)) / f64::from((steps - window).max(1))).to_string()
    });
    let slide = move |event: web_sys::Event| {
        if let Ok(wanted) = event_target_value(&event).parse::<u32>() {
            chosen.set(Some(wanted));
        }
    };
    view! {
        <div class="series-from" data-testid="series-from">
            <label class="setting-name" for="series-from">{tr!("It begins at step")}</label>
            <output class="num" for="series-from">{text(move || format::count(u64::from(at())))}</output>
            <input
                id="series-from"
                type="range"
                min=window.to_string()
                max=steps.to_string()
                step="1"
                aria-valuetext=text(move || tr!("step {}", format::count(u64::from(at()))))
                style:--share=share
                prop:value=text(move || at().to_string())
                on:input=slide
            />
        </div>
    }
    .into_any()
}

/// How far it is off, as far as is known what came.
fn words(scene: PanelState, answer: RwSignal<Answer>, all: &[f32]) -> String {
    let Some(Ok(found)) = answer.get() else { return String::new() };
    let pairs = found.predicted.iter().zip(all.iter().skip(found.from as usize));
    let off: Vec<f64> =
        pairs.filter(|(_, truth)| !truth.is_nan()).map(|(a, b)| f64::from((a - b).abs())).collect();
    let begun = when(found.step);
    if off.is_empty() {
        return tr!("What comes here nobody knows yet ({}).", begun);
    }
    let mean = off.iter().sum::<f64>() / off.len() as f64;
    let count = format::count(off.len() as u64);
    tr!(
        "Over {} steps it is off by {} of “{}” on average ({}).",
        count,
        format::number(mean),
        name(scene),
        begun
    )
}

/// Numbers of a step that it does not predict.
fn others(scene: PanelState, info: &SeriesInfo) -> String {
    match info.given.is_empty() {
        true => String::new(),
        false => tr!(
            "Only “{}” is its own. What else it reads ({}) is the table’s, and behind the table’s end it stays as it was.",
            name(scene),
            info.given.join(", ")
        ),
    }
}
