//! Web Worker entry point: decodes commands, posts events, contains no logic.

#[cfg(all(feature = "cpu", not(feature = "gpu")))]
mod helper;

use crate::chat::TALKER;
use crate::engine::data_parallel::WorkerPool;
use crate::engine::{device, event_loop};
use crate::platform;
use crate::pretrained::{Detector, Pretrained};
use crate::protocol::{Command, Event, Failure};
use crate::sketch::Sketcher;
use futures_channel::mpsc::unbounded;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn post(event: &Event) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    match serde_wasm_bindgen::to_value(event) {
        Ok(value) => {
            let _ = scope.post_message(&value);
        }
        Err(error) => platform::log(&format!("an event could not be sent: {error}")),
    }
}

/// Starts the engine, or a helper of one; called once by `main` of its binary.
pub fn start() {
    console_error_panic_hook::set_once();
    let _ = console_log::init_with_level(log::Level::Warn);
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    #[cfg(all(feature = "cpu", not(feature = "gpu")))]
    if helper::is_one(&scope) {
        return helper::serve(&scope, device::cpu());
    }
    let (commands, inbox) = unbounded();
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        match serde_wasm_bindgen::from_value::<Command>(message.data()) {
            Ok(command) => {
                let _ = commands.unbounded_send(command);
            }
            Err(error) => platform::log(&format!("a command was not understood: {error}")),
        }
    });
    // The page waits for `Ready`, so nothing is sent before this is set.
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    platform::spawn_local(async move {
        match device::open().await {
            Ok((device, info)) => {
                let [datasets, weights] = [here("datasets").await, here("weights").await];
                let among = |ids: &Option<Vec<String>>, id: &str| {
                    ids.as_ref().is_none_or(|ids| ids.iter().any(|i| i == id))
                };
                let trained = |id: &str| {
                    Pretrained::by_id(id).is_some()
                        || Detector::by_id(id).is_some()
                        || Sketcher::by_id(id).is_some()
                        || id == TALKER.id
                };
                let has = |id: &str| among(if trained(id) { &weights } else { &datasets }, id);
                event_loop::serve((device, team(&scope)), info, has, inbox, |event| post(&event)).await;
            }
            Err(failure) => post(&unavailable(failure)),
        }
    });
}

#[cfg(all(feature = "cpu", not(feature = "gpu")))]
fn team(scope: &DedicatedWorkerGlobalScope) -> WorkerPool {
    helper::team(scope)
}

/// A GPU has cores enough of its own.
#[cfg(feature = "gpu")]
fn team(_: &DedicatedWorkerGlobalScope) -> WorkerPool {
    WorkerPool::alone()
}

/// Run 0 is nobody's: it says that the engine itself could not start.
fn unavailable(failure: Failure) -> Event {
    Event::Failed { run: 0, failure }
}

/// The ids of the datasets or of the weights that the site has; none if the site does not say.
async fn here(folder: &str) -> Option<Vec<String>> {
    let bytes = platform::fetch(&format!("{folder}/index.json"), false, |_| ()).await.ok()?;
    serde_json::from_slice(&bytes).ok()
}
