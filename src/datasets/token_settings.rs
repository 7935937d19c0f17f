//! What can be chosen of sequences of tokens: what a text is cut into, and how it is read.

use crate::sequences::{Generator, Setting};
use crate::spec::{ChoiceInfo, DataSpec, NumberInfo, WordInfo};
use crate::tokenizer::{Kind, TOKENIZERS};

/// Which tokens are asked for.
pub fn task() -> WordInfo {
    let choice = |(id, title, blurb): (&str, &str, &str)| ChoiceInfo {
        id: id.into(),
        title: title.into(),
        blurb: blurb.into(),
    };
    WordInfo {
        key: format!("data.{TASK}"),
        label: "Asked for".into(),
        help: "The next token, as GPT learns; or hidden ones, as BERT learns, from what stands before and behind them."
            .into(),
        choices: [
            (NEXT, "the next token", "At every token, the one that follows."),
            (MASKED, "hidden tokens", "Every seventh token or so is hidden and has to be named."),
        ]
        .map(choice)
        .into(),
        default: NEXT.into(),
        several: false,
    }
}

/// The key after `data.`, and its words.
pub const TASK: &str = "task";
pub const NEXT: &str = "next";
pub const MASKED: &str = "masked";

/// Whether hidden tokens are asked for.
pub fn is_masked(data: &DataSpec) -> bool {
    data.word(&task()) == MASKED
}

pub fn tokenizer() -> WordInfo {
    let choice =
        |kind: &Kind| ChoiceInfo { id: kind.id.into(), title: kind.title.into(), blurb: kind.blurb.into() };
    WordInfo {
        key: "data.tokenizer".into(),
        label: "Tokens".into(),
        help: "What the text is cut into.".into(),
        choices: TOKENIZERS.iter().map(choice).collect(),
        default: TOKENIZERS[0].id.into(),
        several: false,
    }
}

pub fn carry() -> WordInfo {
    let choice =
        |(id, title): (&str, &str)| ChoiceInfo { id: id.into(), title: title.into(), blurb: String::new() };
    WordInfo {
        key: "data.carry".into(),
        label: "State between examples".into(),
        help: "Carried over, the network reads the text in its order and remembers what came before the example. \
               A list of lines always begins anew."
            .into(),
        choices: [("on", "carried over"), ("off", "begins anew")].map(choice).into(),
        default: "on".into(),
        several: false,
    }
}

pub fn size() -> NumberInfo {
    NumberInfo {
        key: "data.size".into(),
        label: "Words or merges".into(),
        help: "How many words the vocabulary has, or how often two tokens become one. Characters are as many as there are."
            .into(),
        min: 0.0,
        max: 20_000.0,
        default: 500.0,
        whole: true,
        choices: vec![0.0, 100.0, 500.0, 1000.0, 2000.0, 5000.0],
        live: false,
    }
}

pub fn window() -> NumberInfo {
    NumberInfo {
        key: "data.window".into(),
        label: "Length of an example".into(),
        help:
            "So many tokens are read at a time, and the gradient goes back no further. Lines are read whole."
                .into(),
        min: 2.0,
        max: 512.0,
        default: 32.0,
        whole: true,
        choices: vec![8.0, 16.0, 32.0, 64.0, 128.0],
        live: false,
    }
}

pub fn of_made(generator: &Generator) -> Vec<NumberInfo> {
    let setting = |setting: &Setting| NumberInfo {
        key: format!("data.{}", setting.key),
        label: setting.label.into(),
        help: String::new(),
        min: setting.min as f64,
        max: setting.max as f64,
        default: setting.default as f64,
        whole: true,
        choices: vec![setting.min as f64, setting.default as f64, setting.max as f64],
        live: false,
    };
    generator.settings.iter().map(setting).collect()
}
