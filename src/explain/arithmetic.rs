//! The arithmetic of one number of a layer's output.

use super::{Derivation, Position, Step, maps, maps_of};
use crate::layers::LayerInfo;
use crate::layers::page::LayerPage;
use crate::layers::working::{Maps, Working};
use crate::protocol::LayerIo;

/// How the number at `place` came to be, from its layer's passage (of the place's map); none if the two do not fit
/// together. `input` is the shape of what the network takes.
pub fn working(
    network: &[LayerInfo],
    input: &[usize],
    passage: &LayerIo,
    place: Position,
) -> Option<Derivation> {
    let layer = place.layer?;
    let info = network.get(layer)?;
    let before = layer.checked_sub(1);
    let [_, height, width] = maps(&info.output);
    let taken = Maps {
        layer: before,
        inside: false,
        first_row: 0,
        shape: maps_of(network, input, before)?,
        values: &passage.input,
    };
    let middle = Maps {
        layer: Some(layer),
        inside: true,
        first_row: 0,
        shape: maps(&info.output),
        values: &passage.inside,
    };
    let is_list = height * width == 1;
    let at = if is_list { place.map } else { place.row * width + place.column };
    let value = match place.inside {
        true => *passage.inside.get((place.map * height + place.row) * width + place.column)?,
        false => *passage.output.get(at)?,
    };
    if taken.values.len() != taken.shape.iter().product::<usize>() {
        return None;
    }
    let weights = |name: &str| passage.weights(name);
    let working = Working { place, input: taken, middle, weights: &weights };
    let steps = LayerPage::of(info.layer).explain.steps(info.layer, &working);
    let last = layer + 1 == network.len();
    let chance = (last && is_list).then(|| softmax(&passage.output, at)).flatten();
    Some(Derivation { place, steps, value: value.into(), chance })
}

/// How a picture's byte becomes a number of the input.
pub fn pixel(place: Position, byte: u8, mean: f32, std: f32) -> Derivation {
    let [byte, mean, std] = [byte.into(), mean.into(), std.into()];
    let out = (byte / 255.0 - mean) / std;
    Derivation { place, steps: vec![Step::Scaled { byte, mean, std, out }], value: out, chance: None }
}

/// e to one of the numbers, all of these added up, and the share of the two.
pub(super) fn softmax(numbers: &[f32], at: usize) -> Option<[f64; 3]> {
    let power = f64::from(*numbers.get(at)?).exp();
    let all = numbers.iter().map(|z| f64::from(*z).exp()).sum::<f64>();
    Some([power, all, power / all])
}
