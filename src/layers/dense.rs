//! Dense: every output is a weighted sum of every input, plus a bias; of a sequence, by the same weights at every step.

use super::LayerSpec;
use super::kind::{Expected, Init, LayerKind, Number, ParamSpec, channels, zeros};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::ReceptiveField;

const UNITS: Number = Number { label: "Units", mark: "", min: 1, max: 1024, step: 1, default: 64 };

pub static KIND: LayerKind = LayerKind {
    word: "dense",
    title: "Dense",
    heading: "",
    numbers: &[UNITS],
    output: |layer, input| match *input {
        [_] => Ok(vec![layer.number(0)]),
        [time, _] => Ok(vec![time, layer.number(0)]),
        _ => Err(Expected::List),
    },
    parameters: |layer, input| {
        let [units, features] = [layer.number(0), channels(input)];
        let init = Init::Random { fan_in: features, fan_out: units };
        let weight = ParamSpec { name: "weight", shape: vec![units, features], init, trained: true };
        vec![zeros("bias", units), weight]
    },
    multiply_adds: |layer, input| layer.number(0) * input.iter().product::<usize>(),
};

pub fn dense(units: usize) -> LayerSpec {
    LayerSpec::of(&KIND, &[units])
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        let [units, features] = [layer.number(0), channels(input)];
        Sentence {
            text: "Each number is a weighted sum of all {0} inputs. {1} × ({0} weights + 1 bias) = {2} parameters",
            values: vec![features, units, units * (features + 1)],
        }
    },
    explain: Explain::Steps(|_, working| vec![working.weighted(&working.input, ["weight", "bias"], 1, 1)]),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| format!("nn.Linear({}, {})", line.channels(), line.number(0)),
    in_keras: |line| {
        let [units, index] = [line.number(0), line.index];
        if line.undecided {
            let small = "keras.initializers.VarianceScaling(1 / 3, \"fan_in\", \"uniform\")";
            let start = format!("**{{**start, \"kernel_initializer\": {small}}}");
            return format!("layers.Dense({units}, name=\"{index}\", {start})(x)");
        }
        format!("layers.Dense({units}, name=\"{index}\", **start)(x)")
    },
    in_burn: |line| {
        let [channels, units] = [line.channels(), line.number(0)];
        let start = line.rust_start();
        BurnLine::Field {
            kind: "Linear",
            init: format!(
                "LinearConfig::new({channels}, {units}).with_initializer({start}({channels})).init(device)"
            ),
            weights: &["weight"],
        }
    },
    definitions: [""; 3],
};
