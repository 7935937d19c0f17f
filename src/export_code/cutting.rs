//! How a script cuts a text into tokens as `tokenizer` does: the same vocabulary, and of byte pairs the same merges.

use super::tokens::Tokens;

/// Ids of `tokenizer::TOKENIZERS`; any other one cuts into characters.
const WORDS: &str = "words";
const BYTE_PAIRS: &str = "byte_pairs";

/// What `python` imports, before and after what else a script imports, by the alphabet.
pub(super) fn python_imports(tokenizer: &str) -> [&'static str; 2] {
    match tokenizer {
        WORDS => ["", "import unicodedata\n"],
        BYTE_PAIRS => ["import functools\n", "import unicodedata\n"],
        _ => ["", ""],
    }
}

/// `encode`, behind `vocabulary` and `ids`.
pub(super) fn python(tokens: &Tokens) -> String {
    match tokens.tokenizer.as_str() {
        WORDS => format!("{PIECES}{ENCODE_WORDS}"),
        BYTE_PAIRS => {
            let merges = serde_json::json!(tokens.merges);
            format!(
                "# Which two tokens become one, in the order in which they were learned; the one is at the end of the vocabulary.
merges = {merges}
merged = {{tuple(pair): id for id, pair in enumerate(merges, len(vocabulary) - len(merges))}}
{PIECES}{ENCODE_PAIRS}"
            )
        }
        _ => ENCODE_CHARACTERS.into(),
    }
}

const ENCODE_CHARACTERS: &str = "

def encode(text):
    return numpy.array([ids.get(letter, 0) for letter in text], \"int64\")
";

const ENCODE_WORDS: &str = "

def encode(text):
    return numpy.array([ids.get(piece, 0) for piece in pieces(text)], \"int64\")
";

/// What was learned first is joined first, from the left.
const ENCODE_PAIRS: &str = "

@functools.cache
def joined(piece):
    tokens = [ids.get(letter, 0) for letter in piece]
    while found := [merged[pair] for pair in zip(tokens, tokens[1:]) if pair in merged]:
        first, before, tokens = min(found), tokens, []
        while before:
            here = merged.get(tuple(before[:2])) == first
            tokens.append(first if here else before[0])
            before = before[2 if here else 1 :]
    return tokens


def encode(text):
    return numpy.array([id for piece in pieces(text) for id in joined(piece)], \"int64\")
";

/// `tokenizer::pieces` with what Python itself knows of characters.
const PIECES: &str = r#"

def belongs(letter, before):
    # To the character before: accents, and pictures or flags that are joined.
    category = unicodedata.category
    if category(before[-1]) in ("Cc", "Zl", "Zp"):
        return before[-1] + letter == "\r\n"
    flag = all("\U0001f1e6" <= one <= "\U0001f1ff" for one in before + letter)
    return (
        category(letter)[0] == "M"
        or letter in "\u200c\u200d"
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
        or "\U000e0020" <= letter <= "\U000e007f"
        or before[-1] == "\u200d" and category(before[0]) == category(letter) == "So"
        or flag and len(before) == 1
    )


def kind(character):
    first = character[0]
    if character == " ":
        return "blank"
    if first.isspace() and not "\x1c" <= first <= "\x1f":
        return "white"
    # Languages that write no spaces.
    alone = [(0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)]
    if any(low <= ord(first) <= high for low, high in alone):
        return None
    return {"N": "digit", "L": "letter"}.get(unicodedata.category(first)[0])


def pieces(text):
    # Words and numbers with the blank before them, and single marks.
    characters = []
    for letter in text:
        if characters and belongs(letter, characters[-1]):
            characters[-1] += letter
        else:
            characters.append(letter)
    kinds = [kind(character) for character in characters] + [None]
    end = 0
    while end < len(characters):
        start, what, size = end, kinds[end], 0
        if what == "blank":
            what = kinds[end + 1] if kinds[end + 1] in ("letter", "digit") else "white"
        # A text without spaces is cut after so many bytes.
        while end == start or (what and kinds[end] == what and size < 64):
            size += len(characters[end].encode())
            end += 1
        yield "".join(characters[start:end])
"#;

/// What a Rust program depends on besides Burn, behind that dependency's line.
pub(super) fn rust_dependency(tokenizer: &str) -> &'static str {
    if [WORDS, BYTE_PAIRS].contains(&tokenizer) { " and unicode-segmentation = \"1\"" } else { "" }
}

pub(super) fn rust_imports(tokenizer: &str) -> &'static str {
    if [WORDS, BYTE_PAIRS].contains(&tokenizer) {
        "use unicode_segmentation::UnicodeSegmentation;\n"
    } else {
        ""
    }
}

/// `Cut`, behind `VOCABULARY`.
pub(super) fn rust(tokens: &Tokens) -> String {
    match tokens.tokenizer.as_str() {
        WORDS => format!("{RUST_CUT}{RUST_PIECES}").replace(RUST_EACH, RUST_WORDS),
        BYTE_PAIRS => {
            let merges = format!(
                "/// Which two tokens become one, in the order in which they were learned; the one is at the end of the vocabulary.
const MERGES: [[i64; 2]; {}] = {:?};

",
                tokens.merges.len(),
                tokens.merges
            );
            format!("{merges}{RUST_CUT}{RUST_PIECES}").replace(RUST_EACH, RUST_PAIRS)
        }
        _ => RUST_CUT.replace(RUST_EACH, RUST_CHARACTERS),
    }
}

const RUST_CUT: &str = "/// A text as the ids of its tokens.
struct Cut {
    ids: HashMap<&'static str, i64>,
    pieces: HashMap<String, Vec<i64>>,
}

impl Cut {
    fn new() -> Self {
        let ids = VOCABULARY.into_iter().zip(0..).skip(1).collect();
        Self { ids, pieces: HashMap::new() }
    }

    fn id(&self, text: &str) -> i64 {
        self.ids.get(text).copied().unwrap_or(0)
    }

    fn encode(&mut self, text: &str) -> Vec<i64> {
EACH    }
}

";
const RUST_EACH: &str = "EACH    }
";

const RUST_CHARACTERS: &str =
    "        text.chars().map(|letter| self.id(letter.encode_utf8(&mut [0; 4]))).collect()
    }
";

const RUST_WORDS: &str = "        pieces(text).map(|piece| self.id(piece)).collect()
    }
";

const RUST_PAIRS: &str = "        let mut found = Vec::new();
        for piece in pieces(text) {
            if !self.pieces.contains_key(piece) {
                self.pieces.insert(piece.to_string(), self.joined(piece));
            }
            found.extend(&self.pieces[piece]);
        }
        found
    }

    /// What was learned first is joined first, from the left.
    fn joined(&self, piece: &str) -> Vec<i64> {
        let mut tokens: Vec<i64> = piece.chars().map(|c| self.id(c.encode_utf8(&mut [0; 4]))).collect();
        loop {
            let here = |two: &[i64]| MERGES.iter().position(|pair| pair == two);
            let Some(first) = tokens.windows(2).filter_map(here).min() else { return tokens };
            let merged = (VOCABULARY.len() - MERGES.len() + first) as i64;
            let mut at = 0;
            while at + 1 < tokens.len() {
                if tokens[at..at + 2] == MERGES[first] {
                    tokens.splice(at..at + 2, [merged]);
                }
                at += 1;
            }
        }
    }
";

/// `tokenizer::pieces`
const RUST_PIECES: &str = r#"#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Blank,
    White,
    Letter,
    Digit,
    Single,
}

fn kind(character: &str) -> Kind {
    match character.chars().next() {
        Some(' ') if character.len() == 1 => Kind::Blank,
        Some(c) if c.is_whitespace() => Kind::White,
        // Languages that write no spaces.
        Some('\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}') => Kind::Single,
        Some('\u{20000}'..='\u{3ffff}') => Kind::Single,
        Some(c) if c.is_numeric() => Kind::Digit,
        Some(c) if c.is_alphabetic() => Kind::Letter,
        _ => Kind::Single,
    }
}

/// Words and numbers with the blank before them, and single marks.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut characters = text.grapheme_indices(true).map(|(at, one)| (at, kind(one))).peekable();
    std::iter::from_fn(move || {
        let (from, mut what) = characters.next()?;
        if what == Kind::Blank {
            what = match characters.peek() {
                Some(&(_, next @ (Kind::Letter | Kind::Digit))) => next,
                _ => Kind::White,
            };
        }
        while let Some(&(at, next)) = characters.peek() {
            // A text without spaces is cut after so many bytes.
            if next != what || what == Kind::Single || at - from >= 64 {
                return Some(&text[from..at]);
            }
            characters.next();
        }
        Some(&text[from..])
    })
}

"#;
