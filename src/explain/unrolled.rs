//! The arithmetic of one number of a layer of sequences, at one step.

use super::arithmetic::softmax;
use super::{Derivation, Position, Step};
use crate::layers::LayerInfo;
use crate::layers::cell::direction;
use crate::layers::page::{Explain, LayerPage};
use crate::layers::unrolled::{HIDDEN, Unrolled};
use crate::layers::working::{Maps, Working};
use crate::protocol::UnitIo;

/// How the number at `place` came to be, from its unit's step; none if the two do not fit together.
pub fn unrolled(network: &[LayerInfo], passage: &UnitIo, place: Position) -> Option<Derivation> {
    let layer = place.layer?;
    let info = network.get(layer)?;
    let value = passage.number(1, place.gate.unwrap_or(HIDDEN))?;
    let steps = match &LayerPage::of(info.layer).explain {
        Explain::Cell(steps) => of_cell(*steps, info, passage, place),
        explain => of_step(explain, info, passage, place),
    };
    let last = layer + 1 == network.len();
    let chance = last.then(|| softmax(&passage.output, place.map)).flatten();
    Some(Derivation { place, steps, value: value.into(), chance })
}

fn of_cell(
    steps: fn(&Unrolled) -> Vec<Step>,
    info: &LayerInfo,
    passage: &UnitIo,
    place: Position,
) -> Vec<Step> {
    let (from_end, first) = direction(info.layer, place.map);
    let before = if from_end { 2 } else { 0 };
    let number = |now: bool, name: &str| {
        passage.number(if now { 1 } else { before }, name).map_or(f64::NAN, f64::from)
    };
    let weights = |name: &str| passage.weights(name);
    let (input, before) = (&passage.input, &passage.before);
    steps(&Unrolled { place, input, before, from_end, first, weights: &weights, number: &number })
}

/// A layer that does the same at every step takes what is there as a list.
fn of_step(explain: &Explain, info: &LayerInfo, passage: &UnitIo, place: Position) -> Vec<Step> {
    let weights = |name: &str| passage.weights(name);
    let maps = |layer, inside, values| {
        let shape = [<[f32]>::len(values), 1, 1];
        Maps { layer, inside, first_row: place.row, shape, values }
    };
    let input = maps(place.layer.and_then(|layer| layer.checked_sub(1)), false, &passage.input);
    let (middle, place) = (maps(place.layer, true, &[]), Position { row: 0, ..place });
    explain.steps(info.layer, &Working { place, input, middle, weights: &weights })
}
