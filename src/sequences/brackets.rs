//! Is every bracket closed by its own kind? Half of the examples are balanced, and the others are so but for one bracket.

use super::{ASK, Answered, Generator, Make, Setting, length};
use crate::random::Random;

const OPEN: &str = "([{";
const CLOSE: &str = ")]}";

pub const GENERATOR: Generator = Generator {
    id: "brackets",
    title: "Brackets",
    blurb: "Brackets of three kinds: is each one closed, in the right order?",
    settings: &[
        Setting { key: "shortest", label: "Fewest pairs", min: 1, max: 30, default: 2 },
        Setting { key: "longest", label: "Most pairs", min: 1, max: 30, default: 8 },
    ],
    make: Make::Tokens {
        letters: "()[]{}>yn",
        make: |settings, random| {
            let pairs = length(settings, random);
            let mut brackets = balanced(pairs, random);
            if random.below(2) > 0 {
                spoil(&mut brackets, random);
            }
            let answer = if is_balanced(&brackets) { "y" } else { "n" };
            Answered { question: brackets.into_iter().chain([ASK]).collect(), answer: answer.into() }
        },
    },
};

/// Opens and closes by chance, as far as there is something to open or to close.
fn balanced(pairs: usize, random: &mut Random) -> Vec<char> {
    let (mut opened, mut left) = (Vec::new(), pairs);
    let mut out = Vec::with_capacity(2 * pairs);
    while out.len() < 2 * pairs {
        let opens = left > 0 && (opened.is_empty() || random.below(2) > 0);
        if opens {
            let kind = random.below(OPEN.len());
            out.extend(OPEN.chars().nth(kind));
            opened.push(kind);
            left -= 1;
        } else if let Some(kind) = opened.pop() {
            out.extend(CLOSE.chars().nth(kind));
        }
    }
    out
}

/// One bracket becomes another one; what was balanced no longer is.
fn spoil(brackets: &mut [char], random: &mut Random) {
    let all: Vec<char> = OPEN.chars().chain(CLOSE.chars()).collect();
    let place = random.below(brackets.len());
    let others: Vec<char> = all.into_iter().filter(|bracket| *bracket != brackets[place]).collect();
    brackets[place] = others[random.below(others.len())];
}

pub fn is_balanced(brackets: &[char]) -> bool {
    let mut opened = Vec::new();
    for bracket in brackets {
        match (
            OPEN.chars().position(|open| open == *bracket),
            CLOSE.chars().position(|close| close == *bracket),
        ) {
            (Some(kind), _) => opened.push(kind),
            (_, Some(kind)) if opened.last() == Some(&kind) => drop(opened.pop()),
            _ => return false,
        }
    }
    opened.is_empty()
}
