//! Plays of Shakespeare's.

use super::split::HeldOut;
use super::{Published, TextDataset};
use crate::datasets::info::About;

pub const TEXT: TextDataset = TextDataset {
    about: About {
        id: "shakespeare",
        title: "Shakespeare",
        noun: "characters",
        blurb: "40,000 lines of plays, each with who speaks: the text that character models are compared on.",
        homepage: "https://github.com/karpathy/char-rnn",
        licence: "public domain",
        citation: "Karpathy: char-rnn (2015), “tinyshakespeare”",
    },
    language: "en",
    held_out: HeldOut::End,
    version: 1,
    mirrored: "text/tinyshakespeare.txt",
    address: "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
    sha256: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    published: Published::Text,
};
