//! What the network expects of the pen: an ellipse for each Gaussian of the mixture, the likelier the bolder, and how
//! likely the pen stays down, is lifted, or the drawing is over.

use super::play;
use super::state::SketchState;
use crate::sampling::stroke::NextMove;
use crate::sketch::moves::Point;
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;

/// Less likely ones would not be seen.
const LEAST: f32 = 0.01;
/// So faint is the least likely.
const FAINTEST: f32 = 0.12;

/// The switch, the move that is looked at, and what is expected there in words.
pub fn panel(desk: SketchState) -> AnyView {
    let turn = move |event: web_sys::Event| {
        desk.looks.set(event_target_checked(&event));
        if desk.looks.get_untracked() {
            desk.scene.state.count_action("expected");
            desk.look();
        }
    };
    view! {
        <div class="sketch-expects" data-testid="sketch-expects">
            <label class="sketch-switch">
                <input type="checkbox" prop:checked=flag(move || desk.looks.get()) on:change=turn />
                <span>{tr!("Show where the pen may go next")}</span>
            </label>
            {part(move || desk.looks.get().then(|| moves(desk)))}
        </div>
    }
    .into_any()
}

fn moves(desk: SketchState) -> AnyView {
    let last =
        memo(move || desk.expected.with(|all| all.as_ref().map_or(0, |all| all.len().saturating_sub(1))));
    let at = move || place(desk).min(last.get());
    let slide = move |event: web_sys::Event| {
        if let Ok(wanted) = event_target_value(&event).parse::<usize>() {
            desk.at.set(Some(wanted));
            desk.scene.state.count_action("expected");
        }
    };
    view! {
        <label class="sketch-slide">
            <span>{tr!("After move")}</span>
            <input
                type="range"
                min="0"
                max=text(move || last.get().to_string())
                step="1"
                aria-valuetext=text(move || tr!("{} of {}", at(), last.get()))
                style:--share=text(move || (at() as f64 / last.get().max(1) as f64).to_string())
                prop:value=text(move || at().to_string())
                on:input=slide
            />
            <span class="num">{text(move || tr!("{} of {}", at(), last.get()))}</span>
        </label>
        <p class="note" data-testid="sketch-expected">{text(move || now(desk).map_or_else(String::new, |(next, _)| words(desk, &next)))}</p>
        <p class="note">
            {tr!("Each ellipse is one of 20 places where the pen may go, the bolder the likelier; it is as wide as the network is unsure. A higher temperature makes them wider and more alike.")}
        </p>
    }
    .into_any()
}

/// The move that is looked at: chosen, or the pen's present one; tracked.
fn place(desk: SketchState) -> usize {
    let present = move || desk.begun().len() + desk.shown.get();
    desk.at.get().unwrap_or_else(present)
}

/// What is expected there, and where the pen is; tracked.
fn now(desk: SketchState) -> Option<(NextMove, Point)> {
    let all = desk.looks.get().then(|| desk.expected.get()).flatten()?;
    let at = place(desk).min(all.len().checked_sub(1)?);
    let places = desk.places();
    Some((all[at].clone(), *places.get(at).or(places.last())?))
}

/// “Down 92 %, lifted 7 %, over 1 %; 3 of 20 places have 80 % of the chance”
fn words(desk: SketchState, next: &NextMove) -> String {
    let temperature = desk.temperature.get() as f32;
    let [down, up, end] = next.pen(temperature).map(format::chance);
    let mut weights = next.weights(temperature);
    weights.sort_by(|a, b| b.total_cmp(a));
    let mut sum = 0.0;
    let most = weights.iter().position(|weight| {
        sum += weight;
        sum >= 0.8
    });
    let most = format::count(most.map_or(weights.len(), |at| at + 1) as u64);
    tr!(
        "After the next move the pen stays down: {}, is lifted: {}, the drawing is over: {}. The likeliest places, {} of 20, have 80 % of the chance.",
        down,
        up,
        end,
        most
    )
}

/// Over the paper, under the lines.
pub fn ellipses(desk: SketchState) -> AnyView {
    part(move || {
        let (next, (x, y)) = now(desk)?;
        // While the pen runs its place is enough.
        if play::is_drawing(desk) {
            return None;
        }
        let temperature = desk.temperature.get();
        let weights = next.weights(temperature as f32);
        let most = weights.iter().copied().fold(LEAST, f32::max);
        let one = |(gaussian, weight): (&crate::sampling::stroke::Gaussian, f32)| {
            let ellipse = gaussian.ellipse(temperature);
            let [right, down] = gaussian.mean.map(f64::from);
            let opacity = FAINTEST + (1.0 - FAINTEST) * weight / most;
            // A thin one is still seen.
            let [long, short] = [ellipse.long, ellipse.short].map(|radius| radius.max(4.0));
            view! {
                <ellipse
                    rx=format!("{long:.1}")
                    ry=format!("{short:.1}")
                    transform=format!("translate({:.1} {:.1}) rotate({:.1})", x + right, y + down, ellipse.degrees)
                    style=format!("--weight:{opacity:.2}")
                />
            }
            .into_any()
        };
        let likely = next.mixture.iter().zip(weights).filter(|(_, weight)| *weight >= LEAST);
        let drawn = likely.map(one).collect_view();
        Some(view! {
            <g class="sketch-ellipses" data-testid="sketch-ellipses">{drawn}</g>
            <circle class="sketch-pen" cx=format!("{x:.1}") cy=format!("{y:.1}") r="10" />
        })
    })
}
