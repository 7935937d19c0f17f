//! Which part of a text is held out.

use crate::random::Random;

/// What a last tenth is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldOut {
    /// Whole lines, mixed before, always in the same way: a list may be sorted.
    Lines,
    /// Whole groups of lines, with an empty line between them: what belongs together stays on one side.
    Groups,
    /// The end of the text.
    End,
}

impl HeldOut {
    /// Every example is a line.
    pub fn by_lines(self) -> bool {
        self != Self::End
    }

    /// A list of short lines that repeat nothing in their order, or a text that goes on.
    pub fn suited(text: &str) -> Self {
        const LINES: usize = 100;
        const LONGEST: usize = 40;
        let mut lines = 0;
        for line in text.trim_end().lines() {
            if line.trim().is_empty() || line.chars().count() > LONGEST || line.contains(". ") {
                return Self::End;
            }
            lines += 1;
        }
        if lines >= LINES { Self::Lines } else { Self::End }
    }

    /// What is learned from, and the last tenth.
    pub fn split(self, text: &str) -> [String; 2] {
        match self {
            Self::Lines => {
                let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
                let mut order: Vec<u32> = (0..lines.len() as u32).collect();
                Random::new(0, 0x7e57).shuffle(&mut order);
                let (train, test) = order.split_at(nine_tenths(lines.len()));
                // Every line ends, also the last one: its end is learned.
                [train, test].map(|part| part.iter().flat_map(|line| [lines[*line as usize], "\n"]).collect())
            }
            Self::Groups => {
                let groups: Vec<&str> =
                    text.split("\n\n").map(str::trim).filter(|group| !group.is_empty()).collect();
                let (train, test) = groups.split_at(nine_tenths(groups.len()));
                [train, test].map(|part| part.iter().flat_map(|group| [*group, "\n"]).collect())
            }
            Self::End => {
                let border = text.char_indices().nth(nine_tenths(text.chars().count()));
                let (train, test) = text.split_at(border.map_or(text.len(), |(at, _)| at));
                [train.into(), test.into()]
            }
        }
    }
}

fn nine_tenths(count: usize) -> usize {
    (count as u64 * 9 / 10) as usize
}
