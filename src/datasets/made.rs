//! Questions with their answers as `sequences::GENERATORS` make them: those to learn from, and those that are held out.

use super::info::About;
use super::token_settings as settings;
use super::tokens::{Reading, TokenData, TokenSplit, assemble};
use crate::sequences::Generator;
use crate::spec::DataSpec;
use std::collections::BTreeSet;

/// What is said of sequences that are made here.
pub(super) fn about_made(generator: &'static Generator) -> About {
    About {
        id: generator.id,
        title: generator.title,
        noun: "questions",
        blurb: generator.blurb,
        homepage: "",
        licence: "made here",
        citation: "",
    }
}

/// Examples that are made to train on, and that are held out.
const MADE: usize = 10_000;
const MADE_TEST: usize = 1000;

/// Questions with their answers. A held-out question is never among those that are learned from; where a generator has
/// too few different ones, all of them are learned from and tested.
pub(super) fn made(generator: &Generator, spec: &DataSpec, seed: u32) -> Result<TokenData, String> {
    let values: Vec<usize> =
        settings::of_made(generator).iter().map(|setting| spec.number(setting) as usize).collect();
    let example = |number: u64| generator.example(&values, seed, number);
    let mut train = TokenSplit::default();
    let mut test = TokenSplit::default();
    let mut held_out = BTreeSet::new();
    for number in 0..MADE_TEST as u64 {
        let example = example(number).ok_or("it has no letters")?;
        if held_out.insert(example.input.clone()) {
            test.push(&example);
        }
    }
    // Few different ones: whoever has seen them all has not learned them by heart from these.
    let few = held_out.len() < MADE_TEST / 2;
    for number in 0..MADE as u64 {
        let example = example(MADE_TEST as u64 + number).ok_or("it has no letters")?;
        if few || !held_out.contains(&example.input) {
            train.push(&example);
        }
    }
    Ok(assemble(generator.vocabulary(), None, String::new(), [train, test], Reading::Answers))
}
