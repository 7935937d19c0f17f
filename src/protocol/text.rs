//! What page and engine say to each other of texts: parts of them as tokens, what a network writes, and what it has in
//! mind meanwhile.

use super::Floats;
use serde::{Deserialize, Serialize};

/// Which part of the run's data is wanted as tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// The beginning of the training text, at most so many tokens.
    Beginning(u32),
    /// One example, with its targets.
    Example { test: bool, index: u32 },
    /// Any text, as the run's tokenizer cuts it.
    Text(String),
}

/// A text as tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Excerpt {
    pub tokens: Vec<u32>,
    /// The text of each token as it stands in the text: of an unknown one, what it is.
    pub texts: Vec<String>,
    /// Of an example: what is asked for at each step, none where nothing is. Empty of anything else.
    pub targets: Vec<Option<u32>>,
}

/// How a network is to write on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Continuation {
    /// It reads this first; where it is empty, it begins as an example of the data begins.
    pub prompt: String,
    /// Tokens to write; it ends before that where an example of the data would end.
    pub tokens: u32,
    /// 0 takes the likeliest always; 1 draws as the network says.
    pub temperature: f32,
    /// Only so many of the likeliest, where it is not 0.
    pub top_k: u32,
    /// Only the likeliest that together have this probability; 1 leaves all.
    pub top_p: f32,
    pub seed: u32,
    /// With the ten likeliest tokens at each place.
    pub choices: bool,
}

/// What a network wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// The prompt's tokens, and then those that it wrote.
    pub tokens: Vec<WrittenToken>,
    /// How many of them are the prompt's.
    pub prompt: u32,
    /// Characters of the prompt that the vocabulary does not have.
    pub unknown: Vec<String>,
    /// Seconds it took to write them.
    pub seconds: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrittenToken {
    pub id: u32,
    pub text: String,
    /// What the network gave for it before it was there, at temperature 1; 0 of a first token, before which there is nothing.
    pub probability: f32,
    /// The likeliest at this place, at most ten, likeliest first; empty unless asked for.
    pub choices: Vec<TokenChoice>,
}

/// A token that could stand at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenChoice {
    pub id: u32,
    pub text: String,
    pub probability: f32,
}

/// What recurrent layers have in mind along a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct States {
    pub step: u32,
    /// The text of each token.
    pub tokens: Vec<String>,
    pub layers: Vec<UnitStates>,
}

/// Of one recurrent layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitStates {
    /// Its place in the network, and its word: `rnn`, `lstm` or `gru`.
    pub layer: u32,
    pub word: String,
    pub units: u32,
    /// What each strip shows: `hidden` first, then the gates by their names.
    pub names: Vec<String>,
    /// `[strip, time, unit]`
    pub values: Floats,
}
