//! What is to be learned of each example, and what a network says of it.

use crate::sequences::ASK;
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
    /// At every step the next of these tokens. `unigram` is the loss, in nats, of who knows only how frequent each is.
    Token { vocabulary: Vec<String>, unigram: f32 },
    /// Which of these tokens is hidden, where one is; the last one is what they are read as.
    Masked { vocabulary: Vec<String>, unigram: f32 },
    /// As `Token`, and what counts is whether every token of an answer is right.
    Answer { vocabulary: Vec<String>, unigram: f32 },
}

/// One example's target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The class's index.
    Class(u32),
    /// The number in its unit.
    Value(f32),
    /// What follows each step: a token, or `IGNORE_INDEX` where none is asked for.
    Tokens(Vec<u32>),
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
    /// `[examples, time]`, each a token or `IGNORE_INDEX`.
    Tokens {
        time: usize,
        ids: Vec<u32>,
    },
}

/// Stands in a list of target tokens where none counts: padding, or a question's own letters.
pub const IGNORE_INDEX: u32 = u32::MAX;

/// Tokens that are asked for are few if they are at most one in so many.
const FEW: usize = 2;

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
            Self::Value { .. } | Self::Token { .. } | Self::Masked { .. } | Self::Answer { .. } => &[],
        }
    }

    /// The tokens that it can be, by their ids; none of anything else.
    pub fn vocabulary(&self) -> &[String] {
        match self {
            Self::Token { vocabulary, .. }
            | Self::Masked { vocabulary, .. }
            | Self::Answer { vocabulary, .. } => vocabulary,
            _ => &[],
        }
    }

    /// The token behind which an answer begins; none where nothing is answered.
    pub fn ask(&self) -> Option<u32> {
        let Self::Answer { vocabulary, .. } = self else { return None };
        let place = vocabulary.iter().position(|token| token.chars().eq([ASK]));
        place.map(|place| place as u32)
    }

    /// Whether something is asked for at every step of a sequence.
    pub fn is_sequence(&self) -> bool {
        matches!(self, Self::Token { .. } | Self::Masked { .. } | Self::Answer { .. })
    }

    /// The name of the number that is estimated; none of anything else.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Value { name, .. } => Some(name),
            _ => None,
        }
    }

    /// How many numbers a network gives for an example; of sequences, for each of its steps.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Class { names } => names.len(),
            // Whether it is above each grade but the last.
            Self::Grade { names } => names.len().saturating_sub(1),
            Self::Value { .. } => 1,
            Self::Token { .. } | Self::Masked { .. } | Self::Answer { .. } => self.vocabulary().len(),
        }
    }

    /// Of no example yet.
    pub fn empty(&self) -> Targets {
        match self {
            Self::Class { .. } | Self::Grade { .. } => Targets::Classes(Vec::new()),
            Self::Value { .. } => Targets::Values(Vec::new()),
            Self::Token { .. } | Self::Masked { .. } | Self::Answer { .. } => {
                Targets::Tokens { time: 1, ids: Vec::new() }
            }
        }
    }
}

impl Target {
    pub fn class(&self) -> Option<u32> {
        match self {
            Self::Class(class) => Some(*class),
            Self::Value(_) | Self::Tokens(_) => None,
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
            Target::Value(_) | Target::Tokens(_) => true,
        }
    }
}

impl Targets {
    pub fn len(&self) -> usize {
        match self {
            Self::Classes(all) => all.len(),
            Self::Values(all) => all.len(),
            Self::Tokens { time, ids } => ids.len() / time,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, index: usize) -> Target {
        match self {
            Self::Classes(all) => Target::Class(all[index]),
            Self::Values(all) => Target::Value(all[index]),
            Self::Tokens { time, ids } => Target::Tokens(ids[index * time..(index + 1) * time].to_vec()),
        }
    }

    /// Adds one; of another kind than the others, it is not added.
    pub fn push(&mut self, target: &Target) {
        match (self, target) {
            (Self::Classes(all), Target::Class(class)) => all.push(*class),
            (Self::Values(all), Target::Value(value)) => all.push(*value),
            (Self::Tokens { time, ids }, Target::Tokens(tokens)) if tokens.len() == *time => {
                ids.extend(tokens);
            }
            _ => (),
        }
    }

    /// Those of these examples, in their order.
    pub fn select(&self, examples: impl Iterator<Item = usize>) -> Self {
        match self {
            Self::Classes(all) => Self::Classes(examples.map(|at| all[at]).collect()),
            Self::Values(all) => Self::Values(examples.map(|at| all[at]).collect()),
            Self::Tokens { time, ids } => Self::Tokens {
                time: *time,
                ids: examples.flat_map(|at| &ids[at * time..(at + 1) * time]).copied().collect(),
            },
        }
    }

    /// Of tokens, which of `[examples · time]` are asked for, and those alone, where they are few.
    pub fn few_asked(&self) -> Option<(Vec<u32>, Self)> {
        let Self::Tokens { ids, .. } = self else { return None };
        let asked = (0..).zip(ids).filter(|(_, id)| **id != IGNORE_INDEX);
        let (places, asked): (Vec<u32>, Vec<u32>) = asked.unzip();
        let few = !asked.is_empty() && asked.len() <= ids.len() / FEW;
        few.then_some((places, Self::Tokens { time: 1, ids: asked }))
    }

    pub fn range(&self, range: Range<usize>) -> Self {
        self.select(range)
    }

    /// As plain numbers, for another engine.
    pub fn numbers(&self) -> Vec<f32> {
        match self {
            Self::Classes(all) => all.iter().map(|class| *class as f32).collect(),
            Self::Values(all) => all.clone(),
            // Sequences are not sent to helpers.
            Self::Tokens { .. } => Vec::new(),
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
            TargetField::Token { .. } | TargetField::Masked { .. } | TargetField::Answer { .. } => None,
        }
    }
}
