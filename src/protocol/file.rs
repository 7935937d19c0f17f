//! What a weight file says of itself.

use crate::spec::RunSpec;
use crate::table::Input;
use serde::{Deserialize, Serialize};

/// The metadata of a weight file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightsInfo {
    pub spec: RunSpec,
    pub labels: Vec<String>,
    pub mean: Vec<f32>,
    pub std: Vec<f32>,
    /// Of a table: its columns in the order of the network's inputs, with how each becomes numbers.
    #[serde(default)]
    pub columns: Vec<Input>,
    /// The number that is estimated, where there are no labels: output × std + mean.
    #[serde(default)]
    pub target: Option<ValueInfo>,
    pub step: u32,
    /// Seconds spent training.
    pub seconds: f64,
    /// Of the last evaluation, if there was one: accuracy, and on how many test examples.
    pub test_accuracy: Option<f64>,
    pub test_count: Option<u32>,
}

/// A number that a network estimates, standardised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueInfo {
    pub name: String,
    /// Of the training split.
    pub mean: f32,
    pub std: f32,
}
