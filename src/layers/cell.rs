//! What the recurrent layers `rnn`, `lstm` and `gru` have in common: `[time, features]` → `[time, units]`, PyTorch's
//! parameters with a block of units for each gate, and how scripts write them.

use super::kind::{Expected, Init, Number, ParamSpec, channels, sequence, zeros};
use super::page::{BurnLine, Line};
use super::{LayerSpec, Shape};

pub const UNITS: Number = Number { label: "Units", mark: "", min: 1, max: 512, step: 1, default: 64 };

pub fn output(layer: LayerSpec, input: &[usize]) -> Result<Shape, Expected> {
    Ok(vec![sequence(input)?[0], layer.number(0)])
}

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
    vec![
        one("weight_ih_l0", vec![wide, features], Init::Random { fan_in: features, fan_out: units }),
        one("weight_hh_l0", vec![wide, units], Init::Orthogonal { blocks: gates, per_cent }),
        one("bias_ih_l0", vec![wide], Init::Bias { blocks: gates, values }),
        zeros("bias_hh_l0", wide),
    ]
}

pub fn multiply_adds(layer: LayerSpec, input: &[usize], gates: usize) -> usize {
    let [time, units] = [input.first().copied().unwrap_or(0), layer.number(0)];
    time * gates * units * (channels(input) + units)
}

/// Features, units and parameters, for a sentence.
pub fn counts(layer: LayerSpec, input: &[usize], gates: usize) -> Vec<usize> {
    let [features, units] = [channels(input), layer.number(0)];
    vec![features, units, gates * units * (features + units + 2)]
}

/// A number of the layer as the bias that it stands for.
pub fn bias(layer: LayerSpec, index: usize) -> i8 {
    i8::try_from(layer.number(index)).unwrap_or(i8::MAX)
}

/// Features, units, and the layer's other numbers, for a call.
pub fn arguments(line: &Line) -> String {
    let numbers = line.info.layer.numbers().iter();
    [&line.channels()].into_iter().chain(numbers).map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// A Keras layer of this name, the biases of whose gates begin with these numbers, in Keras' order, and with recurrent
/// matrices whose rows have a length in per cent.
pub fn in_keras(line: &Line, name: &str, biases: &str, per_cent: usize) -> String {
    let ([units, index], gain) = ([line.number(0), line.index], per_cent as f64 / 100.0);
    format!(
        "layers.{name}({units}, return_sequences=True, name=\"{index}\", bias_initializer=gates({biases}), **start, **turns({gain}))(x)"
    )
}

/// A field of a type that the script defines.
pub fn in_burn(line: &Line, kind: &'static str) -> BurnLine {
    BurnLine::Field { kind, init: format!("{kind}::new({}, device)", arguments(line)), weights: &[] }
}
