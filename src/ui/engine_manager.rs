//! The engines: what is sent and what comes back. What is asked of the run is in `run`, what happens when an
//! engine dies in `recover`, which one trains is `choose`'s business, and what the page shows is `State`'s.

use super::client::worker::Engine;
use super::event_bus::{EventBus, Notification};
use super::state::State;
use super::store::run::RunKeeper;
use super::tables::Tables;
use super::texts::Texts;
use super::timers::Debounce;
use super::watch::Watched;
use crate::link::engine_name;
use crate::platform::spawn_local;
use crate::protocol::{
    Command, EngineInfo, EngineKind, Event, Failure, FailureKind, Request, Response, RunId, RunState,
};
use crate::ui::language::tr;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Everything behind the page's signals. Lives as long as the page: the engines' callbacks hold it, and it
/// holds the engines.
pub struct EngineManager {
    pub state: State,
    engines: [RefCell<Slot>; 2],
    /// The run that is shown; events of any other are dropped.
    pub run: Cell<RunId>,
    pub stage: Cell<RunStage>,
    /// What the visitor wants, whatever the engine is doing at the moment.
    pub playing: Cell<bool>,
    /// Steps asked for while there was no open run to take them.
    pub held_steps: Cell<u32>,
    pub watched: Watched,
    /// Where this run can be taken up again, by whichever engine.
    pub checkpoint: RefCell<Option<Checkpoint>>,
    pub restarts: Cell<u32>,
    /// The engine has said that the run failed, but not yet why.
    pub failing: Cell<bool>,
    /// Why the run that is shown cannot go on, for scripts; visitors read the notice.
    pub failure: RefCell<Option<String>>,
    pub open_soon: Debounce,
    pub keeper: RunKeeper,
    pub tables: Tables,
    pub texts: Texts,
    pub listeners: EventBus,
    /// What `choose` measured last.
    pub measured: Measured,
}

#[derive(Default)]
pub(super) struct Slot {
    pub engine: Option<Engine>,
    /// Once it has spoken.
    pub info: Option<EngineInfo>,
    /// It has trained a step of the run that it has: programs for a graphics adapter are compiled at the first.
    pub warm: bool,
    /// Counts the workers, so that the death of one is not taken for its successor's.
    pub born: u32,
}

/// What the engines were measured on.
#[derive(Default)]
pub struct Measured {
    /// What decides the speed of a step, of the last spec that both engines were measured on.
    pub(super) workload: RefCell<Option<String>>,
    pub(super) soon: Debounce,
    pub(super) busy: Cell<bool>,
    /// The engine that trains was chosen by measuring.
    pub decided: Cell<bool>,
}

/// How far the run that is shown has come on its engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStage {
    /// Not asked for yet: the engine is not ready, or settings are still changing.
    Waiting,
    /// Its checkpoint is on the way from one engine to the other.
    Moving,
    /// Asked for.
    Sent,
    /// The engine has it.
    Open,
    /// It cannot go on as it is.
    Failed,
}

/// A weight file with the optimiser's state.
#[derive(Clone)]
pub struct Checkpoint {
    pub step: u32,
    pub bytes: Vec<u8>,
}

impl EngineManager {
    pub fn new(state: State) -> Rc<Self> {
        Rc::new(Self {
            state,
            engines: Default::default(),
            // Run ids start at 1; id 0 reports failures of the engine itself.
            run: Cell::new(1),
            stage: Cell::new(RunStage::Waiting),
            playing: Cell::new(false),
            held_steps: Cell::new(0),
            watched: Watched::default(),
            checkpoint: RefCell::new(None),
            restarts: Cell::new(0),
            failing: Cell::new(false),
            failure: RefCell::new(None),
            open_soon: Debounce::default(),
            keeper: RunKeeper::default(),
            tables: Tables::default(),
            texts: Texts::default(),
            listeners: EventBus::default(),
            measured: Measured::default(),
        })
    }

    pub(super) fn slot(&self, kind: EngineKind) -> &RefCell<Slot> {
        &self.engines[kind as usize]
    }

    /// The engine has spoken and lives.
    pub fn is_ready(&self, kind: EngineKind) -> bool {
        self.slot(kind).borrow().info.is_some()
    }

    /// Who trains.
    pub fn active(&self) -> Option<EngineKind> {
        self.state.engine.with_untracked(|e| e.active)
    }

    /// Starts the worker of `kind`, unless it is there.
    pub fn start(self: &Rc<Self>, kind: EngineKind) {
        let born = {
            let mut slot = self.slot(kind).borrow_mut();
            if slot.engine.is_some() {
                return;
            }
            slot.born += 1;
            slot.born
        };
        let (hears, dies) = (self.clone(), self.clone());
        let started = Engine::start(
            kind,
            move |event| hears.heard(kind, event),
            // Later, because a death drops the engine, and with it the callback that tells of it.
            move |why| {
                let machine = dies.clone();
                spawn_local(async move { machine.died(kind, born, &why) });
            },
        );
        match started {
            Ok(engine) => self.slot(kind).borrow_mut().engine = Some(engine),
            Err(why) => self.died(kind, born, &why),
        }
    }

    /// Ends an engine as if it had died by itself. For tests.
    pub fn kill(self: &Rc<Self>, kind: EngineKind) -> Result<(), String> {
        if self.slot(kind).borrow().engine.is_none() {
            return Err(gone(kind).what);
        }
        self.lost(kind, &tr!("The {} engine was stopped.", words(kind)));
        Ok(())
    }

    fn heard(self: &Rc<Self>, kind: EngineKind, event: Event) {
        self.slot(kind).borrow_mut().warm |= matches!(event, Event::Progress { .. });
        if let Event::Failed { failure, .. } = &event {
            self.suspect(failure);
        }
        match event {
            Event::Ready { ref engine, .. } => {
                self.slot(kind).borrow_mut().info = Some(engine.clone());
                // The CPU engine always comes first, and its catalogue holds for both.
                if kind == EngineKind::Cpu {
                    self.state.apply(event);
                }
                self.became_ready(kind);
            }
            Event::Failed { run: 0, failure } => self.lost(kind, &failure.what),
            event if self.active() == Some(kind) && run_of(&event) == Some(self.run.get()) => {
                self.run_event(kind, event);
            }
            Event::Pong { .. } if self.active() == Some(kind) => self.state.apply(event),
            // Of a run that is no longer shown.
            _ => (),
        }
    }

    fn run_event(self: &Rc<Self>, kind: EngineKind, event: Event) {
        let mut happened = Notification::Other;
        match &event {
            // The reason comes next, and it may be one that another engine has a remedy for.
            Event::State { state: RunState::Failed, .. } => return self.failing.set(true),
            Event::State { state, .. } => {
                // The first follows the run's description: from here on the page knows all of it.
                self.stage.set(RunStage::Open);
                if *state == RunState::Done {
                    self.playing.set(false);
                }
                happened = Notification::State;
            }
            Event::Progress { .. } => happened = Notification::Progress,
            Event::Evaluated { .. } => happened = Notification::Evaluated,
            Event::Checkpoint { step, bytes, .. } => {
                self.restarts.set(0);
                self.remember(*step, bytes.to_vec());
            }
            Event::Failed { failure, .. } if failure.kind == FailureKind::Engine => {
                return self.lost(kind, &failure.what);
            }
            Event::Failed { run, failure } => {
                self.failed(*run, failure);
                happened = Notification::State;
            }
            _ => (),
        }
        self.state.apply(event);
        self.listeners.emit(happened);
    }

    /// Something about the run failed, and no other engine would do better.
    fn failed(&self, run: RunId, failure: &Failure) {
        let never_opened = self.stage.get() == RunStage::Sent;
        if !self.failing.take() && !never_opened {
            return; // A picture could not be read, say; the run goes on.
        }
        self.playing.set(false);
        self.failure.replace(Some(failure.what.clone()));
        // After missing data the engine still has the run, and Play tries again.
        if never_opened || failure.kind == FailureKind::Diverged {
            self.stage.set(RunStage::Failed);
        }
        if never_opened {
            // It would not open the next time either.
            self.checkpoint.replace(None);
        }
        self.state.apply(Event::State { run, state: RunState::Failed });
    }

    /// A checkpoint of the run that is shown: kept in memory, and in the browser if it lets us.
    pub fn remember(self: &Rc<Self>, step: u32, bytes: Vec<u8>) {
        self.keep(step, bytes.clone());
        self.checkpoint.replace(Some(Checkpoint { step, bytes }));
    }

    pub(super) fn post(&self, kind: EngineKind, command: &Command) {
        if let Some(engine) = &self.slot(kind).borrow().engine
            && let Err(why) = engine.send(command)
        {
            crate::platform::log(&format!("the {} engine was not reached: {why}", engine_name(kind)));
        }
    }

    // ── questions ──

    /// Asks the active engine, once it has the run that is shown.
    pub async fn ask(&self, question: Request) -> Result<Response, Failure> {
        let settled = || matches!(self.stage.get(), RunStage::Open | RunStage::Failed).then_some(());
        self.listeners.wait_for(settled).await;
        match self.active() {
            Some(kind) => self.ask_engine(kind, question).await,
            None => Err(gone(EngineKind::Cpu)),
        }
    }

    /// Asks this engine, whatever it is doing.
    pub async fn ask_engine(&self, kind: EngineKind, question: Request) -> Result<Response, Failure> {
        if !self.is_ready(kind) {
            return Err(gone(kind));
        }
        if matches!(question, Request::Measure { .. }) {
            self.slot(kind).borrow_mut().warm = false;
        }
        let asked = self.slot(kind).borrow().engine.as_ref().map(|engine| engine.ask(question));
        let Some(Ok(answered)) = asked else { return Err(gone(kind)) };
        let answer = answered.await.unwrap_or_else(|_| Err(gone(kind)));
        if let Err(failure) = &answer {
            self.suspect(failure);
        }
        answer
    }

    /// Data that are missing may be those of an older build.
    fn suspect(&self, failure: &Failure) {
        if failure.kind == FailureKind::Data {
            super::version::suspect(self.state);
        }
    }
}

pub(super) fn gone(kind: EngineKind) -> Failure {
    Failure::new(
        FailureKind::Engine,
        tr!("The {} engine is not running.", words(kind)),
        tr!("Try again in a moment, or reload the page."),
    )
}

pub fn words(kind: EngineKind) -> &'static str {
    match kind {
        EngineKind::Cpu => "CPU",
        EngineKind::Gpu => "GPU",
    }
}

fn run_of(event: &Event) -> Option<RunId> {
    match event {
        Event::Opened { run, .. }
        | Event::Loading { run, .. }
        | Event::State { run, .. }
        | Event::Progress { run, .. }
        | Event::Evaluated { run, .. }
        | Event::LiveView { run, .. }
        | Event::Checkpoint { run, .. }
        | Event::Failed { run, .. } => Some(*run),
        Event::Ready { .. }
        | Event::Fetching { .. }
        | Event::HeadProgress(_)
        | Event::Response { .. }
        | Event::Refused { .. }
        | Event::Pong { .. } => None,
    }
}
