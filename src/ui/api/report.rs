//! `intab.state()`: everything in numbers, as plain objects.

use super::values::{Outcome, failure, to_js};
use crate::datasets::Manifest;
use crate::link::engine_name;
use crate::protocol::RunState;
use crate::ui::controller::Controller;
use crate::ui::engine_selection::chosen_by;
use crate::ui::state::{NoticeLevel, State};
use leptos::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
struct Report {
    preset: String,
    spec: Value,
    engine: Value,
    run: Run,
}

#[derive(Serialize)]
struct Run {
    /// `idle` until the first engine is ready.
    state: &'static str,
    step: u32,
    epoch: f64,
    examples_seen: u64,
    seconds_training: f64,
    milliseconds_per_step: Option<f64>,
    /// Of the last step's batch.
    train: Option<Score>,
    /// Of the last look at the test set.
    test: Option<Score>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Score {
    step: u32,
    loss: f32,
    accuracy: f64,
    /// Examples that the numbers are of.
    count: u32,
    /// Examples that there are.
    total: usize,
}

/// `intab.state()` → `{ preset, spec, engine: { kind, name, cores, chosen_by, reason,
/// memory: { engine, page } }, run: { state, step, epoch,
/// examples_seen, seconds_training, train: { loss, accuracy, count }, test: { loss, accuracy, count, total },
/// error } }`; `train` and `test` are null until there is one, `spec` is by dotted keys.
pub fn state(lab: Controller) -> Outcome {
    let machine = lab.machine();
    let engine = lab.state.engine.get_untracked();
    to_js(&Report {
        preset: lab.state.preset.get_untracked(),
        spec: lab.state.spec.with_untracked(|spec| Value::Object(spec.to_keys().into_iter().collect())),
        engine: json!({
            "kind": engine.active.map(engine_name),
            "name": engine.name,
            // That had a part in the last step.
            "cores": lab.state.progress.with_untracked(|p| p.as_ref().map(|p| p.cores)),
            "chosen_by": chosen_by(&machine),
            "reason": engine.reason,
            // Bytes, of WebAssembly.
            "memory": { "engine": lab.state.memory.get_untracked(), "page": crate::platform::memory() },
        }),
        run: run(lab.state, state_name(lab), failure(&machine)),
    })
}

fn run(state: State, name: &'static str, error: Option<String>) -> Run {
    let progress = state.progress.get_untracked();
    let last = progress.as_ref();
    let manifest = state.data.with_untracked(|d| d.manifest.clone());
    // Rows of a table have no manifest, and are all here.
    let here = state.data.with_untracked(|d| [d.train_examples, d.test_examples]);
    let total = |test: bool| {
        manifest
            .as_ref()
            .map_or(here[usize::from(test)], |m| Manifest::examples(if test { &m.test } else { &m.train }))
    };
    let batch_size = state.spec.with_untracked(|s| s.train.batch_size);
    let point = state.train_curve.with_untracked(|curve| curve.last().copied());
    let evaluation = state.evaluations.with_untracked(|all| all.last().cloned());
    Run {
        state: name,
        step: last.map_or(0, |p| p.step),
        epoch: last.map_or(0.0, |p| p.epoch),
        examples_seen: last.map_or(0, |p| p.examples_seen),
        seconds_training: last.map_or(0.0, |p| p.seconds),
        milliseconds_per_step: last.map(|p| p.milliseconds_per_step),
        train: point.map(|p| Score {
            step: p.step,
            loss: p.loss,
            accuracy: p.score.into(),
            count: batch_size as u32,
            total: total(false),
        }),
        test: evaluation.map(|e| Score {
            step: e.step,
            loss: e.loss,
            accuracy: e.score,
            count: e.count,
            total: total(true),
        }),
        error,
    }
}

/// As in `until({ state })`.
pub fn state_name(lab: Controller) -> &'static str {
    match (lab.machine().active(), lab.state.run.get_untracked()) {
        (_, RunState::Failed) => "failed",
        (None, _) => "idle",
        (_, RunState::Loading) => "loading",
        (_, RunState::Paused) => "paused",
        (_, RunState::Playing) => "playing",
        (_, RunState::Done) => "done",
    }
}

/// The newest notice: `{ level: "news" | "problem", what, advice }`.
pub fn notice(lab: Controller) -> Outcome {
    lab.state.notices.with_untracked(|all| match all.last() {
        Some(notice) => to_js(&json!({
            "level": if notice.level == NoticeLevel::Problem { "problem" } else { "news" },
            "what": notice.what,
            "advice": notice.advice,
        })),
        None => Err("there is no notice".into()),
    })
}
