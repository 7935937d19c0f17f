//! The most frequent words are tokens, each with the space before it; all others are unknown.

use super::pieces::pieces;
use super::{Kind, Learned, Size, Token, counted};

pub const KIND: Kind = Kind {
    id: "words",
    title: "Words",
    blurb: "Every word is a token, with the space before it: short sequences, but rare words are unknown.",
    size: Some(Size { label: "Words", min: 10, max: 20_000, default: 2000 }),
    train,
    encode: |tokenizer, text, found| {
        for (at, word) in pieces(text) {
            found.push(tokenizer.id(word), at, word.len());
        }
    },
};

/// The `size` most frequent; of equally frequent ones those that come first.
fn train(text: &str, size: usize) -> Learned {
    let mut words = counted(pieces(text).map(|(_, word)| word));
    // The sort keeps the order of what is equal.
    words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    words.truncate(size);
    (
        words.into_iter().map(|(word, count)| Token { text: word.into(), count: count as u64 }).collect(),
        Vec::new(),
    )
}
