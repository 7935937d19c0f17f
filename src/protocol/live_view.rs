//! What the page can look at: pictures and points to watch, and what the network makes of them.

use super::{Continuation, Written};
use crate::datasets::target::{Prediction, Target};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// What the page wants to see while training goes on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WatchRequest {
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
    /// Write on from here, always with the same seed, so that a visitor sees it get better.
    pub sample: Option<Continuation>,
}

/// More weights than this are not sent: nobody reads them one by one.
pub const MOST_WEIGHTS: usize = 2000;

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

/// A labelled picture or row, and what the last evaluation made of it if it is a test example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    pub index: u32,
    pub target: Target,
    /// `[channels, height, width]`; empty for rows.
    pub pixels: ByteBuf,
    /// A row's numbers; empty for pictures.
    pub numbers: Vec<f32>,
    pub prediction: Option<Prediction>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveView {
    pub step: u32,
    /// In the order of `WatchRequest::grid`; empty until those examples have arrived.
    pub grid: Vec<Prediction>,
    pub look: Option<Look>,
    pub surface: Option<DecisionSurface>,
    /// Empty unless asked for.
    pub weights: Vec<ParamValues>,
    pub sample: Option<Written>,
}

/// What the network makes of the plane: rows from the top (`REACH`) down, columns from `-REACH` on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionSurface {
    /// What goes in, one map a feature.
    pub input: FeatureMaps,
    /// Every layer's output, one map a unit.
    pub layers: Vec<FeatureMaps>,
    /// One map a class (its probability), or one of the number in its unit.
    pub answer: FeatureMaps,
}

/// One parameter's values (or its gradient's).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParamValues {
    /// `0.weight`, `0.bias`, …: the layer's place in the network comes first.
    pub name: String,
    /// Dense `[units, features]`, bias `[units]`.
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// One picture's way through the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// What the network sees, `[channels, height, width]` bytes; empty for rows.
    pub input: ByteBuf,
    /// The row's numbers as the dataset has them; empty for pictures.
    pub numbers: Vec<f32>,
    pub prediction: Prediction,
    /// Every layer's output; empty unless asked for.
    pub activations: Vec<FeatureMaps>,
    /// The first layer's weights, one map per filter or unit (at most 64); none unless asked for.
    pub filters: Option<FeatureMaps>,
}

/// A digit in a photograph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundDigit {
    /// Left, top, width and height, as shares of the photograph's.
    pub place: [f32; 4],
    /// What the network gets of it.
    pub input: ByteBuf,
    pub prediction: Option<Prediction>,
}

/// `maps` maps of `height × width` numbers, as bytes: 0 is `min`, 255 is `max`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureMaps {
    pub maps: u32,
    pub height: u32,
    pub width: u32,
    pub min: f32,
    pub max: f32,
    pub pixels: ByteBuf,
}

/// One example's way through the network and back, nothing changed by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    pub step: u32,
    /// What goes in.
    pub input: Vec<f32>,
    /// Every layer's output.
    pub outputs: Vec<Vec<f32>>,
    pub prediction: Prediction,
    pub target: Target,
    pub loss: f32,
    pub weights: Vec<ParamValues>,
    /// ∂loss/∂weight; a bias's is the slope δ of its unit.
    pub gradients: Vec<ParamValues>,
    pub learning_rate: f64,
}
