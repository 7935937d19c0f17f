//! Sentences about a table, kept apart from their values so that the page can say them in its language.

use std::fmt;

/// What was found or what went wrong, in the visitor's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Saying {
    /// Each `{}` is one of the values, in their order.
    pub english: &'static str,
    pub values: Vec<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Count(u64),
    Number(f64),
    Text(String),
    /// Another sentence.
    Saying(Box<Saying>),
}

/// The English is what translations are found by: `tests/it/languages.rs` reads it from the calls of this function.
pub(crate) fn says<const N: usize>(english: &'static str, values: [Value; N]) -> Saying {
    Saying { english, values: values.into() }
}

impl Saying {
    /// The sentence in another language, with values as `word` writes them.
    pub fn put(&self, sentence: &str, word: impl Fn(&Value) -> String) -> String {
        let mut parts = sentence.split("{}");
        let mut out = parts.next().unwrap_or_default().to_string();
        for (part, value) in parts.zip(&self.values) {
            out.push_str(&word(value));
            out.push_str(part);
        }
        out
    }
}

impl fmt::Display for Saying {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.put(self.english, ToString::to_string))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Count(n) => write!(f, "{n}"),
            Self::Number(v) => write!(f, "{v}"),
            Self::Text(text) => f.write_str(text),
            Self::Saying(saying) => saying.fmt(f),
        }
    }
}

impl From<usize> for Value {
    fn from(n: usize) -> Self {
        Self::Count(n as u64)
    }
}

impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Self::Number(v)
    }
}

impl From<Saying> for Value {
    fn from(saying: Saying) -> Self {
        Self::Saying(Box::new(saying))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(shortened(text))
    }
}

/// Cells can hold novels.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        return text.into();
    }
    text.chars().take(MOST - 1).chain(['…']).collect()
}
