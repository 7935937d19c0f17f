//! Backpropagation through time: the gradients of a window.

use super::{CellEquations, Lanes, Recurrent, RecurrentGradients};
use crate::engine::kernels::matmul::{Left, Matrix, Right, add_product, multiply};
use crate::engine::kernels::simd::F4;
use crate::engine::recurrent::Cell;

/// A window after its forward pass.
pub struct BackwardPass<'a> {
    pub of: Recurrent,
    pub weight: &'a [f32],
    pub states: &'a [&'a [f32]],
    pub hidden: &'a [f32],
    pub activations: &'a [f32],
}

impl BackwardPass<'_> {
    pub(super) fn walk<E: CellEquations>(&self, of_hidden: &[f32], of_last: &[f32]) -> RecurrentGradients {
        let Recurrent { batch, time, units, .. } = self.of;
        let (wide, long) = (E::CELL.gates() * units, self.of.activations_length::<E>());
        assert_eq!([self.hidden.len(), of_hidden.len()], [batch * time * units; 2]);
        assert_eq!((self.activations.len(), self.weight.len()), (batch * time * long, wide * units));
        let weight = Right::of(Matrix::new(self.weight, [wide, units]));
        let before = self.before();
        let mut projected = vec![0.0; batch * time * wide];
        // Where both sums have one gradient it is kept once.
        let mut recurrent = vec![0.0; if E::SAME_GRADIENT { 0 } else { projected.len() }];
        let mut carried = vec![vec![0.0; batch * units]; E::CELL.states()];
        if let Some(carried) = carried.get_mut(1) {
            carried.copy_from_slice(of_last);
        }
        let mut left = Left::new();
        for step in (0..time).rev() {
            for row in 0..batch {
                let place = row * time + step;
                let (from, to) = (place * wide, (place + 1) * wide);
                let recurrent = if E::SAME_GRADIENT { &mut [][..] } else { &mut recurrent[from..to] };
                let sums = [&mut projected[from..to], recurrent];
                let hidden = &before[place * units..][..units];
                self.units::<E>(
                    [row, step],
                    hidden,
                    &of_hidden[place * units..][..units],
                    &mut carried,
                    sums,
                );
            }
            let sums = if E::SAME_GRADIENT { &projected } else { &recurrent };
            left.pack(Matrix::spread(&sums[step * wide..], [batch, wide], time * wide));
            add_product(&left, &weight, &mut carried[0]);
        }
        let sums = if E::SAME_GRADIENT { &projected } else { &recurrent };
        let mut bias = vec![0.0; wide];
        for row in sums.chunks_exact(wide) {
            bias.iter_mut().zip(row).for_each(|(sum, slope)| *sum += slope);
        }
        let weight = multiply(
            Matrix::new(sums, [batch * time, wide]).transposed(),
            Matrix::new(&before, [batch * time, units]),
        );
        RecurrentGradients { projected, weight, bias, states: carried }
    }

    /// One step of one example: `carried` has the gradients of its states, first the new ones, then the old ones as far as
    /// they do not come through the product.
    #[inline(always)]
    fn units<E: CellEquations>(
        &self,
        [row, step]: [usize; 2],
        hidden: &[f32],
        of_hidden: &[f32],
        carried: &mut [Vec<f32>],
        [projected, recurrent]: [&mut [f32]; 2],
    ) {
        let Recurrent { time, units, .. } = self.of;
        let (place, long) = (row * time + step, self.of.activations_length::<E>());
        // An RNN's only activation is its hidden state.
        let activations = match E::CELL {
            Cell::Rnn => &self.hidden[place * units..][..units],
            _ => &self.activations[place * long..][..long],
        };
        // An LSTM's state c before this step; it is the last of its activations.
        let cell = match self.states.get(1) {
            Some(first) if step == 0 => &first[row * units..][..units],
            Some(_) => &self.activations[place * long - units..][..units],
            None => &[],
        };
        for unit in (0..units).step_by(4) {
            let lanes = Lanes { unit, units };
            let other = if cell.is_empty() { F4::splat(0.0) } else { lanes.get(cell) };
            let mut gradient = lanes.states(carried, row);
            gradient[0] = gradient[0].add(lanes.get(of_hidden));
            let activations = lanes.blocks(activations, E::CELL.activations().len());
            let (sums, past) = E::backward(activations, [lanes.get(hidden), other], gradient);
            for (block, four) in projected.chunks_exact_mut(units).zip(sums[0]) {
                lanes.put(block, four);
            }
            for (block, four) in recurrent.chunks_exact_mut(units).zip(sums[1]) {
                lanes.put(block, four);
            }
            for (state, four) in carried.iter_mut().zip(past) {
                lanes.put(&mut state[row * units..][..units], four);
            }
        }
    }

    /// h before every step, `[batch, time, units]`.
    fn before(&self) -> Vec<f32> {
        let Recurrent { time, units, .. } = self.of;
        let mut before = Vec::with_capacity(self.hidden.len());
        for (first, hidden) in self.states[0].chunks_exact(units).zip(self.hidden.chunks_exact(time * units))
        {
            before.extend_from_slice(first);
            before.extend_from_slice(&hidden[..(time - 1) * units]);
        }
        before
    }
}
