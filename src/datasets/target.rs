//! What is to be learned of each example, and what a network says of it.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A dataset's target field: what every example is to be learned as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetField {
    /// One of these classes; none before the data is open.
    Class { names: Vec<String> },
    /// One of these grades, from the lowest to the highest.
    Grade { names: Vec<String> },
    /// A number; the network learns (number − mean) / std, both of the training split.
    Value { name: String, mean: f32, std: f32 },
}

/// One example's target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The class's index.
    Class(u32),
    /// The number in its unit.
    Value(f32),
}

/// What a network says of one example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prediction {
    /// Each class's probability; they add up to 1.
    Class(Vec<f32>),
    /// The number in its unit.
    Value(f32),
}

/// The targets of many examples.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    Classes(Vec<u32>),
    Values(Vec<f32>),
}

impl Default for TargetField {
    fn default() -> Self {
        Self::Class { names: Vec::new() }
    }
}

impl TargetField {
    /// The names of its classes or grades; none of a number.
    pub fn classes(&self) -> &[String] {
        match self {
            Self::Class { names } | Self::Grade { names } => names,
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
            Self::Class { names } => names.len(),
            // Whether it is above each grade but the last.
            Self::Grade { names } => names.len().saturating_sub(1),
            Self::Value { .. } => 1,
        }
    }

    /// Of no example yet.
    pub fn empty(&self) -> Targets {
        match self {
            Self::Class { .. } | Self::Grade { .. } => Targets::Classes(Vec::new()),
            Self::Value { .. } => Targets::Values(Vec::new()),
        }
    }
}

impl Target {
    pub fn class(&self) -> Option<u32> {
        match self {
            Self::Class(class) => Some(*class),
            Self::Value(_) => None,
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

    /// As numbers: probabilities, or the one number.
    pub fn numbers(&self) -> &[f32] {
        match self {
            Self::Class(all) => all,
            Self::Value(value) => std::slice::from_ref(value),
        }
    }

    /// How sure it is of what it says; a number has no such thing.
    pub fn confidence(&self) -> f32 {
        match self {
            Self::Class(_) => self.class().map_or(0.0, |(_, p)| p),
            Self::Value(_) => 0.0,
        }
    }

    pub fn is_right(&self, target: &Target) -> bool {
        match target {
            Target::Class(class) => self.class().is_some_and(|(said, _)| said == *class),
            Target::Value(_) => true,
        }
    }
}

impl Targets {
    pub fn len(&self) -> usize {
        match self {
            Self::Classes(all) => all.len(),
            Self::Values(all) => all.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, index: usize) -> Target {
        match self {
            Self::Classes(all) => Target::Class(all[index]),
            Self::Values(all) => Target::Value(all[index]),
        }
    }

    /// Adds one; of another kind than the others, it is not added.
    pub fn push(&mut self, target: &Target) {
        match (self, target) {
            (Self::Classes(all), Target::Class(class)) => all.push(*class),
            (Self::Values(all), Target::Value(value)) => all.push(*value),
            _ => (),
        }
    }

    /// Those of these examples, in their order.
    pub fn select(&self, examples: impl Iterator<Item = usize>) -> Self {
        match self {
            Self::Classes(all) => Self::Classes(examples.map(|at| all[at]).collect()),
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
            Self::Values(all) => all.clone(),
        }
    }

    /// From such numbers; none if they are not what the field can have.
    pub fn from_numbers(field: &TargetField, numbers: &[f32]) -> Option<Self> {
        let among = |most: usize| move |n: &f32| (0.0..most as f32).contains(n);
        match field {
            TargetField::Class { names } | TargetField::Grade { names } => numbers
                .iter()
                .all(among(names.len()))
                .then(|| Self::Classes(numbers.iter().map(|n| *n as u32).collect())),
            TargetField::Value { .. } => Some(Self::Values(numbers.to_vec())),
        }
    }
}
