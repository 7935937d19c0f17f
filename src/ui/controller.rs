//! What a person or a script can do: the one handle that buttons, keys, links and `window.intab` share.

use super::charts::run_history;
use super::engine_manager::{Checkpoint, EngineManager, RunStage};
use super::state::{NoticeLevel, State};
use super::store::past_runs::PastRun;
use super::store::preferences::{self, Theme};
use super::store::run::Offer;
use super::{lessons, link};
use crate::link::Decoded;
use crate::platform::spawn_local;
use crate::protocol::{
    Command, EngineKind, Failure, FailureKind, Picture, Progress, Request, Response, WeightsInfo,
};
use crate::spec::{Page, RunSpec};
use crate::ui::components::reactive::{effect, memo};
use crate::ui::language::tr;
use leptos::prelude::*;
use serde_bytes::ByteBuf;
use serde_json::Value;
use std::rc::Rc;
use std::time::Duration;

/// The engine is under a megabyte: after this long something is probably wrong.
const START_UP_SECONDS: u64 = 30;

/// `Copy`, and in the Leptos context: `expect_context::<Controller>()`.
#[derive(Clone, Copy)]
pub struct Controller {
    pub state: State,
    machine: StoredValue<Rc<EngineManager>, LocalStorage>,
}

impl Controller {
    /// As the address asks. Must be called under the page's owner; nothing runs before `start`.
    pub fn new() -> Self {
        let asked = link::read();
        let state = State::new(asked.preset.id, asked.spec.clone(), asked.engine);
        state.theme.set(preferences::theme());
        state.background.set(preferences::background());
        state.cores.set(asked.cores.or_else(preferences::cores));
        state.lesson.set(asked.lesson.clone());
        state.shown.set(asked.shown.clone());
        let machine = EngineManager::new(state);
        machine.playing.set(asked.play && asked.preset.page == Page::Train);
        let lab = Self { state, machine: StoredValue::new_local(machine) };
        link::complain(state, &asked);
        lab
    }

    /// Starts the engines, and keeps the address and the browser's copy of the run up to date.
    pub fn start(self) {
        run_history::follow(self.state);
        let machine = self.machine();
        machine.watch_visibility();
        machine.watch_pulse();
        // Pages that do not train start no engine for it, until the visitor comes to one that does.
        let trains = memo(move || self.state.trains());
        effect(move |before: Option<bool>| {
            if trains.get() && before != Some(true) {
                let machine = self.machine();
                spawn_local(machine.clone().find_offers());
                machine.open();
                let start_up = Duration::from_secs(START_UP_SECONDS);
                set_timeout(move || self.slow_start(), start_up);
            }
            trains.get_untracked()
        });
    }

    /// A worker whose program does not compile may never say so.
    fn slow_start(self) {
        let machine = self.machine();
        let here = untrack(move || self.state.trains());
        if here && machine.active().is_none() && machine.stage.get() != RunStage::Failed {
            self.state.notify(
                NoticeLevel::Problem,
                tr!("The engine that trains has not started yet."),
                tr!("On a slow connection, wait; otherwise reload the page or try a newer browser."),
            );
        }
    }

    pub(super) fn machine(self) -> Rc<EngineManager> {
        self.machine.get_value()
    }

    /// Trains; a run that is done goes on for one more epoch.
    pub fn play(self) {
        self.state.count_action("played");
        self.machine().play();
    }

    pub fn pause(self) {
        self.machine().pause();
    }

    pub fn toggle(self) {
        let machine = self.machine();
        if machine.playing.get() { machine.pause() } else { self.play() }
    }

    pub fn step(self, count: u32) {
        self.state.count_action("stepped");
        self.machine().step(count);
    }

    /// Back to step 0 with the same spec.
    pub fn reset(self) {
        self.state.count_action("reset");
        let machine = self.machine();
        machine.open_anew();
        machine.open();
    }

    /// Changes one dotted key of the spec. Live keys apply at once, others start the run again, paused.
    pub fn set(self, key: &str, value: Value) -> Result<(), String> {
        self.set_all(&[(key.into(), value)])
    }

    /// Changes several keys, all or none of them.
    pub fn set_all(self, changes: &[(String, Value)]) -> Result<(), String> {
        let Some(catalogue) = self.state.catalogue.get_untracked() else {
            return Err("the first engine has not started yet".into());
        };
        let old = self.state.spec.get_untracked();
        let mut spec = old.clone();
        // The data and the model decide which settings there are.
        let mut ordered: Vec<_> = changes.iter().collect();
        ordered.sort_by_key(|(key, _)| crate::link::turn(key));
        for (key, value) in ordered {
            spec = catalogue.change(&spec, key, value)?;
        }
        if spec == old {
            return Ok(());
        }
        let live: Vec<_> = catalogue.numbers.iter().filter(|n| n.live).map(|n| n.key.as_str()).collect();
        let machine = self.machine();
        let lives = changes.iter().all(|(key, _)| live.contains(&key.as_str()));
        if !lives {
            machine.open_anew();
        }
        self.state.spec.set(spec);
        if lives {
            for (key, value) in changes.iter().filter_map(|(key, value)| Some((key, value.as_f64()?))) {
                machine.post_to_run(|run| Command::Change { run, key: key.clone(), value });
            }
        } else {
            machine.measure_again();
        }
        Ok(())
    }

    /// Opens a preset, as its link would.
    pub fn open_preset(self, id: &str) {
        let asked = crate::link::decode(&format!("preset={id}"));
        self.state.forget_problems();
        link::complain(self.state, &asked);
        let wanted = self.state.engine.with_untracked(|e| e.wanted);
        let shown = self.state.shown.get_untracked();
        let cores = self.state.cores.get_untracked();
        self.open_link(Decoded { engine: wanted, cores, shown, ..asked });
    }

    /// Opens a run with the settings of one that was kept, as its link would.
    pub fn open_kept(self, kept: &PastRun) {
        self.open_run(&kept.preset, kept.spec.clone());
    }

    /// Opens a run with these settings.
    pub fn open_spec(self, spec: RunSpec) {
        self.open_run(&self.state.preset.get_untracked(), spec);
    }

    fn open_run(self, preset: &str, spec: RunSpec) {
        let asked = crate::link::decode(&format!("preset={preset}"));
        let wanted = self.state.engine.with_untracked(|e| e.wanted);
        let (shown, lesson) = (self.state.shown.get_untracked(), self.state.lesson.get_untracked());
        let cores = self.state.cores.get_untracked();
        self.open_link(Decoded { spec, engine: wanted, cores, shown, lesson, ..asked });
    }

    /// Opens a lesson with its lab; what is trained there waits, if it is the same lab.
    pub fn open_lesson(self, id: &str) {
        let asked =
            crate::link::decode(&crate::link::with_lesson_lab(&format!("lesson={id}"), lessons::lab_of));
        self.state.forget_problems();
        link::complain(self.state, &asked);
        let engine = asked.engine.or(self.state.engine.with_untracked(|e| e.wanted));
        let shown = self.state.shown.get_untracked();
        let cores = asked.cores.or(self.state.cores.get_untracked());
        self.open_link(Decoded { engine, cores, shown, ..asked });
    }

    /// Opens what a link asks for.
    pub(super) fn open_link(self, asked: Decoded) {
        self.state.lesson.set(asked.lesson.clone());
        self.state.shown.set(asked.shown.clone());
        if asked.preset.page != Page::Train {
            // Pauses, but keeps the run so that it can be resumed.
            self.pause();
            return self.state.preset.set(asked.preset.id.into());
        }
        let same = self.state.spec.with_untracked(|spec| *spec == asked.spec);
        if same && untrack(move || !self.state.trains()) {
            return self.state.preset.set(asked.preset.id.into());
        }
        let checked = self.state.catalogue.with_untracked(|c| c.as_ref().map(|c| c.check(&asked.spec)));
        if let Some(Err(why)) = checked {
            let what = tr!("This page cannot open that: {}.", why);
            return self.state.notify(NoticeLevel::Problem, what, tr!("What was open stays."));
        }
        let machine = self.machine();
        machine.open_anew();
        self.state.preset.set(asked.preset.id.into());
        self.state.spec.set(asked.spec);
        self.state.cores.set(asked.cores);
        if asked.engine != self.state.engine.with_untracked(|e| e.wanted) {
            machine.choose_engine(asked.engine);
        }
        if asked.play {
            machine.play();
        }
        machine.measure_again();
    }

    /// None is “measure and choose”.
    pub fn choose_engine(self, wanted: Option<EngineKind>) {
        self.machine().choose_engine(wanted);
    }

    /// As many cores may train from the next step on, or all that there are; remembered.
    pub fn choose_cores(self, most: Option<u32>) {
        preferences::set_cores(most);
        self.use_cores(most);
    }

    /// The same, for this visit.
    pub fn use_cores(self, most: Option<u32>) {
        self.state.cores.set(most);
        self.machine().tell_cores();
    }

    /// One weight by hand; see `Command::SetWeight`.
    pub fn set_weight(self, name: String, at: u32, value: f32) {
        self.state.count_action("weighed");
        self.machine().post_to_run(|run| Command::SetWeight { run, name, at, value });
    }

    pub async fn ask(self, question: Request) -> Result<Response, Failure> {
        self.machine().ask(question).await
    }

    /// The picture becomes the one that is watched.
    pub fn look_at(self, picture: Picture) {
        self.watch(|watch| watch.look = Some(picture));
    }

    /// The weight file, as the download button gives it.
    pub async fn save(self) -> Result<Vec<u8>, Failure> {
        match self.ask(Request::Save).await? {
            Response::File(bytes) => Ok(bytes.into_vec()),
            _ => Err(unexpected()),
        }
    }

    /// Goes on from a weight file. Why a file that is none, or another model's, is refused is for the caller to say where
    /// the visitor's hand is.
    pub async fn load(self, bytes: Vec<u8>) -> Result<(), Failure> {
        let info = self.inspect(bytes.clone()).await?;
        let machine = self.machine();
        // What is trained so far comes back if the file turns out not to open.
        let before = if self.state.step() == 0 { None } else { machine.ask(Request::Checkpoint).await.ok() };
        let shown = machine.about(self.state.step());
        machine.open_anew();
        self.state.spec.set(info.spec.clone());
        self.state.progress.set(Some(progress_of(&info)));
        machine.checkpoint.replace(Some(Checkpoint { step: info.step, bytes }));
        machine.open();
        let run = machine.run.get();
        let settled = || (machine.run.get() != run || machine.stage.get() != RunStage::Sent).then_some(());
        machine.listeners.wait_for(settled).await;
        if machine.run.get() == run && machine.stage.get() == RunStage::Failed {
            // The engine has said why, and that is a notice already.
            machine.open_anew();
            self.state.restore(shown);
            if let Some(Response::File(bytes)) = before {
                machine
                    .checkpoint
                    .replace(Some(Checkpoint { step: self.state.step(), bytes: bytes.into_vec() }));
            }
            machine.open();
            return Err(unfit(&tr!("The weight file could not be opened.")));
        }
        machine.measure_again();
        Ok(())
    }

    async fn inspect(self, bytes: Vec<u8>) -> Result<WeightsInfo, Failure> {
        let Response::Weights(info) = self.ask(Request::Inspect(ByteBuf::from(bytes))).await? else {
            return Err(unexpected());
        };
        let fits =
            self.state.catalogue.with_untracked(|c| c.as_ref().map_or(Ok(()), |c| c.check(&info.spec)));
        fits.map_err(|why| unfit(&tr!("This page has no place for these weights: {}.", why)))?;
        Ok(*info)
    }

    /// Takes up the run of an earlier visit.
    pub fn resume_offer(self, offer: Offer) {
        spawn_local(self.machine().resume_offer(offer));
    }

    pub fn discard_offer(self, offer: Offer) {
        self.machine().discard_offer(offer);
    }

    pub fn dismiss(self, notice: u32) {
        self.state.notices.update(|all| all.retain(|n| n.id != notice));
    }

    pub fn set_theme(self, theme: Theme) {
        self.state.theme.set(theme);
        preferences::set_theme(theme);
    }

    pub fn set_background(self, on: bool) {
        self.state.background.set(on);
        preferences::set_background(on);
    }

    /// The address of this page with the whole state in its hash.
    pub fn link(self) -> String {
        link::address(self.state)
    }
}

impl Default for Controller {
    fn default() -> Self {
        Self::new()
    }
}

/// Where a weight file's training stood, as far as the file tells.
fn progress_of(info: &WeightsInfo) -> Progress {
    Progress {
        step: info.step,
        epoch: 0.0,
        examples_seen: (f64::from(info.step) * info.spec.train.batch_size) as u64,
        seconds: info.seconds,
        examples_per_second: 0.0,
        milliseconds_per_step: 0.0,
        learning_rate: info.spec.train.learning_rate,
        parts: 1,
        cores: 1,
        points: Vec::new(),
    }
}

fn unfit(what: &str) -> Failure {
    Failure::new(FailureKind::Input, what, tr!("Choose a safetensors file that was downloaded here."))
}

fn unexpected() -> Failure {
    Failure::new(
        FailureKind::Engine,
        tr!("The engine gave an answer to another question."),
        tr!("Reload the page."),
    )
}
