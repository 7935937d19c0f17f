//! Runs that learn to answer questions which are made here.

use super::super::{Page, Preset};

pub const MEMORY: Preset = Preset {
    id: "memory",
    title: "Remember a letter",
    page: Page::Train,
    sentence: "A letter, then a hundred times nothing, then: which letter was it? An LSTM keeps it; a plain RNN \
               cannot. Press Play, then choose the other cell and try again.",
    data: "memory",
    model: "recurrent",
    optimizer: "adam",
    schedule: "constant",
    sets: &[
        ("model.units", "32"),
        ("model.forget", "6"),
        ("model.closed", "4"),
        ("model.gain", "80"),
        ("train.learning_rate", "0.005"),
        ("train.batch_size", "32"),
        ("train.epochs", "1"),
        ("train.clip", "1"),
    ],
};

pub const REVERSE: Preset = Preset {
    id: "reverse",
    title: "Turn a word around",
    page: Page::Train,
    sentence: "A Transformer writes a word backwards. It has to know where each letter stands: press Play, then \
               switch its positions off and try again.",
    data: "reverse",
    model: "gpt",
    optimizer: "adamw",
    schedule: "one_cycle",
    sets: &[
        ("model.blocks", "2"),
        ("train.learning_rate", "0.004"),
        ("train.batch_size", "32"),
        ("train.epochs", "1.5"),
        ("train.clip", "1"),
    ],
};

pub const TRANSLATE: Preset = Preset {
    id: "translate",
    title: "Translate a number",
    page: Page::Train,
    sentence: "An encoder reads a number in English words, a decoder writes it in German, where four and twenty is 24. \
               Press Play, then look which word it looks at for each that it writes.",
    data: "translate",
    model: "seq2seq",
    optimizer: "adamw",
    schedule: "one_cycle",
    sets: &[
        ("model.blocks", "2"),
        ("train.learning_rate", "0.004"),
        ("train.batch_size", "32"),
        ("train.epochs", "2"),
        ("train.clip", "1"),
    ],
};

pub const BRACKETS: Preset = Preset {
    id: "brackets",
    title: "Are the brackets closed?",
    page: Page::Train,
    sentence: "Brackets of three kinds, and one question: is each of them closed by its own kind? Press Play.",
    data: "brackets",
    model: "recurrent",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[
        ("model.units", "64"),
        ("train.learning_rate", "0.01"),
        ("train.batch_size", "32"),
        ("train.epochs", "2"),
        ("train.clip", "1"),
    ],
};

pub const ADD: Preset = Preset {
    id: "add",
    title: "Adding digit by digit",
    page: Page::Train,
    sentence: "Two numbers and then their sum, written from its last digit: a network that carries. \
               None of the sums that it is tested on was ever shown to it.",
    data: "add",
    model: "recurrent",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[
        ("data.digits", "2"),
        ("train.learning_rate", "0.01"),
        ("train.batch_size", "32"),
        ("train.epochs", "6"),
        ("train.clip", "1"),
    ],
};
