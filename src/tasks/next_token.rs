//! Which token comes next, at every step of a text.

use super::{Metric, MetricScale, TaskKind};
use crate::datasets::target::TargetField;

pub static TASK: TaskKind = TaskKind {
    id: "next_token",
    fits: |field| matches!(field, TargetField::Token { .. }),
    loss: LOSS,
    score: Metric {
        title: "Accuracy",
        unit: "share of next tokens that are right",
        scale: MetricScale::EvenShare,
        chance: |_| None,
    },
};

pub const LOSS: Metric = Metric {
    title: "Loss",
    unit: "cross-entropy in nats a token, lower is better",
    scale: MetricScale::Even,
    chance: |field| match field {
        // Before the data is open it is not known.
        TargetField::Token { unigram, .. }
        | TargetField::Masked { unigram, .. }
        | TargetField::Answer { unigram, .. }
            if *unigram > 0.0 =>
        {
            Some((*unigram).into())
        }
        _ => None,
    },
};
