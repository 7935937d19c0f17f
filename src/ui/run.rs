//! The run that is shown: opened, played, paused, stepped, and opened anew when its settings change.
//! The machine holds what the visitor wants, so that an engine can come, die or be swapped at any moment.

use super::charts::run_history;
use super::engine_manager::{EngineManager, RunStage};
use super::event_bus::Notification;
use crate::protocol::{Command, EngineKind, RunId, RunState};
use leptos::prelude::*;
use serde_bytes::ByteBuf;
use std::rc::Rc;

/// How long settings may change before the run is opened with them: a drag of a slider is one change.
const SETTLE_MILLISECONDS: u32 = 150;

impl EngineManager {
    /// Asks the active engine for the run as the page has it: its spec, from the checkpoint if there is one.
    /// With no engine ready it waits for that, for a table or a text that an earlier visit left, and for what only the
    /// visitor can give: the text, or the column that is learned.
    pub fn open(self: &Rc<Self>) {
        self.open_soon.cancel();
        let kind = self.active().unwrap_or(EngineKind::Cpu);
        self.stage.set(RunStage::Waiting);
        self.start(kind);
        let data = self.state.spec.with_untracked(|s| s.data.id.clone());
        let undecided = self.state.spec.with_untracked(|s| self.tables.lacks_target(&s.data));
        self.state.lacks_target.set(undecided);
        let textless = self.texts.lacks_text(&data);
        self.state.lacks_text.set(textless);
        if undecided || textless {
            // What is shown of a network is the old data's.
            self.state.network.set(Vec::new());
        }
        let awaited = self.tables.is_awaited(&data) || self.texts.is_awaited(&data);
        if !self.is_ready(kind) || awaited || undecided || textless {
            return self.listeners.emit(Notification::State);
        }
        self.stage.set(RunStage::Sent);
        let run = self.run.get();
        let checkpoint = self.checkpoint.borrow().as_ref().map(|c| ByteBuf::from(c.bytes.clone()));
        self.slot(kind).borrow_mut().warm = false;
        self.hand_over(kind, &data);
        self.tell_cores();
        self.post(kind, &Command::Open { run, spec: self.state.spec.get_untracked(), checkpoint });
        self.post(kind, &Command::WatchRequest { run, watch: self.watched.whole() });
        let steps = self.held_steps.take();
        if self.playing.get() {
            self.post(kind, &Command::Play { run });
        } else if steps > 0 {
            self.post(kind, &Command::Step { run, count: steps });
        }
    }

    /// Gives an engine the visitor's table or text that dataset `id` stands for, if it does not have it.
    pub(super) fn hand_over(&self, kind: EngineKind, id: &str) {
        let worker = (kind, self.slot(kind).borrow().born);
        let unsent = self.tables.unsent(id, worker).into_iter().chain(self.texts.unsent(id, worker));
        unsent.for_each(|command| self.post(kind, &command));
    }

    /// Tells the engine whose arithmetic can be spread over cores, if it is there.
    pub fn tell_cores(&self) {
        self.post(EngineKind::Cpu, &Command::Cores { most: self.state.cores.get_untracked() });
    }

    /// From here on nothing that the old run does is shown; `stage` says what comes next.
    pub fn close(&self, stage: RunStage) {
        if let (RunStage::Sent | RunStage::Open, Some(kind)) = (self.stage.get(), self.active()) {
            self.post(kind, &Command::Pause { run: self.run.get() });
        }
        self.run.set(self.run.get() + 1);
        self.stage.set(stage);
        self.held_steps.set(0);
        self.failing.set(false);
        self.failure.replace(None);
        self.state.lacks_target.set(false);
        self.state.lacks_text.set(false);
        self.state.run.set(RunState::Loading);
        self.listeners.emit(Notification::State);
    }

    /// Another run, paused at step 0, as soon as the settings have settled. To be called while the page still shows the
    /// settings of the one that is left behind, which is kept.
    pub fn open_anew(self: &Rc<Self>) {
        run_history::keep(self.state, false);
        self.close(RunStage::Waiting);
        self.playing.set(false);
        self.restarts.set(0);
        self.checkpoint.replace(None);
        self.state.forget_run();
        let machine = self.clone();
        self.open_soon.after(SETTLE_MILLISECONDS, move || machine.open());
    }

    pub fn play(self: &Rc<Self>) {
        self.begin();
        self.playing.set(true);
        match self.stage.get() {
            RunStage::Waiting => self.open(),
            RunStage::Sent | RunStage::Open => self.post_to_run(|run| Command::Play { run }),
            RunStage::Moving | RunStage::Failed => (),
        }
    }

    /// Training is about to go on; a run that failed is first opened again where it was last whole.
    fn begin(&self) {
        if self.stage.get() == RunStage::Failed {
            self.restarts.set(0);
            self.close(RunStage::Waiting);
        }
        if self.state.run.get_untracked() != RunState::Playing {
            self.failure.replace(None);
            self.state.run.set(RunState::Loading);
        }
    }

    pub fn pause(&self) {
        self.playing.set(false);
        self.held_steps.set(0);
        // A run that is not open yet says nothing: its button follows what the visitor wants.
        self.state.run.notify();
        self.post_to_run(|run| Command::Pause { run });
    }

    pub fn step(self: &Rc<Self>, count: u32) {
        self.begin();
        self.playing.set(false);
        match self.stage.get() {
            RunStage::Sent | RunStage::Open => self.post_to_run(|run| Command::Step { run, count }),
            RunStage::Waiting => {
                self.held_steps.set(self.held_steps.get() + count);
                self.open();
            }
            RunStage::Moving | RunStage::Failed => self.held_steps.set(self.held_steps.get() + count),
        }
    }

    /// Sends to the run that is shown, if the engine has been asked for it; `open` makes up for what was not sent.
    pub fn post_to_run(&self, command: impl FnOnce(RunId) -> Command) {
        if let (RunStage::Sent | RunStage::Open, Some(kind)) = (self.stage.get(), self.active()) {
            self.post(kind, &command(self.run.get()));
        }
    }
}
