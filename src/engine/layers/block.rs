//! x + attention(norm(x)), then x + feed-forward(norm(x)): `[batch, time, width]` → the same.

use super::dense::at_every_step;
use super::layer_norm::rows;
use super::{ForwardPass, LayerOps, decoder, encoder};
use crate::engine::attention::{Attention, HeadRows};
use crate::engine::attention_ext;
use crate::engine::device::tensor;
use crate::engine::network::Network;
use crate::engine::value::Value;
use crate::layers::block::{
    AttentionNames, EQUAL_LENGTHS, FEED_FORWARD, HEADS, KIND, NORM, POSITIONS, SELF_ATTENTION, SHIFT,
};
use crate::layers::cell::is_both;
use crate::layers::{LayerSpec, decoder as decoders, encoder as encoders};
use crate::protocol::Failure;
use burn::tensor::Tensor;
use burn::tensor::activation::silu;
use std::ops::Range;
use std::sync::Arc;

pub const OPS: LayerOps = LayerOps::of(|pass, layer, x| {
    let x = x.sequence();
    let found = attended(pass, layer, &itself(pass, layer), [x.clone(), x.clone()])?;
    let x = x + found;
    let made = fed(pass, layer, x.clone(), ["norm2.weight", "norm2.bias"])?;
    Ok(Value::Sequence(x + made))
});

/// Which of a block's attentions it is, and what its queries see.
pub(super) struct Looking {
    pub names: AttentionNames,
    /// Names of γ and β of the normalisation of what asks, and the name of its shift.
    pub norm: [&'static str; 2],
    pub shift: &'static str,
    /// What is asked is not what asks, and stands as it is: a decoder asks what an encoder has made of a question.
    pub crosses: bool,
    pub causal: bool,
    /// How many keys of each example are no padding; all where it is empty.
    pub lengths: Arc<[usize]>,
}

impl Looking {
    /// A sequence at itself.
    pub fn at_itself(causal: bool, lengths: Arc<[usize]>) -> Self {
        let norm = ["norm1.weight", "norm1.bias"];
        Self { names: SELF_ATTENTION, norm, shift: "shift1", crosses: false, causal, lengths }
    }
}

fn itself(pass: &ForwardPass, layer: LayerSpec) -> Looking {
    // What fills an example up is behind its end, where no token looks that only looks back.
    let lengths = pass.lengths.clone().filter(|_| is_both(layer)).unwrap_or_default();
    Looking::at_itself(!is_both(layer), lengths)
}

/// Queries, keys and values of one example as they meet, `[1, time, width]` each.
pub struct Met {
    pub of: Attention,
    pub rows: [Tensor<3>; 3],
    /// Which tokens ask, and which are asked.
    pub queries: Range<usize>,
    pub keys: Range<usize>,
    pub crosses: bool,
}

/// Everything that meets in the layer at `index`; `flows` are what the network and then each layer gets. Nothing where
/// tokens do not look at each other.
pub fn met(network: &Network, index: usize, flows: &[Value]) -> Result<Vec<Met>, Failure> {
    let (weights, layer) = (network.weights(), network.layers[index].layer);
    let mut pass = ForwardPass::new(network, &weights, None).observed();
    pass.reading(&flows[0]);
    pass.index = index;
    let x = flows[index].clone();
    if layer.is(&encoders::KIND) {
        return encoder::met(&pass, layer, x.sequence());
    }
    if layer.is(&decoders::KIND) {
        return decoder::met(&pass, layer, x.sequence());
    }
    if !layer.is(&KIND) {
        return Ok(Vec::new());
    }
    let x = x.sequence();
    let all = 0..x.dims()[1];
    let met = Met::new(&pass, layer, &itself(&pass, layer), [(x.clone(), all.clone()), (x, all)])?;
    Ok(vec![met])
}

impl Met {
    /// Of tokens that ask and tokens that are asked, each with their places in the sequence.
    pub(super) fn new(
        pass: &ForwardPass,
        layer: LayerSpec,
        looking: &Looking,
        [asks, asked]: [(Tensor<3>, Range<usize>); 2],
    ) -> Result<Self, Failure> {
        let (of, rows) = projected(pass, layer, looking, [asks.0, asked.0])?;
        Ok(Self { of, rows, queries: asks.1, keys: asked.1, crosses: looking.crosses })
    }

    /// How much each token that asks takes of each that is asked: `[1, heads, queries, keys]`.
    pub fn weights(&self) -> Tensor<4> {
        let [queries, keys, _] = self.rows.clone();
        attention_ext::attention_weights(self.of.clone(), queries, keys)
    }
}

/// What attention finds for each token that asks, in those that are asked.
pub(super) fn attended(
    pass: &ForwardPass,
    layer: LayerSpec,
    looking: &Looking,
    x: [Tensor<3>; 2],
) -> Result<Tensor<3>, Failure> {
    let (of, [queries, keys, values]) = projected(pass, layer, looking, x)?;
    let found = heard(pass, layer, looking, attention_ext::attention(of, queries, keys, values));
    let [_, _, weight, bias] = looking.names;
    Ok(at_every_step(pass, found, [pass.weight(weight)?, pass.weight(bias)?], false))
}

/// What the heads found that are not switched off.
fn heard(pass: &ForwardPass, layer: LayerSpec, looking: &Looking, found: Tensor<3>) -> Tensor<3> {
    let width = found.dims()[2];
    let size = width / layer.number(HEADS);
    let mut share = vec![1.0; width];
    pass.off(looking.crosses).for_each(|head| share[head * size..(head + 1) * size].fill(0.0));
    if share.iter().all(|share| *share == 1.0) {
        return found;
    }
    let share = tensor(share, [1, 1, width], &found.device());
    found * share
}

/// Queries, keys and values.
fn projected(
    pass: &ForwardPass,
    layer: LayerSpec,
    looking: &Looking,
    [asks, asked]: [Tensor<3>; 2],
) -> Result<(Attention, [Tensor<3>; 3]), Failure> {
    let asks = prepared(pass, layer, asks, looking.norm, looking.shift)?;
    let asked = if looking.crosses { asked } else { asks.clone() };
    let ([batch, queries, width], heads) = (asks.dims(), layer.number(HEADS));
    let [weight, bias, ..] = looking.names;
    let [weight, bias] = [pass.weight(weight)?, pass.weight(bias)?];
    let projected = |at: usize, x: &Tensor<3>| {
        let weight = weight.clone().narrow(0, at * width * width, width * width);
        let bias = bias.clone().narrow(0, at * width, width);
        at_every_step(pass, x.clone(), [weight, bias], false)
    };
    let normalised = layer.number(EQUAL_LENGTHS) == 1;
    // How far a question's token is from an answer's says nothing.
    let rotary = layer.number(POSITIONS) == 1 && !looking.crosses;
    let meet = |x: Tensor<3>| {
        let rows = HeadRows { time: x.dims()[1], heads, size: width / heads, normalised, rotary };
        if normalised || rotary { attention_ext::head_rows(rows, x) } else { x }
    };
    let of = Attention {
        batch,
        heads,
        width,
        queries,
        keys: asked.dims()[1],
        causal: looking.causal,
        sloped: layer.number(POSITIONS) == 2 && !looking.crosses,
        lengths: if looking.lengths.len() == batch { looking.lengths.clone() } else { Arc::default() },
    };
    let [queries, keys, values] = [projected(0, &asks), projected(1, &asked), projected(2, &asked)];
    Ok((of, [meet(queries), meet(keys), values]))
}

/// What the feed-forward network makes of each token, behind the normalisation with these weights.
pub(super) fn fed(
    pass: &ForwardPass,
    layer: LayerSpec,
    x: Tensor<3>,
    norm: [&str; 2],
) -> Result<Tensor<3>, Failure> {
    let x = prepared(pass, layer, x, norm, "shift2")?;
    let first = [pass.weight("linear1.weight")?, pass.weight("linear1.bias")?];
    let second = [pass.weight("linear2.weight")?, pass.weight("linear2.bias")?];
    let kind = layer.number(FEED_FORWARD);
    let x = at_every_step(pass, x, first, kind == 1);
    let x = match kind {
        0 => attention_ext::gelu(x),
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
