//! The answer to a question, token by token: what counts is whether all of it is right.

use super::next_token::LOSS;
use super::{Metric, MetricScale, TaskKind};
use crate::datasets::target::TargetField;

pub static TASK: TaskKind = TaskKind {
    id: "answers",
    fits: |field| matches!(field, TargetField::Answer { .. }),
    // An answer can be known for sure.
    loss: Metric { scale: MetricScale::Log, ..LOSS },
    score: Metric {
        title: "Exact match",
        unit: "share of questions whose whole answer is right",
        scale: MetricScale::Share,
        chance: |_| None,
    },
};
