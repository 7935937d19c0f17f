//! Recurrent layers over a whole window, forward and backward: for each step one matrix product for all gates, then one
//! pass over the units. The weights' gradient is one product for all steps, after the walk back through time.
//! What the input adds to the gates comes already multiplied: that is a product for all steps, or a row of a table.

pub(super) mod activation;
mod backward;
mod gru;
mod lstm;
mod rnn;

use super::matmul::{Left, Matrix, Right, add_product};
use super::simd::F4;
use crate::engine::recurrent::Cell;

/// The sizes of a recurrent layer and its window.
#[derive(Clone, Copy, Debug)]
pub struct Recurrent {
    pub cell: Cell,
    pub batch: usize,
    pub time: usize,
    pub units: usize,
}

/// What a walk through the window gives.
#[derive(Debug)]
pub struct RecurrentOutput {
    /// h of all steps, `[batch, time, units]`
    pub hidden: Vec<f32>,
    /// The last states, `[batch, units]` each.
    pub last: Vec<Vec<f32>>,
    /// For each step what `Cell::activations` names, `[batch, time, activations, units]`. An RNN's are its hidden states
    /// and not written twice: there this is empty.
    pub activations: Vec<f32>,
}

/// The gradients of what `forward` takes, each in its layout.
pub struct RecurrentGradients {
    pub projected: Vec<f32>,
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    pub states: Vec<Vec<f32>>,
}

/// W_hh `[gates · units, units]`, laid out once for many walks.
pub struct RecurrentWeight(Right);

impl RecurrentWeight {
    pub fn of(weight: &[f32], units: usize) -> Self {
        Self(Right::of(Matrix::new(weight, [weight.len() / units.max(1), units]).transposed()))
    }
}

/// More gates, activations and states than any cell has.
const GATES: usize = 4;
const ACTIVATIONS: usize = 5;
const STATES: usize = 2;

/// A cell's equations for four units.
trait CellEquations {
    const CELL: Cell;
    /// Whether the recurrent product has the same gradient as what the input adds.
    const SAME_GRADIENT: bool;

    /// From what the input and what the states add to the gates: the activations, and the new states.
    fn forward(
        input: [F4; GATES],
        recurrent: [F4; GATES],
        before: [F4; STATES],
    ) -> ([F4; ACTIVATIONS], [F4; STATES]);

    /// From the gradients of the new states: those of both sums, and what goes to the old states past the product.
    fn backward(
        activations: [F4; ACTIVATIONS],
        before: [F4; STATES],
        gradient: [F4; STATES],
    ) -> ([[F4; GATES]; 2], [F4; STATES]);
}

impl Recurrent {
    /// `projected` is W_ih x + b_ih, `[batch, time, gates · units]`, `weight` W_hh `[gates · units, units]`, `bias` b_hh; the
    /// first states are `[batch, units]` each.
    pub fn forward(
        &self,
        projected: &[f32],
        weight: &[f32],
        bias: &[f32],
        states: &[&[f32]],
    ) -> RecurrentOutput {
        assert_eq!(weight.len(), self.cell.gates() * self.units * self.units);
        self.forward_with(projected, &RecurrentWeight::of(weight, self.units), bias, states)
    }

    /// The same, where the weight is laid out already.
    pub fn forward_with(
        &self,
        projected: &[f32],
        weight: &RecurrentWeight,
        bias: &[f32],
        states: &[&[f32]],
    ) -> RecurrentOutput {
        match self.cell {
            Cell::Rnn => self.walk::<rnn::Rnn>(projected, weight, bias, states),
            Cell::Lstm => self.walk::<lstm::Lstm>(projected, weight, bias, states),
            Cell::Gru => self.walk::<gru::Gru>(projected, weight, bias, states),
        }
    }

    /// `hidden` and `activations` are as `forward` gave them; the gradients are those of all hidden states, and of the last
    /// state c of a cell that has one.
    pub fn gradients(
        &self,
        weight: &[f32],
        states: &[&[f32]],
        [hidden, activations]: [&[f32]; 2],
        [of_hidden, of_last]: [&[f32]; 2],
    ) -> RecurrentGradients {
        let back = backward::BackwardPass { of: *self, weight, states, hidden, activations };
        match self.cell {
            Cell::Rnn => back.walk::<rnn::Rnn>(of_hidden, of_last),
            Cell::Lstm => back.walk::<lstm::Lstm>(of_hidden, of_last),
            Cell::Gru => back.walk::<gru::Gru>(of_hidden, of_last),
        }
    }

    fn walk<E: CellEquations>(
        &self,
        projected: &[f32],
        RecurrentWeight(weight): &RecurrentWeight,
        bias: &[f32],
        states: &[&[f32]],
    ) -> RecurrentOutput {
        let Self { batch, time, units, .. } = *self;
        let gates = E::CELL.gates();
        let (wide, long) = (gates * units, self.activations_length::<E>());
        assert_eq!((projected.len(), bias.len()), (batch * time * wide, wide));
        assert!(states.len() == E::CELL.states() && states.iter().all(|state| state.len() == batch * units));
        let mut now: Vec<Vec<f32>> = states.iter().map(|state| state.to_vec()).collect();
        let mut hidden = vec![0.0; batch * time * units];
        let mut activations = vec![0.0; batch * time * long];
        let (mut left, mut sums) = (Left::new(), vec![0.0; batch * wide]);
        for step in 0..time {
            for row in sums.chunks_exact_mut(wide) {
                row.copy_from_slice(bias);
            }
            left.pack(Matrix::new(&now[0], [batch, units]));
            add_product(&left, weight, &mut sums);
            for (row, sums) in sums.chunks_exact(wide).enumerate() {
                let place = row * time + step;
                let input = &projected[place * wide..][..wide];
                let activations = &mut activations[place * long..][..long];
                for unit in (0..units).step_by(4) {
                    let lanes = Lanes { unit, units };
                    let before = lanes.states(&now, row);
                    let (found, after) =
                        E::forward(lanes.blocks(input, gates), lanes.blocks(sums, gates), before);
                    for (block, four) in activations.chunks_exact_mut(units).zip(found) {
                        lanes.put(block, four);
                    }
                    for (state, four) in now.iter_mut().zip(after) {
                        lanes.put(&mut state[row * units..][..units], four);
                    }
                }
                hidden[place * units..][..units].copy_from_slice(&now[0][row * units..][..units]);
            }
        }
        RecurrentOutput { hidden, last: now, activations }
    }

    /// How many numbers `activations` has for one step of one example.
    fn activations_length<E: CellEquations>(&self) -> usize {
        if E::CELL == Cell::Rnn { 0 } else { E::CELL.activations().len() * self.units }
    }
}

/// Four units from `unit` on; behind the last one there are zeros, and nothing is written.
#[derive(Clone, Copy)]
struct Lanes {
    unit: usize,
    units: usize,
}

impl Lanes {
    /// Of a block of all units.
    #[inline(always)]
    fn get(self, block: &[f32]) -> F4 {
        match block.get(self.unit..self.unit + 4) {
            // SAFETY: these are four.
            Some(four) => unsafe { F4::load(four.as_ptr()) },
            None => {
                let mut four = [0.0; 4];
                let rest = &block[self.unit..];
                four[..rest.len()].copy_from_slice(rest);
                // SAFETY: these are four.
                unsafe { F4::load(four.as_ptr()) }
            }
        }
    }

    #[inline(always)]
    fn put(self, block: &mut [f32], four: F4) {
        match block.get_mut(self.unit..self.unit + 4) {
            // SAFETY: these are four.
            Some(to) => unsafe { four.store(to.as_mut_ptr()) },
            None => {
                let rest = &mut block[self.unit..];
                rest.copy_from_slice(&four.to_array()[..rest.len()]);
            }
        }
    }

    /// Of the first `count` blocks; zeros for the others.
    #[inline(always)]
    fn blocks<const N: usize>(self, blocks: &[f32], count: usize) -> [F4; N] {
        let mut fours = [F4::splat(0.0); N];
        for (four, block) in fours[..count].iter_mut().zip(blocks.chunks_exact(self.units)) {
            *four = self.get(block);
        }
        fours
    }

    /// Of an example's states.
    #[inline(always)]
    fn states(self, states: &[Vec<f32>], row: usize) -> [F4; STATES] {
        let mut fours = [F4::splat(0.0); STATES];
        for (four, state) in fours.iter_mut().zip(states) {
            *four = self.get(&state[row * self.units..][..self.units]);
        }
        fours
    }
}
