//! Which class an example is of: cross-entropy and accuracy.

use super::{Metric, MetricScale, TaskKind};
use crate::datasets::target::TargetField;

pub static TASK: TaskKind = TaskKind {
    id: "classification",
    fits: |field| matches!(field, TargetField::Class { .. }),
    loss: Metric {
        title: "Loss",
        unit: "cross-entropy in nats, lower is better",
        scale: MetricScale::Log,
        chance: |field| several(field).map(f64::ln),
    },
    score: Metric {
        title: "Accuracy",
        unit: "share that is right",
        scale: MetricScale::Share,
        chance: |field| several(field).map(f64::recip),
    },
};

/// How many classes there are; before the data is open there may be none yet.
fn several(field: &TargetField) -> Option<f64> {
    Some(field.classes().len() as f64).filter(|classes| *classes > 1.0)
}
