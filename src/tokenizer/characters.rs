//! Every character is a token.

use super::{Kind, Token, Tokenizer};
use std::collections::BTreeSet;

pub const KIND: Kind = Kind {
    id: "characters",
    title: "Characters",
    blurb: "Every letter, space and mark is a token: a small vocabulary and long sequences.",
    size: None,
    train: |text, _| (alphabet(text), Vec::new()),
    encode: |tokenizer, text, found| {
        let mut buffer = [0; 4];
        for (at, letter) in text.char_indices() {
            found.push(id(tokenizer, letter, &mut buffer), at, letter.len_utf8());
        }
    },
};

/// The characters of a text by their code points.
pub fn alphabet(text: &str) -> Vec<Token> {
    let letters: BTreeSet<char> = text.chars().collect();
    letters.into_iter().map(|letter| Token { text: letter.into(), count: 0 }).collect()
}

pub fn id(tokenizer: &Tokenizer, letter: char, buffer: &mut [u8; 4]) -> u32 {
    tokenizer.id(letter.encode_utf8(buffer))
}
