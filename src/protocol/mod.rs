//! Everything the page and an engine say to each other. Nothing else crosses.
//!
//! The engine speaks first (`Event::Ready`). Messages about a run carry its `RunId`; the page drops those of
//! an older run. Every question gets exactly one `Event::Response` or `Event::Refused` with its id.

pub mod chat;
mod evaluation;
mod failure;
mod file;
mod layer_io;
mod live_view;
mod rates;
mod request;
mod series;
pub mod sketch;
mod text;
pub mod vision;

pub use crate::datasets::info::{DatasetInfo, Form, SeriesInfo, SeriesScores, TextInfo};
pub use crate::datasets::target::{Prediction, Target, TargetField};
pub use failure::{Failure, FailureKind};
pub use file::{ValueInfo, WeightsInfo};
pub use layer_io::{Floats, LayerIo, UnitIo};
pub use live_view::*;
pub use rates::{RateTest, Trial, TriedRate};
pub use request::{Request, Response};
pub use series::{Continued, HeldOut, SeriesAnswer, SeriesQuestion};
pub use text::{
    AttentionMaps, Blank, Continuation, Excerpt, Filled, HeadIo, HeadMaps, LogitLens, PositionRows, Question,
    Reach, ReachCurve, States, TokenChoice, UnitStates, WithoutHeads, Written, WrittenToken,
};

use crate::datasets::Manifest;
use crate::layers::LayerInfo;
use crate::spec::{ChoiceInfo, NumberInfo, RunSpec, WordInfo};
use crate::table::Given;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use vision::HeadProgress;

pub type RunId = u32;
pub type RequestId = u32;

/// More cores than this do not train together: the parts of a batch would become too small to be worth a message.
pub const MOST_CORES: u32 = 4;

/// Page to engine.
#[derive(Debug, Serialize, Deserialize)]
pub enum Command {
    /// Drop the run that is there and set up this one, paused at step 0, or where `checkpoint` left off.
    Open {
        run: RunId,
        spec: RunSpec,
        checkpoint: Option<ByteBuf>,
    },
    Play {
        run: RunId,
    },
    Pause {
        run: RunId,
    },
    /// Take this many steps, then pause.
    Step {
        run: RunId,
        count: u32,
    },
    /// Change a `live` number of the run that is going on, by its dotted key.
    Change {
        run: RunId,
        key: String,
        value: f64,
    },
    /// From now on send `Event::LiveView` for these, at most five times a second while training and at once now.
    WatchRequest {
        run: RunId,
        watch: WatchRequest,
    },
    /// One weight by hand: number `at` of the parameter `name`, from now on. The run goes on from there.
    SetWeight {
        run: RunId,
        name: String,
        at: u32,
        value: f32,
    },
    /// As many cores may train from now on; all that there are if it does not say.
    Cores {
        most: Option<u32>,
    },
    /// The table that dataset `id` stands for from now on: the visitor's own file, or an edited one.
    Table {
        id: String,
        given: Given,
    },
    /// The visitor's own text, which the dataset `own` stands for from now on.
    Text {
        text: String,
    },
    Ask {
        id: RequestId,
        question: Request,
    },
    /// Say `Event::Pong` between two slices of work: an engine that does not is stuck or gone.
    Ping,
}

/// Engine to page.
#[derive(Debug, Serialize, Deserialize)]
pub enum Event {
    /// First message: who I am and what I can do.
    Ready {
        engine: EngineInfo,
        catalogue: Catalogue,
    },
    /// The run is set up, at `step`; again when its dataset's manifest has come.
    Opened {
        run: RunId,
        /// What the spec's dataset is with the spec's own settings.
        dataset: Box<DatasetInfo>,
        network: Vec<LayerInfo>,
        manifest: Option<Manifest>,
        step: u32,
        steps_per_epoch: u32,
        steps_total: u32,
    },
    Loading {
        run: RunId,
        bytes: u64,
        train_examples: usize,
        test_examples: usize,
    },
    State {
        run: RunId,
        state: RunState,
    },
    /// Training went on; at most one per frame.
    Progress {
        run: RunId,
        progress: Progress,
    },
    /// The network was tried on the whole test set.
    Evaluated {
        run: RunId,
        evaluation: Evaluation,
    },
    /// What the network makes of what the page watches.
    LiveView {
        run: RunId,
        seen: LiveView,
    },
    /// A checkpoint to keep, from which `Open` goes on: the weight file with the optimiser's state.
    Checkpoint {
        run: RunId,
        step: u32,
        bytes: ByteBuf,
    },
    /// The answer to `Ping`, with the bytes of memory that the engine's program has.
    Pong {
        memory: u64,
    },
    /// How much of a pretrained network's weights has arrived.
    Fetching {
        network: String,
        bytes: u64,
        total: u64,
    },
    HeadProgress(HeadProgress),
    Response {
        id: RequestId,
        answer: Response,
    },
    Refused {
        id: RequestId,
        failure: Failure,
    },
    Failed {
        run: RunId,
        failure: Failure,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineInfo {
    pub kind: EngineKind,
    /// For people: “CPU, SIMD” or the graphics adapter's name.
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    Cpu,
    Gpu,
}

/// What an engine can do; the page offers this and nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    pub datasets: Vec<DatasetInfo>,
    pub models: Vec<ModelInfo>,
    /// Ids of the pretrained networks whose weights the site has.
    pub pretrained: Vec<String>,
    /// The same of networks that draw.
    pub sketchers: Vec<String>,
    /// Ids of the networks that find things in pictures.
    pub detectors: Vec<String>,
    /// Whether it has those of the network that talks.
    pub talks: bool,
    pub optimizers: Vec<ChoiceInfo>,
    pub schedules: Vec<ChoiceInfo>,
    /// How weights begin.
    pub inits: Vec<ChoiceInfo>,
    /// Ways to change training pictures by chance; which of them a dataset may have is `augments_of`.
    pub augments: Vec<ChoiceInfo>,
    /// Training numbers: `train.…` and `seed`.
    pub numbers: Vec<NumberInfo>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    pub id: String,
    pub title: String,
    pub blurb: String,
    /// Its sizes, with keys `model.…`.
    pub sizes: Vec<NumberInfo>,
    /// Its settings whose values are words, with keys `model.…`.
    pub words: Vec<WordInfo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Waiting for data that training needs next.
    Loading,
    Paused,
    Playing,
    /// All epochs are done; Play goes on with one more.
    Done,
    Failed,
}

/// Where training stands, and the losses since the last such event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    pub step: u32,
    /// Examples seen / examples in the training set.
    pub epoch: f64,
    pub examples_seen: u64,
    /// Seconds spent training, without pauses and evaluations.
    pub seconds: f64,
    /// Of the last second of training.
    pub examples_per_second: f64,
    pub milliseconds_per_step: f64,
    /// The learning rate of the last step, after its schedule.
    pub learning_rate: f64,
    /// Parts that the last step's batch was cut into: cores that could train.
    #[serde(default = "one")]
    pub parts: u32,
    /// Cores that did; 1 in a run that was kept before there was a choice.
    #[serde(default = "one")]
    pub cores: u32,
    pub points: Vec<TrainPoint>,
}

fn one() -> u32 {
    1
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainPoint {
    pub step: u32,
    /// The task's loss, mean over the batch.
    pub loss: f32,
    /// The task's score on the batch.
    #[serde(alias = "accuracy")]
    pub score: f32,
}

/// The whole test set, once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "evaluation::Saved")]
pub struct Evaluation {
    pub step: u32,
    /// Test examples looked at; the score is of these.
    pub count: u32,
    /// The id of the task whose loss and score these are.
    pub task: String,
    /// As `TrainPoint::loss` and `score`.
    pub loss: f32,
    pub score: f64,
    /// Seconds it took.
    pub seconds: f64,
    /// `confusion[truth * classes + predicted]`, counts; empty where no class is predicted.
    pub confusion: Vec<u32>,
}

impl Evaluation {
    /// How many were right, where the score is their share.
    pub fn right(&self) -> u32 {
        (self.score * f64::from(self.count)).round().max(0.0) as u32
    }
}
