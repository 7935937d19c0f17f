//! What went wrong, for the visitor.

use serde::{Deserialize, Serialize};

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
