//! One picture's passage through one layer: what goes in, what comes out, and the weights in between.

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
        self.weights.iter().find(|w| w.name == name).map_or(&[], |w| w.values.as_slice())
    }
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
