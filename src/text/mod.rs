//! Texts to learn from: one file and one row each, and a visitor's own. What is held out, how a text is written as files,
//! and how it is read back; tokens are `tokenizer`'s.

mod captions;
mod faust;
mod names;
pub mod own;
mod shakespeare;
pub mod split;

use crate::datasets::info::About;
use serde::{Deserialize, Serialize};
use split::HeldOut;

/// All texts. Adding one is one file and one row.
pub const TEXTS: &[TextDataset] = &[names::TEXT, shakespeare::TEXT, faust::TEXT, captions::TEXT];

/// A text that ships with the site.
pub struct TextDataset {
    pub about: About,
    /// Of its language, as BCP 47 has it: the page marks the text with it.
    pub language: &'static str,
    pub held_out: HeldOut,
    /// In the path of its files: raised when their bytes change.
    pub version: u32,
    /// The publisher's file in the mirror.
    pub mirrored: &'static str,
    /// Where the publisher has it.
    pub address: &'static str,
    /// Of the publisher's file.
    pub sha256: &'static str,
    pub published: Published,
}

/// How the publisher wrote it down.
pub enum Published {
    /// As it is.
    Text,
    /// COCO's JSON of captions, a file of the ZIP archive at the address.
    CocoCaptions { inside: &'static str },
}

/// What the tool wrote for a text: `datasets/<id>/v<version>/manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextManifest {
    pub id: String,
    pub version: u32,
    pub train: Vec<TextShard>,
    pub test: Vec<TextShard>,
}

/// A part of the text in UTF-8, packed; no character is cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextShard {
    pub file: String,
    /// Unpacked, and packed as fetched.
    pub length: usize,
    pub bytes: u64,
}

/// Bytes of a shard: the first arrives at once, and training can begin.
pub const SHARD: usize = 256 << 10;
/// Of no text that ships are there more.
const MAX_SHARDS: usize = 100;

impl TextDataset {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        TEXTS.iter().find(|text| text.about.id == id)
    }

    /// Where its files lie, relative to the page.
    pub fn folder(&self) -> String {
        self.about.folder(self.version)
    }
}

impl TextManifest {
    /// Whether the text can have been written so, or why not: memory is made ready for what a manifest promises.
    pub fn check(&self, text: &TextDataset) -> Result<(), String> {
        if self.id != text.about.id || self.version != text.version {
            return Err("it describes another text or version".into());
        }
        for shards in [&self.train, &self.test] {
            let possible = |s: &TextShard| s.length > 0 && s.length <= SHARD && s.bytes <= 2 * SHARD as u64;
            if shards.is_empty() || shards.len() > MAX_SHARDS || !shards.iter().all(possible) {
                return Err("it lists no files, too many, or one of an impossible size".into());
            }
        }
        Ok(())
    }

    /// Bytes of everything, packed.
    pub fn bytes(&self) -> u64 {
        self.train.iter().chain(&self.test).map(|shard| shard.bytes).sum()
    }
}

impl TextShard {
    /// The text of an unpacked shard.
    pub fn decode(&self, unpacked: Vec<u8>) -> Result<String, String> {
        if unpacked.len() != self.length {
            return Err(format!("{} has {} bytes instead of {}", self.file, unpacked.len(), self.length));
        }
        String::from_utf8(unpacked).map_err(|_| format!("{} is not UTF-8", self.file))
    }
}

/// A text in parts of at most `SHARD` bytes, none of which ends within a character.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (part, after) = rest.split_at(rest.floor_char_boundary(SHARD));
        rest = after;
        (!part.is_empty()).then_some(part)
    })
}
