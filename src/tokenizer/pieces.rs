//! Where a text can be cut: into words with the space before them, single marks and single ideographs; and what of
//! its tokens can be shown by itself.

use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A text without spaces is cut after so many bytes.
const MAX_PIECE: usize = 64;

/// What a grapheme cluster is, by its first character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A blank, which goes with the word after it.
    Blank,
    /// Another white character.
    White,
    Letter,
    Digit,
    /// An ideograph, a mark, a picture: each is a piece by itself.
    Single,
}

impl Class {
    fn of(cluster: &str) -> Self {
        let Some(first) = cluster.chars().next() else { return Self::Single };
        match first {
            ' ' if cluster.len() == 1 => Self::Blank,
            _ if first.is_whitespace() => Self::White,
            // Kana, and the ideographs of all planes: languages that write no spaces.
            '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Self::Single,
            '\u{20000}'..='\u{3ffff}' => Self::Single,
            _ if first.is_numeric() => Self::Digit,
            _ if first.is_alphabetic() => Self::Letter,
            _ => Self::Single,
        }
    }
}

/// The text in pieces, with where each begins: no byte is left out and no grapheme cluster is cut.
pub fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut clusters = text.grapheme_indices(true).map(|(at, cluster)| (at, Class::of(cluster))).peekable();
    std::iter::from_fn(move || {
        let (from, mut class) = clusters.next()?;
        if class == Class::Blank {
            // A blank before a word or a number is a part of it.
            match clusters.peek() {
                Some(&(_, next @ (Class::Letter | Class::Digit))) => class = next,
                _ => class = Class::White,
            }
        }
        while let Some(&(at, next)) = clusters.peek() {
            let same = next == class && class != Class::Single;
            if !same || at - from >= MAX_PIECE {
                return Some((from, &text[from..at]));
            }
            clusters.next();
        }
        Some((from, &text[from..]))
    })
}

/// Tokens and bytes of what can be shown by itself: neighbours whose border would cut a grapheme cluster are shown as
/// one. `spans` are as `Tokenizer::encode` gives them.
pub fn shown(text: &str, spans: &[Range<usize>]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut borders = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).peekable();
    let mut found = Vec::new();
    let (mut first, mut from) = (0, 0);
    for (at, span) in spans.iter().enumerate() {
        while borders.next_if(|border| *border < span.end).is_some() {}
        if borders.peek() == Some(&span.end) {
            found.push((first..at + 1, from..span.end));
            (first, from) = (at + 1, span.end);
        }
    }
    found
}
