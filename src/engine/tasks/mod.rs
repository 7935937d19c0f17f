//! The arithmetic of the tasks, one file each with the name that its file in `crate::tasks` has.

mod answers;
mod classification;
mod masked_token;
mod next_token;
mod ordinal;
mod regression;

pub use classification::{loss as cross_entropy, softmax};

use crate::datasets::target::{Prediction, TargetField, Targets};
use crate::tasks::{TaskKind, every_task};
use burn::tensor::{Device, Tensor};
use std::rc::Rc;

/// What is trained, and how good it is.
pub trait Task {
    /// Mean loss of `outputs` `[batch, outputs]`; `[1]`. `smoothing` is ε of `TrainSpec::label_smoothing`.
    fn loss(&self, outputs: Tensor<2>, targets: &Targets, smoothing: f32, device: &Device) -> Tensor<1>;

    /// What `scores` is worked out from, added up over the examples: of outputs that were read back, `[batch, outputs]`.
    fn sums(&self, outputs: &[f32], targets: &Targets) -> Vec<f64>;

    /// The same, left on the device: `[sums]`. Where tensors are not in memory, outputs need not be read for it.
    fn device_sums(&self, outputs: Tensor<2>, targets: &Targets) -> Tensor<1>;

    /// Loss and score of so many examples.
    fn scores(&self, sums: &[f64], count: usize) -> Scores;

    /// How much was judged of so many examples: these, where each is judged as a whole.
    fn count(&self, _sums: &[f64], examples: usize) -> usize {
        examples
    }

    /// What one example's outputs say.
    fn decode(&self, outputs: &[f32]) -> Prediction;
}

/// As the task's `Metric`s say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scores {
    pub loss: f64,
    pub score: f64,
}

/// A task with the field that it is of.
#[derive(Clone)]
pub struct TargetTask {
    pub field: TargetField,
    pub task: Rc<dyn Task>,
}

/// What a step's scores are worked out from.
pub enum Sums {
    Read(Vec<f64>),
    /// Not waited for yet: `[sums]`.
    Device(Box<Tensor<1>>),
}

macro_rules! table {
    ($($task:ident),*) => {
        /// In the order of `crate::tasks::TASKS`.
        static MAKE: &[fn(&TargetField) -> Rc<dyn Task>] = &[$($task::make),*];
    };
}
every_task!(table);

impl TargetTask {
    pub fn of(field: &TargetField) -> Self {
        Self { field: field.clone(), task: MAKE[TaskKind::of(field).place()](field) }
    }

    /// How many numbers the network gives for an example.
    pub fn outputs(&self) -> usize {
        self.field.outputs()
    }

    /// Which steps of `[batch · time]` the outputs are wanted of, and the targets of those, where the others would be worked
    /// out for nothing. An answer counts as a whole, so it is left whole.
    pub fn few_asked(&self, targets: &Targets) -> Option<(Vec<u32>, Targets)> {
        matches!(self.field, TargetField::Masked { .. }).then(|| targets.few_asked()).flatten()
    }

    /// Of `outputs` `[batch, outputs]`, without waiting: where tensors are in memory they are read, else left there.
    pub fn sums_of(&self, outputs: Tensor<2>, targets: &Targets) -> Sums {
        if cfg!(feature = "gpu") {
            return Sums::Device(Box::new(self.device_sums(outputs, targets)));
        }
        let outputs = outputs.into_data();
        Sums::Read(self.sums(outputs.as_slice().unwrap_or_default(), targets))
    }
}

impl std::ops::Deref for TargetTask {
    type Target = dyn Task;

    fn deref(&self) -> &Self::Target {
        &*self.task
    }
}
