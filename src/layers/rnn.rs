//! A recurrent layer (Elman 1990): h ← tanh(W x + b + U h + c), from step to step.

use super::cell::{self, BOTH, UNITS};
use super::kind::{LayerKind, Number};
use super::page::{Explain, LayerPage};
use super::working::ReceptiveField;
use super::{LayerSpec, tanh};

/// With less than 100, what was long ago fades before anything is learned.
const GAIN: Number =
    Number { label: "Recurrent gain in per cent", mark: "g", min: 0, max: 150, step: 1, default: 100 };

pub static KIND: LayerKind = LayerKind {
    word: "rnn",
    title: "RNN",
    heading: "",
    numbers: &[UNITS, GAIN, BOTH],
    output: cell::output,
    parameters: |layer, input| cell::parameters(layer, input, 1, [0; 4], layer.number(1)),
    multiply_adds: |layer, input| cell::multiply_adds(layer, input, 1),
};

pub fn rnn(units: usize, gain: usize) -> LayerSpec {
    LayerSpec::of(&KIND, &[units, gain])
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        cell::sentence(
            layer,
            input,
            1,
            "Reads step by step: each of {1} units weighs the {0} numbers that come in and what all {1} units gave at the step before, and squashes the sum by tanh. {1} × ({0} + {1} weights + 2 biases) = {2} parameters",
        )
    },
    // h = tanh(W_ih x + b_ih + W_hh h₋₁ + b_hh): `torch.nn.RNN`
    explain: Explain::Cell(|cell| cell.gate(0, tanh())),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| cell::in_torch(line, "Rnn"),
    in_keras: |line| cell::in_keras(line, "SimpleRNN", "0", line.number(1)),
    in_burn: |line| cell::in_burn(line, ["Rnn", "BiRnn"]),
    definitions: [TORCH, "", BURN],
};

const TORCH: &str = "
class Rnn(nn.RNN):
    # Hands on the hidden states of all steps, and no last state.
    def __init__(self, features, units, per_cent, bidirectional=False):
        super().__init__(features, units, batch_first=True, bidirectional=bidirectional)
        self.gates, self.gain = (0,), per_cent / 100

    def forward(self, x):
        return super().forward(x)[0]


";

const BURN: &str = "#[derive(Module, Debug)]
struct Rnn {
    cell: nn::Rnn,
}

impl Rnn {
    fn new(features: usize, units: usize, per_cent: usize, device: &Device) -> Self {
        let mut cell = nn::RnnConfig::new(features, units, true).init(device);
        cell.gate = gate(features, units, 0.0, per_cent as f64 / 100.0, device);
        Self { cell }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        self.cell.forward(x, None).0
    }
}

";
