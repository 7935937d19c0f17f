//! The dialog: the way so far, what the number is, where it lies, and its arithmetic.

use super::Way;
use super::labels::fixed;
use super::map_chooser::{chooser, focus_chooser, input_picture};
use super::steps::steps;
use crate::explain::Position;
use crate::protocol::RunState;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon, icon_of};
use crate::ui::components::modal::modal;
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::layer::about;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

#[component]
pub fn WayDialog(way: Way) -> impl IntoView {
    let open = RwSignal::new(false);
    let some = memo(move || way.trail.with(|trail| !trail.is_empty()));
    // Set at every move, it would draw everything anew and lose the focus.
    effect(move |_| open.set(some.get()));
    let dialog = modal(open);
    // Who goes a step along the way goes on in the next map.
    let depth = memo(move || way.trail.with(Vec::len));
    effect(move |_| {
        if depth.get() > 0 {
            request_animation_frame(focus_chooser);
        }
    });
    view! {
        <dialog
            class="help way"
            node_ref=dialog
            aria-labelledby="way-title"
            data-testid="way"
            on:close=move |_| way.close()
            on:keydown=move |e| on_key(way, &e)
        >
            {part(move || open.get().then(|| body(way)))}
        </dialog>
    }
    .into_any()
}

/// Backspace and Escape go back one number, from the first one out.
fn on_key(way: Way, event: &KeyboardEvent) {
    let depth = way.trail.with_untracked(Vec::len);
    if depth > 0 && matches!(event.key().as_str(), "Escape" | "Backspace") {
        event.prevent_default();
        way.back_to(depth - 1);
    }
}

#[inline(never)]
fn body(way: Way) -> AnyView {
    let of_a_layer = memo(move || way.place().is_some_and(|place| place.layer.is_some()));
    view! {
        <div class="way-bar">
            {trail(way)}
            {training(way)}
            <button type="button" class="quiet" on:click=move |_| way.close()>{icon(Icon::Cross)}<span>{tr!("Close")}</span></button>
        </div>
        <div class="way-top">
            {head(way)}
            {part(move || of_a_layer.get().then(|| input_picture(way)))}
            {chooser(way)}
        </div>
        {steps(way)}
        // The page's own announcer is behind the dialog.
        <p class="sr-only" role="status">{text(move || way.scene.announcement.get())}</p>
    }
    .into_any()
}

/// From the number that was opened to this one; each of them can be gone back to.
fn trail(way: Way) -> AnyView {
    let entries = part(move || {
        let trail = way.trail.get();
        let last = trail.len().saturating_sub(1);
        let entry = |(at, place): (usize, Position)| {
            let name = way.layer_name(place);
            let label = format!("{name}, {}", way.place_name(place));
            match at == last {
                true => view! { <li aria-current="step">{name}</li> }.into_any(),
                false => view! {
                    <li><button type="button" aria-label=label on:click=move |_| way.back_to(at + 1)>{name}</button></li>
                }
                .into_any(),
            }
        };
        trail.into_iter().enumerate().map(entry).collect_view()
    });
    let first = flag(move || way.trail.with(|t| t.len() < 2));
    view! {
        <button type="button" class="quiet" disabled=first data-testid="way-back"
            on:click=move |_| way.back_to(way.trail.with_untracked(Vec::len) - 1)>
            {icon(Icon::Undo)}<span>{tr!("Back")}</span>
        </button>
        <nav class="way-trail" aria-label=tr!("The way so far")><ol>{entries}</ol></nav>
    }
    .into_any()
}

/// Numbers move while it trains: that can be seen here too.
fn training(way: Way) -> AnyView {
    let scene = way.scene;
    let plays = memo(move || scene.state.run.get() == RunState::Playing);
    view! {
        <div class="buttons way-training">
            <span class="num way-step" data-testid="way-step">{text(move || told_step(way))}</span>
            <button type="button" class="quiet" disabled=flag(move || !scene.ready()) on:click=move |_| scene.lab.toggle()>
                {icon_of(move || if plays.get() { Icon::Pause } else { Icon::Play })}
                <span>{text(move || if plays.get() { tr!("Pause") } else { tr!("Play") })}</span>
            </button>
            <button type="button" class="quiet" disabled=flag(move || !scene.ready()) on:click=move |_| scene.lab.step(1)>
                {icon(Icon::Step)}<span>{tr!("Step")}</span>
            </button>
        </div>
    }
    .into_any()
}

fn told_step(way: Way) -> String {
    let step = way.told.with(|told| told.as_ref().map(|told| told.passage.step));
    step.map(|step| tr!("step {}", format::count(step.into()))).unwrap_or_default()
}

/// Which number it is, how much, and what its layer does.
fn head(way: Way) -> AnyView {
    let place = memo(move || way.place());
    let of = move |name: fn(Way, Position) -> String| {
        text(move || place.get().map(|place| name(way, place)).unwrap_or_default())
    };
    let value =
        text(move || way.working.with(|w| w.as_ref().map_or_else(|| "—".to_string(), |w| fixed(w.value))));
    view! {
        <div class="way-head">
            <h2 id="way-title" class="panel-title">{of(Way::layer_name)}</h2>
            <p class="way-place num" data-testid="way-place">{of(Way::place_name)}</p>
            <p class="way-value num" data-testid="way-value">{value}</p>
            <p class="way-about">{of(layer_words)}</p>
        </div>
    }
    .into_any()
}

/// What its layer does.
fn layer_words(way: Way, place: Position) -> String {
    let Some(layer) = place.layer else {
        return tr!(
            "The network gets no bytes: each pixel is normalised first, by the mean and the standard deviation of all training pixels."
        );
    };
    way.scene.state.network.with(|network| {
        let before = match layer.checked_sub(1) {
            Some(before) => network.get(before).map(|info| info.output.clone()),
            None => Some(way.scene.shape().to_vec()),
        };
        network.get(layer).zip(before).map(|(info, before)| about(info.layer, &before)).unwrap_or_default()
    })
}
