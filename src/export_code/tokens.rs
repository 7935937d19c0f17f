//! Texts for a script: what it must know of a text that is open, and the Python that reads the text beside it, cuts it into
//! tokens as the page does, and writes on.

use super::{Framework, Script};
use crate::datasets::TokenDataset;
use crate::datasets::info::DatasetInfo;
use crate::tokenizer::TOKENIZERS;

/// What a script must know of a run's text.
pub struct Tokens {
    title: String,
    /// Where the text is published; none of a visitor's own.
    address: Option<&'static str>,
    /// `[time, vocabulary]`
    pub(super) shape: Vec<usize>,
    vocabulary: Vec<String>,
    /// Every example is a line, not a window.
    lines: bool,
    /// The page carries states from one example to the next.
    carries: bool,
}

impl Tokens {
    /// Of a text that is open, or why no script is written for it, in words.
    pub fn of(info: &DatasetInfo, carries: bool) -> Result<Self, String> {
        let text = info.text.as_ref().ok_or("wait until the text is there")?;
        if text.tokenizer != TOKENIZERS[0].id {
            return Err(
                "scripts are written for texts whose tokens are characters; choose them as tokens".into()
            );
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
        let states = match self.carries {
            true => {
                "# The page carries states from one example to the next; here every example begins anew.\n"
            }
            false => "",
        };
        format!(
            "{text}# To train: python {file} text.txt
# With weights of the page, to write as it does at temperature 0: python {file} text.txt NAME.safetensors BEGINNING
{states}"
        )
    }

    /// What a Python script imports of Python itself.
    pub(super) fn imports(&self, script: &Script) -> String {
        let math = if script.python_schedule().is_some() { "import math\n" } else { "" };
        let random = if self.lines { "import random\n" } else { "" };
        format!("{math}{random}import sys\n")
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


def encode(text):
    return numpy.array([ids.get(letter, 0) for letter in text])


with open(sys.argv[1], encoding=\"utf-8\") as file:
    text = file.read()
{split}"
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
}

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
    tokens = encode(\"\\n\" + beginning)
    while len(tokens) < 100 and (len(tokens) < 2 or vocabulary[tokens[-1]] != \"\\n\"):
        tokens = numpy.append(tokens, following(tokens))
    return \"\".join(vocabulary[id] for id in tokens[1:])
";

const WRITE_ON: &str = "
def write(beginning):
    tokens = encode(beginning or (\"\\n\" if \"\\n\" in ids else text[0]))
    for _ in range(200):
        tokens = numpy.append(tokens, following(tokens))
    return \"\".join(vocabulary[id] for id in tokens)
";
