//! The gated recurrent unit, with the reset gate after the product.

use super::activation::{sigmoid, tanh};
use super::{ACTIVATIONS, CellEquations, GATES, STATES};
use crate::engine::kernels::simd::F4;
use crate::engine::recurrent::Cell;

pub struct Gru;

impl CellEquations for Gru {
    const CELL: Cell = Cell::Gru;
    const SAME_GRADIENT: bool = false;

    #[inline(always)]
    fn forward(
        input: [F4; GATES],
        recurrent: [F4; GATES],
        [before, _]: [F4; STATES],
    ) -> ([F4; ACTIVATIONS], [F4; STATES]) {
        let [r, z] = [0, 1].map(|gate| sigmoid(input[gate].add(recurrent[gate])));
        let n = tanh(input[2].mul_add(r, recurrent[2]));
        let zero = F4::splat(0.0);
        ([r, z, n, recurrent[2], zero], [n.mul_add(z, before.sub(n)), zero])
    }

    #[inline(always)]
    fn backward(
        [r, z, n, product, _]: [F4; ACTIVATIONS],
        [before, _]: [F4; STATES],
        [gradient, _]: [F4; STATES],
    ) -> ([[F4; GATES]; 2], [F4; STATES]) {
        let (one, zero) = (F4::splat(1.0), F4::splat(0.0));
        let of_update = gradient.mul(before.sub(n)).mul(z.mul(one.sub(z)));
        let of_candidate = gradient.mul(one.sub(z)).mul(one.sub(n.mul(n)));
        let of_reset = of_candidate.mul(product).mul(r.mul(one.sub(r)));
        let sums =
            [[of_reset, of_update, of_candidate, zero], [of_reset, of_update, of_candidate.mul(r), zero]];
        (sums, [gradient.mul(z), zero])
    }
}
