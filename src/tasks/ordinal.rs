//! Which of several grades in order: a network that is one grade off is less wrong than one that is three off
//! (proportional odds: McCullagh 1980; for networks Cheng 2007, Niu et al. 2016).

use super::{Metric, MetricScale, TaskKind};
use crate::datasets::target::TargetField;

pub static TASK: TaskKind = TaskKind {
    id: "ordinal",
    fits: |field| matches!(field, TargetField::Grade { .. }),
    loss: Metric {
        title: "Loss",
        unit: "mean cross-entropy of the questions “above this grade?”, in nats, lower is better",
        scale: MetricScale::Log,
        chance: |_| Some(std::f64::consts::LN_2),
    },
    score: Metric {
        title: "Weighted kappa",
        unit: "1 is perfect, 0 is chance; a miss costs the square of how many grades it is off",
        scale: MetricScale::Score,
        chance: |_| Some(0.0),
    },
};
