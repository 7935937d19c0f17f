//! The long short-term memory.

use super::activation::{sigmoid, tanh};
use super::{ACTIVATIONS, CellEquations, GATES, STATES};
use crate::engine::kernels::simd::F4;
use crate::engine::recurrent::Cell;

pub struct Lstm;

impl CellEquations for Lstm {
    const CELL: Cell = Cell::Lstm;
    const SAME_GRADIENT: bool = true;

    #[inline(always)]
    fn forward(
        input: [F4; GATES],
        recurrent: [F4; GATES],
        [_, before]: [F4; STATES],
    ) -> ([F4; ACTIVATIONS], [F4; STATES]) {
        let [i, f, g, o] = [0, 1, 2, 3].map(|gate| input[gate].add(recurrent[gate]));
        let (i, f, g, o) = (sigmoid(i), sigmoid(f), tanh(g), sigmoid(o));
        let cell = f.mul(before).mul_add(i, g);
        ([i, f, g, o, cell], [o.mul(tanh(cell)), cell])
    }

    #[inline(always)]
    fn backward(
        [i, f, g, o, cell]: [F4; ACTIVATIONS],
        [_, before]: [F4; STATES],
        [of_hidden, of_cell]: [F4; STATES],
    ) -> ([[F4; GATES]; 2], [F4; STATES]) {
        let one = F4::splat(1.0);
        let squashed = tanh(cell);
        let of_cell = of_cell.mul_add(of_hidden.mul(o), one.sub(squashed.mul(squashed)));
        let sums = [
            of_cell.mul(g).mul(i.mul(one.sub(i))),
            of_cell.mul(before).mul(f.mul(one.sub(f))),
            of_cell.mul(i).mul(one.sub(g.mul(g))),
            of_hidden.mul(squashed).mul(o.mul(one.sub(o))),
        ];
        ([sums; 2], [F4::splat(0.0), of_cell.mul(f)])
    }
}
