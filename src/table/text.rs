//! From a file's bytes to text: which encoding it is, and whether it is text at all.

use super::letters;
use super::message::{Saying, says};
use crate::platform::decode_text;

/// How letters are written as bytes, by the name that browsers have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding(&'static str);

/// What a visitor can choose, with the languages that it is for in their own letters.
const OFFERED: &[(&str, &str)] = &[
    ("UTF-8", "UTF-8"),
    ("UTF-16LE", "UTF-16"),
    ("UTF-16BE", "UTF-16BE"),
    ("windows-1252", "Windows-1252 (Latin-1)"),
    ("windows-1250", "Windows-1250 (Čeština, Polski)"),
    ("windows-1251", "Windows-1251 (Кириллица)"),
    ("windows-1253", "Windows-1253 (Ελληνικά)"),
    ("windows-1254", "Windows-1254 (Türkçe)"),
    ("windows-1255", "Windows-1255 (עברית)"),
    ("windows-1256", "Windows-1256 (العربية)"),
    ("windows-1257", "Windows-1257 (Latviešu, Lietuvių)"),
    ("windows-1258", "Windows-1258 (Tiếng Việt)"),
    ("windows-874", "Windows-874 (ไทย)"),
    ("ISO-8859-2", "ISO-8859-2 (Čeština, Polski)"),
    ("ISO-8859-5", "ISO-8859-5 (Кириллица)"),
    ("ISO-8859-7", "ISO-8859-7 (Ελληνικά)"),
    ("KOI8-U", "KOI8-U (Кириллица)"),
    ("IBM866", "IBM866 (Кириллица)"),
    ("macintosh", "Macintosh"),
    ("Shift_JIS", "Shift_JIS (日本語)"),
    ("EUC-JP", "EUC-JP (日本語)"),
    ("gb18030", "GB18030 (简体中文)"),
    ("Big5", "Big5 (繁體中文)"),
    ("EUC-KR", "EUC-KR (한국어)"),
];

/// What a file may be that says nothing itself; the first wins where several fit as well.
const TRIED: [&str; 13] = [
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1257",
    "KOI8-U",
    "IBM866",
    "Shift_JIS",
    "EUC-JP",
    "gb18030",
    "Big5",
    "EUC-KR",
];

impl Encoding {
    pub const UTF_8: Self = Self("UTF-8");
    pub const UTF_16LE: Self = Self("UTF-16LE");
    pub const UTF_16BE: Self = Self("UTF-16BE");
    /// Latin-1 with typographic marks: what older spreadsheets write in western Europe.
    pub const WINDOWS_1252: Self = Self("windows-1252");

    /// As it is shown.
    pub fn name(self) -> &'static str {
        OFFERED.iter().find(|(id, _)| *id == self.0).map_or(self.0, |(_, name)| name)
    }

    /// As `by_id` finds it again.
    pub fn id(self) -> &'static str {
        self.0
    }

    pub fn by_id(id: &str) -> Option<Self> {
        Self::offered().find(|encoding| encoding.0.eq_ignore_ascii_case(id))
    }

    /// What can be chosen.
    pub fn offered() -> impl Iterator<Item = Self> {
        OFFERED.iter().map(|(id, _)| Self(id))
    }

    /// From its first bytes, or from the letters that it would have.
    fn of(bytes: &[u8]) -> Self {
        const SEEN: usize = 16 << 10;
        if let Some(encoding) = utf16(bytes) {
            return encoding;
        }
        // One bad byte in a file does not make all of it something else.
        let (mut letters, mut bad) = (0_usize, 0_usize);
        for chunk in bytes.utf8_chunks() {
            letters += chunk.valid().bytes().filter(|b| *b >= 0xc2).count();
            bad += usize::from(!chunk.invalid().is_empty());
        }
        if bad * 10 <= letters {
            return Self::UTF_8;
        }
        // Lines in which all is ASCII say nothing.
        let mut seen = Vec::new();
        for line in bytes.split_inclusive(|b| *b == b'\n').filter(|line| !line.is_ascii()) {
            seen.extend(&line[..line.len().min(SEEN)]);
            if seen.len() > SEEN {
                break;
            }
        }
        let mut best = (Self::WINDOWS_1252, f64::MIN);
        for id in TRIED {
            let Some((text, bad)) = decode_text(id, &seen) else { continue };
            let score = letters::score(&text) - if bad { 1.0 } else { 0.0 };
            if score > best.1 + 0.001 {
                best = (Self(id), score);
            }
        }
        best.0
    }
}

/// A file as text.
pub struct Decoded {
    pub text: String,
    pub encoding: Encoding,
    /// What did not fit the encoding.
    pub notes: Vec<Saying>,
}

/// Larger files would not fit into a tab's memory beside the network.
pub const MOST_BYTES: usize = 400 << 20;

/// Fails for what is no text, and says what it is where that can be told. `said`: an encoding's id.
pub fn decode(bytes: Vec<u8>, said: Option<&str>) -> Result<Decoded, Saying> {
    if bytes.len() > MOST_BYTES {
        let (have, most) = (bytes.len() >> 20, MOST_BYTES >> 20);
        return Err(says(
            "The file has {} MB; up to {} MB can be read here. Leave out rows or columns.",
            [have.into(), most.into()],
        ));
    }
    let said = said.and_then(Encoding::by_id);
    let decoded = decode_any(bytes, said).map_err(no_table)?;
    if said.is_none() && is_rubbish(&decoded.text) {
        return Err(says("This is no text file. Export the table as CSV from the program that made it.", []));
    }
    if decoded.text.trim().is_empty() {
        return Err(says("The file is empty.", []));
    }
    Ok(decoded)
}

/// The first lines, whatever they are; fails for what is known to be no text.
pub fn decode_beginning(bytes: &[u8], said: Option<&str>) -> Result<Decoded, Saying> {
    const BYTES: usize = 64 << 10;
    let encoding = said.and_then(Encoding::by_id).unwrap_or_else(|| match std::str::from_utf8(bytes) {
        Ok(_) => utf16(bytes).unwrap_or(Encoding::UTF_8),
        Err(_) => Encoding::of(bytes),
    });
    decode_any(bytes[..bytes.len().min(BYTES)].to_vec(), Some(encoding)).map_err(no_table)
}

/// In the encoding that is said or recognised, without a byte-order mark.
pub(crate) fn decode_any(bytes: Vec<u8>, said: Option<Encoding>) -> Result<Decoded, Binary> {
    if let Some(binary) = Binary::of(&bytes) {
        return Err(binary);
    }
    let (text, encoding, bad) = match said.or_else(|| utf16(&bytes)) {
        Some(encoding) => decode_as(&bytes, encoding),
        // Most files: nothing is copied.
        None => match String::from_utf8(bytes) {
            Ok(text) => (text, Encoding::UTF_8, false),
            Err(error) => decode_as(error.as_bytes(), Encoding::of(error.as_bytes())),
        },
    };
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_string(),
        None => text,
    };
    let count = if bad { text.matches(char::REPLACEMENT_CHARACTER).count() } else { 0 };
    let note = || {
        says(
            "In {} places the bytes are not {}: they are shown as “�”.",
            [count.into(), encoding.name().into()],
        )
    };
    let notes = if count > 0 { vec![note()] } else { Vec::new() };
    Ok(Decoded { text, encoding, notes })
}

fn decode_as(bytes: &[u8], encoding: Encoding) -> (String, Encoding, bool) {
    match decode_text(encoding.0, bytes) {
        Some((text, bad)) => (text, encoding, bad),
        None => (String::from_utf8_lossy(bytes).into_owned(), Encoding::UTF_8, true),
    }
}

/// Files that people take for texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Archive,
    Compressed,
    Picture,
    Parquet,
}

impl Binary {
    /// By the first bytes.
    fn of(bytes: &[u8]) -> Option<Self> {
        let begins = |all: &[&[u8]]| all.iter().any(|magic| bytes.starts_with(magic));
        if begins(&[b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]) {
            Some(Self::Archive)
        } else if begins(&[b"\x1f\x8b", b"BZh", b"\xfd7zXZ"]) {
            Some(Self::Compressed)
        } else if begins(&[b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF"]) {
            Some(Self::Picture)
        } else {
            begins(&[b"PAR1"]).then_some(Self::Parquet)
        }
    }
}

fn no_table(binary: Binary) -> Saying {
    match binary {
        Binary::Archive => {
            says("This is a spreadsheet or an archive, not CSV. Open it and save the sheet as CSV.", [])
        }
        Binary::Compressed => says("This file is compressed. Unpack it first.", []),
        Binary::Picture => says("This is a picture or a document, not a table. Choose a CSV file.", []),
        Binary::Parquet => says("This is a Parquet file. Export it as CSV.", []),
    }
}

/// With a byte-order mark, or where every second byte of the beginning is zero.
fn utf16(bytes: &[u8]) -> Option<Encoding> {
    let head = &bytes[..bytes.len().min(2048)];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|b| **b == 0).count() * 10;
    match bytes {
        [0xff, 0xfe, ..] => Some(Encoding::UTF_16LE),
        [0xfe, 0xff, ..] => Some(Encoding::UTF_16BE),
        // Nine of ten letters of such a file are ASCII.
        _ if head.len() >= 8 && zeros(1) > head.len() * 4 && zeros(0) == 0 => Some(Encoding::UTF_16LE),
        _ if head.len() >= 8 && zeros(0) > head.len() * 4 && zeros(1) == 0 => Some(Encoding::UTF_16BE),
        _ => None,
    }
}

/// More than one in a hundred letters of the beginning can be on no keyboard.
pub(crate) fn is_rubbish(text: &str) -> bool {
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
