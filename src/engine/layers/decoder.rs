//! An answer's tokens look at the answer before them, then at the question: `[batch, time, width]` → the same, the questions
//! as they were.

use super::block::{Looking, Met, attended, fed};
use super::{ForwardPass, LayerOps};
use crate::engine::parts::Part::{Answer, Question};
use crate::engine::parts::Parts;
use crate::engine::value::Value;
use crate::layers::LayerSpec;
use crate::layers::block::CROSS_ATTENTION;
use crate::protocol::Failure;
use burn::tensor::Tensor;
use std::sync::Arc;

pub const OPS: LayerOps = LayerOps::of(|pass, layer, x| {
    let x = x.sequence();
    let parts = pass.parts(&x);
    let (question, answer) = (parts.take(Question, &x), parts.take(Answer, &x));
    let found = attended(pass, layer, &back(), [answer.clone(), answer.clone()])?;
    let answer = answer + found;
    let found = attended(pass, layer, &across(&parts), [answer.clone(), question])?;
    let answer = answer + found;
    let made = fed(pass, layer, answer.clone(), ["norm3.weight", "norm3.bias"])?;
    Ok(Value::Sequence(parts.put(Answer, x, answer + made)))
});

/// At the answer so far. What fills it up is behind its end, where no token looks.
fn back() -> Looking {
    Looking::at_itself(true, Arc::default())
}

/// At the question.
fn across(parts: &Parts) -> Looking {
    Looking {
        names: CROSS_ATTENTION,
        norm: ["norm2.weight", "norm2.bias"],
        shift: "",
        crosses: true,
        causal: false,
        lengths: parts.questions(),
    }
}

/// What meets for one example, `[1, time, width]`: in the answer, and between the answer and the question. Nothing before
/// an answer is asked for.
pub fn met(pass: &ForwardPass, layer: LayerSpec, x: Tensor<3>) -> Result<Vec<Met>, Failure> {
    let (parts, time) = (pass.parts(&x), x.dims()[1]);
    let border = parts.questions()[0];
    if border == 0 || border == time {
        return Ok(Vec::new());
    }
    let (question, answer) = (parts.take(Question, &x), parts.take(Answer, &x));
    let one = (answer.clone(), border..time);
    let back = Met::new(pass, layer, &back(), [one.clone(), one])?;
    let answer = answer.clone() + attended(pass, layer, &self::back(), [answer.clone(), answer])?;
    let across = Met::new(pass, layer, &across(&parts), [(answer, border..time), (question, 0..border)])?;
    Ok(vec![back, across])
}
