//! Goethe's Faust.

use super::split::HeldOut;
use super::{Published, TextDataset};
use crate::datasets::info::About;

pub const TEXT: TextDataset = TextDataset {
    about: About {
        id: "faust",
        title: "Faust",
        noun: "characters",
        blurb: "Both parts of Goethe's tragedy, in German and in rhyme.",
        homepage: "https://github.com/fhswf/datasets",
        licence: "public domain",
        citation: "Goethe: Faust (1808, 1832)",
    },
    language: "de",
    held_out: HeldOut::End,
    version: 1,
    mirrored: "text/faust.txt",
    address: "https://raw.githubusercontent.com/fhswf/datasets/3108561330ecfbd16baf51dc89bbaafed2711fb2/faust.txt",
    sha256: "b53b130fba53abca768d189b961b617e62f380dc84e39219e6f339ccb3f9cf8f",
    published: Published::Text,
};
