//! Everything the page and an engine say to each other. Nothing else crosses.
//!
//! The engine speaks first (`Event::Ready`). Messages about a run carry its `RunId`; the page drops those of
//! an older run. Every question gets exactly one `Event::Answer` or `Event::Refused` with its id.

pub mod vision;

use crate::datasets::Manifest;
use crate::layers::LayerInfo;
use crate::spec::{ChoiceInfo, NumberInfo, RunSpec, WordInfo};
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
    /// One weight by hand: number `at` of the parameter `name`, from now on. The run goes on from there.
    SetWeight {
        run: RunId,
        name: String,
        at: u32,
        value: f32,
    },
    /// The rows that dataset `id` stands for from now on, as CSV: the visitor's own file, or an edited table.
    Table {
        id: String,
        text: String,
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
        /// What the spec's dataset is with the spec's own settings.
        dataset: Box<DatasetInfo>,
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
    /// How weights begin.
    pub inits: Vec<ChoiceInfo>,
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
    pub form: Form,
    /// None where a number is to be told.
    pub classes: Vec<String>,
    /// The number that is to be told, where there are no classes.
    pub target: Option<TargetInfo>,
    /// What the network takes: `[channels, height, width]` or `[features]`.
    pub shape: Vec<usize>,
    /// Per channel or per feature, of the training split.
    pub mean: Vec<f32>,
    pub std: Vec<f32>,
    /// What the numbers of a row are called; none for pictures.
    pub features: Vec<String>,
    /// Its own settings, with keys `data.…`.
    pub numbers: Vec<NumberInfo>,
    pub words: Vec<WordInfo>,
    /// The model that comes with it when the one that is there does not fit.
    pub model: String,
}

/// What one example is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// `[channels, height, width]` bytes.
    Picture,
    /// A row of a table.
    Row,
    /// A point of the plane, −6…6 both ways.
    Point,
}

/// A number that is to be told; the network learns (number − mean) / std.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetInfo {
    pub name: String,
    /// Of the training split.
    pub mean: f32,
    pub std: f32,
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
    pub points: Vec<TrainPoint>,
}

/// One step's batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainPoint {
    pub step: u32,
    /// Mean cross-entropy over the batch, nats; for numbers, mean squared error of the standardised number.
    pub loss: f32,
    /// Share of the batch that was right, 0…1; for numbers R², the share of their variance that is explained.
    pub accuracy: f32,
}

/// The whole test set, once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    pub step: u32,
    /// Test examples looked at; the accuracy is of these.
    pub count: u32,
    pub correct: u32,
    /// Where numbers are told: the share of their variance that is explained.
    #[serde(default)]
    pub r_squared: Option<f64>,
    /// As `TrainPoint::loss`.
    pub loss: f32,
    /// Seconds it took.
    pub seconds: f64,
    /// `confusion[truth * classes + predicted]`, counts.
    pub confusion: Vec<u32>,
}

impl Evaluation {
    /// Share of the test set that was right, 0…1; where numbers are told, R².
    pub fn accuracy(&self) -> f64 {
        self.r_squared.unwrap_or_else(|| f64::from(self.correct) / f64::from(self.count.max(1)))
    }
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
    /// What the network makes of the whole plane, at this many points each way.
    pub surface: Option<u32>,
    /// Send every weight, if there are not more than `MOST_WEIGHTS`.
    pub weights: bool,
}

/// More weights than this are not sent: nobody reads them one by one.
pub const MOST_WEIGHTS: usize = 2000;

/// The plane goes from −REACH to REACH both ways.
pub const REACH: f32 = 6.0;

/// A picture to classify.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Picture {
    /// A test example.
    Test(u32),
    /// A training example.
    Train(u32),
    /// A row's numbers as the dataset has them.
    Row(Vec<f32>),
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
    pub surface: Option<Surface>,
    /// Empty unless asked for.
    pub weights: Vec<Weights>,
}

/// What the network makes of the plane: rows from the top (`REACH`) down, columns from `-REACH` on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Surface {
    /// What goes in, one map a feature.
    pub input: Plane,
    /// Every layer's output, one map a unit.
    pub layers: Vec<Plane>,
    /// One map a class (its probability), or one of the number in its unit.
    pub answer: Plane,
}

/// One parameter's values (or its gradient's).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// `0.weight`, `0.bias`, …: the layer's place in the network comes first.
    pub name: String,
    /// Dense `[units, features]`, bias `[units]`.
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// What the network thinks of one example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    pub class: u8,
    /// Of that class; where a number is told, that number in its unit.
    pub probability: f32,
}

/// One picture's way through the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// What the network sees, `[channels, height, width]` bytes; empty for rows.
    pub input: ByteBuf,
    /// The row's numbers as the dataset has them; empty for pictures.
    pub numbers: Vec<f32>,
    /// One per class, adding up to 1; or the one number that is told, in its unit.
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
    /// Of the run's dataset with its settings if it is the one that is asked for.
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
    /// What it makes of many rows, in a moment.
    PredictRows(Vec<Vec<f32>>),
    /// One example's way forward and back: what a step on it alone would do.
    Trace(Picture),
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
    Guesses(Vec<Guess>),
    Trace(Box<Trace>),
    Look(Look),
    File(ByteBuf),
    Measured { milliseconds_per_step: f64, first_step_milliseconds: f64 },
    Weights(WeightsInfo),
    Vision(VisionAnswer),
}

/// One example's way through the network and back, nothing changed by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    pub step: u32,
    /// What goes in.
    pub input: Vec<f32>,
    /// Every layer's output.
    pub outputs: Vec<Vec<f32>>,
    /// Probabilities, or the number in its unit.
    pub answer: Vec<f32>,
    /// The class, or the number in its unit.
    pub truth: f32,
    pub loss: f32,
    pub weights: Vec<Weights>,
    /// ∂loss/∂weight; a bias's is the slope δ of its unit.
    pub gradients: Vec<Weights>,
    pub learning_rate: f64,
}

/// A labelled picture or row, and what the last evaluation made of it if it is a test example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    pub index: u32,
    pub label: u8,
    /// `[channels, height, width]`; empty for rows.
    pub pixels: ByteBuf,
    /// A row's numbers; empty for pictures.
    pub numbers: Vec<f32>,
    /// The number that is to be told, in its unit.
    pub target: Option<f32>,
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
