//! A text divided into records and cells: quoted cells may hold delimiters and line ends, a doubled quotation mark is
//! one (RFC 4180).

use std::borrow::Cow;

/// Where a cell's words stand in the text.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    start: usize,
    end: usize,
    /// It holds doubled quotation marks.
    doubled: bool,
    /// It stood in quotation marks.
    pub quoted: bool,
}

impl Span {
    pub fn of(self, text: &str) -> Cow<'_, str> {
        let words = &text[self.start..self.end];
        if self.doubled { Cow::Owned(words.replace("\"\"", "\"")) } else { Cow::Borrowed(words) }
    }
}

/// Walks through a text; between any two records it can be left and gone on with.
#[derive(Clone, Copy, Debug)]
pub struct Splitter {
    pub delimiter: u8,
    pub quotes: bool,
    /// Where the next record begins.
    pub at: usize,
    /// A quotation mark was opened and never closed.
    pub unclosed: bool,
}

impl Splitter {
    pub fn new(delimiter: u8, quotes: bool) -> Self {
        Self { delimiter, quotes, at: 0, unclosed: false }
    }

    /// The next record's cells, in place of those that are there; false at the end. Empty lines are none.
    pub fn next(&mut self, text: &str, cells: &mut Vec<Span>) -> bool {
        let bytes = text.as_bytes();
        while let Some(b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        if self.at >= bytes.len() {
            return false;
        }
        cells.clear();
        loop {
            cells.push(self.cell(bytes));
            match bytes.get(self.at) {
                Some(b) if *b == self.delimiter => self.at += 1,
                _ => return true,
            }
        }
    }

    /// Leaves `at` on what ended the cell.
    fn cell(&mut self, bytes: &[u8]) -> Span {
        let delimiter = self.delimiter;
        let blank = |b: &u8| *b != delimiter && matches!(b, b' ' | b'\t');
        let ends = |b: &u8| *b == delimiter || matches!(b, b'\n' | b'\r');
        let rest = &bytes[self.at..];
        let mut start = self.at + rest.iter().take_while(|b| blank(b)).count();
        if self.quotes && bytes.get(start) == Some(&b'"') {
            return self.quoted(bytes, start + 1);
        }
        let rest = &bytes[start..];
        let mut end = start + rest.iter().position(ends).unwrap_or(rest.len());
        self.at = end;
        while end > start && blank(&bytes[end - 1]) {
            end -= 1;
        }
        // No-break spaces, as spreadsheets put around numbers.
        while bytes[start..end].starts_with("\u{a0}".as_bytes()) {
            start += 2;
        }
        Span { start, end, doubled: false, quoted: false }
    }

    fn quoted(&mut self, bytes: &[u8], start: usize) -> Span {
        let (mut at, mut doubled) = (start, false);
        let end = loop {
            match bytes[at..].iter().position(|b| *b == b'"') {
                None => {
                    self.unclosed = true;
                    break bytes.len();
                }
                Some(n) if bytes.get(at + n + 1) == Some(&b'"') => {
                    doubled = true;
                    at += n + 2;
                }
                Some(n) => break at + n,
            }
        };
        let after = (end + 1).min(bytes.len());
        let ends = |b: &u8| *b == self.delimiter || matches!(b, b'\n' | b'\r');
        self.at = after + bytes[after..].iter().position(ends).unwrap_or(bytes.len() - after);
        Span { start, end, doubled, quoted: true }
    }
}
