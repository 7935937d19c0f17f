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
