//! Which tokens are hidden in a text (Devlin et al. 2019, section 3.1).

use super::next_token::LOSS;
use super::{Metric, MetricScale, TaskKind};
use crate::datasets::target::TargetField;

pub static TASK: TaskKind = TaskKind {
    id: "masked_token",
    fits: |field| matches!(field, TargetField::Masked { .. }),
    loss: LOSS,
    score: Metric {
        title: "Accuracy",
        unit: "share of hidden tokens that are named right",
        scale: MetricScale::EvenShare,
        chance: |_| None,
    },
};
