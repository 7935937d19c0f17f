//! How SmolLM2 cuts a text before pairs of bytes are joined: every digit by itself, then as GPT-2 does (Radford et al. 2019):
//! `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.

use unicode_segmentation::UnicodeSegmentation;

/// What stands behind an apostrophe and is a piece with it.
const ENDINGS: [&str; 7] = ["s", "t", "re", "ve", "m", "ll", "d"];

/// The pieces of a text, one after the other: no byte is left out.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at_checked(length(rest)).filter(|(piece, _)| !piece.is_empty())?;
        rest = after;
        Some(piece)
    })
}

/// Bytes of the first piece; 0 of an empty text.
fn length(text: &str) -> usize {
    let Some(first) = text.chars().next() else { return 0 };
    if first.is_numeric() {
        return first.len_utf8();
    }
    if let Some(after) = text.strip_prefix('\'')
        && let Some(ending) = ENDINGS.iter().find(|ending| after.starts_with(**ending))
    {
        return 1 + ending.len();
    }
    // A blank goes with the word or the signs behind it.
    let start = usize::from(first == ' ');
    let class = text[start..].chars().next().map_or(Class::White, Class::of);
    match class {
        Class::Letter | Class::Sign => start + run(&text[start..], class),
        Class::Digit => 1,
        Class::White => white(text),
    }
}

/// White characters up to the last before a word, which goes with that; up to the end of what is cut together.
fn white(text: &str) -> usize {
    let all = run(text, Class::White);
    let mut characters = text[..all].chars();
    let last = characters.next_back().map_or(0, char::len_utf8);
    // A digit begins a text of its own.
    let ends = text[all..].chars().next().is_none_or(char::is_numeric);
    if ends || characters.as_str().is_empty() { all } else { all - last }
}

/// Bytes of the characters of this class at the beginning.
fn run(text: &str, class: Class) -> usize {
    text.find(|character| Class::of(character) != class).unwrap_or(text.len())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    White,
    Letter,
    Digit,
    Sign,
}

impl Class {
    fn of(character: char) -> Self {
        match character {
            _ if character.is_whitespace() => Self::White,
            _ if character.is_numeric() => Self::Digit,
            _ if is_letter(character) => Self::Letter,
            _ => Self::Sign,
        }
    }
}

/// Unicode's general category L. Rust knows what is alphabetic, and that is more: vowel signs and other marks, which belong to
/// the character before them, and letters in circles.
fn is_letter(character: char) -> bool {
    if !character.is_alphabetic() || character.is_ascii() {
        return character.is_alphabetic();
    }
    match character {
        // Thai and Lao AM are letters, though they belong to what is before them.
        '\u{0e33}' | '\u{0eb3}' => true,
        '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}' => false,
        _ => {
            let mut buffer = [b'a'; 5];
            let end = 1 + character.encode_utf8(&mut buffer[1..]).len();
            let with_one_before = std::str::from_utf8(&buffer[..end]).unwrap_or_default();
            with_one_before.graphemes(true).count() > 1
        }
    }
}
