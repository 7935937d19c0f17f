//! From a text to the numbers of its tokens and back: one file and one row each. A tokenizer is trained on the text at
//! hand and is plain data: a vocabulary with counts, and of byte pairs the merges. What it does not know becomes
//! `UNKNOWN`, and is never left out.

mod byte_pairs;
mod characters;
mod pieces;
mod words;

pub use pieces::shown;

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Range;

/// The token for what the vocabulary lacks; every vocabulary begins with it.
pub const UNKNOWN: u32 = 0;
/// As which it is written.
pub const UNKNOWN_TEXT: &str = "\u{fffd}";

/// All kinds. Adding one is one file and one row.
pub const TOKENIZERS: &[Kind] = &[characters::KIND, words::KIND, byte_pairs::KIND];

/// A vocabulary and the pairs that were merged for it.
type Learned = (Vec<Token>, Vec<[u32; 2]>);

/// One way to cut a text into tokens.
pub struct Kind {
    pub id: &'static str,
    pub title: &'static str,
    pub blurb: &'static str,
    /// What a visitor can choose; characters are as many as there are.
    pub size: Option<Size>,
    /// The vocabulary without the unknown token, and the merges, from a text and a size.
    train: fn(text: &str, size: usize) -> Learned,
    /// Finds the tokens of a text, one after the other and without a gap.
    encode: fn(&Tokenizer, text: &str, found: &mut Encoded),
}

/// How many words or merges there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub label: &'static str,
    pub min: usize,
    pub max: usize,
    pub default: usize,
}

/// A token of a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub text: String,
    /// How often it is in the text that it was trained on.
    pub count: u64,
}

/// A trained tokenizer; a token's id is its place in the vocabulary.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct Tokenizer {
    kind: String,
    vocabulary: Vec<Token>,
    /// Pairs of tokens that become one, in the order in which they were learned. The first one's token follows the
    /// characters, the others follow that.
    merges: Vec<[u32; 2]>,
    ids: HashMap<String, u32>,
    ranks: HashMap<[u32; 2], u32>,
}

/// A text's tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    pub ids: Vec<u32>,
    /// Where each lies in the text, in bytes.
    pub spans: Vec<Range<usize>>,
}

impl Kind {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        TOKENIZERS.iter().find(|kind| kind.id == id)
    }

    /// Trains on a text; `size` is kept within its range.
    pub fn train(&self, text: &str, size: usize) -> Tokenizer {
        let size = self.size.map_or(0, |range| size.clamp(range.min, range.max));
        let (learned, merges) = (self.train)(text, size);
        let unknown = Token { text: UNKNOWN_TEXT.into(), count: 0 };
        let vocabulary = [vec![unknown], learned].concat();
        let mut tokenizer = Tokenizer::new(self.id.into(), vocabulary, merges);
        tokenizer.count(text);
        tokenizer
    }
}

impl Tokenizer {
    fn new(kind: String, vocabulary: Vec<Token>, merges: Vec<[u32; 2]>) -> Self {
        let known = vocabulary.iter().zip(0..).skip(1);
        let ids = known.map(|(token, id)| (token.text.clone(), id)).collect();
        let ranks = merges.iter().copied().zip(0..).collect();
        Self { kind, vocabulary, merges, ids, ranks }
    }

    pub fn kind(&self) -> &str {
        &self.kind
    }

    pub fn vocabulary(&self) -> &[Token] {
        &self.vocabulary
    }

    /// The two tokens that each merge joins, and the token that they become.
    pub fn merges(&self) -> impl ExactSizeIterator<Item = ([u32; 2], u32)> {
        let first = self.first_merged();
        self.merges.iter().enumerate().map(move |(at, pair)| (*pair, first + at as u32))
    }

    /// Every byte of the text is in one of the spans.
    pub fn encode(&self, text: &str) -> Encoded {
        let mut found = Encoded::default();
        if let Some(kind) = Kind::by_id(&self.kind) {
            (kind.encode)(self, text, &mut found);
        }
        found
    }

    /// The text of tokens. An id that the vocabulary does not have is written as an unknown one.
    pub fn decode(&self, ids: &[u32]) -> String {
        ids.iter().map(|id| self.text(*id)).collect()
    }

    pub fn text(&self, id: u32) -> &str {
        self.vocabulary.get(id as usize).map_or(UNKNOWN_TEXT, |token| &token.text)
    }

    fn first_merged(&self) -> u32 {
        (self.vocabulary.len() - self.merges.len()) as u32
    }

    fn id(&self, text: &str) -> u32 {
        self.ids.get(text).copied().unwrap_or(UNKNOWN)
    }

    /// Counts the tokens of a text.
    fn count(&mut self, text: &str) {
        let mut counts = vec![0; self.vocabulary.len()];
        for id in self.encode(text).ids {
            counts[id as usize] += 1;
        }
        self.vocabulary.iter_mut().zip(counts).for_each(|(token, count)| token.count = count);
    }
}

impl Encoded {
    fn push(&mut self, id: u32, from: usize, length: usize) {
        self.ids.push(id);
        self.spans.push(from..from + length);
    }

    /// What the vocabulary lacks of this text: each once, as it first comes, with how often it does.
    pub fn unknown<'a>(&self, text: &'a str) -> Vec<(&'a str, usize)> {
        let lacking = self.ids.iter().zip(&self.spans).filter(|(id, _)| **id == UNKNOWN);
        counted(lacking.map(|(_, span)| &text[span.clone()]))
    }
}

/// The different ones in the order in which they first come, with how often each does.
fn counted<'a>(all: impl Iterator<Item = &'a str>) -> Vec<(&'a str, usize)> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    let mut places = HashMap::new();
    for one in all {
        let place = *places.entry(one).or_insert(found.len());
        if place == found.len() {
            found.push((one, 0));
        }
        found[place].1 += 1;
    }
    found
}

/// As it is written to a file.
#[derive(Serialize, Deserialize)]
struct Saved {
    kind: String,
    vocabulary: Vec<Token>,
    merges: Vec<[u32; 2]>,
}

impl From<Tokenizer> for Saved {
    fn from(tokenizer: Tokenizer) -> Self {
        Self { kind: tokenizer.kind, vocabulary: tokenizer.vocabulary, merges: tokenizer.merges }
    }
}

impl TryFrom<Saved> for Tokenizer {
    type Error = String;

    /// A file may say anything.
    fn try_from(saved: Saved) -> Result<Self, String> {
        let Saved { kind, vocabulary, merges } = saved;
        if Kind::by_id(&kind).is_none() {
            return Err(format!("there is no tokenizer “{kind}”"));
        }
        if vocabulary.first().is_none_or(|token| token.text != UNKNOWN_TEXT)
            || merges.len() >= vocabulary.len()
        {
            return Err("its vocabulary does not begin with the unknown token".into());
        }
        let first = vocabulary.len() - merges.len();
        let text = |id: u32| &vocabulary[id as usize].text;
        for (at, &[left, right]) in merges.iter().enumerate() {
            let after = first + at;
            let earlier = |id: u32| id != UNKNOWN && (id as usize) < after;
            if !earlier(left) || !earlier(right) || vocabulary[after].text != text(left).clone() + text(right)
            {
                return Err(format!("merge {} does not give the token that it should", at + 1));
            }
        }
        Ok(Self::new(kind, vocabulary, merges))
    }
}
