//! Presets of texts and of other sequences of tokens.

use super::super::{Page, Preset};

pub const NAMES: Preset = Preset {
    id: "names",
    title: "Made-up names",
    page: Page::Train,
    sentence: "This network reads 28,829 given names letter by letter and learns which letter comes next. \
               Press Play, and within half a minute it makes up names of its own.",
    data: "names",
    model: "recurrent",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[
        ("train.learning_rate", "0.02"),
        ("train.batch_size", "32"),
        ("train.epochs", "2"),
        ("train.clip", "1"),
    ],
};

pub const SHAKESPEARE: Preset = Preset {
    id: "shakespeare",
    title: "In Shakespeare’s manner",
    page: Page::Train,
    sentence: "A million characters of plays, and a network that remembers what it has read. Press Play and watch \
               the sample: first letters, then words, then lines with who speaks.",
    data: "shakespeare",
    model: "recurrent",
    optimizer: "adam",
    schedule: "cosine",
    sets: &[
        ("model.cell", "\"gru\""),
        ("train.learning_rate", "0.008"),
        ("train.batch_size", "32"),
        ("train.epochs", "3"),
        ("train.clip", "1"),
        ("train.beta2", "0.99"),
    ],
};

pub const GPT: Preset = Preset {
    id: "gpt",
    title: "Shakespeare, by a Transformer",
    page: Page::Train,
    sentence: "Every letter looks back at the 63 before it and takes from them what it needs. Press Play, watch the \
               sample, and see where each head looks.",
    data: "shakespeare",
    model: "gpt",
    optimizer: "adamw",
    schedule: "one_cycle",
    sets: &[
        ("model.positions", "\"rotary\""),
        ("model.style", "\"quick\""),
        ("data.window", "64"),
        ("data.carry", "\"off\""),
        ("train.learning_rate", "0.006"),
        ("train.batch_size", "6"),
        ("train.epochs", "1"),
        ("train.weight_decay", "0.1"),
        ("train.clip", "1"),
        ("train.beta2", "0.95"),
    ],
};

pub const FAUST: Preset = Preset {
    id: "faust",
    title: "In Goethe’s manner",
    page: Page::Train,
    sentence: "The same with half a million characters of German verse. Press Play and watch it find words, lines \
               and rhymes.",
    data: "faust",
    model: "recurrent",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[
        ("model.cell", "\"gru\""),
        ("train.learning_rate", "0.015"),
        ("train.batch_size", "32"),
        ("train.epochs", "3"),
        ("train.clip", "1"),
        ("train.beta2", "0.99"),
    ],
};

pub const MY_TEXT: Preset = Preset {
    id: "my_text",
    title: "Your own text",
    page: Page::Train,
    sentence: "Give it a text of yours, and it learns to go on in its manner. The text stays in this tab.",
    data: "my_text",
    model: "recurrent",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[
        ("model.cell", "\"gru\""),
        ("train.learning_rate", "0.01"),
        ("train.batch_size", "16"),
        ("train.epochs", "10"),
        ("train.clip", "1"),
    ],
};

pub const BERT: Preset = Preset {
    id: "bert",
    title: "Fill the blank",
    page: Page::Train,
    sentence: "Words are hidden in 22,500 captions of pictures, and a Transformer that looks both ways learns to name \
               them. Press Play, then hide a word of your own.",
    data: "captions",
    model: "bert",
    optimizer: "adamw",
    schedule: "one_cycle",
    sets: &[
        ("data.task", "\"masked\""),
        ("data.tokenizer", "\"words\""),
        ("data.size", "3000"),
        ("model.blocks", "2"),
        ("train.learning_rate", "0.003"),
        ("train.batch_size", "32"),
        ("train.epochs", "2"),
        ("train.clip", "1"),
    ],
};
