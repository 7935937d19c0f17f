//! Seeded fuzzing: what comes from outside is damaged by chance and read by what reads it for visitors. Nothing may panic,
//! take more memory than a bound or more time than a bound, and what is refused is refused in words.
//!
//! A few hundred cases of each kind by default. `INTAB_FUZZ=100000`, or `cargo intab test --fuzz 100000`, tries as many;
//! `INTAB_FUZZ_SEED=42` tries that one case alone: it is what a failure prints.

mod links;
mod manifests;
mod memory;
mod messages;
mod mutate;
mod pictures;
mod shards;
mod table_dialects;
mod tables;
mod weights;

pub use mutate::Chance;

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Cases of a quick kind when nothing else is said.
const FEW: u32 = 300;

/// What loops takes longer than any of this.
const MOST_SECONDS: f64 = 20.0;

/// Inputs are printed up to here; the seed makes the rest again.
const SHOWN: usize = 4_000;

/// How a kind of input is tried.
pub struct Kind {
    pub name: &'static str,
    /// A kind that takes its time has one case for as many of a quick one.
    pub slow: u32,
    /// Bytes that reading one input may take, input included.
    pub most_bytes: usize,
}

impl Kind {
    /// Makes inputs and tries each; a failure prints what it takes to see it again.
    pub fn fuzz<T: Debug>(&self, make: impl Fn(&mut Chance) -> T, check: impl Fn(&T)) {
        let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
        let cases = (number("INTAB_FUZZ").unwrap_or(FEW) / self.slow).max(10);
        let seeds = number("INTAB_FUZZ_SEED").map_or(0..cases, |seed| seed..seed + 1);
        for seed in seeds {
            let input = make(&mut Chance::new(seed));
            let begun = worked();
            let (outcome, bytes) = memory::most(|| catch_unwind(AssertUnwindSafe(|| check(&input))));
            let seconds = worked() - begun;
            let fits = bytes <= self.most_bytes && seconds <= MOST_SECONDS;
            if outcome.is_err() || !fits {
                let shown: String = format!("{input:?}").chars().take(SHOWN).collect();
                eprintln!(
                    "fuzz: {}, INTAB_FUZZ_SEED={seed}, {bytes} bytes, {seconds:.1} s: {shown}",
                    self.name
                );
            }
            outcome.unwrap_or_else(|panic| resume_unwind(panic));
            assert!(fits, "{} with seed {seed} took {bytes} bytes and {seconds:.1} s", self.name);
        }
    }
}

/// Seconds that this thread has worked; others use the machine, too, so the clock says little where this can be had.
fn worked() -> f64 {
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = nanoseconds.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(intab::platform::now, |count| count / 1e9)
}

/// A refusal is a sentence, or a part of one, for a visitor: nothing that only a programmer reads.
pub fn is_words(text: &str) {
    assert!(!text.trim().is_empty(), "a refusal without words");
    for odd in ["Error(", "Error {", "called `", "panicked", "invalid digit", " at line ", "expected `"] {
        assert!(!text.contains(odd), "a refusal for programmers: {text}");
    }
}
