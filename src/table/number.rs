//! What reads as a number, and what stands for a value that is missing.

/// A cell's words as a number, with its digits after the mark. `comma`: “1.234,5” is a thousand and more; without it
/// “1,234.5” is. Nothing for what is no finite number, and for digits that are a name (“007”).
pub fn parse(text: &str, comma: bool) -> Option<(f64, u8)> {
    let mark = if comma { b',' } else { b'.' };
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    if matches!(digits, [b'0', b'0'..=b'9', ..]) {
        return None;
    }
    let (mut mantissa, mut count, mut places) = (0_u64, 0_u8, None::<u8>);
    for byte in digits {
        match byte {
            b'0'..=b'9' if count < 15 => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                count += 1;
                places = places.map(|p| p + 1);
            }
            b if *b == mark && places.is_none() => places = Some(0),
            _ => return spelled(text, comma),
        }
    }
    let places = places.unwrap_or(0);
    // Both are exact, so the quotient is the nearest number there is.
    let value = mantissa as f64 / 10_f64.powi(places.into());
    (count > 0).then_some((if negative { -value } else { value }, places))
}

/// Exponents, grouped thousands, a per cent sign, a real minus.
fn spelled(text: &str, comma: bool) -> Option<(f64, u8)> {
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    let negative = text.starts_with(['-', '−']);
    let text = text.trim_start_matches(['-', '−', '+']);
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',') || text.len() > 40 {
        return None;
    }
    let (mark, group) = if comma { (',', '.') } else { ('.', ',') };
    let (whole, rest) = text.split_once(mark).unwrap_or((text, ""));
    let grouped = |c: char| c == group || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    let mut parts = whole.split(grouped);
    let first = parts.next().unwrap_or_default();
    let mut plain = first.to_string();
    for part in parts {
        let fits = part.len() == 3 && (1..=3).contains(&first.len());
        if !fits || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        plain.push_str(part);
    }
    if !rest.is_empty() {
        plain.push('.');
        plain.push_str(rest);
    }
    let value: f64 = plain.parse().ok()?;
    let places = rest.bytes().take_while(u8::is_ascii_digit).count().min(15) as u8;
    value.is_finite().then_some((if negative { -value } else { value }, places))
}

/// How sure it is that a cell's words stand for a value that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Certain,
    /// Among numbers; among words it may be one of them.
    AmongNumbers,
}

const CERTAIN: [&str; 13] =
    ["na", "n/a", "#n/a", "<na>", "nan", "null", "?", "-", "–", "—", "--", "k.a.", "#value!"];
const AMONG_NUMBERS: [&str; 7] = [".", "..", "none", "nil", "missing", "unknown", "x"];

pub fn missing(text: &str) -> Option<Mark> {
    if text.is_empty() {
        return Some(Mark::Certain);
    }
    if text.len() > 8 {
        return None;
    }
    let is_one = |marks: &[&str]| marks.iter().any(|mark| mark.eq_ignore_ascii_case(text));
    if is_one(&CERTAIN) {
        return Some(Mark::Certain);
    }
    is_one(&AMONG_NUMBERS).then_some(Mark::AmongNumbers)
}
