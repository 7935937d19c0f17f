//! Given names.

use super::split::HeldOut;
use super::{Published, TextDataset};
use crate::datasets::info::About;

pub const TEXT: TextDataset = TextDataset {
    about: About {
        id: "names",
        title: "Names",
        noun: "names",
        blurb: "32,033 given names, the most frequent ones of a year's births in the United States.",
        homepage: "https://github.com/karpathy/makemore",
        licence: "MIT",
        citation: "Karpathy: makemore (2022), from ssa.gov",
    },
    language: "en",
    held_out: HeldOut::Lines,
    version: 1,
    mirrored: "text/names.txt",
    address: "https://raw.githubusercontent.com/karpathy/makemore/master/names.txt",
    sha256: "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
    published: Published::Text,
};
