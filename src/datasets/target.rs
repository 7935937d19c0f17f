//! What is to be learned of each example, and what a network says of it.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A dataset's target field: what every example is to be learned as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetField {
    /// One of these classes; none before the data is open.
    Class { names: Vec<String> },
    /// Any of these labels, each by itself.
    Labels { names: Vec<String> },
    /// A number; the network learns (number − mean) / std, both of the training split.
    Value { name: String, mean: f32, std: f32 },
}

/// One example's target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The class's index.
    Class(u32),
    /// The indices of the labels that it has.
    Labels(Vec<u32>),
    /// The number in its unit.
    Value(f32),
}

/// What a network says of one example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prediction {
    /// Each class's probability; they add up to 1.
    Class(Vec<f32>),
    /// Each label's probability, by itself.
    Labels(Vec<f32>),
    /// The number in its unit.
    Value(f32),
}

/// The targets of many examples.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    Classes(Vec<u32>),
    /// `[examples, width]`, 1 where an example has the label and 0 where not.
    Labels {
        width: usize,
        holds: Vec<f32>,
    },
    Values(Vec<f32>),
}

impl Default for TargetField {
    fn default() -> Self {
        Self::Class { names: Vec::new() }
    }
}

impl TargetField {
    /// The names of its classes; none of anything else.
    pub fn classes(&self) -> &[String] {
        match self {
            Self::Class { names } => names,
            _ => &[],
        }
    }

    /// The names of its classes or labels: the order of the network's outputs.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Class { names } | Self::Labels { names } => names,
            Self::Value { .. } => &[],
        }
    }

    /// The name of the number that is estimated; none of anything else.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Value { name, .. } => Some(name),
            _ => None,
        }
    }

    /// How many numbers a network gives for an example.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Class { names } | Self::Labels { names } => names.len(),
            Self::Value { .. } => 1,
        }
    }

    /// Of no example yet.
    pub fn empty(&self) -> Targets {
        match self {
            Self::Class { .. } => Targets::Classes(Vec::new()),
            Self::Labels { names } => Targets::Labels { width: names.len(), holds: Vec::new() },
            Self::Value { .. } => Targets::Values(Vec::new()),
        }
    }
}

impl Target {
    pub fn class(&self) -> Option<u32> {
        match self {
            Self::Class(class) => Some(*class),
            _ => None,
        }
    }
}

impl Prediction {
    /// The likeliest class and its probability; none where no class is predicted.
    pub fn class(&self) -> Option<(u32, f32)> {
        let Self::Class(all) = self else { return None };
        let best = all.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        Some((best.0 as u32, *best.1))
    }

    /// The indices of the labels that it finds likelier than not.
    pub fn labels(&self) -> Vec<u32> {
        let Self::Labels(all) = self else { return Vec::new() };
        all.iter().zip(0..).filter(|(p, _)| **p > 0.5).map(|(_, label)| label).collect()
    }

    /// As numbers, one for each output: probabilities, or the one number.
    pub fn numbers(&self) -> &[f32] {
        match self {
            Self::Class(all) | Self::Labels(all) => all,
            Self::Value(value) => std::slice::from_ref(value),
        }
    }

    /// How sure it is of what it says; a number has no such thing.
    pub fn confidence(&self) -> f32 {
        match self {
            Self::Class(_) => self.class().map_or(0.0, |(_, p)| p),
            Self::Labels(all) => all.iter().map(|p| p.max(1.0 - p)).fold(1.0, f32::min),
            Self::Value(_) => 0.0,
        }
    }

    pub fn is_right(&self, target: &Target) -> bool {
        match target {
            Target::Class(class) => self.class().is_some_and(|(said, _)| said == *class),
            Target::Labels(labels) => self.labels() == *labels,
            Target::Value(_) => true,
        }
    }
}

impl Targets {
    pub fn len(&self) -> usize {
        match self {
            Self::Classes(all) => all.len(),
            Self::Labels { width, holds } => holds.len() / (*width).max(1),
            Self::Values(all) => all.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, index: usize) -> Target {
        match self {
            Self::Classes(all) => Target::Class(all[index]),
            Self::Labels { width, holds } => {
                let own = holds[index * width..(index + 1) * width].iter().zip(0..);
                Target::Labels(own.filter(|(holds, _)| **holds > 0.5).map(|(_, label)| label).collect())
            }
            Self::Values(all) => Target::Value(all[index]),
        }
    }

    /// Adds one; of another kind than the others, it is not added.
    pub fn push(&mut self, target: &Target) {
        match (self, target) {
            (Self::Classes(all), Target::Class(class)) => all.push(*class),
            (Self::Labels { width, holds }, Target::Labels(labels)) => {
                holds.extend((0..*width as u32).map(|label| f32::from(labels.contains(&label))));
            }
            (Self::Values(all), Target::Value(value)) => all.push(*value),
            _ => (),
        }
    }

    /// Those of these examples, in their order.
    pub fn select(&self, examples: impl Iterator<Item = usize>) -> Self {
        match self {
            Self::Classes(all) => Self::Classes(examples.map(|at| all[at]).collect()),
            Self::Labels { width, holds } => {
                let own = examples.flat_map(|at| &holds[at * width..(at + 1) * width]);
                Self::Labels { width: *width, holds: own.copied().collect() }
            }
            Self::Values(all) => Self::Values(examples.map(|at| all[at]).collect()),
        }
    }

    pub fn range(&self, range: Range<usize>) -> Self {
        self.select(range)
    }

    /// As plain numbers, for another engine.
    pub fn numbers(&self) -> Vec<f32> {
        match self {
            Self::Classes(all) => all.iter().map(|class| *class as f32).collect(),
            Self::Labels { holds, .. } => holds.clone(),
            Self::Values(all) => all.clone(),
        }
    }

    /// From such numbers; none if they are not what the field can have.
    pub fn from_numbers(field: &TargetField, numbers: &[f32]) -> Option<Self> {
        let among = |most: usize| move |n: &f32| (0.0..most as f32).contains(n);
        match field {
            TargetField::Class { names } => numbers
                .iter()
                .all(among(names.len()))
                .then(|| Self::Classes(numbers.iter().map(|n| *n as u32).collect())),
            TargetField::Labels { names } => (!names.is_empty() && numbers.iter().all(among(2)))
                .then(|| Self::Labels { width: names.len(), holds: numbers.to_vec() }),
            TargetField::Value { .. } => Some(Self::Values(numbers.to_vec())),
        }
    }
}
