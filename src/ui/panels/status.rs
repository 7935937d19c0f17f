//! How training goes, in words: what happens, where it stands, how fast, and on phones the accuracy.

use super::panel_state::PanelState;
use crate::protocol::{Form, RunState};
use crate::spec::{PRESETS, Page};
use crate::tasks::{answers, masked_token};
use crate::ui::charts::score::{score, scored};
use crate::ui::components::format;
use crate::ui::components::reactive::text;
use crate::ui::language::{known, tr};
use leptos::prelude::*;

pub fn status(scene: PanelState) -> AnyView {
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

fn state_words(scene: PanelState) -> String {
    if !scene.ready() {
        return tr!("Starting the engine");
    }
    let loading = move || {
        scene
            .state
            .data
            .with(|d| d.manifest.as_ref().map(|m| format::bytes_of(d.bytes, m.bytes())))
            .unwrap_or_default()
    };
    match scene.state.run.get() {
        _ if scene.state.lacks_target.get() => tr!("Waiting: choose the column to learn"),
        _ if scene.state.lacks_text.get() => tr!("Waiting: give it a text"),
        RunState::Loading | RunState::Paused if lacks_tokens(scene) => tr!("Loading the text"),
        RunState::Loading if scene.form.get() == Form::Text => tr!("Loading"),
        RunState::Loading => tr!("Loading data, {}", loading()),
        RunState::Playing => tr!("Training"),
        RunState::Paused if scene.state.progress.with(Option::is_none) => tr!("Ready"),
        RunState::Paused => tr!("Paused"),
        RunState::Failed => tr!("Stopped; see above"),
        RunState::Done => done_words(scene),
    }
}

/// A run on a text is only opened when all of the text is there.
fn lacks_tokens(scene: PanelState) -> bool {
    let unopened = || scene.dataset.with(|d| d.as_ref().is_none_or(|d| d.text.is_none()));
    scene.form.get() == Form::Text && unopened()
}

/// What was reached, and what to try next.
fn done_words(scene: PanelState) -> String {
    let reached =
        scene.state.evaluations.with(|all| all.last().map(|e| tr!("Done: {} of {}", score(e), scored(e))));
    let here = scene.state.preset.get();
    let other = scene.state.catalogue.with(|c| {
        let datasets = c.as_ref().map(|c| c.datasets.as_slice()).unwrap_or_default();
        let open = PRESETS
            .iter()
            .find(|p| p.page == Page::Train && p.id != here && datasets.iter().any(|d| d.id == p.data));
        open.map(|p| known(p.title))
    });
    let done = reached.unwrap_or_else(|| tr!("Done"));
    match (other, scene.form.get()) {
        (Some(title), Form::Picture) => tr!("{}. Now draw one, or open “{}”", done, title),
        (None, Form::Picture) => tr!("{}. Now draw one", done),
        (_, Form::Point) => tr!("{}. Now try fewer neurons", done),
        (_, Form::Row) => tr!("{}. Now type a row of your own", done),
        (_, Form::Series) => tr!("{}. Now let it go on by itself", done),
        (_, Form::Text) if scene.task().id == answers::TASK.id => {
            tr!("{}. Now ask it a question of your own", done)
        }
        (_, Form::Text) if scene.task().id == masked_token::TASK.id => {
            tr!("{}. Now hide a word of your own", done)
        }
        (_, Form::Text) => tr!("{}. Now let it write on from your own words", done),
    }
}

/// “epoch 1.42 of 5 · 12 s”
fn place_words(scene: PanelState) -> String {
    scene.tick.track();
    let state = scene.state;
    let epochs = f64::from(state.steps_total.get_untracked())
        / f64::from(state.steps_per_epoch.get_untracked().max(1));
    let epochs = if epochs > 0.0 { epochs } else { state.spec.with(|s| s.train.epochs) };
    let epochs = format::plain((epochs * 100.0).round() / 100.0);
    state.progress.with_untracked(|p| match p {
        None => tr!("epoch 0 of {}", epochs),
        Some(p) => {
            tr!("epoch {} of {} · {}", format::decimals(p.epoch, 2), epochs, format::seconds(p.seconds))
        }
    })
}

/// “ · 2,130 digits a second” while training, otherwise “ · step 4,200”
fn speed_words(scene: PanelState) -> String {
    scene.tick.track();
    let playing = scene.state.run.get_untracked() == RunState::Playing;
    scene.state.progress.with_untracked(|p| match p {
        None => format!(" · {}", tr!("step {}", 0)),
        Some(p) if playing && p.examples_per_second >= 1.0 => {
            format!(" · {}", tr!("{} {} a second", format::count(p.examples_per_second as u64), scene.noun()))
        }
        Some(p) => format!(" · {}", tr!("step {}", format::count(p.step.into()))),
    })
}

/// For phones, where the headline may be on another tab.
pub fn accuracy(scene: PanelState) -> AnyView {
    let last = scene.last_evaluation();
    let figure = text(move || last.get().map_or_else(|| "—".to_string(), |e| score(&e)));
    let of = text(move || last.get().map_or_else(|| tr!("not tested"), |e| tr!("of {}", scored(&e))));
    view! {
        <p class="transport-accuracy num" data-testid="bar-accuracy"><strong>{figure}</strong>" "<span>{of}</span></p>
    }
    .into_any()
}
