//! Runs that are kept to be compared, by dataset. In a frame they live as long as the frame: a slide shows its own.

use super::settings;
use crate::platform::is_borrowed;
use crate::protocol::EngineKind;
use crate::spec::RunSpec;
use serde::{Deserialize, Serialize};

/// Step, loss, share that is right: of the batches up to there, or of a test.
pub type Mark = (u32, f32, f32);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastRun {
    /// Milliseconds since 1970.
    pub id: f64,
    /// Its letter, colour and dash, counted from 0.
    pub slot: usize,
    /// As the visitor calls it; else it is called by its settings.
    pub name: Option<String>,
    /// The visitor kept it; else it was kept when it was left behind.
    pub by_hand: bool,
    pub shown: bool,
    pub preset: String,
    pub spec: RunSpec,
    pub engine: Option<EngineKind>,
    /// What is told of an example: only runs that tell the same can be compared.
    pub told: String,
    pub step: u32,
    pub steps_per_epoch: u32,
    /// Spent training.
    pub seconds: f64,
    /// The last batch's loss: a run that had it there is this one, gone on.
    pub last_loss: f32,
    /// Means over equal spans.
    pub train: Vec<Mark>,
    pub test: Vec<Mark>,
    /// Test examples that it was last tried on.
    pub count: u32,
}

impl PastRun {
    /// None where nothing is kept, or can be.
    pub fn all(data: &str) -> Option<Vec<Self>> {
        if is_borrowed() { None } else { settings::read_json(&name(data)) }
    }

    pub fn keep_all(data: &str, all: &[Self]) {
        if !is_borrowed() {
            settings::write_json(&name(data), &all);
        }
    }

    pub fn letter(&self) -> char {
        char::from(b'A' + self.slot as u8)
    }
}

fn name(data: &str) -> String {
    format!("runs.{data}")
}
