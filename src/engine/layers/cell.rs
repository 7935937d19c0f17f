//! The recurrent layers' arithmetic: what goes in is weighed for all steps at once, then the cell walks through them. In
//! both directions, the steps are turned around for the second walk, and what it gave is turned back.

use super::{ForwardPass, dense};
use crate::engine::recurrent::Cell;
use crate::engine::sequence_ext;
use crate::engine::value::{Rows, Value};
use crate::layers::LayerSpec;
use crate::layers::cell::is_both;
use crate::protocol::Failure;
use burn::tensor::{Tensor, TensorData};

/// Whether an embedding's table is weighed instead of the rows that were taken of it. Not measured on a GPU yet.
const FOLDS: bool = cfg!(not(feature = "gpu"));

/// Behind the names of what the direction from the end has.
const REVERSE: &str = "_reverse";

/// `[batch, time, features]` → `[batch, time, units]`, and twice the units where the layer reads in both directions. It
/// begins where the pass's memory left off, or at zeros, and leaves its last states there.
pub fn walk(cell: Cell, pass: &mut ForwardPass, layer: LayerSpec, x: Value) -> Result<Value, Failure> {
    if is_both(layer) {
        let hidden = both(pass, x, |pass, x, way| {
            let walk = Walk::of(cell, pass, x, way)?;
            let zeros = walk.zeros();
            Ok(sequence_ext::recurrent(cell, walk.projected, walk.weight, walk.bias, zeros).0)
        })?;
        return Ok(Value::Sequence(hidden));
    }
    let walk = Walk::of(cell, pass, x, "")?;
    let states = walk.states(pass);
    let (hidden, last) = sequence_ext::recurrent(cell, walk.projected, walk.weight, walk.bias, states);
    let index = pass.index;
    if let Some(memory) = &mut pass.memory {
        memory.keep(index, last.into_iter().map(Tensor::detach).collect());
    }
    Ok(Value::Sequence(hidden))
}

/// What `Cell::activations` names along the same walk, `[batch, time, activations, units]`.
pub fn activations(cell: Cell, pass: &mut ForwardPass, layer: LayerSpec, x: Value) -> Result<Value, Failure> {
    if !is_both(layer) {
        let walk = Walk::of(cell, pass, x, "")?;
        let states = walk.states(pass);
        let found = sequence_ext::activations(cell, walk.projected, walk.weight, walk.bias, states);
        return Ok(Value::Picture(found));
    }
    let count = cell.activations().len();
    // Activation by activation, so that each has the units of both directions next to each other.
    let each = (0..count).map(|at| {
        both(pass, x.clone(), |pass, x, way| {
            let walk = Walk::of(cell, pass, x, way)?;
            let zeros = walk.zeros();
            let all = sequence_ext::activations(cell, walk.projected, walk.weight, walk.bias, zeros);
            Ok(all.narrow(2, at, 1).squeeze_dim(2))
        })
    });
    let each = each.collect::<Result<Vec<Tensor<3>>, Failure>>()?;
    Ok(Value::Picture(Tensor::stack(each, 2)))
}

/// From the beginning and from the end, each as it is read from the beginning: `[batch, time, 2 · units]`. Both begin at
/// zeros: of what comes after a window, nothing can be in mind yet.
fn both(
    pass: &mut ForwardPass,
    x: Value,
    mut read: impl FnMut(&ForwardPass, Value, &str) -> Result<Tensor<3>, Failure>,
) -> Result<Tensor<3>, Failure> {
    let x = x.sequence();
    let turned = turn(x.clone(), pass.lengths.as_deref());
    let ahead = read(pass, Value::Sequence(x), "")?;
    let back = read(pass, Value::Sequence(turned), REVERSE)?;
    Ok(Tensor::cat(vec![ahead, turn(back, pass.lengths.as_deref())], 2))
}

/// Steps in the opposite order; what fills an example up stays behind it. Done twice, nothing is changed.
fn turn(x: Tensor<3>, lengths: Option<&[usize]>) -> Tensor<3> {
    let [batch, time, features] = x.dims();
    let Some(lengths) = lengths.filter(|lengths| lengths.len() == batch) else { return x.flip([1]) };
    let from = |(example, length): (usize, &usize)| {
        let length = (*length).min(time);
        (0..time).map(move |at| example * time + if at < length { length - 1 - at } else { at })
    };
    let places: Vec<i32> = lengths.iter().enumerate().flat_map(from).map(|place| place as i32).collect();
    let places = Tensor::from_data(TensorData::new(places, [batch * time]), &x.device());
    x.reshape([batch * time, features]).select(0, places).reshape([batch, time, features])
}

/// What one direction of a layer computes with.
struct Walk {
    cell: Cell,
    /// What the inputs of all steps add to the gates, `[batch, time, gates · units]`.
    projected: Tensor<3>,
    weight: Tensor<1>,
    bias: Tensor<1>,
}

impl Walk {
    /// `way` stands behind the names of its parameters.
    fn of(cell: Cell, pass: &ForwardPass, x: Value, way: &str) -> Result<Self, Failure> {
        let weight = |name: &str| pass.weight(&format!("{name}_l0{way}"));
        let parameters = [weight("weight_ih")?, weight("bias_ih")?];
        let projected = projected(pass, x, parameters);
        Ok(Self { cell, projected, weight: weight("weight_hh")?, bias: weight("bias_hh")? })
    }

    /// The states that it begins with, `[batch, units]` each.
    fn states(&self, pass: &ForwardPass) -> Vec<Tensor<2>> {
        let kept = pass.memory.as_ref().and_then(|memory| memory.of(pass.index));
        // Of another number of examples, they are of other examples.
        let kept = kept.filter(|states| states.iter().all(|state| state.dims() == self.shape()));
        kept.unwrap_or_else(|| self.zeros())
    }

    fn zeros(&self) -> Vec<Tensor<2>> {
        vec![Tensor::zeros(self.shape(), &self.projected.device()); self.cell.states()]
    }

    fn shape(&self) -> [usize; 2] {
        let [batch, _, wide] = self.projected.dims();
        [batch, wide / self.cell.gates()]
    }
}

/// What the inputs of all steps add to the gates, by weights and biases: `[batch, time, gates · units]`.
fn projected(pass: &ForwardPass, x: Value, parameters: [Tensor<1>; 2]) -> Tensor<3> {
    match x {
        // The same row weighs the same wherever it comes: once for each token that there is, instead of at each step.
        Value::Rows(rows) if FOLDS && pass.fast && rows.tokens.vocabulary < rows.tokens.ids.len() => {
            let Rows { table, width, tokens } = rows;
            let table = table.reshape([1, tokens.vocabulary, width]);
            let weighed = dense::at_every_step(pass, table, parameters, false);
            let [_, _, width] = weighed.dims();
            Rows { table: weighed.flatten(0, 2), width, tokens }.fetched()
        }
        x => dense::at_every_step(pass, x.sequence(), parameters, false),
    }
}
