//! Runs of ours that ship with their weights, so that a visitor can use a network at once and train on from there.

use crate::protocol::WeightsInfo;
use serde::{Deserialize, Serialize};

/// One shipped weight file, `trained/<id>.safetensors`; beside it `trained/<id>.json` says how it was made.
pub struct Trained {
    pub id: &'static str,
    /// The run, as its link.
    pub link: &'static str,
}

/// All of them. Adding one is one row and `cargo intab pretrain <id>`, which makes both files.
pub const TRAINED: &[Trained] = &[Trained {
    id: "cifar10",
    link: "preset=cifar10&v=1&model.id=cnn_deep&model.dropout=0&train.augment=flip_crop&train.epochs=16\
           &train.optimizer=adamw&train.weight_decay=0.05",
}];

/// What is said beside a weight file: how it was made, and how good it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// What makes it again.
    pub command: String,
    /// The run, as its link.
    pub link: String,
    /// Of the data, as their manifest has it.
    pub source: String,
    pub engine: String,
    /// Of the weight file.
    pub bytes: usize,
    pub info: WeightsInfo,
}
