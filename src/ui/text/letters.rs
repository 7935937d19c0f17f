//! Tokens one by one: signs for what cannot be seen, words for what has no sound, and which of them can stand alone.

use crate::tokenizer::shown;
use crate::ui::language::tr;
use std::ops::Range;

/// Blanks and line ends as signs.
pub fn visible(token: &str) -> String {
    let sign = |letter| match letter {
        ' ' => '␣',
        '\n' => '↵',
        '\t' => '⇥',
        other => other,
    };
    token.chars().map(sign).collect()
}

/// As a screen reader says it.
pub fn spoken(token: &str) -> String {
    match token {
        " " => tr!("blank"),
        "\n" => tr!("line end"),
        _ => visible(token.trim_start_matches(' ')),
    }
}

/// Tokens with their text. Neighbours that make one sign, such as a letter and its accent, are together.
pub fn groups(tokens: &[String]) -> Vec<(Range<usize>, String)> {
    let whole = tokens.concat();
    let mut end = 0;
    let span = |token: &String| {
        let from = end;
        end += token.len();
        from..end
    };
    let spans: Vec<_> = tokens.iter().map(span).collect();
    let own = |(tokens, bytes): (Range<usize>, Range<usize>)| (tokens, whole[bytes].to_string());
    shown(&whole, &spans).into_iter().map(own).collect()
}
