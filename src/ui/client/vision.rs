//! The engine that reads pictures: a worker of its own beside the one that trains, so that neither waits for the
//! other. It starts with the first question; when it dies, the questions that it had are answered by that, and
//! the next question starts another.

use super::pulse;
use super::worker::Engine;
use crate::platform::spawn_local;
use crate::protocol::vision::{HeadProgress, VisionAnswer, VisionQuestion};
use crate::protocol::{EngineKind, Event, Failure, FailureKind, Request, Response};
use crate::ui::language::tr;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A large network on an old phone takes seconds for a picture.
const PATIENCE_SECONDS: f64 = 20.0;

/// `Copy`, and in the Leptos context: `expect_context::<VisionClient>()`.
#[derive(Clone, Copy)]
pub struct VisionClient {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    /// Bytes that have arrived and bytes in all of the weights that are being fetched.
    pub fetching: RwSignal<Option<(u64, u64)>>,
    /// The classifier that is being trained.
    pub head: RwSignal<Option<HeadProgress>>,
}

struct Inner {
    engine: RefCell<Option<Engine>>,
    lives: Cell<u32>,
    on_ready: Box<dyn Fn(Event)>,
}

impl VisionClient {
    /// `on_ready` gets what a worker says of itself. Must be called under the page's owner.
    pub fn new(on_ready: impl Fn(Event) + 'static) -> Self {
        let inner =
            Inner { engine: RefCell::default(), lives: Cell::default(), on_ready: Box::new(on_ready) };
        let inner = StoredValue::new_local(Rc::new(inner));
        let reader = Self { inner, fetching: RwSignal::new(None), head: RwSignal::new(None) };
        pulse::at_each_beat(move || reader.check_pulse());
        reader
    }

    fn check_pulse(self) {
        let inner = self.inner.get_value();
        let dead = |engine: &Engine| engine.is_asked() && engine.is_dead(PATIENCE_SECONDS);
        let dead = inner.engine.borrow().as_ref().is_some_and(dead);
        if dead {
            self.stop(&tr!("it no longer answers"));
        }
    }

    pub async fn ask(self, question: VisionQuestion) -> Result<VisionAnswer, Failure> {
        self.started().map_err(|why| gone(&why))?;
        let inner = self.inner.get_value();
        let asked = inner.engine.borrow().as_ref().map(|engine| engine.ask(Request::Vision(question)));
        let stopped = || gone(&tr!("it was stopped"));
        let answered = asked.ok_or_else(stopped)?.map_err(|why| gone(&why))?;
        match answered.await.unwrap_or_else(|_| Err(stopped()))? {
            Response::Vision(answer) => Ok(answer),
            _ => Err(stopped()),
        }
    }

    /// Starts the worker before it is asked; why it cannot start is the answer to the first question.
    pub fn start(self) {
        let _ = self.started();
    }

    fn started(self) -> Result<(), String> {
        let inner = self.inner.get_value();
        if inner.engine.borrow().is_some() {
            return Ok(());
        }
        // Later, because a death drops the engine, and with it the callback that tells of it.
        let died = move |why: String| spawn_local(async move { self.stop(&why) });
        let engine = Engine::start(EngineKind::Cpu, move |event| self.heard(event), died)?;
        inner.lives.set(inner.lives.get() + 1);
        inner.engine.replace(Some(engine));
        Ok(())
    }

    /// How many workers have been started: another one remembers nothing of what the last one was told.
    pub fn lives(self) -> u32 {
        self.inner.get_value().lives.get()
    }

    /// Ends the worker and answers what it was asked; its memory is free again.
    pub fn stop(self, why: &str) {
        let engine = self.inner.get_value().engine.take();
        self.fetching.set(None);
        self.head.set(None);
        if let Some(engine) = engine {
            engine.end(&gone(why));
        }
    }

    fn heard(self, event: Event) {
        match event {
            Event::Ready { .. } => (self.inner.get_value().on_ready)(event),
            Event::Fetching { bytes, total, .. } => {
                self.fetching.set((bytes < total).then_some((bytes, total)));
            }
            Event::HeadProgress(progress) => self.head.set(Some(progress)),
            Event::Failed { failure, .. } => spawn_local(async move { self.stop(&failure.what) }),
            // It trains no run.
            _ => (),
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
