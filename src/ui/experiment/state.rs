//! An experiment as it goes: its runs one after another on an engine of its own, so that the run that is shown goes on. What
//! is done stays done: a reload, a pause or a dead engine repeats at most the run that was going on.

use crate::datasets::Manifest;
use crate::experiment::{AXES, Axis, Finished, Planned};
use crate::protocol::{Command, EngineKind, Evaluation, Event, RunId, RunState};
use crate::ui::client::worker::Engine;
use crate::ui::components::reactive::{effect, memo};
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::PanelState;
use crate::ui::state::DataStatus;
use crate::ui::store::experiment;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::VecDeque;

/// Where the page's experiment is, once it was asked for.
#[derive(Clone, Copy)]
pub struct Laboratory {
    /// None before the page is drawn.
    scene: StoredValue<Option<PanelState>>,
    owner: StoredValue<Option<Owner>>,
    there: StoredValue<Option<Experiment>>,
}

impl Laboratory {
    /// Must be called under the page's owner.
    pub fn here() -> Self {
        let owner = StoredValue::new(Owner::current());
        Self { scene: StoredValue::new(None), owner, there: StoredValue::new(None) }
    }

    pub fn of(self, scene: PanelState) {
        self.scene.set_value(Some(scene));
    }

    /// Made at the first call; none before the page is drawn.
    pub fn open(self) -> Option<Experiment> {
        if let Some(there) = self.there.get_value() {
            return Some(there);
        }
        let scene = self.scene.get_value()?;
        let make = || untrack(move || Experiment::new(scene));
        // Under the page's owner, which stays when the view goes.
        let made = self.owner.get_value().map_or_else(make, |owner| owner.with(make));
        self.there.set_value(Some(made));
        Some(made)
    }

    /// An experiment goes on; not tracked.
    pub fn runs(self) -> bool {
        self.there.get_value().is_some_and(|there| there.running.with_untracked(Option::is_some))
    }
}

#[derive(Clone, Copy)]
pub struct Experiment {
    pub scene: PanelState,
    /// The id of a row of `AXES`.
    pub axis: RwSignal<&'static str>,
    pub seeds: RwSignal<u32>,
    /// The axis's values, its own if there are none.
    only: RwSignal<Vec<u32>>,
    /// All runs of the network that is shown. None before it is known how much there is to learn from.
    pub plan: Memo<Vec<Planned>>,
    /// How many of them are not done.
    pub left: Memo<usize>,
    /// Of the dataset that is shown, in the order in which they were run.
    pub finished: RwSignal<Vec<Finished>>,
    /// None while nothing runs.
    pub running: RwSignal<Option<Running>>,
    pub trouble: RwSignal<Option<String>>,
    job: StoredValue<Option<Job>, LocalStorage>,
}

/// What is going on.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    pub axis: &'static Axis,
    pub value: u32,
    pub seed: u32,
    pub step: u32,
    pub steps: u32,
    /// Runs that are planned, this one too.
    pub left: usize,
}

/// The runs that are still to come, and the one that goes on.
struct Job {
    engine: Engine,
    axis: &'static Axis,
    plan: VecDeque<Planned>,
    run: RunId,
    evaluation: Option<Evaluation>,
    seconds: f64,
    done: bool,
}

impl Experiment {
    pub fn new(scene: PanelState) -> Self {
        let data = memo(move || scene.state.spec.with(|spec| spec.data.id.clone()));
        let (axis, seeds, only) = (RwSignal::new(AXES[0].id), RwSignal::new(3), RwSignal::new(Vec::new()));
        let kept = move || experiment::all(&data.get_untracked()).unwrap_or_default();
        let finished = RwSignal::new(kept());
        let plan = memo(move || {
            let manifest = |data: &DataStatus| data.manifest.as_ref().map(|m| Manifest::examples(&m.train));
            let Some(examples) = scene.state.data.with(manifest) else { return Vec::new() };
            let there = [scene.classes() as u32, examples as u32];
            let (axis, seeds, only) = (Axis::by_id(axis.get()), seeds.get(), only.get());
            scene.state.spec.with(|spec| axis.plan(spec, seeds, there, &only))
        });
        let left = memo(move || {
            finished.with(|all| plan.with(|plan| plan.iter().filter(|one| !is_done(all, one)).count()))
        });
        let experiment = Self {
            scene,
            axis,
            seeds,
            only,
            plan,
            left,
            finished,
            running: RwSignal::new(None),
            trouble: RwSignal::new(None),
            job: StoredValue::new_local(None),
        };
        effect(move |before: Option<String>| {
            let data = data.get();
            finished.set(kept());
            // Of other data there may be fewer.
            if before.is_some_and(|before| before != data) {
                only.set(Vec::new());
            }
            data
        });
        experiment
    }

    /// Another axis, with its own values.
    pub fn choose(self, id: &str) {
        self.only.set(Vec::new());
        self.axis.set(Axis::by_id(id).id);
    }

    /// Runs of these values, each with so many seeds. An error says why there are no such runs.
    pub fn set_up(self, axis: &'static Axis, values: &[f64], seeds: u32) -> Result<(), String> {
        if self.running.with_untracked(Option::is_some) {
            return Err("an experiment is running: wait for it, or pause it on the page".into());
        }
        let before = (self.axis.get_untracked(), self.seeds.get_untracked(), self.only.get_untracked());
        let done = self.plan_these(axis, values, seeds);
        if done.is_err() {
            self.axis.set(before.0);
            self.seeds.set(before.1);
            self.only.set(before.2);
        }
        done
    }

    fn plan_these(self, axis: &'static Axis, values: &[f64], seeds: u32) -> Result<(), String> {
        self.choose(axis.id);
        let whole = self.plan.with_untracked(|plan| plan.iter().map(|planned| planned.value).max());
        let most = whole.ok_or("the data is still being counted")?;
        if let Some(why) = axis.refusal(values, most) {
            return Err(why);
        }
        self.seeds.set(seeds);
        self.only.set(values.iter().map(|value| *value as u32).collect());
        let catalogue =
            self.scene.state.catalogue.get_untracked().ok_or("the first engine has not started yet")?;
        self.plan.with_untracked(|plan| plan.iter().try_for_each(|planned| catalogue.check(&planned.spec)))
    }

    /// Begins, or goes on with what is not done.
    pub fn run(self) {
        let is_left = |all: &[Finished], one: &&Planned| !is_done(all, one);
        let plan: VecDeque<Planned> = self.finished.with_untracked(|all| {
            self.plan.with_untracked(|plan| plan.iter().filter(|one| is_left(all, one)).cloned().collect())
        });
        if plan.is_empty() || self.running.with_untracked(Option::is_some) {
            return;
        }
        self.trouble.set(None);
        let axis = Axis::by_id(self.axis.get_untracked());
        let died = move |why: String| {
            self.end(Some(tr!("The engine that runs them stopped: {}. What is done is kept.", why)))
        };
        match Engine::start(EngineKind::Cpu, move |event| self.hear(event), died) {
            Ok(engine) => {
                self.show(axis, &plan, (0, 0));
                let (run, evaluation) = (0, None);
                let job = Job { engine, axis, plan, run, evaluation, seconds: 0.0, done: false };
                self.job.set_value(Some(job));
            }
            Err(why) => self.trouble.set(Some(tr!("The engine did not start: {}.", why))),
        }
    }

    /// Stops after what is done; the run that was going on is begun anew the next time.
    pub fn pause(self) {
        self.end(None);
    }

    /// Forgets what these runs came to, and which values a script has asked for.
    pub fn clear(self) {
        self.only.set(Vec::new());
        let axis = self.axis.get_untracked();
        self.finished.update(|all| all.retain(|run| run.axis != axis));
        let data = self.scene.state.spec.with_untracked(|spec| spec.data.id.clone());
        self.finished.with_untracked(|all| experiment::keep(&data, all));
    }

    fn end(self, trouble: Option<String>) {
        self.running.set(None);
        self.trouble.set(trouble);
        // It may be the engine itself that calls.
        spawn_local(async move { self.job.set_value(None) });
    }

    fn show(self, axis: &'static Axis, plan: &VecDeque<Planned>, (step, steps): (u32, u32)) {
        let running = plan.front().map(|Planned { value, spec }| Running {
            axis,
            value: *value,
            seed: spec.seed,
            step,
            steps,
            left: plan.len(),
        });
        self.running.set(running);
    }

    fn hear(self, event: Event) {
        let ended = self.job.try_update_value(|job| {
            let job = job.as_mut()?;
            match event {
                Event::Ready { .. } => {
                    let most = self.scene.state.cores.get_untracked();
                    job.engine.send(&Command::Cores { most }).ok()?;
                    return job.open().err();
                }
                Event::Opened { run, steps_total, .. } if run == job.run => {
                    self.show(job.axis, &job.plan, (0, steps_total))
                }
                Event::Progress { run, progress } if run == job.run => {
                    job.seconds = progress.seconds;
                    self.running.update(|running| {
                        running.iter_mut().for_each(|running| running.step = progress.step);
                    });
                }
                Event::State { run, state: RunState::Done } if run == job.run => job.done = true,
                Event::Evaluated { run, evaluation } if run == job.run => job.evaluation = Some(evaluation),
                Event::Failed { run, failure } if run == job.run => {
                    return Some(format!("{} {}", known(&failure.what), known(&failure.advice)));
                }
                _ => (),
            }
            let finished = job.result()?;
            self.keep(&finished);
            job.plan.pop_front();
            if job.plan.is_empty() {
                return Some(String::new());
            }
            self.show(job.axis, &job.plan, (0, 0));
            job.open().err()
        });
        if let Some(why) = ended.flatten() {
            self.end(Some(why).filter(|why| !why.is_empty()));
        }
    }

    /// Everything that is done of a dataset, whether or not it is shown.
    pub fn all_of(self, data: &str) -> Vec<Finished> {
        experiment::all(data).unwrap_or_else(|| self.finished.get_untracked())
    }

    fn keep(self, finished: &Finished) {
        self.scene.state.count_action("measured");
        let data = &finished.spec.data.id;
        let shown = self.scene.state.spec.with_untracked(|spec| spec.data.id == *data);
        // Another tab may have run some meanwhile.
        let kept = experiment::all(data);
        let mut all = kept.unwrap_or_else(|| if shown { self.finished.get_untracked() } else { Vec::new() });
        all.push(finished.clone());
        experiment::keep(data, &all);
        if shown {
            self.finished.set(all);
        }
    }
}

impl Job {
    /// The first of the runs that are planned.
    fn open(&mut self) -> Result<(), String> {
        let Some(Planned { spec, .. }) = self.plan.front() else { return Ok(()) };
        (self.run, self.evaluation, self.seconds, self.done) = (self.run + 1, None, 0.0, false);
        let run = self.run;
        self.engine.send(&Command::Open { run, spec: spec.clone(), checkpoint: None })?;
        self.engine.send(&Command::Play { run })
    }

    /// What the run came to, once it is over and was tried as it then was.
    fn result(&self) -> Option<Finished> {
        let Planned { value, spec } = self.plan.front()?;
        let evaluation = self.evaluation.as_ref().filter(|_| self.done)?;
        Some(Finished {
            axis: self.axis.id.into(),
            value: *value,
            spec: spec.clone(),
            score: evaluation.score,
            count: evaluation.count,
            steps: evaluation.step,
            seconds: self.seconds,
        })
    }
}

fn is_done(all: &[Finished], planned: &Planned) -> bool {
    all.iter().any(|run| run.spec == planned.spec)
}
