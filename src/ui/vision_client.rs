//! The engine that reads pictures: a worker of its own beside the one that trains, so that neither waits for the
//! other. It starts with the first question; when it dies, the questions that it had are answered by that, and
//! the next question starts another.

use super::controller::Controller;
use super::engine_manager::Notification;
use super::watchdog::{self, Pulse};
use super::worker_handle::{self, Engine};
use crate::platform::spawn_local;
use crate::protocol::vision::{HeadProgress, VisionAnswer, VisionQuestion};
use crate::protocol::{Command, EngineKind, Event, Failure, FailureKind, Request, RequestId, Response};
use crate::ui::language::tr;
use futures_channel::oneshot;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A large network on an old phone takes seconds for a picture.
const PATIENCE_SECONDS: f64 = 20.0;

type Reply = oneshot::Sender<Result<VisionAnswer, Failure>>;

/// `Copy`, and in the Leptos context: `expect_context::<VisionClient>()`.
#[derive(Clone, Copy)]
pub struct VisionClient {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    lab: Controller,
    /// Bytes that have arrived and bytes in all of the weights that are being fetched.
    pub fetching: RwSignal<Option<(u64, u64)>>,
    /// The classifier that is being trained.
    pub head: RwSignal<Option<HeadProgress>>,
}

#[derive(Default)]
struct Inner {
    engine: RefCell<Option<Engine>>,
    /// It has spoken, so it hears.
    hears: Cell<bool>,
    /// Asked before it heard.
    waiting: RefCell<Vec<(RequestId, VisionQuestion)>>,
    asked: RefCell<BTreeMap<RequestId, Reply>>,
    last_id: Cell<RequestId>,
    lives: Cell<u32>,
    pulse: Pulse,
}

impl VisionClient {
    /// Must be called under the page's owner.
    pub fn new(lab: Controller) -> Self {
        let inner = StoredValue::new_local(Rc::default());
        let reader = Self { inner, lab, fetching: RwSignal::new(None), head: RwSignal::new(None) };
        watchdog::at_each_beat(move || reader.check_pulse());
        reader
    }

    fn check_pulse(self) {
        let inner = self.inner.get_value();
        let busy = inner.hears.get() && !inner.asked.borrow().is_empty();
        let dead = |engine: &Engine| busy && inner.pulse.is_dead(engine, PATIENCE_SECONDS);
        let dead = inner.engine.borrow().as_ref().is_some_and(dead);
        if dead {
            self.stop(&tr!("it no longer answers"));
        }
    }

    pub async fn ask(self, question: VisionQuestion) -> Result<VisionAnswer, Failure> {
        let inner = self.inner.get_value();
        let id = inner.last_id.get() + 1;
        inner.last_id.set(id);
        let (reply, answered) = oneshot::channel();
        inner.asked.borrow_mut().insert(id, reply);
        self.start();
        if inner.hears.get() {
            self.post(id, question);
        } else {
            inner.waiting.borrow_mut().push((id, question));
        }
        answered.await.unwrap_or_else(|_| Err(gone(&tr!("it was stopped"))))
    }

    /// Starts the worker, unless it is there.
    pub fn start(self) {
        let inner = self.inner.get_value();
        if inner.engine.borrow().is_some() {
            return;
        }
        let started = worker_handle::address(EngineKind::Cpu)
            .ok_or_else(|| tr!("this build does not have it"))
            .and_then(|url| {
                // Later, because a death drops the engine, and with it the callback that tells of it.
                let died = move |why: String| spawn_local(async move { self.stop(&why) });
                Engine::start(EngineKind::Cpu, &url, move |event| self.heard(event), died)
            });
        match started {
            Ok(engine) => {
                inner.lives.set(inner.lives.get() + 1);
                inner.engine.replace(Some(engine));
            }
            Err(why) => self.stop(&why),
        }
    }

    /// How many workers have been started: another one remembers nothing of what the last one was told.
    pub fn lives(self) -> u32 {
        self.inner.get_value().lives.get()
    }

    /// Ends the worker and answers what it was asked; its memory is free again.
    pub fn stop(self, why: &str) {
        let inner = self.inner.get_value();
        inner.engine.replace(None);
        inner.hears.set(false);
        inner.waiting.take();
        self.fetching.set(None);
        self.head.set(None);
        for (_, reply) in inner.asked.take() {
            // Who asked may have gone away.
            let _ = reply.send(Err(gone(why)));
        }
    }

    fn heard(self, event: Event) {
        let inner = self.inner.get_value();
        inner.pulse.heard();
        match event {
            Event::Ready { .. } => {
                if self.lab.state.catalogue.with_untracked(Option::is_none) {
                    self.lab.state.apply(event);
                    self.lab.machine().listeners.emit(Notification::Engine);
                }
                inner.hears.set(true);
                for (id, question) in inner.waiting.take() {
                    self.post(id, question);
                }
            }
            Event::Fetching { bytes, total, .. } => {
                self.fetching.set((bytes < total).then_some((bytes, total)));
            }
            Event::HeadProgress(progress) => self.head.set(Some(progress)),
            Event::Response { id, answer: Response::Vision(answer) } => self.answered(id, Ok(answer)),
            Event::Refused { id, failure } => self.answered(id, Err(failure)),
            Event::Failed { failure, .. } => spawn_local(async move { self.stop(&failure.what) }),
            // It trains no run.
            _ => (),
        }
    }

    fn answered(self, id: RequestId, answer: Result<VisionAnswer, Failure>) {
        let asked = self.inner.get_value().asked.borrow_mut().remove(&id);
        if let Some(reply) = asked {
            let _ = reply.send(answer);
        }
    }

    fn post(self, id: RequestId, question: VisionQuestion) {
        let inner = self.inner.get_value();
        let command = Command::Ask { id, question: Request::Vision(question) };
        let sent = inner.engine.borrow().as_ref().map(|engine| engine.send(&command));
        if let Some(Err(why)) = sent {
            self.answered(id, Err(gone(&why)));
        }
    }
}

fn gone(why: &str) -> Failure {
    Failure::new(
        FailureKind::Engine,
        tr!("The engine that reads pictures stopped: {}.", why.trim_end_matches('.')),
        tr!("Try again; it starts anew."),
    )
}
