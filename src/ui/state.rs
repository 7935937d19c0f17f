//! Everything the page shows, as signals. `State::apply` is the only way an engine's event changes them.

use crate::datasets::Manifest;
use crate::layers::LayerInfo;
use crate::protocol::{Catalogue, EngineKind, Evaluation, Progress, RunState, Seen, TrainPoint};
use crate::spec::RunSpec;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// All signals are `Copy`: pass the state by value, or take it from the context.
#[derive(Clone, Copy)]
pub struct State {
    /// Until the first engine has spoken there is none.
    pub catalogue: RwSignal<Option<Catalogue>>,
    /// The id of the preset that the page was opened with.
    pub preset: RwSignal<String>,
    pub spec: RwSignal<RunSpec>,
    pub engine: RwSignal<EngineStatus>,
    pub network: RwSignal<Vec<LayerInfo>>,
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
    pub seen: RwSignal<Option<Seen>>,
    /// What happened and what to do; newest last; each can be dismissed.
    pub notices: RwSignal<Vec<Notice>>,
    /// A run from an earlier visit that can go on.
    pub offer: RwSignal<Option<SavedRun>>,
    /// Goes on training when the tab is in the background; kept between visits.
    pub background: RwSignal<bool>,
    pub theme: RwSignal<Theme>,
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

/// What is kept beside the checkpoint's bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedRun {
    pub preset: String,
    pub spec: RunSpec,
    pub progress: Option<Progress>,
    pub train_curve: Vec<TrainPoint>,
    pub evaluations: Vec<Evaluation>,
    /// Milliseconds since 1970.
    pub saved_at: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Auto,
    Light,
    Dark,
}
