//! A visitor's own text: from a file's bytes, or as typed, to what can be learned from, or why not.

use crate::datasets::info::About;
use crate::table::Saying;
use crate::table::message::says;
use crate::table::text::{Binary, Encoding, decode_any, is_rubbish};

pub const ABOUT: About = About {
    id: crate::datasets::tokens::OWN,
    title: "Your own text",
    noun: "characters",
    blurb: "A text of yours. It stays in this tab, so a link to this page does not hold it.",
    homepage: "",
    licence: "",
    citation: "",
};

/// A text with its line ends as they are everywhere in here.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnText {
    pub text: String,
    pub encoding: Encoding,
    /// What a visitor should know about the reading.
    pub notes: Vec<Saying>,
}

/// A larger text, as tokens, would not fit into a tab's memory beside the network.
pub const MAX_BYTES: usize = 20 << 20;
/// Fewer characters are no text to learn from: the tenth that is held out would be a word.
pub const MIN_CHARACTERS: usize = 100;

/// `said`: the id of an encoding that the visitor chose; without it, it is recognised.
pub fn read(bytes: Vec<u8>, said: Option<&str>) -> Result<OwnText, Saying> {
    if bytes.len() > MAX_BYTES {
        let (have, most) = (bytes.len().div_ceil(1 << 20), MAX_BYTES >> 20);
        return Err(says(
            "The text has {} MB; up to {} MB can be learned from here. Leave out a part of it.",
            [have.into(), most.into()],
        ));
    }
    let said = said.and_then(Encoding::by_id);
    let decoded = decode_any(bytes, said).map_err(no_text)?;
    if said.is_none() && is_rubbish(&decoded.text) {
        return Err(says(
            "This is no text file. Save the text as “plain text” from the program that made it.",
            [],
        ));
    }
    let text = decoded.text.replace("\r\n", "\n").replace('\r', "\n");
    check(&text)?;
    Ok(OwnText { text, encoding: decoded.encoding, notes: decoded.notes })
}

/// Whether anything can be learned from a text.
fn check(text: &str) -> Result<(), Saying> {
    let Some(first) = text.trim().chars().next() else {
        return Err(says("The text is empty. Type or paste some lines, or choose a file.", []));
    };
    if text.trim().chars().all(|letter| letter == first) {
        let only = first.to_string();
        return Err(says(
            "The text has no other character than “{}”: there is nothing to learn.",
            [(&*only).into()],
        ));
    }
    let count = text.chars().count();
    if count < MIN_CHARACTERS {
        return Err(says(
            "The text has {} characters; to learn from it takes at least {}.",
            [count.into(), MIN_CHARACTERS.into()],
        ));
    }
    Ok(())
}

fn no_text(binary: Binary) -> Saying {
    match binary {
        Binary::Archive => {
            says("This is an archive or a document, not plain text. Open it and save it as “plain text”.", [])
        }
        Binary::Compressed => says("This file is compressed. Unpack it first.", []),
        Binary::Picture | Binary::Parquet => {
            says("This is a picture, a document or a table, not plain text. Choose a text file.", [])
        }
    }
}
