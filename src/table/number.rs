//! What reads as a number: digits and marks, and what spreadsheets and accountants put around them.

use super::unit;

/// A number as it stood in a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    pub value: f64,
    /// Digits after the decimal mark.
    pub places: u8,
    /// A currency or another unit that stood with it; empty where there was none.
    pub unit: &'static str,
}

/// A cell's words as a number, with its digits after the mark. `comma`: “1.234,5” is a thousand and more; without it
/// “1,234.5” is. Nothing for what is no finite number, and for digits that are a name (“007”).
pub fn parse(text: &str, comma: bool) -> Option<(f64, u8)> {
    match plain(text, comma) {
        Plain::Number(value, places) => Some((value, places)),
        Plain::Name => None,
        Plain::Unknown => spelled(text, comma).map(|number| (number.value, number.places)),
    }
}

/// What is known without a look at units and groups.
pub(super) enum Plain {
    /// The value, and its digits after the mark.
    Number(f64, u8),
    /// Digits that are none.
    Name,
    /// `spelled` knows more.
    Unknown,
}

/// Digits and a mark: nearly all numbers of nearly all files.
pub(super) fn plain(text: &str, comma: bool) -> Plain {
    let mark = if comma { b',' } else { b'.' };
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    if matches!(digits, [b'0', b'0'..=b'9', ..]) {
        return Plain::Name;
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
            _ => return Plain::Unknown,
        }
    }
    let places = places.unwrap_or(0);
    if count == 0 {
        return Plain::Name;
    }
    // Both are exact, so the quotient is the nearest number there is.
    let value = mantissa as f64 / 10_f64.powi(places.into());
    Plain::Number(if negative { -value } else { value }, places)
}

/// Exponents, grouped thousands, units, a real minus, an accountant's brackets.
pub(super) fn spelled(text: &str, comma: bool) -> Option<Number> {
    let bare = Bare::of(text)?;
    let (mark, group) = if comma { (',', '.') } else { ('.', ',') };
    let (whole, rest) = bare.digits.split_once(mark).unwrap_or((bare.digits, ""));
    let grouped = |c: char| c == group || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    let mut parts = whole.split(grouped);
    let first = parts.next().unwrap_or_default();
    let mut plain = first.to_string();
    for part in parts {
        // Thousands are not written with a zero in front: “0,812” is a decimal.
        let fits = part.len() == 3 && (1..=3).contains(&first.len()) && !first.starts_with('0');
        if !fits || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        plain.push_str(part);
    }
    if matches!(plain.as_bytes(), [b'0', b'0'..=b'9', ..]) {
        return None;
    }
    if !rest.is_empty() {
        plain.push('.');
        plain.push_str(rest);
    }
    let value = plain.parse::<f64>().ok()? * bare.times;
    let places = rest.bytes().take_while(u8::is_ascii_digit).count().min(15) as u8;
    let places = if bare.times > 1.0 { 0 } else { places };
    let value = if bare.negative { -value } else { value };
    value.is_finite().then_some(Number { value, places, unit: bare.unit })
}

/// A number without what stands around it.
struct Bare<'a> {
    digits: &'a str,
    negative: bool,
    unit: &'static str,
    /// What a “K” or an “M” after a price stands for.
    times: f64,
}

impl<'a> Bare<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut rest = text.trim();
        if rest.len() > 40 {
            return None;
        }
        let (mut signs, mut negative, mut unit) = (0, false, "");
        // “-$5”, “$ -5”, “($5)” and “$(5)” are all one number.
        for _ in 0..3 {
            if let Some(inner) = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
                (signs, negative, rest) = (signs + 1, true, inner.trim());
            } else if let Some(after) = rest.strip_prefix(['-', '−']) {
                (signs, negative, rest) = (signs + 1, true, after.trim_start());
            } else if let Some(after) = rest.strip_prefix('+') {
                (signs, rest) = (signs + 1, after.trim_start());
            } else if let Some((found, after)) = unit::before(rest).filter(|_| unit.is_empty()) {
                (unit, rest) = (found, after.trim_start());
            }
        }
        if unit.is_empty()
            && let Some((found, before)) = unit::after(rest)
        {
            (unit, rest) = (found, before.trim_end());
        }
        // Some accounts write the sign last.
        if let Some(before) = rest.strip_suffix('-').filter(|_| signs == 0) {
            (signs, negative, rest) = (1, true, before.trim_end());
        }
        let (digits, times) = if unit::is_currency(unit) { unit::times(rest) } else { (rest, 1.0) };
        let begins = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
        (signs < 2 && begins).then_some(Self { digits, negative, unit, times })
    }
}
