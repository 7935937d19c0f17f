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

/// What hidden tokens of a text could be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filled {
    pub step: u32,
    /// The text of each token as it stands in the text; of a hidden one, `[MASK]`.
    pub tokens: Vec<String>,
    pub blanks: Vec<Blank>,
    /// What the vocabulary does not have.
    pub unknown: Vec<String>,
    /// Tokens at the end that the network does not read: it has not learned from examples as long.
    pub unread: u32,
}

/// A hidden token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blank {
    /// Which token of the text it is.
    pub at: u32,
    /// The ten likeliest, likeliest first.
    pub choices: Vec<TokenChoice>,
}

/// How much tokens of a text take of each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttentionMaps {
    pub step: u32,
    /// The text of each token; a patch of a picture has none.
    pub tokens: Vec<String>,
    /// Of every Transformer block; of a decoder's two, of the answer to itself and then to the question.
    pub layers: Vec<HeadMaps>,
    /// What is added to the token at each place, if anything is.
    pub positions: Option<PositionRows>,
    /// Heads that are switched off: the block's place in the network, which of its heads, and 1 if it looks from an answer
    /// to its question.
    pub off: Vec<[u32; 3]>,
}

/// What the network would say behind each of its blocks, if that were the last one (the “logit lens”, nostalgebraist 2020).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogitLens {
    pub step: u32,
    /// The text of each token.
    pub tokens: Vec<String>,
    /// Of what the first block gets, then behind each block: the likeliest token at each place.
    pub guesses: Vec<Vec<TokenChoice>>,
}

/// What switched-off heads cost, on the same held-out examples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WithoutHeads {
    pub step: u32,
    /// How much was judged.
    pub count: u32,
    /// Score of the whole network, and without these heads.
    pub whole: f64,
    pub without: f64,
}

/// Learned or sinusoidal positions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PositionRows {
    pub width: u32,
    /// `[place, width]`
    pub values: Floats,
}

/// Of one block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadMaps {
    /// Its place in the network.
    pub layer: u32,
    pub heads: u32,
    /// The tokens of an answer look at its question.
    pub crosses: bool,
    /// Which tokens look, and at which: the first, and the one behind the last.
    pub queries: [u32; 2],
    pub keys: [u32; 2],
    /// `[head, query, key]` of all tokens; of each query that looks they sum to 1.
    pub weights: Floats,
}

/// What one head of a Transformer block does for one token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeadIo {
    pub step: u32,
    /// The text of each token.
    pub tokens: Vec<String>,
    /// Which of them looks.
    pub at: u32,
    /// How many it may look at, from the first on.
    pub seen: u32,
    /// How much a score falls with each token between the two; 0 where it does not.
    pub slope: f32,
    /// Of the token that looks, and of all tokens: `[size]`, `[time, size]`. Turned and divided by their length as they are
    /// when they meet.
    pub query: Floats,
    pub keys: Floats,
    /// `[time, size]`
    pub values: Floats,
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

/// How far back a loss is felt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reach {
    pub step: u32,
    /// How many examples the norms are means of.
    pub examples: u32,
    /// The run's own first.
    pub curves: Vec<ReachCurve>,
}

/// Of one network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReachCurve {
    /// The word of the cell that it begins with; empty of the run's own network.
    pub cell: String,
    /// The gradient's norm at each distance, from 0 steps back.
    pub norms: Floats,
}
