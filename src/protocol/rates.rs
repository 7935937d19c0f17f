//! What a search for a learning rate says.

use serde::{Deserialize, Serialize};

/// A range test, and short runs at some of the rates after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateTest {
    /// In the order of the rates, up to where the loss diverged.
    pub tried: Vec<TriedRate>,
    /// From the lowest rate to the highest.
    pub trials: Vec<Trial>,
    /// The rate of the trial with the lowest loss; none if no trial ended clearly lower than it began.
    pub suggested: Option<f64>,
}

/// One step of a range test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriedRate {
    pub rate: f64,
    /// As `TrainPoint::loss`, before the step at this rate.
    pub loss: f64,
    /// The same, smoothed over the steps before.
    pub smooth: f64,
}

/// A fresh network’s short run at one rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    pub rate: f64,
    pub steps: u32,
    /// Mean of the last quarter of its steps’ losses; none if they ended in no number.
    pub loss: Option<f64>,
    /// The standard error of that mean.
    pub error: f64,
}
