//! What “better” means: the loss that is trained and the score that is shown, in words. One file each, and one row in
//! `every_task`; the file of the same name in `engine::tasks` does the arithmetic. A dataset's target field says which
//! task it is.

pub mod answers;
pub mod classification;
pub mod masked_token;
pub mod next_token;
pub mod ordinal;
pub mod regression;

use crate::datasets::target::TargetField;

/// Every task's module. The engine's table is made from the same row.
macro_rules! every_task {
    ($table:ident) => {
        $table![classification, ordinal, regression, next_token, answers, masked_token];
    };
}
#[cfg(feature = "engine")]
pub(crate) use every_task;

macro_rules! table {
    ($($task:ident),*) => {
        pub static TASKS: &[&TaskKind] = &[$(&$task::TASK),*];
    };
}
every_task!(table);

pub struct TaskKind {
    pub id: &'static str,
    /// Whether it is what a field asks for.
    pub fits: fn(&TargetField) -> bool,
    pub loss: Metric,
    pub score: Metric,
}

/// A number that says how good a network is.
#[derive(Clone, Copy)]
pub struct Metric {
    pub title: &'static str,
    /// What it is measured in, and which way is better.
    pub unit: &'static str,
    pub scale: MetricScale,
    /// What a network reaches that knows only how frequent the targets are; none where that is not known.
    pub chance: fn(&TargetField) -> Option<f64>,
}

/// How it is drawn and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricScale {
    /// From 0 up, over several orders of magnitude.
    Log,
    /// From 0 up, and never near 0: what a text leaves open is never known.
    Even,
    /// The share of examples that are right, 0…1, in per cent; where the last few per cent count.
    Share,
    /// The same, where all of them count alike.
    EvenShare,
    /// 1 is perfect.
    Score,
}

impl TaskKind {
    pub fn of(field: &TargetField) -> &'static Self {
        TASKS.iter().copied().find(|task| (task.fits)(field)).unwrap_or(&classification::TASK)
    }

    /// The first where the id is unknown.
    pub fn by_id(id: &str) -> &'static Self {
        TASKS.iter().copied().find(|task| task.id == id).unwrap_or(&classification::TASK)
    }

    /// Its row in `TASKS`.
    pub fn place(&self) -> usize {
        TASKS.iter().position(|task| task.id == self.id).unwrap_or(0)
    }
}

impl Metric {
    /// Whether it counts examples that are right.
    pub fn is_share(&self) -> bool {
        matches!(self.scale, MetricScale::Share | MetricScale::EvenShare)
    }
}
