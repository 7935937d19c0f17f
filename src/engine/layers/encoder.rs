//! A question's tokens look at all of the question: `[batch, time, width]` → the same, the answers as they were.

use super::block::{Looking, Met, attended, fed};
use super::{ForwardPass, LayerOps};
use crate::engine::parts::Part::Question;
use crate::engine::value::Value;
use crate::layers::LayerSpec;
use crate::protocol::Failure;
use burn::tensor::Tensor;

pub const OPS: LayerOps = LayerOps::of(|pass, layer, x| {
    let x = x.sequence();
    let parts = pass.parts(&x);
    let question = parts.take(Question, &x);
    let looking = Looking::at_itself(false, parts.questions());
    let found = attended(pass, layer, &looking, [question.clone(), question.clone()])?;
    let question = question + found;
    let made = fed(pass, layer, question.clone(), ["norm2.weight", "norm2.bias"])?;
    Ok(Value::Sequence(parts.put(Question, x, question + made)))
});

/// What meets for one example, `[1, time, width]`.
pub fn met(pass: &ForwardPass, layer: LayerSpec, x: Tensor<3>) -> Result<Vec<Met>, Failure> {
    let parts = pass.parts(&x);
    let looking = Looking::at_itself(false, parts.questions());
    let (question, all) = (parts.take(Question, &x), 0..parts.longest(Question));
    Ok(vec![Met::new(pass, layer, &looking, [(question.clone(), all.clone()), (question, all)])?])
}
