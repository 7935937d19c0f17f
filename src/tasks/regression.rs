//! How large a number is: mean squared error of the standardised number, and R².

use super::{Metric, MetricScale, TaskKind};
use crate::datasets::target::TargetField;

/// Its guess is the mean, always.
pub static TASK: TaskKind = TaskKind {
    id: "regression",
    fits: |field| matches!(field, TargetField::Value { .. }),
    loss: Metric {
        title: "Mean squared error",
        unit: "of the standardised number, lower is better",
        scale: MetricScale::Log,
        chance: |_| Some(1.0),
    },
    score: Metric {
        title: "R²",
        unit: "1 is perfect, 0 is to say the mean always",
        scale: MetricScale::Score,
        chance: |_| Some(0.0),
    },
};
