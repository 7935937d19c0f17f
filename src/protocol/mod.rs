//! Everything the page and an engine say to each other. Nothing else crosses.
//!
//! The engine speaks first (`Event::Ready`). Messages about a run carry its `RunId`; the page drops those of
//! an older run. Every question gets exactly one `Event::Answer` or `Event::Refused` with its id.

pub mod vision;

use crate::datasets::Manifest;
use crate::layers::LayerInfo;
use crate::spec::{ChoiceInfo, NumberInfo, RunSpec};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use vision::{HeadProgress, VisionAnswer, VisionQuestion};

pub type RunId = u32;
pub type AskId = u32;

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
    /// From now on send `Event::Seen` for these, at most five times a second while training and at once now.
    Watch {
        run: RunId,
        watch: Watch,
    },
    Ask {
        id: AskId,
        question: Question,
    },
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
        network: Vec<LayerInfo>,
        manifest: Option<Manifest>,
        step: u32,
        steps_per_epoch: u32,
        steps_total: u32,
    },
    /// More of the dataset has arrived.
    Loading {
        run: RunId,
        bytes: u64,
        train_examples: usize,
        test_examples: usize,
    },
    /// The run is now in this state.
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
    Seen {
        run: RunId,
        seen: Seen,
    },
    /// A checkpoint to keep, from which `Open` goes on: the weight file with the optimiser's state.
    Checkpoint {
        run: RunId,
        step: u32,
        bytes: ByteBuf,
    },
    /// How much of a pretrained network's weights has arrived.
    Fetching {
        network: String,
        bytes: u64,
        total: u64,
    },
    HeadProgress(HeadProgress),
    Answer {
        id: AskId,
        answer: Answer,
    },
    Refused {
        id: AskId,
        failure: Failure,
    },
    /// The run cannot go on.
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
    pub optimizers: Vec<ChoiceInfo>,
    pub schedules: Vec<ChoiceInfo>,
    /// Ways to change training pictures by chance, for datasets with `augment`.
    pub augments: Vec<ChoiceInfo>,
    /// Training numbers: `train.…` and `seed`.
    pub numbers: Vec<NumberInfo>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetInfo {
    pub id: String,
    pub title: String,
    pub noun: String,
    pub blurb: String,
    pub homepage: String,
    pub licence: String,
    pub citation: String,
    pub classes: Vec<String>,
    /// `[channels, height, width]`
    pub shape: [usize; 3],
    pub mean: Vec<f32>,
    pub std: Vec<f32>,
    /// Its training pictures may be changed by chance.
    pub augment: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    pub id: String,
    pub title: String,
    pub blurb: String,
    /// Its sizes, with keys `model.…`.
    pub sizes: Vec<NumberInfo>,
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
    pub points: Vec<TrainPoint>,
}

/// One step's batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainPoint {
    pub step: u32,
    /// Mean cross-entropy over the batch, nats.
    pub loss: f32,
    /// Share of the batch that was right, 0…1.
    pub accuracy: f32,
}

/// The whole test set, once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    pub step: u32,
    /// Test examples looked at; the accuracy is of these.
    pub count: u32,
    pub correct: u32,
    /// Mean cross-entropy, nats.
    pub loss: f32,
    /// Seconds it took.
    pub seconds: f64,
    /// `confusion[truth * classes + predicted]`, counts.
    pub confusion: Vec<u32>,
}

/// What the page wants to see while training goes on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Test examples, by index.
    pub grid: Vec<u32>,
    /// One picture looked at in depth.
    pub look: Option<Picture>,
    /// Send every layer's activations and the first layer's filters for `look`, not only probabilities.
    pub inside: bool,
}

/// A picture to classify.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Picture {
    /// A test example.
    Test(u32),
    /// Exactly what the network takes: `[channels, height, width]` bytes.
    Exact(ByteBuf),
    /// Ink strength 0…255, row by row, to be prepared as the dataset's pictures were.
    Drawing { width: u32, height: u32, ink: ByteBuf },
    /// An image file's bytes, to be decoded and prepared.
    File(ByteBuf),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    pub step: u32,
    /// In the order of `Watch::grid`; empty until those examples have arrived.
    pub grid: Vec<Guess>,
    pub look: Option<Look>,
}

/// What the network thinks of one example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    pub class: u8,
    pub probability: f32,
}

/// One picture's way through the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// What the network sees, `[channels, height, width]` bytes.
    pub input: ByteBuf,
    /// One per class, adding up to 1.
    pub probabilities: Vec<f32>,
    /// Every layer's output; empty unless asked for.
    pub activations: Vec<Plane>,
    /// The first layer's weights, one map per filter or unit (at most 64); none unless asked for.
    pub filters: Option<Plane>,
}

/// `maps` maps of `height × width` numbers, as bytes: 0 is `min`, 255 is `max`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plane {
    pub maps: u32,
    pub height: u32,
    pub width: u32,
    pub min: f32,
    pub max: f32,
    pub pixels: ByteBuf,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// The network that a spec asks for, without building it.
    Describe(RunSpec),
    /// Training examples, then test examples, by index, with their labels; waits until they have arrived.
    Samples {
        dataset: String,
        train: Vec<u32>,
        test: Vec<u32>,
    },
    /// Test examples of one cell of the confusion matrix, surest first; of the last evaluation.
    Cell {
        truth: u8,
        predicted: u8,
        limit: u32,
    },
    /// Wrong answers of the last evaluation, surest first.
    Mistakes {
        limit: u32,
    },
    /// What the network makes of a picture.
    Predict(Picture),
    /// The weight file: safetensors with spec, labels, normalisation, seed and test accuracy.
    Save,
    /// The checkpoint of this moment, optimiser included.
    Checkpoint,
    /// Milliseconds that a training step of this spec takes here, on real data, the run left alone.
    Measure {
        spec: RunSpec,
        steps: u32,
    },
    /// What a weight file says of itself.
    Inspect(ByteBuf),
    Vision(VisionQuestion),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    Network(Vec<LayerInfo>),
    Examples(Vec<Example>),
    Look(Look),
    File(ByteBuf),
    Measured { milliseconds_per_step: f64, first_step_milliseconds: f64 },
    Weights(WeightsInfo),
    Vision(VisionAnswer),
}

/// A labelled picture, and what the last evaluation made of it if it is a test example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    pub index: u32,
    pub label: u8,
    /// `[channels, height, width]`
    pub pixels: ByteBuf,
    pub guess: Option<Guess>,
}

/// The metadata of a weight file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightsInfo {
    pub spec: RunSpec,
    pub labels: Vec<String>,
    pub mean: Vec<f32>,
    pub std: Vec<f32>,
    pub step: u32,
    /// Seconds spent training.
    pub seconds: f64,
    /// Of the last evaluation, if there was one: accuracy, and on how many test examples.
    pub test_accuracy: Option<f64>,
    pub test_count: Option<u32>,
}

/// What went wrong, in the visitor's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub kind: FailureKind,
    /// One sentence: what happened.
    pub what: String,
    /// One sentence: what to do.
    pub advice: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// Data could not be fetched or is not what it should be; opening again may help.
    Data,
    /// The picture, weight file or spec that was given cannot be used; the run goes on.
    Input,
    /// The engine is gone (a lost graphics device); another one can go on from the last checkpoint.
    Engine,
    /// The loss is no longer a number.
    Diverged,
}

impl Failure {
    pub fn new(kind: FailureKind, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { kind, what: what.into(), advice: advice.into() }
    }
}
