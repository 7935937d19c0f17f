//! A strip: what the units of a recurrent layer hold along a text, time across and units down.

use crate::layers::unrolled::HIDDEN;
use crate::protocol::{States, UnitStates};
use crate::ui::components::picture::{NEGATIVE, POSITIVE};
use crate::ui::language::{key, known};

/// What strips are called and what they say. Of a name that is not here, the name is shown.
const NAMES: &[(&str, &str, &str)] = &[
    (
        "hidden",
        key("Hidden state"),
        key("What the layer passes on: to the next layer, and to itself at the next token."),
    ),
    ("input", key("Input gate"), key("How much of the new is let in: 0 is nothing, 1 is all.")),
    ("forget", key("Forget gate"), key("How much of what it had in mind is kept: 0 forgets, 1 keeps all.")),
    ("candidate", key("Candidate"), key("The new, before a gate says how much of it counts.")),
    ("output", key("Output gate"), key("How much of the cell state is passed on: 0 is nothing, 1 is all.")),
    ("cell", key("Cell state"), key("What it remembers: kept, forgotten and added to at every token.")),
    (
        "reset",
        key("Reset gate"),
        key("How much of what it had in mind the new may look at: 0 is nothing, 1 is all."),
    ),
    (
        "update",
        key("Update gate"),
        key("How much of what it had in mind stays: 0 takes the new, 1 keeps the old."),
    ),
    (
        "recurrent",
        key("Recurrent sum"),
        key("What comes from the token before, before the reset gate lets it through."),
    ),
];

/// The strip's title and its meaning in a sentence.
pub fn words(name: &str) -> (String, String) {
    match NAMES.iter().find(|row| row.0 == name) {
        Some((_, title, about)) => (known(title), known(about)),
        None => (name.into(), String::new()),
    }
}

/// Which number of a cell a strip shows; none is its hidden state.
pub fn gate(name: &str) -> Option<&'static str> {
    NAMES.iter().map(|row| row.0).find(|known| *known == name).filter(|name| *name != HIDDEN)
}

/// One strip of a layer.
#[derive(Clone, Copy)]
pub struct Strip<'a> {
    /// `[time, unit]`
    values: &'a [f32],
    pub time: usize,
    pub units: usize,
}

/// Recurrent layers by their words in the engine's answer.
pub fn is_recurrent(word: &str) -> bool {
    matches!(word, "rnn" | "lstm" | "gru")
}

/// None where the layer does not have it.
pub fn strip<'a>(states: &States, layer: &'a UnitStates, strip: usize) -> Option<Strip<'a>> {
    let (time, units) = (states.tokens.len(), layer.units as usize);
    let size = time * units;
    let values = layer.values.get(strip * size..(strip + 1) * size)?;
    (size > 0).then_some(Strip { values, time, units })
}

impl<'a> Strip<'a> {
    /// What a unit holds at each token.
    pub fn of_unit(&self, unit: usize) -> Vec<f32> {
        self.values.iter().skip(unit).step_by(self.units).copied().collect()
    }

    /// The values as scripts get them, a list of units for each token.
    pub fn rows(self) -> Vec<&'a [f32]> {
        self.values.chunks_exact(self.units).collect()
    }

    /// The unit that changes most from token to token.
    pub fn liveliest(&self) -> usize {
        let moved = |unit: usize| {
            self.of_unit(unit).array_windows().map(|[before, after]| (after - before).abs()).sum::<f32>()
        };
        let all = (0..self.units).map(|unit| (unit, moved(unit)));
        all.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map_or(0, |best| best.0)
    }

    /// `[unit, time]` pixels: from −1 in orange over nothing to 1 in blue, or between the greatest and its opposite where
    /// something is greater.
    pub fn pixels(&self) -> Vec<u8> {
        let most = self.values.iter().fold(1.0_f32, |most, v| most.max(v.abs()));
        let mut rgba = vec![0; self.values.len() * 4];
        for (at, value) in self.values.iter().enumerate() {
            let (time, unit) = (at / self.units, at % self.units);
            let place = (unit * self.time + time) * 4;
            let [r, g, b] = if *value < 0.0 { NEGATIVE } else { POSITIVE };
            rgba[place..place + 4].copy_from_slice(&[r, g, b, ((value.abs() / most).sqrt() * 255.0) as u8]);
        }
        rgba
    }
}
