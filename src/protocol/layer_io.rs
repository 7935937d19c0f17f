//! One picture's passage through one layer, or one unit's step along a sequence: what goes in, what comes out, and the
//! weights in between.

use super::ParamValues;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_bytes::ByteBuf;
use std::ops::Deref;

/// A layer at work on one example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerIo {
    pub step: u32,
    /// The layer's input, as the layer before gives it: `[channels, height, width]` or `[features]`.
    pub input: Floats,
    /// What a residual block's second convolution gets; empty of other layers.
    pub inside: Floats,
    /// The map that was asked for, `[height, width]`; where maps are single numbers, all of them.
    pub output: Floats,
    /// What belongs to that map alone of every parameter and running statistic, named without the layer's place.
    pub weights: Vec<ParamValues>,
}

impl LayerIo {
    /// One parameter's or running statistic's values; empty if the layer has no such thing.
    pub fn weights(&self, name: &str) -> &[f32] {
        of_name(&self.weights, name)
    }
}

/// One unit of a layer of sequences, at one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitIo {
    pub step: u32,
    /// What the layer gets at this step, `[features]`; of tokens, a one-hot vector.
    pub input: Floats,
    /// What the layer gives at this step, `[units]`.
    pub output: Floats,
    /// What the units that read in the same direction gave at the step that was read before, `[units]`; empty where none
    /// was.
    pub before: Floats,
    /// `hidden`, which is what the unit gives, and then, of a recurrent layer, its gates and states.
    pub names: Vec<String>,
    /// The unit's numbers at the step before, at this one and at the next one, as they stand in the sequence, `[3, names]`;
    /// zeros where there is no step.
    pub around: Floats,
    /// What belongs to the unit of every parameter and running statistic: of a recurrent layer a row for each gate, of an
    /// embedding the token's number.
    pub weights: Vec<ParamValues>,
}

impl UnitIo {
    /// One parameter's or running statistic's values; empty if the layer has no such thing.
    pub fn weights(&self, name: &str) -> &[f32] {
        of_name(&self.weights, name)
    }

    /// The unit's number of a name, one step before (0), at this step (1), or one step later (2).
    pub fn number(&self, when: usize, name: &str) -> Option<f32> {
        let at = self.names.iter().position(|known| known == name)?;
        self.around.get(when * self.names.len() + at).copied()
    }
}

fn of_name<'a>(all: &'a [ParamValues], name: &str) -> &'a [f32] {
    all.iter().find(|w| w.name == name).map_or(&[], |w| w.values.as_slice())
}

/// Many numbers, which cross as bytes: a message of single numbers would hold up the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Floats(pub Vec<f32>);

impl Deref for Floats {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.0
    }
}

impl Serialize for Floats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|v| v.to_le_bytes()).collect();
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for Floats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = ByteBuf::deserialize(deserializer)?;
        let (numbers, _) = bytes.as_chunks::<4>();
        Ok(Self(numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()))
    }
}
