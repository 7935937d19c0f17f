//! The recurrent layers' arithmetic: what goes in is weighed for all steps at once, then the cell walks through them.

use super::{ForwardPass, dense};
use crate::engine::recurrent::Cell;
use crate::engine::sequence_ext;
use crate::engine::value::Value;
use crate::protocol::Failure;
use burn::tensor::Tensor;

/// `[batch, time, features]` → `[batch, time, units]`. It begins where the pass's memory left off, or at zeros, and leaves
/// its last states there.
pub fn walk(cell: Cell, pass: &mut ForwardPass, x: Value) -> Result<Value, Failure> {
    let projected = projected(pass, x)?;
    let [weight, bias] = [pass.weight("weight_hh_l0")?, pass.weight("bias_hh_l0")?];
    let states = states(cell, pass, &projected);
    let (hidden, last) = sequence_ext::recurrent(cell, projected, weight, bias, states);
    let index = pass.index;
    if let Some(memory) = &mut pass.memory {
        memory.keep(index, last.into_iter().map(Tensor::detach).collect());
    }
    Ok(Value::Sequence(hidden))
}

/// What `Cell::activations` names along the same walk, `[batch, time, activations, units]`.
pub fn activations(cell: Cell, pass: &mut ForwardPass, x: Value) -> Result<Value, Failure> {
    let projected = projected(pass, x)?;
    let [weight, bias] = [pass.weight("weight_hh_l0")?, pass.weight("bias_hh_l0")?];
    let states = states(cell, pass, &projected);
    Ok(Value::Picture(sequence_ext::activations(cell, projected, weight, bias, states)))
}

/// What the inputs of all steps add to the gates, `[batch, time, gates · units]`.
fn projected(pass: &ForwardPass, x: Value) -> Result<Tensor<3>, Failure> {
    let parameters = [pass.weight("weight_ih_l0")?, pass.weight("bias_ih_l0")?];
    Ok(dense::at_every_step(pass, x.sequence(), parameters, false))
}

/// The states that the cell begins with, `[batch, units]` each.
fn states(cell: Cell, pass: &ForwardPass, projected: &Tensor<3>) -> Vec<Tensor<2>> {
    let [batch, _, wide] = projected.dims();
    let shape = [batch, wide / cell.gates()];
    let kept = pass.memory.as_ref().and_then(|memory| memory.of(pass.index));
    // Of another number of examples, they are of other examples.
    let kept = kept.filter(|states| states.iter().all(|state| state.dims() == shape));
    kept.unwrap_or_else(|| vec![Tensor::zeros(shape, &projected.device()); cell.states()])
}
