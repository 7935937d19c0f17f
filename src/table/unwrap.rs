//! Files of which every line stands in quotation marks as a whole, as some programs write them from other programs'
//! CSV.

use super::delimiter::DELIMITERS;

const LINES: usize = 400;

/// The text without those marks; none where lines are not written so.
pub fn unwrapped(text: &str) -> Option<String> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(LINES);
    let (mut all, mut wrapped) = (0, 0);
    for line in lines() {
        all += 1;
        wrapped += usize::from(inner(line).is_some());
    }
    // A file of one column in quotation marks has no delimiter in most of its lines.
    if all < 2 || wrapped * 10 < all * 8 || !has_delimiter(lines().filter_map(inner)) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        match inner(line) {
            Some(words) => out.push_str(&words.replace("\"\"", "\"")),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    Some(out)
}

/// What stands in the marks, where they hold the whole line together.
fn inner(line: &str) -> Option<&str> {
    let words = line.trim_end().strip_prefix('"')?.strip_suffix('"')?;
    // Marks inside are doubled, or these are cells.
    (!words.replace("\"\"", "").contains('"')).then_some(words)
}

/// One of the delimiters is in each of the lines as often as in the first, or nearly.
fn has_delimiter<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let lines: Vec<&str> = lines.collect();
    DELIMITERS.into_iter().filter(|mark| *mark != ' ').any(|mark| {
        let first = lines.first().map_or(0, |line| count(line, mark));
        let same = lines.iter().filter(|line| count(line, mark) == first).count();
        first > 0 && same * 10 >= lines.len() * 9
    })
}

/// How often it stands in a line, outside of cells that are held together.
fn count(line: &str, mark: char) -> usize {
    let mut inside = false;
    let counts = |c: char| {
        inside ^= c == '"';
        c == mark && !inside
    };
    line.replace("\"\"", "\"").chars().map(counts).filter(|counts| *counts).count()
}
