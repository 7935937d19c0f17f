//! Nine endings of one beginning side by side, and how far apart the pens are at each temperature.

use super::play;
use super::state::{Ending, SketchState};
use crate::sketch::moves::{path, window};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::reactive::{flag, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use std::sync::Arc;

pub fn panel(desk: SketchState) -> AnyView {
    view! {
        <section class="vision-panel sketch-right" aria-labelledby="title-endings" data-testid="sketch-endings">
            <h2 class="panel-title" id="title-endings">{tr!("Several at once")}</h2>
            <p class="panel-lead">
                {tr!("The same beginning, nine times. What differs is chance alone: the temperature says how much.")}
            </p>
            <div class="buttons">
                <button
                    type="button"
                    class="button"
                    data-testid="sketch-nine"
                    disabled=flag(move || desk.working.get())
                    on:click=move |_| desk.finish_nine()
                >
                    {icon(Icon::Picture)}
                    {tr!("Nine endings")}
                </button>
            </div>
            {part(move || grid(desk))}
            {part(move || measured(desk))}
        </section>
    }
    .into_any()
}

fn grid(desk: SketchState) -> Option<AnyView> {
    let nine = desk.nine.get();
    if nine.is_empty() {
        return None;
    }
    let cells = nine.into_iter().enumerate().map(|(at, ending)| cell(desk, at, ending)).collect_view();
    Some(view! { <ol class="sketch-grid" role="list">{cells}</ol> }.into_any())
}

/// A click takes the ending to the paper.
fn cell(desk: SketchState, at: usize, ending: Arc<Ending>) -> AnyView {
    let own = untrack(move || desk.strokes.get());
    let [left, top, side] = window(&ending.strokes);
    let view_box = format!("{left:.1} {top:.1} {side:.1} {side:.1}");
    let (own, drawn) = (path(&own), path(&ending.strokes));
    let here = ending.clone();
    let chosen = move || desk.ending.with(|now| now.as_ref().is_some_and(|now| *now == here));
    view! {
        <li>
            <button
                type="button"
                class="sketch-cell"
                aria-label=tr!("Ending {}: put it on the paper", at + 1)
                aria-pressed=text(move || chosen().to_string())
                on:click=move |_| play::show(desk, ending.clone())
            >
                <svg viewBox=view_box aria-hidden="true">
                    <path class="sketch-own" d=own />
                    <path class="sketch-ending" d=drawn />
                </svg>
            </button>
        </li>
    }
    .into_any()
}

fn measured(desk: SketchState) -> Option<AnyView> {
    let all = desk.measured.get();
    if all.is_empty() {
        return None;
    }
    let most = all.iter().map(|one| one.spread).fold(0.0, f64::max).max(1e-9);
    let row = |one: super::state::Measured| {
        let share = format!("width:{:.1}%", one.spread / most * 100.0);
        view! {
            <tr>
                <th scope="row" class="num">{format::plain(one.temperature)}</th>
                <td class="sketch-bar"><i style=share></i></td>
                <td class="num">{format::percent(one.spread, 1000)}</td>
            </tr>
        }
        .into_any()
    };
    Some(
        view! {
            <table class="sketch-measured" data-testid="sketch-measured">
                <caption>{tr!("How far apart the nine pens are")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{tr!("Temperature")}</th>
                        <th scope="col" colspan="2">{tr!("Share of the paper’s side")}</th>
                    </tr>
                </thead>
                <tbody>{all.into_iter().map(row).collect_view()}</tbody>
            </table>
            <p class="note">
                {tr!("The distance of two pens, mean over all pairs and over the first ten moves of the endings.")}
            </p>
        }
        .into_any(),
    )
}
