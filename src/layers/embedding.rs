//! Embedding: every token has a row of numbers, which is learned. `[time, vocabulary]` → `[time, width]`, the tokens being
//! one-hot vectors, so that it is a dense layer without a bias whose products with 0 nobody computes.

use super::LayerSpec;
use super::kind::{Init, LayerKind, Number, ParamSpec, channels, sequence};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::{Operand, ReceptiveField, passed};

const WIDTH: Number = Number { label: "Width", mark: "", min: 1, max: 1024, step: 1, default: 32 };
/// The deviation of fresh rows, in thousandths.
const DEVIATION: usize = 300;

pub static KIND: LayerKind = LayerKind {
    word: "embedding",
    title: "Embedding",
    numbers: &[WIDTH],
    output: |layer, input| Ok(vec![sequence(input)?[0], layer.number(0)]),
    parameters: |layer, input| {
        let init = Init::Normal { thousandths: DEVIATION };
        vec![ParamSpec { name: "weight", shape: vec![channels(input), layer.number(0)], init, trained: true }]
    },
    ..LayerKind::POINTWISE
};

pub fn embedding(width: usize) -> LayerSpec {
    LayerSpec::of(&KIND, &[width])
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        let [tokens, width] = [channels(input), layer.number(0)];
        Sentence {
            text: "Looks up a row of {1} numbers for each token, and learns the rows: {0} tokens × {1} = {2} parameters",
            values: vec![tokens, width, tokens * width],
        }
    },
    explain: Explain::Passed {
        from: |_, working| {
            // The token's one-hot vector picks its row.
            let token = working.input.values.iter().position(|x| *x > 0.5).unwrap_or(0);
            let number = (working.weights)("weight").first().map_or(f64::NAN, |number| f64::from(*number));
            passed(Operand { from: working.at(token, 0, 0).from, x: number })
        },
        why: "It looks up number {0} of the row that it has learned for the token: {1}.",
    },
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| format!("nn.Embedding({}, {})", line.channels(), line.number(0)),
    in_keras: |line| {
        let [tokens, width, index] = [line.channels(), line.number(0), line.index];
        format!("layers.Embedding({tokens}, {width}, name=\"{index}\", **rows)(x)")
    },
    in_burn: |line| {
        let [tokens, width] = [line.channels(), line.number(0)];
        BurnLine::Field {
            kind: "nn::Embedding",
            init: format!(
                "nn::EmbeddingConfig::new({tokens}, {width}).with_initializer(rows_start()).init(device)"
            ),
            weights: &["weight"],
        }
    },
    definitions: [""; 3],
};
