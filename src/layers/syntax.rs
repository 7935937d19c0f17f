//! A list of layers as a short text, as a link carries it: `conv16x3-relu-pool-flatten-dense64-relu-dense`.
//!
//! A layer is its word (`KINDS`) and its numbers, each with its mark: `conv16x3` has 16 filters of 3 × 3,
//! `residual32s2` 32 filters and stride 2. Between layers stands anything that is no letter and no digit. Numbers at
//! the end may be left out. The last layer is always dense, and has as many units as there are classes.

use super::{KINDS, LayerSpec, dense};

/// A list longer than this is not a network that a lecture shows.
pub const MOST_LAYERS: usize = 60;

/// Stands for as many units as there are classes.
const CLASSES: usize = 0;

/// The layers of a text, the last one's units left open; or what is wrong with it, naming the layer.
pub fn parse(text: &str) -> Result<Vec<LayerSpec>, String> {
    let mut rest = text.trim_start_matches(is_between);
    let mut layers = Vec::new();
    while !rest.is_empty() {
        let number = layers.len() + 1;
        if number > MOST_LAYERS {
            return Err(format!("a network has at most {MOST_LAYERS} layers"));
        }
        let (layer, after) = one(rest).map_err(|why| format!("layer {number}: {why}"))?;
        layers.push(layer);
        rest = after.trim_start_matches(is_between);
    }
    match layers.last_mut() {
        Some(layer) if layer.is(&dense::KIND) => *layer = dense(CLASSES),
        Some(other) => {
            let (title, number) = (other.title(), layers.len());
            return Err(format!("layer {number}: the last layer must be Dense, but is {title}"));
        }
        None => return Err("a network needs at least one layer, a dense one at the end".into()),
    }
    Ok(layers)
}

/// The text of a list; what `parse` gives back.
pub fn print(layers: &[LayerSpec]) -> String {
    let last = layers.len().saturating_sub(1);
    let one = |(index, layer): (usize, &LayerSpec)| {
        let mut out = layer.kind().word.to_string();
        if index == last && layer.is(&dense::KIND) {
            return out;
        }
        let mut numbers: Vec<_> = layer.kind().numbers.iter().zip(layer.numbers()).collect();
        // What may be switched on, and is not, need not be said at the end.
        numbers.pop_if(|(number, value)| number.is_switch() && **value == number.default);
        numbers.into_iter().for_each(|(number, value)| out += &format!("{}{value}", number.mark));
        out
    };
    layers.iter().enumerate().map(one).collect::<Vec<_>>().join("-")
}

/// The list with its last layer's units filled in.
pub fn with_classes(mut layers: Vec<LayerSpec>, classes: usize) -> Vec<LayerSpec> {
    if let Some(last) = layers.last_mut().filter(|last| last.is(&dense::KIND)) {
        *last = dense(classes);
    }
    layers
}

fn is_between(c: char) -> bool {
    !c.is_ascii_alphanumeric()
}

/// The first layer of a text, and what follows it.
fn one(text: &str) -> Result<(LayerSpec, &str), String> {
    let (word, rest) = cut(text, |c| c.is_ascii_alphabetic());
    let word = word.to_ascii_lowercase();
    let kind = LayerSpec::kind_of(&word).ok_or_else(|| {
        let name: String = if word.is_empty() { text.chars().take(12).collect() } else { word.clone() };
        let known: Vec<_> = KINDS.iter().map(|kind| kind.word).collect();
        format!("there is no layer “{name}”; there is {}", known.join(", "))
    })?;
    let mut rest = rest;
    let mut numbers = Vec::with_capacity(kind.numbers.len());
    for number in kind.numbers {
        let marked =
            rest.trim_start_matches(' ').strip_prefix(number.mark).map(|r| r.trim_start_matches(' '));
        let (digits, after) = cut(marked.unwrap_or_default(), |c| c.is_ascii_digit());
        let value = if digits.is_empty() {
            number.default
        } else {
            rest = after;
            digits.parse().unwrap_or(usize::MAX)
        };
        number.check(value)?;
        numbers.push(value);
    }
    if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        let (wrong, _) = cut(rest, |c| c.is_ascii_alphanumeric());
        let wrong: String = wrong.chars().take(12).collect();
        return Err(format!("“{wrong}” is not a number of “{word}”"));
    }
    Ok((LayerSpec::of(kind, &numbers), rest))
}

/// The letters at the start that `fit`, and the rest.
fn cut(text: &str, fit: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !fit(c)).unwrap_or(text.len()))
}
