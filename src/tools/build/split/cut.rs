//! Which half a program's functions and data go to, and what they are called there.

use super::layout::Layout;
use super::program::Program;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::Range;
use wasm_encoder::reencode::Error;
use wasmparser::Result;

/// What writing a part of a half comes to.
pub type Written = std::result::Result<(), Error<Infallible>>;

/// What the halves call each other; `rest.js` knows these names.
pub const FIRST: &str = "first";
pub const REST: &str = "rest";

/// Functions are numbered as in the whole program where nothing else is said.
pub struct Cut<'a> {
    pub program: &'a Program<'a>,
    /// Defined functions of the first half, in order.
    pub hot: Vec<u32>,
    /// Those of the second.
    pub cold: Vec<u32>,
    /// Those of the second that something in the first refers to, each with a slot of the table; alike ones side by side,
    /// as what compresses files has it.
    pub slots: Vec<u32>,
    /// Functions of the first half, imported ones among them, that the second calls.
    pub taken: Vec<u32>,
    /// Where data starts and ends in memory that only the second half refers to, in order.
    later: Vec<(u32, u32)>,
    /// Every function's number in the first half, if it is there.
    numbers: Vec<u32>,
}

impl<'a> Cut<'a> {
    /// `hot` are the hashes of the names of what the first half has.
    pub fn new(program: &'a Program<'a>, hot: &BTreeSet<u32>, layout: &Layout) -> Result<Self> {
        let all = program.imported..program.functions.len() as u32;
        let (hot, cold): (Vec<u32>, Vec<u32>) = all.partition(|at| hot.contains(&program.hash(*at)));
        let mut called = program.exported.clone();
        called.extend(program.places.values());
        let mut needed = layout.always();
        for at in &hot {
            called.extend(program.calls(*at)?);
            for number in program.numbers(*at)? {
                layout.refer(number, &mut needed);
            }
        }
        let mut taken = BTreeSet::new();
        for at in &cold {
            taken.extend(program.calls(*at)?);
        }
        let mut slots: Vec<u32> = cold.iter().copied().filter(|at| called.contains(at)).collect();
        slots.sort_by_key(|at| program.functions[*at as usize]);
        taken.retain(|at| cold.binary_search(at).is_err());
        let mut numbers = vec![u32::MAX; program.functions.len()];
        let imported = 0..program.imported;
        let first = (program.imported + 2..).zip(hot.iter().chain(&slots).copied());
        imported.clone().zip(imported).chain(first).for_each(|(number, at)| numbers[at as usize] = number);
        Ok(Self {
            program,
            hot,
            cold,
            slots,
            taken: taken.into_iter().collect(),
            later: layout.without(&needed),
            numbers,
        })
    }

    /// The first half's function that fetches the second.
    pub fn load(&self) -> u32 {
        self.program.imported
    }

    /// The first half's function that sees to it that a slot is filled.
    pub fn fill(&self) -> u32 {
        self.program.imported + 1
    }

    /// A function's number in the first half.
    pub fn number(&self, at: u32) -> u32 {
        self.numbers[at as usize]
    }

    /// The first slot of the table that is new.
    pub fn base(&self) -> u32 {
        self.program.tables[self.program.table as usize].initial as u32
    }

    /// Which of some bytes at an address come with the second half, as places in them.
    pub fn later(&self, address: u32, bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
        let place = move |at: u32| at.saturating_sub(address) as usize;
        let count = bytes.len();
        let places = self.later.iter().map(move |(start, end)| place(*start)..place(*end).min(count));
        places.filter(|part| !part.is_empty())
    }
}
