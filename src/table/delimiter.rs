//! What divides the cells of a text, and which quotation marks hold them together.

use super::dialect::{Sample, reads_as_number};

/// Best first where a text fits several: a comma may also be a decimal mark, and words have blanks between them.
pub const DELIMITERS: [char; 7] = ['\t', ';', '|', ',', '~', '^', ' '];

const RECORDS: usize = 400;

/// The delimiter that gives most records the same number of cells, and cells that look whole. A comma where there is
/// none.
pub fn delimiter(text: &str, from: usize, quote: Option<u8>) -> char {
    let mut best = (',', 0.0);
    for delimiter in DELIMITERS {
        let sample = Sample::of(text, from, delimiter, quote, RECORDS);
        let (width, share) = sample.width();
        if width < 2 || delimiter == ' ' && !are_columns(&sample, width, share) {
            continue;
        }
        let score = share * share * whole(&sample, width, delimiter);
        // A little better is chance: then the first in the list wins. Blanks stand in cells, too.
        let chance = if delimiter == ' ' { 0.2 } else { 0.02 };
        if score > best.1 + chance {
            best = (delimiter, score);
        }
    }
    best.0
}

/// The share of cells, in records of this width, that hold no other delimiter and are no list of numbers.
fn whole(sample: &Sample, width: usize, delimiter: char) -> f64 {
    let (mut all, mut whole) = (0, 0.01);
    for record in sample.records.iter().filter(|record| record.len() == width) {
        for cell in record {
            let words = cell.of(sample.text);
            let other = |c: char| c != delimiter && matches!(c, '\t' | ';' | '|' | ',');
            let divided = || {
                let mut parts = words.split_whitespace();
                parts.clone().count() > 1 && parts.all(reads_as_number)
            };
            all += 1;
            let is_whole = cell.quoted || reads_as_number(&words) || !words.contains(other) && !divided();
            whole += f64::from(u8::from(is_whole));
        }
    }
    whole / f64::from(all.max(1))
}

/// Sentences have blanks too: columns that are divided by blanks are nearly all as wide, and some hold numbers.
fn are_columns(sample: &Sample, width: usize, share: f64) -> bool {
    let numbers = |column: usize| {
        let (mut all, mut numbers) = (0, 0);
        for words in sample.below(1, column) {
            all += 1;
            numbers += usize::from(reads_as_number(&words));
        }
        numbers * 10 >= all * 9
    };
    share >= 0.9 && sample.records.len() > 1 && (0..width).any(numbers)
}

/// Whether single quotation marks hold cells together: cells begin and end with them, and no cell with double ones.
pub fn single_quotes(text: &str, from: usize) -> bool {
    const BYTES: usize = 64 << 10;
    let bytes = &text.as_bytes()[from..text.len().min(from + BYTES)];
    let divides = |b: Option<&u8>| {
        b.is_none_or(|b| matches!(b, b'\n' | b'\r' | b'\t' | b';' | b'|' | b',' | b'~' | b'^' | b' '))
    };
    let (mut opened, mut closed) = (0_usize, 0_usize);
    for (at, byte) in bytes.iter().enumerate() {
        let before = divides(at.checked_sub(1).and_then(|at| bytes.get(at)));
        let after = divides(bytes.get(at + 1));
        match byte {
            b'"' if before || after => return false,
            b'\'' if before && !after => opened += 1,
            b'\'' if after && !before => closed += 1,
            _ => (),
        }
    }
    // “rock 'n' roll” and “dogs' home” are words.
    let lines = bytes.split(|b| *b == b'\n').count();
    opened >= 2 && opened * 4 >= lines && opened.abs_diff(closed) * 10 <= opened
}
