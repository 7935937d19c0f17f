//! A text divided into records and cells: quoted cells may hold delimiters and line ends, a doubled quotation mark is
//! one (RFC 4180). A blank as the delimiter stands for any run of blanks and tabs.

use std::borrow::Cow;

/// Where a cell's words stand in the text.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    start: usize,
    end: usize,
    /// The quotation mark that is doubled in it.
    doubled: Option<char>,
    /// It stood in quotation marks.
    pub quoted: bool,
}

impl Span {
    pub fn of(self, text: &str) -> Cow<'_, str> {
        let words = &text[self.start..self.end];
        match self.doubled {
            Some('\'') => Cow::Owned(words.replace("''", "'")),
            Some(_) => Cow::Owned(words.replace("\"\"", "\"")),
            None => Cow::Borrowed(words),
        }
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// Walks through a text; between any two records it can be left and gone on with.
#[derive(Clone, Copy, Debug)]
pub struct Splitter {
    pub delimiter: u8,
    /// The quotation mark, if any holds cells together.
    pub quote: Option<u8>,
    /// Where the next record begins.
    pub at: usize,
    /// A quotation mark was opened and never closed.
    pub unclosed: bool,
}

impl Splitter {
    pub fn new(delimiter: u8, quote: Option<u8>, at: usize) -> Self {
        Self { delimiter, quote, at, unclosed: false }
    }

    /// The next record's cells, in place of those that are there; false at the end. Empty lines are none.
    pub fn next(&mut self, text: &str, cells: &mut Vec<Span>) -> bool {
        let bytes = text.as_bytes();
        while let Some(b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        if self.delimiter == b' ' {
            return self.next_by_blanks(bytes, cells);
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

    fn next_by_blanks(&mut self, bytes: &[u8], cells: &mut Vec<Span>) -> bool {
        while bytes.get(self.at).is_some_and(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        if self.at >= bytes.len() {
            return false;
        }
        cells.clear();
        loop {
            while let Some(b' ' | b'\t') = bytes.get(self.at) {
                self.at += 1;
            }
            match bytes.get(self.at) {
                None | Some(b'\n' | b'\r') => return true,
                Some(_) => cells.push(self.cell(bytes)),
            }
        }
    }

    fn ends(&self, byte: u8) -> bool {
        byte == self.delimiter || matches!(byte, b'\n' | b'\r') || byte == b'\t' && self.delimiter == b' '
    }

    /// Leaves `at` on what ended the cell.
    fn cell(&mut self, bytes: &[u8]) -> Span {
        let delimiter = self.delimiter;
        let blank = |b: &u8| *b != delimiter && matches!(b, b' ' | b'\t');
        let rest = &bytes[self.at..];
        let mut start = self.at + rest.iter().take_while(|b| blank(b)).count();
        if let Some(quote) = self.quote
            && bytes.get(start) == Some(&quote)
        {
            return self.quoted(bytes, start + 1, quote);
        }
        let rest = &bytes[start..];
        // The usual case apart: every byte of a file comes through here.
        let length = match delimiter {
            b' ' => rest.iter().position(|b| self.ends(*b)),
            _ => rest.iter().position(|b| *b == delimiter || matches!(b, b'\n' | b'\r')),
        };
        let mut end = start + length.unwrap_or(rest.len());
        self.at = end;
        while end > start && blank(&bytes[end - 1]) {
            end -= 1;
        }
        // No-break spaces, as spreadsheets put around numbers.
        while bytes[start..end].starts_with("\u{a0}".as_bytes()) {
            start += 2;
        }
        Span { start, end, doubled: None, quoted: false }
    }

    fn quoted(&mut self, bytes: &[u8], start: usize, quote: u8) -> Span {
        let (mut at, mut doubled) = (start, None);
        let end = loop {
            match bytes[at..].iter().position(|b| *b == quote) {
                None => {
                    self.unclosed = true;
                    break bytes.len();
                }
                Some(n) if bytes.get(at + n + 1) == Some(&quote) => {
                    doubled = Some(char::from(quote));
                    at += n + 2;
                }
                Some(n) => break at + n,
            }
        };
        let after = (end + 1).min(bytes.len());
        let rest = &bytes[after..];
        self.at = after + rest.iter().position(|b| self.ends(*b)).unwrap_or(rest.len());
        Span { start, end, doubled, quoted: true }
    }
}
