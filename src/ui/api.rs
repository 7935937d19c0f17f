//! `window.intab`: the page for scripts, slides, notebooks, tests and benchmarks. Public, so it changes only
//! with its version number. Every promise is resolved by what the engine answered, and rejected with an `Error`
//! whose message is a sentence. It does nothing that `Controller` does not do.

mod ask;
mod convert;
mod experiment;
mod report;
mod text;
mod values;
mod vision;
mod wait;

use self::values::{Outcome, bytes_of};
use super::client::vision::VisionClient;
use super::controller::Controller;
use super::engine_manager::RunStage;
use super::event_bus::Notification;
use crate::link::{cores_by_number, engine_by_name, plain};
use crate::protocol::RunState;
use crate::spec::Page;
use crate::ui::components::reactive::effect;
use crate::ui::experiment::state::Laboratory;
use js_sys::{Array, Error, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use serde_json::Value;
use std::future::Future;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// The version of this interface.
const VERSION: u32 = 1;

/// Puts `intab` on the window. Must be called under the page's owner.
pub fn install(lab: Controller) {
    tell_notices(lab);
    let reader = expect_context::<VisionClient>();
    let intab = Object::new();
    put(&intab, "version", &VERSION.into());
    put(&intab, "ready", &promise(wait::catalogue(lab)));
    let call = |name, function| put(&intab, name, &function);
    call("state", function(move |_, _| report::state(lab)));
    call("set", async_function(move |changes, _| set(lab, changes)));
    call("play", async_function(move |_, _| play(lab)));
    call("pause", async_function(move |_, _| pause(lab)));
    call("step", async_function(move |count, _| step(lab, count)));
    call("reset", async_function(move |_, _| reset(lab)));
    call("until", async_function(move |condition, seconds| wait::until(lab, condition, seconds)));
    call("ask", async_function(move |question, _| ask::ask(lab, reader, question)));
    let laboratory = expect_context::<Laboratory>();
    call(
        "experiment",
        async_function(move |asked, _| async move {
            trains(lab)?;
            experiment::run(lab, laboratory, asked).await
        }),
    );
    call("save", async_function(move |_, _| save(lab)));
    call("load", async_function(move |blob, _| load(lab, blob)));
    // `await intab.bench(name, params)`: JavaScript (`www/bench.js`) that is loaded when it is called.
    let bench = document().document_element().and_then(|root| Reflect::get(&root, &"bench".into()).ok());
    put(&intab, "bench", &bench.unwrap_or_default());
    call("on", function(move |event, handler| on(lab, &event, handler)));
    let engines = Object::new();
    put(&engines, "kill", &function(move |kind, _| kill(lab, &kind)));
    put(&intab, "engines", &engines);
    put(&window(), "intab", &intab);
}

/// `await intab.set({ "model.id": "cnn", "train.learning_rate": 0.01, seed: 7, engine: "cpu" })`:
/// dotted keys of the spec, all or none of them, and `engine`: `"cpu"`, `"gpu"`, or `null` for the faster one; and `cores`
/// that may train on the CPU, `null` for all.
/// Resolves to the state once the run is open with them, on that engine.
async fn set(lab: Controller, changes: JsValue) -> Outcome {
    if untrack(move || lab.state.page()) == Page::Lecture {
        trains(lab)?; // No engine starts there.
    }
    wait::ready(lab).await?;
    let Ok(Value::Object(mut changes)) = serde_wasm_bindgen::from_value(changes) else {
        return Err("set takes an object of settings, such as { seed: 7 }".into());
    };
    let wanted = match changes.remove("engine") {
        None => None,
        Some(Value::Null) => Some(None),
        Some(Value::String(name)) => Some(Some(engine_by_name(&name)?)),
        Some(_) => return Err("an engine is cpu or gpu".into()),
    };
    let cores = match changes.remove("cores") {
        None => None,
        Some(Value::Null) => Some(None),
        Some(value) => Some(Some(cores_by_number(&plain(&value))?)),
    };
    let failed = || lab.machine().stage.get() == RunStage::Failed;
    let had_failed = failed();
    let undecided = lab.state.lacks_target.get_untracked() && !changes.contains_key("data.target")
        || lab.state.lacks_text.get_untracked() && !changes.contains_key("data.id");
    lab.set_all(&changes.into_iter().collect::<Vec<_>>())?;
    if let Some(most) = cores {
        lab.use_cores(most);
    }
    if let Some(wanted) = wanted {
        lab.choose_engine(wanted);
        wait::engine(lab, wanted).await?;
    }
    // A live change waits in the spec for Reset where the run had failed; others open it again. A table whose target has
    // not been chosen opens with that choice.
    if !(undecided || had_failed && failed()) {
        wait::opened(lab).await?;
    }
    report::state(lab)
}

/// `await intab.play()`: resolves to the state once it is playing.
async fn play(lab: Controller) -> Outcome {
    trains(lab)?;
    lab.play();
    wait::for_state(lab, &[RunState::Playing, RunState::Done]).await
}

/// Some pages have no run.
fn trains(lab: Controller) -> Result<(), String> {
    match untrack(move || lab.state.trains()) {
        true => Ok(()),
        false => Err("this page trains no run; open one that does, such as #preset=mnist".into()),
    }
}

/// `await intab.pause()`: resolves to the state once no step is being taken.
async fn pause(lab: Controller) -> Outcome {
    lab.pause();
    wait::for_state(lab, &[RunState::Paused, RunState::Done]).await
}

/// `await intab.step(n)`: takes n steps, one if not said, and pauses; resolves to the state after them.
async fn step(lab: Controller, count: JsValue) -> Outcome {
    let count = if count.is_undefined() { Some(1.0) } else { count.as_f64() };
    let fits = |n: &f64| *n >= 1.0 && n.fract() == 0.0 && *n <= f64::from(u32::MAX);
    let count = count.filter(fits).ok_or("step takes a whole number of steps, 1 or more")?;
    trains(lab)?;
    // A run says “paused” when it opens and after the steps before these, and neither is the answer. One that failed is
    // opened by the step.
    if lab.machine().stage.get() != RunStage::Failed {
        wait::opened(lab).await?;
        if !lab.machine().playing.get() {
            wait::for_state(lab, &[RunState::Paused, RunState::Done]).await?;
        }
    }
    lab.step(count as u32);
    wait::for_state(lab, &[RunState::Paused, RunState::Done]).await
}

/// `await intab.reset()`: back to step 0 with the same spec; resolves to the state once the run is open.
async fn reset(lab: Controller) -> Outcome {
    lab.reset();
    wait::opened(lab).await?;
    report::state(lab)
}

/// `await intab.save()` → Blob: the weight file, the same as the download button's.
async fn save(lab: Controller) -> Outcome {
    let bytes = lab.save().await.map_err(|failure| failure.what)?;
    let parts = Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()));
    web_sys::Blob::new_with_u8_array_sequence(&parts)
        .map(JsValue::from)
        .map_err(|e| crate::platform::words(&e))
}

/// `await intab.load(blob)`: goes on from a weight file; resolves to the state once it is open, paused.
async fn load(lab: Controller, blob: JsValue) -> Outcome {
    let blob = blob.dyn_into::<web_sys::Blob>().map_err(|_| "load takes a Blob or File")?;
    let bytes = bytes_of(&blob).await?;
    lab.load(bytes).await.map_err(|failure| failure.what)?;
    report::state(lab)
}

/// `const off = intab.on("progress" | "evaluated" | "state" | "notice", handler)`: the handler gets the state,
/// or the notice; progress comes at most once a frame. `off()` ends it.
fn on(lab: Controller, event: &JsValue, handler: JsValue) -> Outcome {
    let happened = match event.as_string().as_deref() {
        Some("progress") => Notification::Progress,
        Some("evaluated") => Notification::Evaluated,
        Some("state") => Notification::State,
        Some("notice") => Notification::Notice,
        _ => return Err("there is no such event; there are progress, evaluated, state, notice".into()),
    };
    let handler: Function = handler.dyn_into().map_err(|_| "on takes an event's name and a function")?;
    let id = lab.machine().listeners.add(move |what| {
        if what != happened {
            return;
        }
        let payload = if what == Notification::Notice { report::notice(lab) } else { report::state(lab) };
        // A script's mistake is the script's; it must not stop training.
        if let Err(error) = payload.map_or(Ok(JsValue::UNDEFINED), |p| handler.call1(&JsValue::UNDEFINED, &p))
        {
            web_sys::console::error_1(&error);
        }
    });
    Ok(function(move |_, _| {
        lab.machine().listeners.remove(id);
        Ok(JsValue::UNDEFINED)
    }))
}

/// `intab.engines.kill("cpu" | "gpu")`: ends an engine as if it had died by itself. For tests.
fn kill(lab: Controller, kind: &JsValue) -> Outcome {
    let kind = engine_by_name(&kind.as_string().unwrap_or_default())?;
    lab.machine().kill(kind)?;
    Ok(JsValue::UNDEFINED)
}

/// Notices come from everywhere; scripts hear of each once.
fn tell_notices(lab: Controller) {
    effect(move |told: Option<u32>| {
        let newest = lab.state.notices.with(|all| all.last().map_or(0, |n| n.id));
        let told = told.unwrap_or(0);
        if newest > told {
            lab.machine().listeners.emit(Notification::Notice);
        }
        newest.max(told)
    });
}

// ── between Rust and JavaScript ──

fn put(object: &JsValue, name: &str, value: &JsValue) {
    // Fails only on frozen objects, and these are ours.
    let _ = Reflect::set(object, &name.into(), value);
}

fn error(why: String) -> JsValue {
    Error::new(&why).into()
}

/// A function that lives as long as the page.
fn function(body: impl Fn(JsValue, JsValue) -> Outcome + 'static) -> JsValue {
    type Body = dyn Fn(JsValue, JsValue) -> Result<JsValue, JsValue>;
    Closure::<Body>::new(move |first, second| body(first, second).map_err(error)).into_js_value()
}

fn async_function<F: Future<Output = Outcome> + 'static>(
    body: impl Fn(JsValue, JsValue) -> F + 'static,
) -> JsValue {
    function(move |first, second| Ok(promise(body(first, second)).into()))
}

fn promise(outcome: impl Future<Output = Outcome> + 'static) -> Promise {
    future_to_promise(async move { outcome.await.map_err(error) })
}
