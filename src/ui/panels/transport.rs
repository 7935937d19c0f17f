//! The bar that never leaves the screen: play, step, reset, how far it is, how fast, and who does it.

use super::engine::SECTION;
use super::learned::last;
use super::rate::rate;
use super::scene::{Scene, Tab, scene};
use crate::protocol::{EngineKind, RunState};
use crate::spec::PRESETS;
use crate::ui::charts::history::share;
use crate::ui::controls::icon::{Icon, icon, icon_of};
use crate::ui::controls::live::{flag, text};
use crate::ui::controls::words;
use leptos::prelude::*;

#[component]
pub fn Transport() -> impl IntoView {
    let scene = scene();
    view! {
        <section class="transport" aria-label="Training" data-testid="transport">
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

/// Training, or waiting for the data that it needs next.
fn running(scene: Scene) -> bool {
    scene.ready() && matches!(scene.state.run.get(), RunState::Playing | RunState::Loading)
}

fn play(scene: Scene) -> AnyView {
    let failed = move || scene.ready() && scene.state.run.get() == RunState::Failed;
    let running = Memo::new(move |_| running(scene));
    let act = move |_| {
        if untrack(failed) {
            scene.lab.reset();
        } else if running.get_untracked() {
            scene.lab.pause();
        } else {
            scene.lab.play();
        }
    };
    let words = text(move || {
        if failed() {
            "Try again".to_string()
        } else if running.get() {
            "Pause".to_string()
        } else {
            "Play".to_string()
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
        <button type="button" class="play" disabled=flag(move || !scene.ready()) on:click=act data-testid="play">
            {icon_of(shape)}
            <span>{words}</span>
        </button>
    }
    .into_any()
}

fn step_and_reset(scene: Scene) -> AnyView {
    let untouched =
        move || scene.state.progress.with(Option::is_none) && scene.state.run.get() != RunState::Failed;
    view! {
        <button type="button" class="button" title="One step (.)" disabled=flag(move || !scene.ready()) on:click=move |_| scene.lab.step(1)>
            {icon(Icon::Step)}
            <span>"Step"</span>
        </button>
        <button
            type="button"
            class="button"
            title="Back to step 0 (r)"
            disabled=flag(move || !scene.ready() || untouched())
            on:click=move |_| scene.lab.reset()
        >
            {icon(Icon::Reset)}
            <span>"Reset"</span>
        </button>
    }
    .into_any()
}

fn status(scene: Scene) -> AnyView {
    view! {
        <div class="status">
            <p class="status-state" data-testid="status">{text(move || state_words(scene))}</p>
            <p class="status-numbers num" data-testid="numbers">
                {text(move || place_words(scene))}
                <span class="status-speed">{text(move || speed_words(scene))}</span>
            </p>
        </div>
    }
    .into_any()
}

fn state_words(scene: Scene) -> String {
    if !scene.ready() {
        return "Starting the engine".into();
    }
    let loading = move || {
        scene
            .state
            .data
            .with(|d| d.manifest.as_ref().map(|m| words::bytes_of(d.bytes, m.bytes())))
            .unwrap_or_default()
    };
    match scene.state.run.get() {
        RunState::Loading => format!("Loading data, {}", loading()),
        RunState::Playing => "Training".into(),
        RunState::Paused if scene.state.progress.with(Option::is_none) => "Ready".into(),
        RunState::Paused => "Paused".into(),
        RunState::Failed => "Stopped; see above".into(),
        RunState::Done => done_words(scene),
    }
}

/// What was reached, and what to try next.
fn done_words(scene: Scene) -> String {
    let reached = scene.state.evaluations.with(|all| {
        all.last()
            .map(|e| format!(": {} of {}", words::percent(share(e), e.count), words::count(e.count.into())))
    });
    let here = scene.state.preset.get();
    let other = scene.state.catalogue.with(|c| {
        let datasets = c.as_ref().map(|c| c.datasets.as_slice()).unwrap_or_default();
        let open = PRESETS.iter().find(|p| p.id != here && datasets.iter().any(|d| d.id == p.data));
        open.map(|p| format!(", or open “{}”", p.title)).unwrap_or_default()
    });
    format!("Done{}. Now draw one{other}", reached.unwrap_or_default())
}

/// “epoch 1.42 of 5 · 12 s”
fn place_words(scene: Scene) -> String {
    scene.beat.track();
    let state = scene.state;
    let epochs = f64::from(state.steps_total.get_untracked())
        / f64::from(state.steps_per_epoch.get_untracked().max(1));
    let epochs = if epochs > 0.0 { epochs } else { state.spec.with(|s| s.train.epochs) };
    let epochs = words::plain((epochs * 100.0).round() / 100.0);
    state.progress.with_untracked(|p| match p {
        None => format!("epoch 0 of {epochs}"),
        Some(p) => format!("epoch {:.2} of {epochs} · {}", p.epoch, words::seconds(p.seconds)),
    })
}

/// “ · 2,130 digits a second” while training, otherwise “ · step 4,200”
fn speed_words(scene: Scene) -> String {
    scene.beat.track();
    let playing = scene.state.run.get_untracked() == RunState::Playing;
    scene.state.progress.with_untracked(|p| match p {
        None => " · step 0".into(),
        Some(p) if playing && p.examples_per_second >= 1.0 => {
            format!(" · {} {} a second", words::count(p.examples_per_second as u64), scene.noun())
        }
        Some(p) => format!(" · step {}", words::count(p.step.into())),
    })
}

/// For phones, where the headline may be on another tab.
fn accuracy(scene: Scene) -> AnyView {
    let last = last(scene);
    let figure =
        text(move || last.get().map_or_else(|| "—".to_string(), |e| words::percent(share(&e), e.count)));
    let of = text(move || {
        last.get()
            .map_or_else(|| "not tested".to_string(), |e| format!("of {}", words::count(e.count.into())))
    });
    view! {
        <p class="transport-accuracy num" data-testid="bar-accuracy"><strong>{figure}</strong>" "<span>{of}</span></p>
    }
    .into_any()
}

fn epochs_bar(scene: Scene) -> AnyView {
    let total = move || {
        let per_epoch = f64::from(scene.state.steps_per_epoch.get().max(1));
        f64::from(scene.state.steps_total.get()) / per_epoch
    };
    let epoch = Memo::new(move |_| {
        scene.beat.track();
        scene.state.progress.with_untracked(|p| p.as_ref().map_or(0.0, |p| p.epoch))
    });
    let share = move || (epoch.get() / total().max(1e-9)).clamp(0.0, 1.0);
    // Many epochs would be a grey bar, not marks.
    let marks = text(move || {
        let total = total();
        if (1.5..=20.0).contains(&total) { format!("{:.3}%", 100.0 / total) } else { "100%".into() }
    });
    view! {
        <div
            class="epochs"
            role="progressbar"
            aria-label="Epochs"
            aria-valuemin="0"
            aria-valuemax=text(move || words::plain((total() * 100.0).round() / 100.0))
            aria-valuenow=text(move || format!("{:.1}", epoch.get()))
            style:--mark=marks
        >
            <i style:transform=text(move || format!("scaleX({:.4})", share()))></i>
        </div>
    }
    .into_any()
}

/// “CPU · 31 ms a step”; takes the visitor to where it can be changed.
fn engine_chip(scene: Scene) -> AnyView {
    let name = text(move || {
        scene.state.engine.with(|e| match e.active {
            None => "—".to_string(),
            Some(EngineKind::Cpu) => "CPU".to_string(),
            Some(EngineKind::Gpu) => "GPU".to_string(),
        })
    });
    let pace = text(move || {
        scene.beat.track();
        let ms = scene.state.progress.with_untracked(|p| p.as_ref().map_or(0.0, |p| p.milliseconds_per_step));
        if ms > 0.0 { format!("{} a step", words::milliseconds(ms)) } else { "not measured".into() }
    });
    let reason = text(move || scene.state.engine.with(|e| e.reason.clone()));
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
        <button type="button" class="chip" title=reason on:click=open data-testid="engine-chip">
            {icon(Icon::Chip)}
            <span class="chip-name">{name}</span>
            <span class="chip-pace num">{pace}</span>
        </button>
    }
    .into_any()
}
