//! What page and engine say about a network that talks. A question holds the whole conversation, so that nothing depends on
//! what the engine has in mind; what it still has, it does not read again. Each answer is a slice of what the network says, and
//! who wants no more does not ask for the next.

use super::WrittenToken;
pub use crate::chat::conversation::Turn;
use serde::{Deserialize, Serialize};

/// How a conversation is to go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatQuestion {
    /// The last one is what is to be answered, or the answer as far as it is said.
    pub turns: Vec<Turn>,
    /// 0 takes the likeliest always; 1 draws as the network says.
    pub temperature: f32,
    /// Only so many of the likeliest, where it is not 0.
    pub top_k: u32,
    /// Only the likeliest that together have this probability; 1 leaves all.
    pub top_p: f32,
    pub seed: u32,
    /// After so many the next answer is due, though not before something was read or said.
    pub milliseconds: u32,
}

/// What the network did in this slice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// The tokens that it said, with the ten likeliest of each. A character that several tokens make is the last one's text.
    pub tokens: Vec<WrittenToken>,
    /// Tokens that it must still read before it says something.
    pub unread: u32,
    pub over: Option<Over>,
    /// Tokens that it has before it now.
    pub context: u32,
    /// Turns from the beginning on that have no place there any more.
    pub forgotten: u32,
    pub reading: Pace,
    pub saying: Pace,
}

/// Why nothing follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// The network ended its answer.
    Ended,
    /// Its context is full.
    Full,
}

/// Tokens, and what they took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    pub tokens: u32,
    pub milliseconds: f64,
}
