//! The bar that never leaves the screen: play, step, reset, how far it is, how fast, and who does it.

use super::engine::SECTION;
use super::panel_state::{PanelState, Tab, scene};
use super::rate::rate;
use super::status::{accuracy, status};
use crate::protocol::{EngineKind, RunState};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon, icon_of};
use crate::ui::components::keys::focus;
use crate::ui::components::progress::fill;
use crate::ui::components::reactive::{flag, memo, text};
use crate::ui::language::{known, tr};
use crate::ui::table::learned;
use crate::ui::text::field;
use leptos::prelude::*;

#[component]
pub fn Transport() -> impl IntoView {
    let scene = scene();
    view! {
        <section class="transport" aria-label=tr!("Training") data-testid="transport">
            {epochs_bar(scene)}
            <div class="transport-row">
                <div class="transport-buttons">{play(scene)}{step_and_reset(scene)}</div>
                {status(scene)}
                {accuracy(scene)}
                {rate(scene)}
                {engine_chip(scene)}
            </div>
        </section>
    }
    .into_any()
}

/// Training, or waiting for the data that it needs next; a network that is only being opened is not.
fn running(scene: PanelState) -> bool {
    let goes_on = match scene.state.run.get() {
        RunState::Playing => true,
        RunState::Loading => scene.lab.machine().playing.get(),
        _ => false,
    };
    scene.ready() && goes_on && !scene.state.waits_for_visitor()
}

fn play(scene: PanelState) -> AnyView {
    let failed = move || scene.ready() && scene.state.run.get() == RunState::Failed;
    let running = memo(move || running(scene));
    let act = move |_| {
        if untrack(move || scene.state.waits_for_visitor()) {
            lead_to_choice(scene);
        } else if untrack(failed) {
            scene.lab.reset();
        } else if running.get_untracked() {
            scene.lab.pause();
        } else {
            scene.lab.play();
        }
    };
    let words = text(move || {
        if failed() {
            tr!("Try again")
        } else if running.get() {
            tr!("Pause")
        } else {
            tr!("Play")
        }
    });
    let shape = move || {
        if failed() {
            Icon::Reset
        } else if running.get() {
            Icon::Pause
        } else {
            Icon::Play
        }
    };
    view! {
        <button type="button" class="play" data-control="play" disabled=flag(move || !scene.ready()) on:click=act data-testid="play">
            {icon_of(shape)}
            <span>{words}</span>
        </button>
    }
    .into_any()
}

/// There is nothing to train yet: the visitor is taken to where it is chosen or given.
fn lead_to_choice(scene: PanelState) {
    scene.tab.set(Tab::Data);
    let place = if scene.state.lacks_text.get_untracked() { field::FIELD } else { learned::BUTTON };
    request_animation_frame(move || focus(place));
}

fn step_and_reset(scene: PanelState) -> AnyView {
    let untouched =
        move || scene.state.progress.with(Option::is_none) && scene.state.run.get() != RunState::Failed;
    view! {
        <button type="button" class="button" data-control="step" title=tr!("One step (.)") disabled=flag(move || !scene.ready() || scene.state.waits_for_visitor()) on:click=move |_| scene.lab.step(1)>
            {icon(Icon::Step)}
            <span>{tr!("Step")}</span>
        </button>
        <button
            type="button"
            class="button"
            data-control="reset"
            title=tr!("Back to step 0 (r)")
            disabled=flag(move || !scene.ready() || untouched())
            on:click=move |_| scene.lab.reset()
        >
            {icon(Icon::Reset)}
            <span>{tr!("Reset")}</span>
        </button>
    }
    .into_any()
}

fn epochs_bar(scene: PanelState) -> AnyView {
    let total = move || {
        let per_epoch = f64::from(scene.state.steps_per_epoch.get().max(1));
        f64::from(scene.state.steps_total.get()) / per_epoch
    };
    let epoch = memo(move || {
        scene.tick.track();
        scene.state.progress.with_untracked(|p| p.as_ref().map_or(0.0, |p| p.epoch))
    });
    let share = Signal::derive(move || (epoch.get() / total().max(1e-9)).clamp(0.0, 1.0));
    // Many epochs would be a grey bar, not marks.
    let marks = text(move || {
        let total = total();
        if total > 1.0 && total <= 20.0 { format!("{:.3}%", 100.0 / total) } else { "100%".into() }
    });
    view! {
        <div
            class="epochs"
            role="progressbar"
            aria-label=tr!("Epochs")
            aria-valuemin="0"
            aria-valuemax=text(move || format!("{:.1}", total()))
            aria-valuenow=text(move || format!("{:.1}", epoch.get()))
            style:--mark=marks
        >
            {fill(share)}
        </div>
    }
    .into_any()
}

/// “CPU · 31 ms a step”; takes the visitor to where it can be changed.
fn engine_chip(scene: PanelState) -> AnyView {
    let name = text(move || {
        scene.state.engine.with(|e| match e.active {
            None => "—".to_string(),
            Some(EngineKind::Cpu) => tr!("CPU"),
            Some(EngineKind::Gpu) => tr!("GPU"),
        })
    });
    let pace = text(move || {
        scene.tick.track();
        let ms = scene.state.progress.with_untracked(|p| p.as_ref().map_or(0.0, |p| p.milliseconds_per_step));
        if ms > 0.0 { tr!("{} a step", format::milliseconds(ms)) } else { tr!("not measured") }
    });
    let reason = text(move || scene.state.engine.with(|e| known(&e.reason)));
    let open = move |_| {
        scene.tab.set(Tab::Model);
        let section = document().get_element_by_id(SECTION);
        if let Some(section) = section {
            // An open `details` is one with the attribute.
            let _ = section.set_attribute("open", "");
            section.scroll_into_view();
        }
    };
    view! {
        <button type="button" class="chip" data-control="engine" title=reason on:click=open data-testid="engine-chip">
            {icon(Icon::Chip)}
            <span class="chip-name">{name}</span>
            <span class="chip-pace num">{pace}</span>
        </button>
    }
    .into_any()
}
