//! What the recurrent layers `rnn`, `lstm` and `gru` have in common: `[time, features]` → `[time, units]`, PyTorch's
//! parameters with a block of units for each gate, and how scripts write them.

use super::kind::{Expected, Init, Number, ParamSpec, channels, sequence, zeros};
use super::page::{BurnLine, Line, Sentence};
use super::{LayerSpec, Shape};

pub const UNITS: Number = Number { label: "Units", mark: "", min: 1, max: 512, step: 1, default: 64 };

/// The last number of each: it reads from the end, too, with weights of its own, as PyTorch's `bidirectional`.
pub const BOTH: Number = Number { label: "Both directions", mark: "b", min: 0, max: 1, step: 1, default: 0 };

/// Whether it reads in both directions; no layer of another kind does.
pub fn is_both(layer: LayerSpec) -> bool {
    place_of_both(layer).is_some_and(|place| layer.number(place) > 0)
}

/// The same layer, reading in both directions or from the beginning only.
pub fn with_both(layer: LayerSpec, both: bool) -> LayerSpec {
    place_of_both(layer).map_or(layer, |place| layer.with_number(place, usize::from(both)))
}

fn place_of_both(layer: LayerSpec) -> Option<usize> {
    layer.kind().numbers.iter().position(|number| number.label == BOTH.label)
}

/// Whether a unit of its output reads from the end, and which unit is the first that reads as it does.
pub fn direction(layer: LayerSpec, unit: usize) -> (bool, usize) {
    let from_end = is_both(layer) && unit >= layer.number(0);
    (from_end, if from_end { layer.number(0) } else { 0 })
}

fn directions(layer: LayerSpec) -> usize {
    if is_both(layer) { 2 } else { 1 }
}

/// Of both directions, what the one from the beginning gives comes first.
pub fn output(layer: LayerSpec, input: &[usize]) -> Result<Shape, Expected> {
    Ok(vec![sequence(input)?[0], directions(layer) * layer.number(0)])
}

/// PyTorch's names.
const NAMES: [[&str; 4]; 2] = [
    ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"],
    ["weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse"],
];

/// With as many gates, whose biases begin with these numbers, in PyTorch's order, and recurrent matrices whose rows have a
/// length in per cent.
pub fn parameters(
    layer: LayerSpec,
    input: &[usize],
    gates: usize,
    values: [i8; 4],
    per_cent: usize,
) -> Vec<ParamSpec> {
    let [features, units] = [channels(input), layer.number(0)];
    let wide = gates * units;
    let one = |name, shape, init| ParamSpec { name, shape, init, trained: true };
    let direction = |[weight_ih, weight_hh, bias_ih, bias_hh]: [&'static str; 4]| {
        [
            one(weight_ih, vec![wide, features], Init::Random { fan_in: features, fan_out: units }),
            one(weight_hh, vec![wide, units], Init::Orthogonal { blocks: gates, per_cent }),
            one(bias_ih, vec![wide], Init::Bias { blocks: gates, values }),
            zeros(bias_hh, wide),
        ]
    };
    NAMES.into_iter().take(directions(layer)).flat_map(direction).collect()
}

pub fn multiply_adds(layer: LayerSpec, input: &[usize], gates: usize) -> usize {
    let [time, units] = [input.first().copied().unwrap_or(0), layer.number(0)];
    directions(layer) * time * gates * units * (channels(input) + units)
}

/// A sentence with features, units and parameters; another one where it reads in both directions.
pub fn sentence(layer: LayerSpec, input: &[usize], gates: usize, text: &'static str) -> Sentence {
    let [features, units] = [channels(input), layer.number(0)];
    let parameters = directions(layer) * gates * units * (features + units + 2);
    let values = vec![features, units, parameters];
    if !is_both(layer) {
        return Sentence { text, values };
    }
    Sentence {
        text: "Reads the sequence twice, from its beginning and from its end, with {1} units each way, and gives both ways’ units at every step: what was before it, and what comes after it. 2 × {3} × {1} × ({0} + {1} weights + 2 biases) = {2} parameters",
        values: [values, vec![gates]].concat(),
    }
}

/// A number of the layer as the bias that it stands for.
pub fn bias(layer: LayerSpec, index: usize) -> i8 {
    i8::try_from(layer.number(index)).unwrap_or(i8::MAX)
}

/// Features, units, and the layer's other numbers but the directions, for a call.
fn arguments(line: &Line) -> String {
    let layer = line.info.layer;
    let numbers = layer.numbers().iter().take(place_of_both(layer).unwrap_or(usize::MAX));
    [&line.channels()].into_iter().chain(numbers).map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// A call of a class that the script defines.
pub fn in_torch(line: &Line, class: &str) -> String {
    let both = if is_both(line.info.layer) { ", bidirectional=True" } else { "" };
    format!("{class}({}{both})", arguments(line))
}

/// A Keras layer of this name, the biases of whose gates begin with these numbers, in Keras' order, and with recurrent
/// matrices whose rows have a length in per cent.
pub fn in_keras(line: &Line, name: &str, biases: &str, per_cent: usize) -> String {
    let ([units, index], gain) = ([line.number(0), line.index], per_cent as f64 / 100.0);
    let one = |name_of_layer: &str, more: &str| {
        format!(
            "layers.{name}({units}, return_sequences=True, name=\"{index}{name_of_layer}\", {more}bias_initializer=gates({biases}), **start, **turns({gain}))(x)"
        )
    };
    let ahead = one("", "");
    if !is_both(line.info.layer) {
        return ahead;
    }
    // Keras' own layer for this makes its cells anew, which functions that say how they begin do not survive.
    let back = one("_reverse", "go_backwards=True, ");
    format!("layers.Concatenate()([{ahead}, keras.ops.flip({back}, axis=1)])")
}

/// A field of a type that the script defines; `both` is the type that reads in both directions.
pub fn in_burn(line: &Line, [one, both]: [&'static str; 2]) -> BurnLine {
    let kind = if is_both(line.info.layer) { both } else { one };
    BurnLine::Field { kind, init: format!("{kind}::new({}, device)", arguments(line)), weights: &[] }
}

/// What a Burn script defines for a layer that reads in both directions, behind the one that reads in one; nothing else.
pub fn burn_definition(layer: LayerSpec) -> Option<String> {
    let class = match layer.kind().word {
        _ if !is_both(layer) => return None,
        "rnn" => "Rnn",
        "gru" => "Gru",
        "lstm" => "Lstm",
        _ => return None,
    };
    let numbers: Vec<&str> = ["a", "b"].into_iter().take(place_of_both(layer)? - 1).collect();
    let [taken, given] = [numbers.join(": usize, "), numbers.join(", ")];
    Some(format!(
        "#[derive(Module, Debug)]
struct Bi{class} {{
    cell: nn::Bi{class},
}}

impl Bi{class} {{
    fn new(features: usize, units: usize, {taken}: usize, device: &Device) -> Self {{
        let mut cell = nn::Bi{class}Config::new(features, units, true).init(device);
        cell.forward = {class}::new(features, units, {given}, device).cell;
        cell.reverse = {class}::new(features, units, {given}, device).cell;
        Self {{ cell }}
    }}

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {{
        self.cell.forward(x, None).0
    }}
}}

"
    ))
}
