//! Waiting for the engine: until it is ready, the run is open, or a condition holds.

use super::report::{state, state_name};
use super::values::{Outcome, failure, hindrance, to_js};
use crate::platform::sleep;
use crate::protocol::{EngineKind, RunState};
use crate::ui::controller::Controller;
use crate::ui::engine_manager::RunStage;
use crate::ui::state::GpuStatus;
use futures_util::future::{Either, select};
use leptos::prelude::*;
use serde_json::Value;
use std::pin::pin;
use wasm_bindgen::JsValue;

const STATES: &[&str] = &["idle", "loading", "paused", "playing", "done", "failed"];

/// Until the first engine has announced its catalogue.
pub async fn ready(lab: Controller) -> Result<(), String> {
    let machine = lab.machine();
    let announced = || match lab.state.catalogue.with_untracked(Option::is_some) {
        true => Some(Ok(())),
        false => failure(&machine).map(Err),
    };
    machine.listeners.wait_for(announced).await
}

/// `await intab.ready` → the catalogue: datasets, models, optimisers, schedules, numbers with their ranges.
pub async fn catalogue(lab: Controller) -> Outcome {
    ready(lab).await?;
    lab.state.catalogue.with_untracked(to_js)
}

/// Until the run that is shown is open.
pub async fn opened(lab: Controller) -> Result<(), String> {
    let machine = lab.machine();
    let settled = || match machine.stage.get() {
        RunStage::Open => Some(Ok(())),
        RunStage::Failed => failure(&machine).map(Err),
        RunStage::Waiting | RunStage::Moving | RunStage::Sent => hindrance(&machine).map(Err),
    };
    machine.listeners.wait_for(settled).await
}

/// Until this engine trains, or cannot.
pub async fn engine(lab: Controller, wanted: Option<EngineKind>) -> Result<(), String> {
    let Some(kind) = wanted else { return Ok(()) };
    let machine = lab.machine();
    let taken = || {
        let status = lab.state.engine.get_untracked();
        match status.gpu {
            _ if status.active == Some(kind) => Some(Ok(())),
            GpuStatus::Absent(why) | GpuStatus::Lost(why) if kind == EngineKind::Gpu => Some(Err(why)),
            _ => None,
        }
    };
    machine.listeners.wait_for(taken).await
}

/// Until the run is in one of these states; a run that fails is an error.
pub async fn for_state(lab: Controller, wanted: &[RunState]) -> Outcome {
    let machine = lab.machine();
    let reached = || match wanted.contains(&lab.state.run.get_untracked()) {
        true => Some(Ok(())),
        false => hindrance(&machine).map(Err),
    };
    machine.listeners.wait_for(reached).await?;
    state(lab)
}

/// `await intab.until({ test_accuracy: 0.99 } | { epoch: 2 } | { step: 500 } | { state: "done" }, timeout_seconds)`:
/// resolves to the state once all that is named holds; rejects when the run fails or the time is up.
pub async fn until(lab: Controller, condition: JsValue, seconds: JsValue) -> Outcome {
    let conditions = conditions(condition)?;
    let machine = lab.machine();
    let holds = || {
        if conditions.iter().all(|c| c.holds(lab)) {
            return Some(Ok(()));
        }
        hindrance(&machine).map(Err)
    };
    let reached = pin!(machine.listeners.wait_for(holds));
    match seconds.as_f64() {
        None => reached.await?,
        Some(seconds) => match select(reached, pin!(sleep(seconds))).await {
            Either::Left((reached, _)) => reached?,
            Either::Right(_) => {
                let step = lab.state.step();
                let now = state_name(lab);
                return Err(format!(
                    "Not reached within {seconds} seconds: the run is {now} at step {step}."
                ));
            }
        },
    }
    state(lab)
}

enum Condition {
    TestAccuracy(f64),
    Epoch(f64),
    Step(f64),
    State(String),
}

impl Condition {
    fn holds(&self, lab: Controller) -> bool {
        let state = lab.state;
        match self {
            Self::TestAccuracy(least) => {
                state.evaluations.with_untracked(|all| all.last().is_some_and(|e| e.score >= *least))
            }
            // An epoch is a quotient; its last step may fall short of it by a rounding.
            Self::Epoch(least) => {
                state.progress.with_untracked(|p| p.as_ref().is_some_and(|p| p.epoch > least - 1e-9))
            }
            Self::Step(least) => f64::from(state.step()) >= *least,
            Self::State(name) => state_name(lab) == name,
        }
    }
}

fn conditions(condition: JsValue) -> Result<Vec<Condition>, String> {
    let known = "until takes test_accuracy, epoch, step or state, such as { epoch: 2 }";
    let Ok(Value::Object(fields)) = serde_wasm_bindgen::from_value(condition) else {
        return Err(known.into());
    };
    if fields.is_empty() {
        return Err(known.into());
    }
    let read = |(name, value): (&String, &Value)| match (name.as_str(), value.as_f64(), value.as_str()) {
        ("test_accuracy", Some(least), _) => Ok(Condition::TestAccuracy(least)),
        ("epoch", Some(least), _) => Ok(Condition::Epoch(least)),
        ("step", Some(least), _) => Ok(Condition::Step(least)),
        ("state", _, Some(name)) if STATES.contains(&name) => Ok(Condition::State(name.into())),
        ("state", ..) => Err(format!("a state is {}", STATES.join(", "))),
        _ => Err(known.into()),
    };
    fields.iter().map(read).collect()
}
