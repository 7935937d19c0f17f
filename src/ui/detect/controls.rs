//! How sure a box must be, and which of several around one thing stays: at once, or step by step.

use super::state::{Candidate, Finder, LEAST, class_name};
use crate::detection::suppression::Fate;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

pub fn view(desk: Finder) -> AnyView {
    view! {
        <div class="detect-controls">
            {slider(tr!("Show boxes that score at least"), "score", desk.least, [LEAST, 0.95], desk)}
            <label class="detect-switch">
                <input
                    type="checkbox"
                    data-control="suppress"
                    prop:checked=flag(move || desk.suppressed.get())
                    on:change=move |e| {
                        desk.walked.set(None);
                        desk.suppressed.set(event_target_checked(&e));
                        if !event_target_checked(&e) {
                            desk.scene.state.count_action("raw_boxes");
                        }
                    }
                />
                {tr!("One box for each thing (non-maximum suppression)")}
            </label>
            {part(move || desk.suppressed.get().then(|| view! {
                {slider(tr!("A box goes if it overlaps a better one by"), "iou", desk.iou, [0.05, 0.95], desk)}
                {steps(desk)}
            }))}
            {part(move || (!desk.suppressed.get()).then(|| view! {
                <p class="note">{tr!("Every place of the network’s maps proposes a box; around one thing many places do.")}</p>
            }))}
        </div>
    }
    .into_any()
}

fn slider(
    label: String,
    control: &'static str,
    value: RwSignal<f64>,
    [from, to]: [f64; 2],
    desk: Finder,
) -> AnyView {
    let slide = move |event: web_sys::Event| {
        if let Ok(wanted) = event_target_value(&event).parse::<f64>() {
            desk.walked.set(None);
            desk.pointed.set(None);
            value.set(wanted.clamp(from, to));
            if control == "score" {
                desk.scene.state.count_action("scored");
            }
        }
    };
    view! {
        <label class="detect-slider">
            <span>{label}" "<output class="num">{text(move || format::decimals(value.get(), 2))}</output></span>
            <input
                type="range"
                min=from.to_string()
                max=to.to_string()
                step="0.01"
                data-control=control
                style:--share=text(move || ((value.get() - from) / (to - from)).to_string())
                prop:value=text(move || value.get().to_string())
                on:input=slide
            />
        </label>
    }
    .into_any()
}

/// From the surest box down: what becomes of each, and why.
fn steps(desk: Finder) -> AnyView {
    let count = move || desk.candidates().len();
    let go = move |to: Option<usize>| {
        desk.walked.set(to);
        if to.is_some() {
            desk.scene.state.count_action("walked_box");
        }
        let said = untrack(move || sentence(desk));
        desk.scene.announcement.set(said);
    };
    part(move || {
        match desk.walked.get() {
        None => view! {
            <button
                type="button"
                class="quiet"
                data-control="step-by-step"
                disabled=flag(move || count() == 0)
                on:click=move |_| go(Some(1))
            >
                {icon(Icon::Step)}
                {tr!("Step by step")}
            </button>
        }
        .into_any(),
        Some(at) => view! {
            <div class="detect-walk" role="group" aria-label=tr!("Step by step")>
                <p class="num" data-testid="detect-step">{text(move || sentence(desk))}</p>
                <div class="buttons">
                    <button type="button" class="button" disabled=flag(move || at <= 1) on:click=move |_| go(Some(at - 1))>
                        {tr!("Back")}
                    </button>
                    <button type="button" class="button strong" disabled=flag(move || at >= count()) on:click=move |_| go(Some(at + 1))>
                        {icon(Icon::Next)}
                        {tr!("Next box")}
                    </button>
                    <button type="button" class="button" on:click=move |_| go(None)>{tr!("Done")}</button>
                </div>
            </div>
        }
        .into_any(),
    }
    })
}

fn sentence(desk: Finder) -> String {
    let Some(at) = desk.walked.get() else { return String::new() };
    let all = desk.candidates();
    let Some(one) = at.checked_sub(1).and_then(|at| all.get(at)) else { return String::new() };
    let named =
        |one: &Candidate| format!("{} {}", class_name(one.found.class), format::chance(one.found.score));
    let place = tr!("Box {} of {}: {}.", at, all.len(), named(one));
    let fate = match one.fate {
        Fate::Kept => tr!("No surer box of its kind covers nearly the same: it stays."),
        Fate::Covered { by, iou } => {
            let rival = all.get(by).map(named).unwrap_or_default();
            tr!(
                "Its overlap with box {} ({}) is {}: it goes.",
                by + 1,
                rival,
                format::decimals(iou.into(), 2)
            )
        }
    };
    format!("{place} {fate}")
}
