//! An engine comes and goes. When the one that trains dies, the run goes on from its last checkpoint on the
//! CPU engine, a fresh one if need be; the visitor reads one sentence and loses nothing but those steps.

use super::client::pulse;
use super::components::format::count;
use super::engine_manager::{EngineManager, RunStage, words};
use super::event_bus::Notification;
use super::state::{GpuStatus, NoticeLevel};
use crate::link::engine_name;
use crate::protocol::{EngineKind, RunState};
use crate::ui::language::tr;
use leptos::prelude::*;
use std::rc::Rc;

/// An engine that has said nothing for so many seconds is dead: a step takes far less, and more than that where it must be.
const PATIENCE_SECONDS: f64 = 6.0;

/// The graphics adapter compiles a network's programs at its first step, and says nothing until they are there.
const COMPILING_SECONDS: f64 = 90.0;

/// After this many restarts without a checkpoint in between, it is not bad luck.
const MAX_RESTARTS: u32 = 3;

impl EngineManager {
    pub(super) fn became_ready(self: &Rc<Self>, kind: EngineKind) {
        if self.active().is_none_or(|active| active == kind) {
            let first = self.active().is_none();
            self.activate(kind);
            if first {
                self.check_spec();
            }
            if self.stage.get() == RunStage::Waiting {
                self.open();
            }
        }
        self.engine_ready(kind);
        self.listeners.emit(Notification::Engine);
    }

    /// This engine trains from now on; the caller opens the run on it.
    pub fn activate(&self, kind: EngineKind) {
        let name = self.slot(kind).borrow().info.as_ref().map(|i| i.name.clone()).unwrap_or_default();
        self.state.engine.update(|e| (e.active, e.name) = (Some(kind), name));
    }

    pub(super) fn died(self: &Rc<Self>, kind: EngineKind, born: u32, why: &str) {
        if self.slot(kind).borrow().born == born {
            crate::platform::log(&format!("the {} engine died: {why}", engine_name(kind)));
            if !self.is_ready(kind) {
                super::version::suspect(self.state);
            }
            let why = why.trim_end_matches('.');
            self.lost(
                kind,
                &match self.is_ready(kind) {
                    true => tr!("The {} engine stopped: {}.", words(kind), why),
                    false => tr!("The {} engine did not start: {}.", words(kind), why),
                },
            );
        }
    }

    /// From here on an engine that no longer answers is taken for dead.
    pub(super) fn watch_pulse(self: &Rc<Self>) {
        let machine = self.clone();
        pulse::at_each_beat(move || {
            for kind in [EngineKind::Cpu, EngineKind::Gpu] {
                if machine.is_silent(kind) {
                    machine.lost(kind, &tr!("The {} engine no longer answers.", words(kind)));
                }
            }
        });
    }

    /// Each restart without a checkpoint in between doubles the patience: the machine may only be slow.
    fn is_silent(&self, kind: EngineKind) -> bool {
        let slot = self.slot(kind).borrow();
        // One that has not spoken yet is starting, which `Controller` watches.
        let Some(engine) = slot.engine.as_ref().filter(|_| slot.info.is_some()) else { return false };
        let compiles = kind == EngineKind::Gpu && !slot.warm;
        let patience = if compiles { COMPILING_SECONDS } else { PATIENCE_SECONDS };
        engine.is_dead(patience * f64::from(1 << self.restarts.get().min(MAX_RESTARTS)))
    }

    /// An engine is gone. If it was training, the CPU engine goes on from the last checkpoint.
    pub(super) fn lost(self: &Rc<Self>, kind: EngineKind, what: &str) {
        let was_ready = {
            let mut slot = self.slot(kind).borrow_mut();
            slot.engine = None;
            slot.born += 1;
            slot.info.take().is_some()
        };
        if kind == EngineKind::Gpu {
            self.state.engine.update(|e| e.gpu = GpuStatus::Lost(what.into()));
        }
        match self.active() {
            Some(active) if active == kind => self.recover(what, was_ready),
            None if kind == EngineKind::Cpu => self.give_up(
                what,
                &tr!("Reload the page; if that does not help, try another browser or tell whoever runs this site."),
            ),
            _ if self.state.engine.with_untracked(|e| e.wanted == Some(kind)) => {
                self.state.engine.update(|e| e.reason = what.into());
                self.state.notify(NoticeLevel::Problem, what, tr!("Training goes on on the other engine."));
            }
            _ => (),
        }
        self.listeners.emit(Notification::Engine);
    }

    fn recover(self: &Rc<Self>, what: &str, was_ready: bool) {
        self.restarts.set(self.restarts.get() + 1);
        self.close(RunStage::Waiting);
        self.activate(EngineKind::Cpu);
        self.measured.decided.set(false);
        if self.restarts.get() > MAX_RESTARTS {
            return self.give_up(
                what,
                &tr!("Press Play to try once more, Reset to start over, or choose a smaller model."),
            );
        }
        let step = self.checkpoint.borrow().as_ref().map_or(0, |c| c.step);
        let trained = self.state.step() > 0;
        self.state.rewind_to(step);
        self.state.engine.update(|e| e.reason = tr!("It took over when the engine before it was lost."));
        self.open();
        // A start that fails is told of once, not at every try.
        if was_ready {
            let onwards = match (trained, step) {
                (false, _) => tr!("The CPU engine is ready instead"),
                (true, 0) => tr!("Training starts over on the CPU: no checkpoint had been made"),
                (true, step) => tr!("Training goes on on the CPU from step {}", count(step.into())),
            };
            self.state.notify(NoticeLevel::Problem, format!("{what} {onwards}."), "");
        }
    }

    fn give_up(&self, what: &str, advice: &str) {
        self.playing.set(false);
        self.stage.set(RunStage::Failed);
        self.failure.replace(Some(what.into()));
        self.state.run.set(RunState::Failed);
        self.state.notify(NoticeLevel::Problem, what, advice);
        self.listeners.emit(Notification::State);
    }
}
