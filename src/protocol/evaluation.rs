//! Evaluations that were saved before tasks had a score of their own.

use super::Evaluation;
use crate::tasks::{classification, regression};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Saved {
    step: u32,
    count: u32,
    task: Option<String>,
    loss: f32,
    score: Option<f64>,
    /// Until November 2026: how many were right, and R² where a number was estimated.
    correct: Option<u32>,
    r_squared: Option<f64>,
    seconds: f64,
    confusion: Vec<u32>,
}

impl From<Saved> for Evaluation {
    fn from(saved: Saved) -> Self {
        let Saved { step, count, task, loss, score, correct, r_squared, seconds, confusion } = saved;
        let share = || f64::from(correct.unwrap_or(0)) / f64::from(count.max(1));
        let before = if r_squared.is_some() { &regression::TASK } else { &classification::TASK };
        let task = task.unwrap_or_else(|| before.id.into());
        let score = score.or(r_squared).unwrap_or_else(share);
        Self { step, count, task, loss, score, seconds, confusion }
    }
}
