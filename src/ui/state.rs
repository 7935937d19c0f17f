//! Everything the page shows, as signals. `State::apply` is the only way an engine's event changes them.

use crate::datasets::Manifest;
use crate::layers::LayerInfo;
use crate::link::Visibility;
use crate::protocol::{
    Catalogue, DatasetInfo, EngineKind, Evaluation, Event, Failure, LiveView, Progress, RunState, TrainPoint,
};
use crate::spec::{Page, Preset, RunSpec};
use crate::ui::language::tr;
use crate::ui::store::past_runs::PastRun;
use crate::ui::store::preferences::Theme;
use crate::ui::store::run::{Offer, SavedRun};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// Longer curves are thinned, so that a run of any length stays drawable.
const MAX_POINTS: usize = 20_000;

/// All signals are `Copy`: pass the state by value, or take it from the context.
#[derive(Clone, Copy)]
pub struct State {
    /// Until the first engine has spoken there is none.
    pub catalogue: RwSignal<Option<Catalogue>>,
    /// The id of the preset that the page was opened with.
    pub preset: RwSignal<String>,
    pub spec: RwSignal<RunSpec>,
    pub engine: RwSignal<EngineStatus>,
    /// Bytes that the engine that trains has.
    pub memory: RwSignal<u64>,
    /// Cores that may train, none is all; kept between visits.
    pub cores: RwSignal<Option<u32>>,
    pub network: RwSignal<Vec<LayerInfo>>,
    /// The run's dataset with the run's own settings; none before the engine has opened it.
    pub dataset: RwSignal<Option<DatasetInfo>>,
    pub data: RwSignal<DataStatus>,
    pub run: RwSignal<RunState>,
    pub steps_per_epoch: RwSignal<u32>,
    pub steps_total: RwSignal<u32>,
    /// The latest; none before the first step.
    pub progress: RwSignal<Option<Progress>>,
    /// Every step's loss and accuracy on its batch.
    pub train_curve: RwSignal<Vec<TrainPoint>>,
    /// Oldest first.
    pub evaluations: RwSignal<Vec<Evaluation>>,
    /// Of the dataset that is shown, oldest first.
    pub kept: RwSignal<Vec<PastRun>>,
    pub seen: RwSignal<Option<LiveView>>,
    /// What happened and what to do; newest last; each can be dismissed.
    pub notices: RwSignal<Vec<Notice>>,
    /// Runs of earlier visits and other tabs that can go on; the first is offered, the others are listed.
    pub offers: RwSignal<Vec<Offer>>,
    /// The run waits: which column of the visitor's table is learned has not been chosen.
    pub lacks_target: RwSignal<bool>,
    /// The run waits: the visitor has given no text of their own yet.
    pub lacks_text: RwSignal<bool>,
    /// Goes on training when the tab is in the background; kept between visits.
    pub background: RwSignal<bool>,
    pub theme: RwSignal<Theme>,
    /// The lesson that is open, by its id.
    pub lesson: RwSignal<Option<String>>,
    /// What of the page the link leaves out.
    pub shown: RwSignal<Visibility>,
    /// What the visitor did, and how often (action_counts of `lesson::FACTS`).
    pub action_counts: RwSignal<BTreeMap<&'static str, u32>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct EngineStatus {
    /// What the visitor wants: none is “measure and choose”.
    pub wanted: Option<EngineKind>,
    /// Who trains now; none until the first engine is ready.
    pub active: Option<EngineKind>,
    /// For people: “CPU, SIMD” or the adapter's name.
    pub name: String,
    /// One sentence: why this one, with the measured milliseconds a step where there are any.
    pub reason: String,
    pub gpu: GpuStatus,
}

#[derive(Clone, Debug, PartialEq)]
pub enum GpuStatus {
    /// Not looked yet.
    Unknown,
    /// Cannot be used, and why.
    Absent(String),
    Loading,
    Ready,
    /// Was there and is gone, and why.
    Lost(String),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataStatus {
    pub manifest: Option<Manifest>,
    /// Compressed bytes that have arrived.
    pub bytes: u64,
    pub train_examples: usize,
    pub test_examples: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub id: u32,
    pub level: NoticeLevel,
    /// One sentence: what happened.
    pub what: String,
    /// One sentence: what to do; may be empty.
    pub advice: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeLevel {
    News,
    Problem,
}

impl State {
    /// Before any engine has spoken. Must be called under the page's owner, as its signals live there.
    pub fn new(preset: &str, spec: RunSpec, wanted: Option<EngineKind>) -> Self {
        Self {
            catalogue: RwSignal::new(None),
            preset: RwSignal::new(preset.into()),
            spec: RwSignal::new(spec),
            engine: RwSignal::new(EngineStatus {
                wanted,
                active: None,
                name: String::new(),
                reason: tr!("It is small and starts at once."),
                gpu: GpuStatus::Unknown,
            }),
            memory: RwSignal::new(0),
            cores: RwSignal::new(None),
            network: RwSignal::default(),
            dataset: RwSignal::new(None),
            data: RwSignal::default(),
            run: RwSignal::new(RunState::Loading),
            steps_per_epoch: RwSignal::new(0),
            steps_total: RwSignal::new(0),
            progress: RwSignal::new(None),
            train_curve: RwSignal::default(),
            evaluations: RwSignal::default(),
            kept: RwSignal::default(),
            seen: RwSignal::new(None),
            notices: RwSignal::default(),
            offers: RwSignal::default(),
            lacks_target: RwSignal::new(false),
            lacks_text: RwSignal::new(false),
            background: RwSignal::new(true),
            theme: RwSignal::new(Theme::Auto),
            lesson: RwSignal::new(None),
            shown: RwSignal::default(),
            action_counts: RwSignal::default(),
        }
    }

    /// What an engine said about the run that is shown. The only way an engine's event changes the page.
    pub fn apply(&self, event: Event) {
        match event {
            Event::Ready { catalogue, .. } => self.catalogue.set(Some(catalogue)),
            Event::Opened { dataset, network, manifest, step, steps_per_epoch, steps_total, .. } => {
                // How much has arrived is said next.
                if self.data.with_untracked(|data| data.manifest != manifest) {
                    self.data.set(DataStatus { manifest, ..DataStatus::default() });
                }
                self.network.set(network);
                if self.dataset.with_untracked(|known| known.as_ref() != Some(&*dataset)) {
                    self.dataset.set(Some(*dataset));
                }
                self.steps_per_epoch.set(steps_per_epoch);
                self.steps_total.set(steps_total);
                self.rewind_to(step);
            }
            Event::Loading { bytes, train_examples, test_examples, .. } => self.data.update(|data| {
                (data.bytes, data.train_examples, data.test_examples) =
                    (bytes, train_examples, test_examples);
            }),
            Event::State { state, .. } => self.run.set(state),
            Event::Progress { progress, .. } => self.advance(progress),
            Event::Evaluated { evaluation, .. } => self.evaluations.update(|all| all.push(evaluation)),
            Event::LiveView { seen, .. } => self.seen.set(Some(seen)),
            // Whether the run can go on is said by its state; a bad picture, say, does not end it.
            Event::Failed { failure, .. } => self.problem(&failure),
            Event::Pong { memory } if self.memory.get_untracked() != memory => self.memory.set(memory),
            Event::Pong { .. } => (),
            // Bytes and answers are for who keeps or asked, not for the page's signals.
            Event::Checkpoint { .. }
            | Event::Fetching { .. }
            | Event::HeadProgress(_)
            | Event::Response { .. }
            | Event::Refused { .. } => (),
        }
    }

    fn advance(&self, mut progress: Progress) {
        let points = std::mem::take(&mut progress.points);
        self.train_curve.update(|curve| {
            curve.extend(points);
            if curve.len() > MAX_POINTS {
                *curve = thinned(curve, curve.len().div_ceil(2));
            }
        });
        self.progress.set(Some(progress));
    }

    /// A run goes on from `step`: what was shown of later steps will be trained again.
    pub fn rewind_to(&self, step: u32) {
        match step {
            // Said again when the manifest has come: what is seen of the untrained network stays.
            0 if self.step() == 0 => return,
            0 => return self.forget_run(),
            _ => (),
        }
        self.train_curve.update(|curve| curve.retain(|p| p.step <= step));
        self.evaluations.update(|all| all.retain(|e| e.step <= step));
        let steps_per_epoch = self.steps_per_epoch.get_untracked();
        let batch_size = self.spec.with_untracked(|s| s.train.batch_size);
        let mut progress = self.progress.get_untracked().unwrap_or_else(|| Progress {
            step,
            epoch: 0.0,
            examples_seen: (f64::from(step) * batch_size) as u64,
            seconds: 0.0,
            examples_per_second: 0.0,
            milliseconds_per_step: 0.0,
            learning_rate: 0.0,
            parts: 1,
            cores: 1,
            points: Vec::new(),
        });
        if progress.step != step {
            let share = f64::from(step) / f64::from(progress.step.max(1));
            progress.examples_seen = (progress.examples_seen as f64 * share) as u64;
            progress.seconds *= share;
            progress.step = step;
        }
        // Not known before the manifest has come; the engine then says again what it opened.
        if steps_per_epoch > 0 {
            progress.epoch = f64::from(step) / f64::from(steps_per_epoch);
        }
        self.progress.set(Some(progress));
    }

    /// Shows a run of an earlier visit as it was.
    pub fn restore(&self, saved: SavedRun) {
        self.preset.set(saved.preset);
        self.spec.set(saved.spec);
        self.progress.set(saved.progress);
        self.train_curve.set(saved.train_curve);
        self.evaluations.set(saved.evaluations);
        self.seen.set(None);
    }

    /// Nothing is trained yet.
    pub fn forget_run(&self) {
        self.progress.set(None);
        self.train_curve.update(Vec::clear);
        self.evaluations.update(Vec::clear);
        self.seen.set(None);
    }

    pub fn notify(&self, level: NoticeLevel, what: impl Into<String>, advice: impl Into<String>) {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let id = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        let notice = Notice { id, level, what: what.into(), advice: advice.into() };
        self.notices.update(|all| {
            // Said again, it moves to the end instead of being there twice.
            all.retain(|n| n.what != notice.what);
            all.push(notice);
        });
    }

    /// Another lab is opened: what was wrong was of the one before.
    pub fn forget_problems(&self) {
        self.notices.update(|all| all.retain(|n| n.level != NoticeLevel::Problem));
    }

    pub fn problem(&self, failure: &Failure) {
        self.notify(NoticeLevel::Problem, failure.what.clone(), failure.advice.clone());
    }

    /// The visitor did something that a lesson may wait for.
    pub fn count_action(&self, deed: &'static str) {
        self.action_counts.update(|action_counts| *action_counts.entry(deed).or_default() += 1);
    }

    /// Which view the preset opens; tracked.
    pub fn page(&self) -> Page {
        self.preset.with(|id| Preset::by_id(id).map_or(Page::Train, |p| p.page))
    }

    /// It opens a view with a run; tracked.
    pub fn trains(&self) -> bool {
        self.page() == Page::Train
    }

    /// The run waits for what only the visitor can say or give; tracked.
    pub fn waits_for_visitor(&self) -> bool {
        self.lacks_target.get() || self.lacks_text.get()
    }

    /// The last step that the page knows of.
    pub fn step(&self) -> u32 {
        self.progress.with_untracked(|p| p.as_ref().map_or(0, |p| p.step))
    }
}

/// At most `count` of the points, evenly spaced, the last one among them.
pub fn thinned(points: &[TrainPoint], count: usize) -> Vec<TrainPoint> {
    let stride = points.len().div_ceil(count.max(1)).max(1);
    let skip = points.len().saturating_sub(1) % stride;
    points.iter().skip(skip).step_by(stride).copied().collect()
}
