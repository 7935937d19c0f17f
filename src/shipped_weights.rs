//! Runs of ours that ship with their weights, so that a visitor can use a network at once and train on from there.

use crate::link;
use crate::protocol::WeightsInfo;
use crate::spec::RunSpec;
use serde::{Deserialize, Serialize};

/// One shipped weight file, `trained/<id>.safetensors`; beside it `trained/<id>.json` says how it was made.
pub struct Trained {
    pub id: &'static str,
    /// The run that made it, as its link.
    pub link: &'static str,
    /// What is set otherwise to train on from there, as a link's fields: a schedule that has run out teaches nothing.
    pub then: &'static str,
}

impl Trained {
    /// The run that made it.
    pub fn spec(&self) -> RunSpec {
        link::decode(self.link).spec
    }

    /// The run that goes on from there.
    pub fn next_spec(&self) -> RunSpec {
        link::decode(&format!("{}&{}", self.link, self.then)).spec
    }
}

/// All of them. Adding one is one row and `cargo intab train-shipped <id>`, which makes both files.
pub const TRAINED: &[Trained] = &[Trained {
    id: "cifar10",
    link: "preset=cifar10&v=1&model.id=cnn_deep&model.dropout=0&train.augment=flip_crop&train.epochs=12\
           &train.optimizer=adamw&train.weight_decay=0.05",
    then: "train.learning_rate=0.0005&train.schedule=constant&train.epochs=1",
}];

/// What is said beside a weight file: how it was made, and how good it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// What makes it again.
    pub command: String,
    /// The run that made it, as its link.
    pub link: String,
    /// Its steps, and seconds of training.
    pub steps: u32,
    pub seconds: f64,
    /// Of the data, as their manifest has it.
    pub source: String,
    pub engine: String,
    /// Of the weight file.
    pub bytes: usize,
    /// What the weight file says of itself.
    pub info: WeightsInfo,
}
