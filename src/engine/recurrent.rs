//! Recurrent cells: what each has, and its equations step by step, from operations that every engine has. CPU and GPU have
//! kernels for the whole walk; the CPU's are tested against these, and the GPU's against the CPU's.

pub use crate::datasets::target::IGNORE_INDEX;
use crate::engine::backend_ext;
use burn::tensor::Tensor;
use burn::tensor::activation::{sigmoid, tanh};

/// A cell with PyTorch's equations, gates in PyTorch's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// h ← tanh(x + r)  (Elman 1990)
    Rnn,
    /// Input, forget, candidate, output: c ← σ(f) c + σ(i) tanh(g), h ← σ(o) tanh(c)
    /// (Hochreiter & Schmidhuber 1997; Gers et al. 2000)
    Lstm,
    /// Reset, update, candidate, with the reset after the product: n = tanh(xₙ + σ(r) rₙ), h ← (1 − σ(z)) n + σ(z) h
    /// (Cho et al. 2014, in the form of cuDNN)
    Gru,
}

impl Cell {
    /// The cell of a layer, by the layer's word.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "rnn" => Some(Self::Rnn),
            "lstm" => Some(Self::Lstm),
            "gru" => Some(Self::Gru),
            _ => None,
        }
    }

    /// Blocks of units in its weights.
    pub fn gates(self) -> usize {
        match self {
            Self::Rnn => 1,
            Self::Lstm => 4,
            Self::Gru => 3,
        }
    }

    /// What it carries from step to step: h, and of an LSTM c.
    pub fn states(self) -> usize {
        if self == Self::Lstm { 2 } else { 1 }
    }

    /// What `activations` gives of each unit, in its order.
    pub fn activations(self) -> &'static [&'static str] {
        match self {
            Self::Rnn => &["hidden"],
            Self::Lstm => &["input", "forget", "candidate", "output", "cell"],
            Self::Gru => &["reset", "update", "candidate", "recurrent"],
        }
    }
}

/// All hidden states, `[batch, time, units]`, and the last states, `[batch, units]` each.
pub type Unrolled = (Tensor<3>, Vec<Tensor<2>>);

/// From one row, as an operation has one output: all hidden states and then, of a cell that has one, the last state c.
pub fn from_one_row(all: Tensor<1>, cell: Cell, [batch, time, units]: [usize; 3]) -> Unrolled {
    let count = batch * time * units;
    let hidden = all.clone().narrow(0, 0, count).reshape([batch, time, units]);
    let mut last = vec![hidden.clone().narrow(1, time - 1, 1).reshape([batch, units])];
    if cell.states() > 1 {
        last.push(all.narrow(0, count, batch * units).reshape([batch, units]));
    }
    (hidden, last)
}

/// `projected` is W_ih x + b_ih for all steps at once, `[batch, time, gates · units]`, `weight` is W_hh,
/// `[gates · units, units]`, flat, `bias` b_hh; the states at the beginning are `[batch, units]` each.
pub fn composed(
    cell: Cell,
    projected: Tensor<3>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    mut states: Vec<Tensor<2>>,
) -> Unrolled {
    let mut hidden = Vec::with_capacity(projected.dims()[1]);
    unroll(cell, projected, weight, bias, &mut states, |states, _| {
        hidden.push(states[0].clone().unsqueeze_dim::<3>(1));
    });
    (Tensor::cat(hidden, 1), states)
}

/// What `Cell::activations` names, `[batch, time, activations, units]`, of the same walk.
pub fn composed_activations(
    cell: Cell,
    projected: Tensor<3>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    mut states: Vec<Tensor<2>>,
) -> Tensor<4> {
    let mut found = Vec::with_capacity(projected.dims()[1]);
    unroll(cell, projected, weight, bias, &mut states, |_, activations| {
        found.push(Tensor::stack::<3>(activations, 1).unsqueeze_dim::<4>(1));
    });
    Tensor::cat(found, 1)
}

/// Walks through the window; `visit` sees the states after each step, and its activations.
fn unroll(
    cell: Cell,
    projected: Tensor<3>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    states: &mut Vec<Tensor<2>>,
    mut visit: impl FnMut(&[Tensor<2>], Vec<Tensor<2>>),
) {
    for step in 0..projected.dims()[1] {
        let x = projected.clone().narrow(1, step, 1).squeeze_dim::<2>(1);
        let recurrent = backend_ext::dense(states[0].clone(), weight.clone(), bias.clone(), false);
        let (after, activations) = advance(cell, x, recurrent, states);
        *states = after;
        visit(states, activations);
    }
}

/// One step, `x` and `recurrent` `[batch, gates · units]`: the new states and the activations.
fn advance(
    cell: Cell,
    x: Tensor<2>,
    recurrent: Tensor<2>,
    states: &[Tensor<2>],
) -> (Vec<Tensor<2>>, Vec<Tensor<2>>) {
    let before = states[0].clone();
    let units = before.dims()[1];
    let gate = |of: &Tensor<2>, gate: usize| of.clone().narrow(1, gate * units, units);
    match cell {
        Cell::Rnn => {
            let hidden = tanh(x + recurrent);
            (vec![hidden.clone()], vec![hidden])
        }
        Cell::Lstm => {
            let sum = x + recurrent;
            let [input, forget, output] = [0, 1, 3].map(|at| sigmoid(gate(&sum, at)));
            let candidate = tanh(gate(&sum, 2));
            let state = forget.clone() * states[1].clone() + input.clone() * candidate.clone();
            let hidden = output.clone() * tanh(state.clone());
            (vec![hidden, state.clone()], vec![input, forget, candidate, output, state])
        }
        Cell::Gru => {
            let [reset, update] = [0, 1].map(|at| sigmoid(gate(&x, at) + gate(&recurrent, at)));
            let product = gate(&recurrent, 2);
            let candidate = tanh(gate(&x, 2) + reset.clone() * product.clone());
            let hidden = candidate.clone() + update.clone() * (before - candidate.clone());
            (vec![hidden], vec![reset, update, candidate, product])
        }
    }
}
