//! Long short-term memory (Hochreiter & Schmidhuber 1997; forget gates: Gers et al. 2000): cells whose content goes on
//! unchanged as long as its gates say so.

use super::cell::{self, BOTH, UNITS};
use super::kind::{LayerKind, Number};
use super::page::{Explain, LayerPage};
use super::unrolled::{Term, products};
use super::working::{ReceptiveField, activated};
use super::{LayerSpec, sigmoid, tanh};

const GATES: usize = 4;
/// Open from the beginning, a cell keeps what it has.
const FORGET: Number = Number { label: "Forget bias", mark: "f", min: 0, max: 10, step: 1, default: 1 };
/// Closed at the beginning, little gets into a cell.
const CLOSED: Number =
    Number { label: "Closed input gates", mark: "c", min: 0, max: 10, step: 1, default: 0 };

pub static KIND: LayerKind = LayerKind {
    word: "lstm",
    title: "LSTM",
    heading: "",
    numbers: &[UNITS, FORGET, CLOSED, BOTH],
    output: cell::output,
    parameters: |layer, input| {
        let [forget, closed] = [1, 2].map(|number| cell::bias(layer, number));
        cell::parameters(layer, input, GATES, [-closed, forget, 0, 0], 100)
    },
    multiply_adds: |layer, input| cell::multiply_adds(layer, input, GATES),
};

pub fn lstm(units: usize, forget: usize, closed: usize) -> LayerSpec {
    LayerSpec::of(&KIND, &[units, forget, closed])
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        cell::sentence(
            layer,
            input,
            GATES,
            "Reads step by step with {1} cells. What goes into a cell, stays in it and comes out of it, its input, forget and output gates decide, from {0} numbers and the {1} of the step before. 4 × {1} × ({0} + {1} weights + 2 biases) = {2} parameters",
        )
    },
    // i, f, o = σ(…), g = tanh(…), each of W_ih x + b_ih + W_hh h₋₁ + b_hh; c = f c₋₁ + i g; h = o tanh(c): `torch.nn.LSTM`
    explain: Explain::Cell(|cell| match cell.place.gate {
        Some("input") => cell.gate(0, sigmoid()),
        Some("forget") => cell.gate(1, sigmoid()),
        Some("candidate") => cell.gate(2, tanh()),
        Some("output") => cell.gate(3, sigmoid()),
        Some(_) => {
            let kept = vec![cell.now("forget"), cell.past("cell")];
            vec![products(vec![kept, vec![cell.now("input"), cell.now("candidate")]])]
        }
        None => {
            let squashed = activated(tanh(), cell.now("cell").input);
            let shown = vec![cell.now("output"), Term::given("squashed", squashed.out())];
            vec![squashed, products(vec![shown])]
        }
    }),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| cell::in_torch(line, "Lstm"),
    in_keras: |line| {
        cell::in_keras(line, "LSTM", &format!("-{}, {}, 0, 0", line.number(2), line.number(1)), 100)
    },
    in_burn: |line| cell::in_burn(line, ["Lstm", "BiLstm"]),
    definitions: [TORCH, "", BURN],
};

const TORCH: &str = "
class Lstm(nn.LSTM):
    # Hands on the hidden states of all steps, and no last states. Input gates begin closed, forget gates open.
    def __init__(self, features, units, forget, closed, bidirectional=False):
        super().__init__(features, units, batch_first=True, bidirectional=bidirectional)
        self.gates, self.gain = (-closed, forget, 0, 0), 1

    def forward(self, x):
        return super().forward(x)[0]


";

const BURN: &str = "#[derive(Module, Debug)]
struct Lstm {
    cell: nn::Lstm,
}

impl Lstm {
    fn new(features: usize, units: usize, forget: usize, closed: usize, device: &Device) -> Self {
        let mut cell = nn::LstmConfig::new(features, units, true).init(device);
        let gate = |bias: f64| gate(features, units, bias, 1.0, device);
        cell.input_gate = gate(-(closed as f64));
        cell.forget_gate = Some(gate(forget as f64));
        cell.cell_gate = gate(0.0);
        cell.output_gate = gate(0.0);
        Self { cell }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        self.cell.forward(x, None).0
    }
}

";
