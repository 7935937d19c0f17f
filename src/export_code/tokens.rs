//! Texts for a script: what it must know of a text that is open, and the Python that reads the text beside it, cuts it into
//! tokens as the page does, and writes on.

use super::{Framework, Script, cutting};
use crate::datasets::TokenDataset;
use crate::datasets::info::DatasetInfo;
use crate::datasets::target::TargetField;
use crate::tokenizer::UNKNOWN;

/// What a script must know of a run's text.
pub struct Tokens {
    title: String,
    /// Where the text is published; none of a visitor's own.
    address: Option<&'static str>,
    /// `[time, vocabulary]`
    pub(super) shape: Vec<usize>,
    pub(super) vocabulary: Vec<String>,
    /// The tokenizer's id.
    pub(super) tokenizer: String,
    /// Tokens that become one, of byte pairs.
    pub(super) merges: Vec<[u32; 2]>,
    /// The text that is learned from has tokens that the vocabulary lacks.
    pub(super) teaches_unknown: bool,
    /// Every example is a line, not a window.
    pub(super) lines: bool,
    /// The page carries states from one example to the next.
    carries: bool,
}

impl Tokens {
    /// Of a text that is open, or why no script is written for it, in words.
    pub fn of(info: &DatasetInfo, carries: bool) -> Result<Self, String> {
        let text = info.text.as_ref().ok_or("wait until the text is there")?;
        if matches!(info.target, TargetField::Masked { .. }) {
            return Err("scripts do not hide tokens yet".into());
        }
        if text.tokenizer.is_empty() {
            return Err("scripts are written for texts, not for questions that are made here".into());
        }
        let address = match TokenDataset::by_id(&info.id) {
            Some(TokenDataset::Text(text)) => Some(text.address),
            _ => None,
        };
        Ok(Self {
            title: info.title.clone(),
            address,
            shape: info.shape.clone(),
            vocabulary: text.vocabulary.iter().map(|token| token.text.clone()).collect(),
            tokenizer: text.tokenizer.clone(),
            merges: text.merges.iter().map(|(pair, _)| *pair).collect(),
            teaches_unknown: text.vocabulary.get(UNKNOWN as usize).is_some_and(|token| token.count > 0),
            lines: text.lines,
            carries: carries && !text.lines,
        })
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    pub(super) fn outputs(&self) -> usize {
        self.vocabulary.len()
    }

    /// How the script is called, as its first lines say.
    pub(super) fn usage(&self, framework: &Framework) -> String {
        let file = framework.file;
        let text = self.address.map_or_else(String::new, |address| format!("# text.txt is {address}\n"));
        let states = if self.carries { STATES } else { "" };
        format!(
            "{text}# To train: python {file} text.txt
# With weights of the page, to write as it does at temperature 0: python {file} text.txt NAME.safetensors BEGINNING …
{states}"
        )
    }

    /// The same of a program, which takes no weights of the page.
    pub(super) fn usage_of_a_program(&self) -> String {
        let text = self.address.map_or_else(String::new, |address| format!("//! text.txt is {address}\n"));
        let states = if self.carries { STATES.replacen('#', "//!", 1) } else { String::new() };
        format!("{text}//! To train: cargo run --release -- text.txt\n{states}")
    }

    /// What a Python script imports of Python itself.
    pub(super) fn imports(&self, script: &Script) -> String {
        let math = if script.python_schedule().is_some() { "import math\n" } else { "" };
        let random = if self.lines { "import random\n" } else { "" };
        let [before, after] = cutting::python_imports(&self.tokenizer);
        format!("{before}{math}{random}import sys\n{after}")
    }

    /// `encode`, and `train` and `test`: texts, or lists of lines.
    pub(super) fn python(&self) -> String {
        // JSON's way to write a list of texts is also Python's.
        let vocabulary = serde_json::Value::from(self.vocabulary.clone());
        let split = if self.lines { LINES } else { END };
        format!(
            "# The first one stands for what the text lacks.
vocabulary = {vocabulary}
ids = {{text: id for id, text in enumerate(vocabulary)}}
{}

with open(sys.argv[1], encoding=\"utf-8\") as file:
    text = file.read()
{split}",
            cutting::python(self)
        )
    }

    /// `examples`: what is read and what is asked for, `[examples, time]` each, −100 where nothing is.
    pub(super) fn python_examples(&self) -> String {
        if self.lines {
            return LINE_EXAMPLES.into();
        }
        format!(
            "window = {}


def examples(text):
    tokens = encode(text)
    count = (len(tokens) - 1) // window
    return [tokens[at : at + count * window].reshape(count, window) for at in (0, 1)]


",
            self.shape.first().copied().unwrap_or(1)
        )
    }

    /// `write`: what comes behind a beginning, by `following`, which says which token comes behind others.
    pub(super) fn python_writing(&self) -> &'static str {
        if self.lines { WRITE_LINE } else { WRITE_ON }
    }

    /// The likeliest of `logits`, an array, by `argmax`, which is how the framework gives it as a number.
    pub(super) fn python_likeliest(&self, argmax: &str) -> String {
        match self.teaches_unknown {
            true => format!("logits.{argmax}"),
            false => format!("logits[1:].{argmax} + 1  # no text teaches the token for what it lacks"),
        }
    }
}

const STATES: &str =
    "# The page carries states from one example to the next; here every example begins anew.\n";

const END: &str = "border = len(text) * 9 // 10
train, test = text[:border], text[border:]
";

const LINES: &str = "lines = [line for line in text.splitlines() if line.strip()]
random.Random(0).shuffle(lines)  # held out are others than the page holds out
border = len(lines) * 9 // 10
train, test = lines[:border], lines[border:]
";

const LINE_EXAMPLES: &str = "

def examples(lines):
    # A line follows the end of another one. What is behind its own end is not asked for.
    lines = [encode(\"\\n\" + line + \"\\n\") for line in lines]
    x = numpy.zeros((len(lines), max(map(len, lines)) - 1), \"int64\")
    y = numpy.full_like(x, -100)
    for row, line in enumerate(lines):
        x[row, : len(line) - 1], y[row, : len(line) - 1] = line[:-1], line[1:]
    return x, y


";

const WRITE_LINE: &str = "
def write(beginning):
    tokens = numpy.append(ids[\"\\n\"], encode(beginning))
    while len(tokens) < 100 and (len(tokens) < 2 or vocabulary[tokens[-1]] != \"\\n\"):
        tokens = numpy.append(tokens, following(tokens))
    return \"\".join(vocabulary[id] for id in tokens[1:])
";

const WRITE_ON: &str = "
def write(beginning):
    # Without one, a text begins after the end of a line, or with its first token.
    tokens = encode(beginning or (\"\\n\" if \"\\n\" in ids else train))
    before = 0 if beginning else 1
    tokens = tokens if beginning else tokens[:before]
    for _ in range(200):
        tokens = numpy.append(tokens, following(tokens))
    return \"\".join(vocabulary[id] for id in tokens[before:])
";

/// At the end of a script that was given weights.
pub(super) const WRITE_ALL: &str = "    for beginning in sys.argv[3:] or [\"\"]:
        print(write(beginning))
";
