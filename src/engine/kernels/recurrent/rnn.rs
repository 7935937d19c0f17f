//! The plain recurrent cell.

use super::activation::tanh;
use super::{ACTIVATIONS, CellEquations, GATES, STATES};
use crate::engine::kernels::simd::F4;
use crate::engine::recurrent::Cell;

pub struct Rnn;

impl CellEquations for Rnn {
    const CELL: Cell = Cell::Rnn;
    const SAME_GRADIENT: bool = true;

    #[inline(always)]
    fn forward(
        input: [F4; GATES],
        recurrent: [F4; GATES],
        _: [F4; STATES],
    ) -> ([F4; ACTIVATIONS], [F4; STATES]) {
        let hidden = tanh(input[0].add(recurrent[0]));
        ([hidden; ACTIVATIONS], [hidden; STATES])
    }

    #[inline(always)]
    fn backward(
        activations: [F4; ACTIVATIONS],
        _: [F4; STATES],
        gradient: [F4; STATES],
    ) -> ([[F4; GATES]; 2], [F4; STATES]) {
        let one = F4::splat(1.0);
        let slope = gradient[0].mul(one.sub(activations[0].mul(activations[0])));
        ([[slope; GATES]; 2], [F4::splat(0.0); STATES])
    }
}
