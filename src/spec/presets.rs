//! The named specs: what short links open, in the order of the menu. Each is a constant of one of the files here, and a row.

mod made;
mod others;
mod pictures;
mod texts;

use super::Preset;

pub const PRESETS: &[Preset] = &[
    pictures::MNIST,
    pictures::FASHION,
    others::PLANE,
    others::SPIRAL,
    pictures::CIFAR10,
    pictures::DIGITS,
    pictures::DIGITS_BEST,
    pictures::HOW_MUCH,
    pictures::VIT_DIGITS,
    pictures::VIT_CIFAR,
    pictures::IMAGENET,
    others::DETECT,
    others::CONVERT,
    pictures::OWN,
    others::PENGUINS,
    texts::NAMES,
    texts::SHAKESPEARE,
    texts::GPT,
    texts::FAUST,
    texts::MY_TEXT,
    made::MEMORY,
    made::REVERSE,
    made::TRANSLATE,
    texts::BERT,
    made::BRACKETS,
    made::ADD,
    others::SINE,
    others::SKETCH,
    others::CHAT,
    others::LECTURE,
];
