//! x + attention(norm(x)), then x + feed-forward(norm(x)): `[batch, time, width]` → the same.

use super::dense::at_every_step;
use super::layer_norm::rows;
use super::{ForwardPass, LayerOps};
use crate::engine::attention::{Attention, HeadRows};
use crate::engine::attention_ext;
use crate::engine::value::Value;
use crate::layers::LayerSpec;
use crate::layers::block::{EQUAL_LENGTHS, FEED_FORWARD, HEADS, NORM, POSITIONS, SHIFT};
use crate::layers::cell::is_both;
use crate::protocol::Failure;
use burn::tensor::Tensor;
use burn::tensor::activation::{gelu, silu};

pub const OPS: LayerOps = LayerOps {
    forward: |pass, layer, x| {
        let x = x.sequence();
        let found = attended(pass, layer, x.clone())?;
        let x = x + found;
        let made = fed(pass, layer, x.clone())?;
        Ok(Value::Sequence(x + made))
    },
    // How much each token takes of each other: `[batch, heads, time, time]`.
    inside: Some(|pass, layer, x| {
        let (of, [queries, keys, _]) = projected(pass, layer, x.sequence())?;
        Ok(Value::Picture(attention_ext::attention_weights(of, queries, keys)))
    }),
};

/// What attention finds for each token.
fn attended(pass: &ForwardPass, layer: LayerSpec, x: Tensor<3>) -> Result<Tensor<3>, Failure> {
    let (of, [queries, keys, values]) = projected(pass, layer, x)?;
    let found = attention_ext::attention(of, queries, keys, values);
    let parameters = [pass.weight("self_attn.out_proj.weight")?, pass.weight("self_attn.out_proj.bias")?];
    Ok(at_every_step(pass, found, parameters, false))
}

/// Queries, keys and values of what a block gets.
fn projected(
    pass: &ForwardPass,
    layer: LayerSpec,
    x: Tensor<3>,
) -> Result<(Attention, [Tensor<3>; 3]), Failure> {
    let x = prepared(pass, layer, x, ["norm1.weight", "norm1.bias"], "shift1")?;
    let ([batch, time, width], heads) = (x.dims(), layer.number(HEADS));
    let [weight, bias] = [pass.weight("self_attn.in_proj_weight")?, pass.weight("self_attn.in_proj_bias")?];
    let [queries, keys, values] = [0, 1, 2].map(|at| {
        let weight = weight.clone().narrow(0, at * width * width, width * width);
        let bias = bias.clone().narrow(0, at * width, width);
        at_every_step(pass, x.clone(), [weight, bias], false)
    });
    let normalised = layer.number(EQUAL_LENGTHS) == 1;
    let rotary = layer.number(POSITIONS) == 1;
    let rows = HeadRows { time, heads, size: width / heads, normalised, rotary };
    let [queries, keys] = match normalised || rotary {
        true => [queries, keys].map(|x| attention_ext::head_rows(rows, x)),
        false => [queries, keys],
    };
    // What fills an example up is behind its end, where no token looks that only looks back.
    let lengths = pass.lengths.clone().filter(|all| is_both(layer) && all.len() == batch).unwrap_or_default();
    let of = Attention {
        batch,
        heads,
        width,
        queries: time,
        keys: time,
        causal: !is_both(layer),
        sloped: layer.number(POSITIONS) == 2,
        lengths,
    };
    Ok((of, [queries, keys, values]))
}

/// What the feed-forward network makes of each token.
fn fed(pass: &ForwardPass, layer: LayerSpec, x: Tensor<3>) -> Result<Tensor<3>, Failure> {
    let x = prepared(pass, layer, x, ["norm2.weight", "norm2.bias"], "shift2")?;
    let first = [pass.weight("linear1.weight")?, pass.weight("linear1.bias")?];
    let second = [pass.weight("linear2.weight")?, pass.weight("linear2.bias")?];
    let kind = layer.number(FEED_FORWARD);
    let x = at_every_step(pass, x, first, kind == 1);
    let x = match kind {
        0 => gelu(x),
        1 => x.clone() * x,
        _ => {
            let half = x.dims()[2] / 2;
            silu(x.clone().narrow(2, 0, half)) * x.narrow(2, half, half)
        }
    };
    Ok(at_every_step(pass, x, second, false))
}

/// Normalised, and with something of the tokens before if the block shifts.
fn prepared(
    pass: &ForwardPass,
    layer: LayerSpec,
    x: Tensor<3>,
    [gamma, beta]: [&str; 2],
    shift: &str,
) -> Result<Tensor<3>, Failure> {
    let (gamma, centred) = (pass.weight(gamma)?, layer.number(NORM) == 0);
    let beta = if centred { pass.weight(beta)? } else { Tensor::zeros([x.dims()[2]], &x.device()) };
    let x = rows(x, [gamma, beta], centred);
    if layer.number(SHIFT) == 0 {
        return Ok(x);
    }
    Ok(attention_ext::shift(x, pass.weight(shift)?))
}
