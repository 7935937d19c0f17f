//! What stands above a table: a line that names the delimiter, comments, a title, a file's head.

use super::dialect::Sample;
use super::header::header;

/// More above a table is no head of it.
const MOST_RECORDS: usize = 100;

/// “sep=;”, as spreadsheets write it, in any case and perhaps in quotation marks: the delimiter, and the text after it.
pub fn sep_line(text: &str) -> Option<(char, usize)> {
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    let line = text[..end].trim_matches('"');
    let (key, said) = line.split_at_checked(4)?;
    // What a program wrote for all cells of a line stands behind it.
    let mark = said.chars().next().filter(char::is_ascii)?;
    let alone = said[1..].chars().all(|c| c == mark || c == '"' || c == ' ' || c == ',');
    (key.eq_ignore_ascii_case("sep=") && alone && mark != '"').then_some((mark, end))
}

/// Where so many lines further begins.
pub fn after_lines(text: &str, from: usize, lines: u32) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    for _ in 0..lines {
        match bytes[at..].iter().position(|b| matches!(b, b'\n' | b'\r')) {
            None => return text.len(),
            Some(n) if bytes[at + n..].starts_with(b"\r\n") => at += n + 2,
            Some(n) => at += n + 1,
        }
    }
    at
}

/// How many lines end in this part of a text.
pub fn lines(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let ends = |at: &usize| match bytes[*at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    (0..bytes.len()).filter(ends).count() as u32
}

/// What a comment begins with, where the text begins with one.
pub fn comment(text: &str) -> Option<&'static str> {
    ["#", "%", "//"].into_iter().find(|mark| text.trim_start_matches(['\n', '\r']).starts_with(mark))
}

/// What stands above the table.
pub struct Above {
    /// Records that are no part of the table.
    pub records: usize,
    /// The record after them is a comment, and names the columns all the same.
    pub commented_header: bool,
}

/// `width`: cells of most records.
pub fn above(sample: &Sample, width: usize, comment: Option<&str>) -> Above {
    let line = |record: usize| {
        let starts = sample.starts.get(record).zip(sample.starts.get(record + 1));
        starts.map_or("", |(start, end)| &sample.text[*start..*end])
    };
    let is_comment = |record: usize| comment.is_some_and(|mark| line(record).starts_with(mark));
    let most = MOST_RECORDS.min(sample.records.len().saturating_sub(1));
    let comments = (0..most).take_while(|record| is_comment(*record)).count();
    if let Some(mark) = comment.filter(|_| comments > 0)
        && cells_after(sample, comments - 1, mark) == width
        && width > 1
        && !header(sample, comments)
    {
        return Above { records: comments - 1, commented_header: true };
    }
    let mut records = comments;
    while records < most && is_above(sample, records, width) {
        records += 1;
    }
    records += short_lines(sample, records, width);
    // Where all is like that there is no table below.
    let records = if records < most { records } else { comments };
    Above { records, commented_header: false }
}

fn cells_after(sample: &Sample, record: usize, mark: &str) -> usize {
    let cells = &sample.records[record];
    // A mark that stands alone is no name.
    let alone = cells.first().is_some_and(|cell| cell.of(sample.text).trim() == mark);
    cells.len() - usize::from(alone)
}

fn is_above(sample: &Sample, record: usize, width: usize) -> bool {
    let cells = &sample.records[record];
    let named = cells.iter().filter(|cell| !cell.of(sample.text).trim().is_empty()).count();
    let shorter = cells.len() + 1 < width || cells.len() == 1 && width > 2;
    shorter || width > 2 && named < 2 || named == 0
}

/// Lines that are one cell short are a title where several are, or where the line after one is a better header: one
/// alone may lack the name of the rows' names.
fn short_lines(sample: &Sample, from: usize, width: usize) -> usize {
    let short = |record: &Vec<_>| record.len() + 1 == width;
    let count = sample.records[from..].iter().take_while(|record| short(record)).count();
    let is_title = match count {
        0 => false,
        1 => sample.records.get(from + 1).is_some_and(|r| r.len() >= width) && header(sample, from + 1),
        _ => true,
    };
    if is_title { count } else { 0 }
}
