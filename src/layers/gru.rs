//! Gated recurrent units (Cho et al. 2014), with the reset behind the product, as cuDNN and PyTorch have them.

use super::cell::{self, BOTH, UNITS};
use super::kind::{LayerKind, Number};
use super::page::{Explain, LayerPage};
use super::unrolled::{HIDDEN, Term, products};
use super::working::{ReceptiveField, activated, given};
use super::{LayerSpec, sigmoid, tanh};

const GATES: usize = 3;
/// Above 0, a unit begins as one that keeps what it has.
const KEEP: Number = Number { label: "Keep bias", mark: "k", min: 0, max: 10, step: 1, default: 1 };

pub static KIND: LayerKind = LayerKind {
    word: "gru",
    title: "GRU",
    heading: "",
    numbers: &[UNITS, KEEP, BOTH],
    output: cell::output,
    parameters: |layer, input| cell::parameters(layer, input, GATES, [0, cell::bias(layer, 1), 0, 0], 100),
    multiply_adds: |layer, input| cell::multiply_adds(layer, input, GATES),
};

pub fn gru(units: usize, keep: usize) -> LayerSpec {
    LayerSpec::of(&KIND, &[units, keep])
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        cell::sentence(
            layer,
            input,
            GATES,
            "Reads step by step with {1} units, from {0} numbers and the {1} of the step before: a reset gate says how much of the step before counts for a new value, an update gate how much of the old one is kept. 3 × {1} × ({0} + {1} weights + 2 biases) = {2} parameters",
        )
    },
    // r, z = σ(W_ih x + b_ih + W_hh h₋₁ + b_hh), n = tanh(W_in x + b_in + r (W_hn h₋₁ + b_hn)), h = (1 − z) n + z h₋₁:
    // `torch.nn.GRU`
    explain: Explain::Cell(|cell| match cell.place.gate {
        Some("reset") => cell.gate(0, sigmoid()),
        Some("update") => cell.gate(1, sigmoid()),
        Some("recurrent") => vec![cell.from_before(2)],
        Some(_) => {
            let below = cell.from_below(2);
            let let_through = vec![cell.now("reset"), cell.now("recurrent")];
            let sum = products(vec![vec![Term::given("below", below.out())], let_through]);
            let squashed = activated(tanh(), given(std::slice::from_ref(&sum)));
            vec![below, sum, squashed]
        }
        None => {
            let new = vec![cell.now("update").complement(), cell.now("candidate")];
            vec![products(vec![new, vec![cell.now("update"), cell.past(HIDDEN)]])]
        }
    }),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| cell::in_torch(line, "Gru"),
    in_keras: |line| cell::in_keras(line, "GRU", &format!("{}, 0, 0", line.number(1)), 100),
    in_burn: |line| cell::in_burn(line, ["Gru", "BiGru"]),
    definitions: [TORCH, "", BURN],
};

const TORCH: &str = "
class Gru(nn.GRU):
    # Hands on the hidden states of all steps, and no last state. Update gates begin as ones that keep.
    def __init__(self, features, units, keep, bidirectional=False):
        super().__init__(features, units, batch_first=True, bidirectional=bidirectional)
        self.gates, self.gain = (0, keep, 0), 1

    def forward(self, x):
        return super().forward(x)[0]


";

const BURN: &str = "#[derive(Module, Debug)]
struct Gru {
    cell: nn::Gru,
}

impl Gru {
    fn new(features: usize, units: usize, keep: usize, device: &Device) -> Self {
        let mut cell = nn::GruConfig::new(features, units, true).init(device);
        let gate = |bias: f64| gate(features, units, bias, 1.0, device);
        cell.reset_gate = gate(0.0);
        cell.update_gate = gate(keep as f64);
        cell.new_gate = gate(0.0);
        Self { cell }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        self.cell.forward(x, None)
    }
}

";
