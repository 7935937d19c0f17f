//! One engine: a Web Worker behind typed messages, with the requests that it was given. Knows nothing of runs.

use super::pulse::Pulse;
use super::requests::{Answer, Requests};
use crate::protocol::{Command, EngineKind, Event, Failure, Request};
use crate::ui::language::tr;
use futures_channel::oneshot;
use leptos::prelude::document;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// A worker that runs until this is dropped.
pub struct Engine {
    worker: Worker,
    requests: Rc<Requests>,
    pulse: Rc<Pulse>,
    // The worker calls these; they must live as long as it does.
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(web_sys::Event)>,
}

fn link(kind: EngineKind, attribute: &str) -> Option<String> {
    let id = match kind {
        EngineKind::Cpu => "engine-cpu",
        EngineKind::Gpu => "engine-gpu",
    };
    document().get_element_by_id(id)?.get_attribute(attribute)
}

/// The GPU engine's build takes long: a developer can use the page before it is done.
pub fn comes_later(kind: EngineKind) -> bool {
    link(kind, "data-later").as_deref() == Some("true")
}

/// Where the page says that this engine lies; none if this build does not have it.
pub fn address(kind: EngineKind) -> Option<String> {
    let href = link(kind, "href").filter(|h| !h.is_empty())?;
    // A worker's address is resolved against the page, not against its `<base>`.
    let base = document().base_uri().ok().flatten()?;
    web_sys::Url::new_with_base(&href, &base).ok().map(|url| url.href())
}

/// The same worker in a frame that belongs to no origin (`sandbox` without `allow-same-origin`), which may start one only
/// from what it made itself; Chromium then starts no module, but a script may load one.
fn lent(url: &str, options: &WorkerOptions) -> Result<Worker, JsValue> {
    let script = format!("import({});", js_sys::JSON::stringify(&url.into())?);
    options.set_type(WorkerType::Classic);
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&script.into()), &kind)?;
    Worker::new_with_options(&web_sys::Url::create_object_url_with_blob(&blob)?, options)
}

impl Engine {
    /// Starts the worker. `on_event` gets what is no answer to a request. `on_death` gets why the worker can no longer be
    /// used: its script did not load, it panicked, or it does not speak this page's protocol. An error says why there is
    /// no worker at all.
    pub fn start(
        kind: EngineKind,
        on_event: impl Fn(Event) + 'static,
        on_death: impl Fn(String) + 'static,
    ) -> Result<Self, String> {
        let url = &address(kind).ok_or_else(|| tr!("this build does not have it"))?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&crate::platform::worker_name(crate::link::engine_name(kind)));
        let worker = Worker::new_with_options(url, &options)
            .or_else(|_| lent(url, &options))
            .map_err(|e| tr!("this browser does not start it ({})", crate::platform::words(&e)))?;
        let on_death: Rc<dyn Fn(String)> = Rc::new(on_death);
        let died = on_death.clone();
        let (requests, pulse) = (Rc::<Requests>::default(), Rc::<Pulse>::default());
        let (asked, heard, to) = (requests.clone(), pulse.clone(), worker.clone());
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            heard.heard();
            match serde_wasm_bindgen::from_value(message.data()) {
                Ok(Event::Response { id, answer }) => asked.answer(id, Ok(answer)),
                Ok(Event::Refused { id, failure }) => asked.answer(id, Err(failure)),
                Ok(event) => {
                    if matches!(event, Event::Ready { .. }) {
                        // One that cannot be reached is soon found dead.
                        asked.ready().iter().for_each(|command| _ = post(&to, command));
                    }
                    on_event(event);
                }
                Err(why) => died(tr!("it is of another version than the page ({})", why)),
            }
        });
        // A panic in a worker shows only here; a script that did not load comes without a message.
        let on_error = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
            let what = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).filter(|m| !m.is_empty());
            on_death(what.unwrap_or_else(|| tr!("its program could not be loaded")));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, requests, pulse, _on_message: on_message, _on_error: on_error })
    }

    /// Hands a command over; an error says why it could not be.
    pub fn send(&self, command: &Command) -> Result<(), String> {
        post(&self.worker, command)
    }

    /// Asks now, or when the engine is ready. The channel closes when the engine goes before it has answered.
    pub fn ask(&self, request: Request) -> Result<oneshot::Receiver<Answer>, String> {
        self.requests.ask(request, |command| self.send(command))
    }

    /// Ends it; this is the answer to what it was still asked.
    pub fn end(self, failure: &Failure) {
        self.requests.fail(failure);
    }

    /// It has been ready, and something is still to be answered.
    pub fn is_asked(&self) -> bool {
        self.requests.are_open()
    }

    /// Asks whether it lives; says that it does not when it has said nothing for `patience` seconds.
    pub fn is_dead(&self, patience: f64) -> bool {
        // One that cannot be reached does not answer.
        self.pulse.is_dead(patience, || drop(self.send(&Command::Ping)))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
        self.requests.drop_all();
    }
}

fn post(worker: &Worker, command: &Command) -> Result<(), String> {
    let message = serde_wasm_bindgen::to_value(command).map_err(|e| e.to_string())?;
    worker.post_message(&message).map_err(|e| crate::platform::words(&e))
}
