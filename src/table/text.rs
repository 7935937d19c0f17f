//! From a file's bytes to text: which encoding it is, and whether it is text at all.

use super::saying::{Saying, says};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    /// Windows-1252, which is Latin-1 with typographic marks: what older spreadsheets write in western Europe.
    Latin1,
}

impl Encoding {
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Latin1 => "Latin-1",
        }
    }
}

/// Larger files would not fit into a tab's memory beside the network.
pub const MOST_BYTES: usize = 400 << 20;

/// Fails for what is no text, and says what it is where that can be told.
pub fn decode(bytes: Vec<u8>) -> Result<(String, Encoding), Saying> {
    if bytes.len() > MOST_BYTES {
        let (have, most) = (bytes.len() >> 20, MOST_BYTES >> 20);
        return Err(says(
            "The file has {} MB; up to {} MB can be read here. Leave out rows or columns.",
            [have.into(), most.into()],
        ));
    }
    if let Some(why) = known_binary(&bytes) {
        return Err(why);
    }
    let (text, encoding) = match utf16(&bytes) {
        Some(text) => (text, Encoding::Utf16),
        None => match String::from_utf8(bytes) {
            Ok(text) => (text, Encoding::Utf8),
            Err(error) => (error.into_bytes().iter().map(|b| windows_1252(*b)).collect(), Encoding::Latin1),
        },
    };
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_string(),
        None => text,
    };
    if is_rubbish(&text) {
        return Err(says("This is no text file. Export the table as CSV from the program that made it.", []));
    }
    if text.trim().is_empty() {
        return Err(says("The file is empty.", []));
    }
    Ok((text, encoding))
}

/// Files that people take for tables, by their first bytes.
fn known_binary(bytes: &[u8]) -> Option<Saying> {
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    if begins(b"PK\x03\x04") || begins(b"\xd0\xcf\x11\xe0") {
        return Some(says(
            "This is a spreadsheet or an archive, not CSV. Open it and save the sheet as CSV.",
            [],
        ));
    }
    if begins(b"\x1f\x8b") || begins(b"BZh") || begins(b"\xfd7zXZ") {
        return Some(says("This file is compressed. Unpack it first.", []));
    }
    if begins(b"\x89PNG") || begins(b"\xff\xd8\xff") || begins(b"GIF8") || begins(b"RIFF") || begins(b"%PDF")
    {
        return Some(says("This is a picture or a document, not a table. Choose a CSV file.", []));
    }
    begins(b"PAR1").then(|| says("This is a Parquet file. Export it as CSV.", []))
}

/// With a byte-order mark, or where every second byte of the beginning is zero.
fn utf16(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(2048)];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|b| **b == 0).count() * 10;
    let little = match bytes {
        [0xff, 0xfe, ..] => true,
        [0xfe, 0xff, ..] => false,
        // Nine of ten letters of such a file are ASCII.
        _ if head.len() >= 8 && zeros(1) > head.len() * 4 && zeros(0) == 0 => true,
        _ if head.len() >= 8 && zeros(0) > head.len() * 4 && zeros(1) == 0 => false,
        _ => return None,
    };
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    };
    let units = bytes.chunks_exact(2).map(unit);
    Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// <https://encoding.spec.whatwg.org/#windows-1252>
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// More than one in a hundred letters of the beginning can be on no keyboard.
fn is_rubbish(text: &str) -> bool {
    let odd = |c: &char| {
        *c == char::REPLACEMENT_CHARACTER || c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')
    };
    let (mut letters, mut bad) = (0_usize, 0_usize);
    for letter in text.chars().take(16_384) {
        letters += 1;
        bad += usize::from(odd(&letter));
        if letter == '\0' {
            return true;
        }
    }
    bad * 100 > letters
}
