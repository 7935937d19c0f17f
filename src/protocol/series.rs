//! What page and engine say to each other of series: their numbers, what a network says of the held-out end, and how it
//! goes on by itself.

use super::Floats;
use crate::datasets::info::SeriesScores;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeriesQuestion {
    /// The predicted number of every step.
    Truth,
    /// What the network says of held-out steps, each from the true steps before it.
    HeldOut,
    /// How it goes on from step `from`, where `steps` steps follow from its own predictions.
    Continue { from: u32, steps: u32 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SeriesAnswer {
    /// In the number's own unit; NaN where it is missing.
    Truth(Floats),
    HeldOut(HeldOut),
    Continued(Continued),
}

/// Predictions of the held-out end, one step ahead each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// Of training.
    pub step: u32,
    /// Those that were predicted: of a long end the first ones.
    pub steps: Vec<u32>,
    /// One for each, in the number's own unit.
    pub predicted: Floats,
    pub scores: SeriesScores,
    /// What saying the last value again reaches on the same steps.
    pub persistence: SeriesScores,
}

/// A network that goes on by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Continued {
    /// Of training.
    pub step: u32,
    pub from: u32,
    /// In the number's own unit, from step `from` on; it ends where a prediction is no number any more.
    pub predicted: Floats,
}
