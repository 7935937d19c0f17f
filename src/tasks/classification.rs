//! Which class an example is of: cross-entropy and accuracy.

use super::{Direction, Metric, MetricScale, TaskKind};
use crate::datasets::target::TargetField;

pub static TASK: TaskKind = TaskKind {
    id: "classification",
    title: "Classification",
    fits: |field| matches!(field, TargetField::Class { .. }),
    loss: Metric {
        title: "Loss",
        unit: "cross-entropy in nats, lower is better",
        direction: Direction::Lower,
        scale: MetricScale::Log,
        chance: |field| several(field).map(f64::ln),
    },
    score: Metric {
        title: "Accuracy",
        unit: "share that is right",
        direction: Direction::Higher,
        scale: MetricScale::Share,
        chance: |field| several(field).map(f64::recip),
    },
};

/// How many classes there are; before the data is open there may be none yet.
fn several(field: &TargetField) -> Option<f64> {
    Some(field.classes().len() as f64).filter(|classes| *classes > 1.0)
}
