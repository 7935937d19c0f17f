//! The dialog that every walk is in: the way so far, back and close, training on, which number it is and how much.

use super::labels::fixed;
use super::walk::Walk;
use crate::explain::Position;
use crate::protocol::RunState;
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon, icon_of};
use crate::ui::components::modal::modal;
use crate::ui::components::reactive::{effect, flag, memo, part, text};
use crate::ui::language::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// Where another number can be chosen with arrow keys: it has the focus when a walk goes on.
pub const CHOOSER: &str = "way-chooser";

/// A dialog that is open while the walk is anywhere. `body` stands below its bar.
pub fn dialog(walk: Walk, test_id: &'static str, body: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let open = RwSignal::new(false);
    let some = memo(move || walk.trail.with(|trail| !trail.is_empty()));
    // Set at every move, it would draw everything anew and lose the focus.
    effect(move |_| open.set(some.get()));
    let dialog = modal(open);
    // Who goes a step along the way goes on in the next map.
    let depth = memo(move || walk.trail.with(Vec::len));
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
            data-testid=test_id
            on:close=move |_| walk.close()
            on:keydown=move |e| on_key(walk, &e)
        >
            {part(move || open.get().then(|| inside(walk, &body)))}
        </dialog>
    }
    .into_any()
}

/// What can be chosen from takes the focus.
fn focus_chooser() {
    let target = document().get_element_by_id(CHOOSER).and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(target) = target {
        // Fails only for elements that cannot have it.
        let _ = target.focus();
    }
}

/// Backspace and Escape go back one number, from the first one out.
fn on_key(walk: Walk, event: &KeyboardEvent) {
    let depth = walk.trail.with_untracked(Vec::len);
    if depth > 0 && matches!(event.key().as_str(), "Escape" | "Backspace") {
        event.prevent_default();
        walk.back_to(depth - 1);
    }
}

#[inline(never)]
fn inside(walk: Walk, body: &dyn Fn() -> AnyView) -> AnyView {
    view! {
        <div class="way-bar">
            {trail(walk)}
            {training(walk)}
            <button type="button" class="quiet" on:click=move |_| walk.close()>{icon(Icon::Cross)}<span>{tr!("Close")}</span></button>
        </div>
        {body()}
        // The page's own announcer is behind the dialog.
        <p class="sr-only" role="status">{text(move || walk.scene.announcement.get())}</p>
    }
    .into_any()
}

/// From the number that was opened to this one; each of them can be gone back to.
fn trail(walk: Walk) -> AnyView {
    let entries = part(move || {
        let trail = walk.trail.get();
        let last = trail.len().saturating_sub(1);
        let entry = |(at, place): (usize, Position)| {
            let name = walk.names.trail.run(place);
            let label = format!("{}, {}", walk.names.layer.run(place), walk.names.place.run(place));
            match at == last {
                true => view! { <li aria-current="step">{name}</li> }.into_any(),
                false => view! {
                    <li><button type="button" aria-label=label on:click=move |_| walk.back_to(at + 1)>{name}</button></li>
                }
                .into_any(),
            }
        };
        trail.into_iter().enumerate().map(entry).collect_view()
    });
    let first = flag(move || walk.trail.with(|t| t.len() < 2));
    view! {
        <button type="button" class="quiet" disabled=first data-testid="way-back"
            on:click=move |_| walk.back_to(walk.trail.with_untracked(Vec::len) - 1)>
            {icon(Icon::Undo)}<span>{tr!("Back")}</span>
        </button>
        <nav class="way-trail" aria-label=tr!("The way so far")><ol>{entries}</ol></nav>
    }
    .into_any()
}

/// Numbers move while it trains: that can be seen here too.
fn training(walk: Walk) -> AnyView {
    let scene = walk.scene;
    let plays = memo(move || scene.state.run.get() == RunState::Playing);
    view! {
        <div class="buttons way-training">
            <span class="num way-step" data-testid="way-step">{text(move || told_step(walk))}</span>
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

fn told_step(walk: Walk) -> String {
    walk.step.get().map(|step| tr!("step {}", format::count(step.into()))).unwrap_or_default()
}

/// Which number it is, how much, and what its layer does.
pub fn head(walk: Walk) -> AnyView {
    let place = memo(move || walk.place());
    let of = move |name: Callback<Position, String>| {
        text(move || place.get().map(|place| name.run(place)).unwrap_or_default())
    };
    let value =
        text(move || walk.working.with(|w| w.as_ref().map_or_else(|| "—".to_string(), |w| fixed(w.value))));
    view! {
        <div class="way-head">
            <h2 id="way-title" class="panel-title">{of(walk.names.layer)}</h2>
            <p class="way-place num" data-testid="way-place">{of(walk.names.place)}</p>
            <p class="way-value num" data-testid="way-value">{value}</p>
            <p class="way-about">{of(walk.names.about)}</p>
        </div>
    }
    .into_any()
}
