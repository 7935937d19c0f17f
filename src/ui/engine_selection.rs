//! Which engine trains. The CPU engine starts at once; where there is a real graphics adapter the GPU engine
//! is fetched in the background, both take a few steps of the network that is shown, and the faster one gets
//! the run. The visitor can overrule it.

use super::client::adapter;
use super::components::format::milliseconds;
use super::engine_manager::{Checkpoint, EngineManager, RunStage};
use super::event_bus::Notification;
use super::state::{GpuStatus, NoticeLevel};
use super::timers::when_idle;
use crate::platform::spawn_local;
use crate::protocol::{Catalogue, EngineKind, Form, Request, Response};
use crate::spec::{Preset, RunSpec};
use crate::ui::language::tr;
use leptos::prelude::*;
use std::rc::Rc;

/// Steps that each engine takes to be measured.
const MEASURED_STEPS: u32 = 8;

/// The other engine must be this much faster to be worth the move.
const WORTH_MOVING: f64 = 0.9;

/// How long a changed network must stay before the engines are measured on it.
const SETTLE_MILLISECONDS: u32 = 1500;

impl EngineManager {
    /// None is “measure and choose”.
    pub fn choose_engine(self: &Rc<Self>, wanted: Option<EngineKind>) {
        self.state.engine.update(|e| e.wanted = wanted);
        self.measured.workload.replace(None);
        self.measured.decided.set(false);
        match wanted {
            Some(EngineKind::Cpu) => self.take(EngineKind::Cpu, &tr!("You chose it.")),
            Some(EngineKind::Gpu) if self.is_ready(EngineKind::Gpu) => {
                self.take(EngineKind::Gpu, &tr!("You chose it."));
            }
            _ if self.is_ready(EngineKind::Gpu) => self.measure_soon(0),
            _ if self.active().is_some() => self.look_for_gpu(),
            // The first engine's start looks.
            _ => (),
        }
    }

    /// Called when an engine has spoken.
    pub(super) fn engine_ready(self: &Rc<Self>, kind: EngineKind) {
        let status = self.state.engine.get_untracked();
        if kind == EngineKind::Gpu {
            self.state.engine.update(|e| e.gpu = GpuStatus::Ready);
            match status.wanted {
                Some(EngineKind::Gpu) => self.take(kind, &tr!("You chose it.")),
                Some(EngineKind::Cpu) => (),
                None => self.measure_soon(0),
            }
        } else if status.gpu == GpuStatus::Unknown {
            match status.wanted {
                Some(EngineKind::Cpu) => self.state.engine.update(|e| e.reason = tr!("You chose it.")),
                Some(EngineKind::Gpu) => self.look_for_gpu(),
                None => {
                    let machine = self.clone();
                    when_idle(move || machine.look_for_gpu());
                }
            }
        }
    }

    /// The first engine has announced its catalogue: what the page was opened with must be in it.
    pub(super) fn check_spec(&self) {
        let Some(catalogue) = self.state.catalogue.get_untracked() else { return };
        let spec = self.state.spec.get_untracked();
        if let Err(why) = catalogue.check(&spec) {
            self.state.spec.set(fallback(&catalogue, &self.state.preset.get_untracked(), spec));
            self.state.notify(
                NoticeLevel::Problem,
                tr!("This page cannot open what its link asks for: {}.", why),
                tr!("It shows its own settings instead."),
            );
        }
    }

    /// Fetches the GPU engine if there is something for it to run on.
    fn look_for_gpu(self: &Rc<Self>) {
        let status = self.state.engine.get_untracked();
        if status.gpu == GpuStatus::Loading || self.is_ready(EngineKind::Gpu) {
            return;
        }
        let asked_for = status.wanted == Some(EngineKind::Gpu);
        self.state.engine.update(|e| e.gpu = GpuStatus::Loading);
        let machine = self.clone();
        spawn_local(async move {
            let usable = match super::client::worker::address(EngineKind::Gpu) {
                Some(_) => adapter::usable(asked_for).await,
                None if super::client::worker::comes_later(EngineKind::Gpu) => Err(tr!(
                    "its engine is being built; reload the page when the terminal says that it is there"
                )),
                None => Err(tr!("this build has no GPU engine")),
            };
            match usable {
                Ok(()) => machine.start(EngineKind::Gpu),
                Err(why) => machine.no_gpu(&why, asked_for),
            }
        });
    }

    fn no_gpu(&self, why: &str, asked_for: bool) {
        self.state.engine.update(|e| {
            e.reason = tr!("The GPU cannot be used here: {}.", why);
            e.gpu = GpuStatus::Absent(e.reason.clone());
        });
        if asked_for {
            let what = tr!("The GPU engine cannot be used: {}.", why);
            self.state.notify(NoticeLevel::Problem, what, tr!("Training goes on on the CPU."));
        }
        self.listeners.emit(Notification::Engine);
    }

    /// The spec that is shown has changed: what is faster may have, too.
    pub(super) fn measure_again(self: &Rc<Self>) {
        let wanted = self.state.engine.with_untracked(|e| e.wanted);
        if wanted.is_none() && [EngineKind::Cpu, EngineKind::Gpu].iter().all(|kind| self.is_ready(*kind)) {
            self.measure_soon(SETTLE_MILLISECONDS);
        }
    }

    fn measure_soon(self: &Rc<Self>, after: u32) {
        let machine = self.clone();
        self.measured.soon.after(after, move || {
            spawn_local(async move {
                if !machine.measured.busy.replace(true) {
                    machine.measure().await;
                    machine.measured.busy.set(false);
                }
            });
        });
    }

    async fn measure(self: &Rc<Self>) {
        let spec = self.state.spec.get_untracked();
        if self.is_little_work(&spec) {
            return self.take(EngineKind::Cpu, &tr!("So little work would only wait for the GPU."));
        }
        let workload = workload(&spec);
        if self.measured.workload.borrow().as_ref() == Some(&workload) {
            return;
        }
        let (Some(cpu), Some(gpu)) =
            (self.speed(EngineKind::Cpu, &spec).await, self.speed(EngineKind::Gpu, &spec).await)
        else {
            return;
        };
        let unchanged = self.state.engine.with_untracked(|e| e.wanted.is_none())
            && self.state.spec.with_untracked(|now| self::workload(now) == workload);
        if !unchanged {
            return self.measure_again();
        }
        self.measured.workload.replace(Some(workload));
        let (here, there, other) = match self.active() {
            Some(EngineKind::Gpu) => (gpu, cpu, EngineKind::Cpu),
            _ => (cpu, gpu, EngineKind::Gpu),
        };
        let faster =
            if there < here * WORTH_MOVING { other } else { self.active().unwrap_or(EngineKind::Cpu) };
        self.measured.decided.set(true);
        let reason =
            tr!("Measured on this network: GPU {} a step, CPU {}.", milliseconds(gpu), milliseconds(cpu));
        self.take(faster, &reason);
    }

    /// On tabular data a step is shorter than a GPU launch.
    fn is_little_work(&self, spec: &RunSpec) -> bool {
        let form = |c: &Catalogue| c.dataset(&spec.data.id).map(|d| d.form);
        let form = self.state.catalogue.with_untracked(|c| c.as_ref().and_then(form));
        form.is_some_and(|form| matches!(form, Form::Row | Form::Point | Form::Series))
    }

    /// Milliseconds that a step takes there; none if it cannot say.
    async fn speed(&self, kind: EngineKind, spec: &RunSpec) -> Option<f64> {
        self.hand_over(kind, &spec.data.id);
        let question = Request::Measure { spec: spec.clone(), steps: MEASURED_STEPS };
        match self.ask_engine(kind, question).await {
            Ok(Response::Measured { milliseconds_per_step, .. }) => Some(milliseconds_per_step),
            _ => None,
        }
    }

    /// This engine trains from now on, and says why.
    fn take(self: &Rc<Self>, kind: EngineKind, reason: &str) {
        self.state.engine.update(|e| e.reason = reason.into());
        if self.active() != Some(kind) {
            let machine = self.clone();
            spawn_local(async move { machine.move_run(kind).await });
        }
        self.listeners.emit(Notification::Engine);
    }

    /// Moves the run to another engine, with its weights and its optimiser's state.
    async fn move_run(self: &Rc<Self>, to: EngineKind) {
        let Some(from) = self.active() else { return };
        let movable = self.stage.get() == RunStage::Open && self.state.step() > 0;
        self.close(RunStage::Moving);
        self.activate(to);
        let run = self.run.get();
        if movable && let Ok(Response::File(bytes)) = self.ask_engine(from, Request::Checkpoint).await {
            if self.run.get() != run {
                return; // Another run was opened in the meantime.
            }
            let step = self.state.step();
            self.checkpoint.replace(Some(Checkpoint { step, bytes: bytes.into_vec() }));
        }
        if self.run.get() == run {
            self.open();
        }
    }
}

/// What decides how long a step takes.
fn workload(spec: &RunSpec) -> String {
    let mut same = spec.clone();
    same.seed = 0;
    let keys = same.to_keys().into_iter();
    let decisive = keys.filter(|(key, _)| {
        !key.starts_with("train.") || key == "train.batch_size" || key == "train.optimizer"
    });
    decisive.map(|(key, value)| format!("{key}={value};")).collect()
}

/// The nearest spec that this catalogue has: the preset's, or else with data that there is.
fn fallback(catalogue: &Catalogue, preset: &str, asked: RunSpec) -> RunSpec {
    let mut spec = Preset::by_id(preset).map_or(asked, Preset::spec);
    if catalogue.check(&spec).is_err()
        && let Some(dataset) = catalogue.datasets.first()
    {
        spec.data.id.clone_from(&dataset.id);
    }
    spec
}

/// `chosen_by` of `window.intab`.
pub fn chosen_by(machine: &EngineManager) -> &'static str {
    let wanted = machine.state.engine.with_untracked(|e| e.wanted);
    match (wanted, machine.active()) {
        (Some(wanted), Some(active)) if wanted == active => "visitor",
        _ if machine.measured.decided.get() => "measurement",
        _ => "availability",
    }
}
