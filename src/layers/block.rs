//! A Transformer block (Vaswani et al. 2017) with the normalisation first (Xiong et al. 2020): what attention finds is
//! added to each token, then what a feed-forward network of one hidden layer makes of it. `[time, width]` → the same.

use super::LayerSpec;
use super::cell::BOTH;
use super::kind::{Expected, Init, LayerKind, Number, ParamSpec, channels, sequence, zeros};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::ReceptiveField;

const fn choice(label: &'static str, mark: &'static str, max: usize) -> Number {
    Number { label, mark, min: 0, max, step: 1, default: 0 }
}

/// In the order of a block's numbers.
pub const HEADS: usize = 0;
pub const WIDER: usize = 1;
/// 0: layer normalisation, 1: RMS normalisation.
pub const NORM: usize = 2;
/// 0: GELU, 1: ReLU² (So et al. 2021), 2: SwiGLU (Shazeer 2020).
pub const FEED_FORWARD: usize = 3;
/// Positions in the attention itself. 0: none, 1: rotary (Su et al. 2021), 2: ALiBi (Press et al. 2022).
pub const POSITIONS: usize = 4;
/// 1: queries and keys have one length (Henry et al. 2020).
pub const EQUAL_LENGTHS: usize = 5;
/// 1: each token gets something of the three before it, before it is looked at.
pub const SHIFT: usize = 6;

/// Tokens that a shift mixes: itself and those before it.
pub const TAPS: usize = 4;

pub static KIND: LayerKind = LayerKind {
    word: "block",
    title: "Transformer block",
    heading: "Transformer block, heads: {0}",
    numbers: &[
        Number { label: "Heads", mark: "", min: 1, max: 32, step: 1, default: 4 },
        Number { label: "Feed-forward, times as wide", mark: "f", min: 1, max: 8, step: 1, default: 4 },
        choice("RMS normalisation (0 or 1)", "n", 1),
        choice("GELU 0, ReLU² 1, SwiGLU 2", "a", 2),
        choice("Positions: none 0, rotary 1, ALiBi 2", "p", 2),
        choice("Queries and keys of one length (0 or 1)", "q", 1),
        choice("Shift (0 or 1)", "s", 1),
        BOTH,
    ],
    output: |layer, input| {
        let [time, width] = sequence(input)?;
        let heads = layer.number(HEADS).max(1);
        // Rotary positions turn pairs of a head's numbers.
        let share = if layer.number(POSITIONS) == 1 { 2 * heads } else { heads };
        if width.is_multiple_of(share) { Ok(vec![time, width]) } else { Err(Expected::Shared(share)) }
    },
    parameters,
    multiply_adds: |layer, input| {
        let [time, width] = [input.first().copied().unwrap_or(0), channels(input)];
        let weights =
            4 * width * width + feed_forward_rows(layer, width) * width + hidden(layer, width) * width;
        time * (weights + 2 * time * width)
    },
};

/// From its numbers in their order.
pub fn block(numbers: [usize; 8]) -> LayerSpec {
    LayerSpec::of(&KIND, &numbers)
}

/// Numbers in the middle of the feed-forward network.
pub fn hidden(layer: LayerSpec, width: usize) -> usize {
    layer.number(WIDER) * width
}

/// What its first product gives: SwiGLU takes twice as many.
pub fn feed_forward_rows(layer: LayerSpec, width: usize) -> usize {
    hidden(layer, width) * if layer.number(FEED_FORWARD) == 2 { 2 } else { 1 }
}

/// As `torch.nn.TransformerEncoderLayer` names them. What is added to a token begins as nothing, so that a fresh block
/// hands on what it gets.
fn parameters(layer: LayerSpec, input: &[usize]) -> Vec<ParamSpec> {
    let width = channels(input);
    let (hidden, rows) = (hidden(layer, width), feed_forward_rows(layer, width));
    let one = |name, shape: &[usize], init| ParamSpec { name, shape: shape.to_vec(), init, trained: true };
    let into = Init::Normal { thousandths: (1000.0 / (width.max(1) as f64).sqrt()) as usize };
    let norm = |[weight, bias]: [&'static str; 2]| {
        let bias = (layer.number(NORM) == 0).then(|| zeros(bias, width));
        [one(weight, &[width], Init::One)].into_iter().chain(bias)
    };
    let shift = |name| (layer.number(SHIFT) == 1).then(|| one(name, &[TAPS, width], Init::Zero));
    norm(["norm1.weight", "norm1.bias"])
        .chain(shift("shift1"))
        .chain([
            one("self_attn.in_proj_weight", &[3 * width, width], into),
            zeros("self_attn.in_proj_bias", 3 * width),
            one("self_attn.out_proj.weight", &[width, width], Init::Zero),
            zeros("self_attn.out_proj.bias", width),
        ])
        .chain(norm(["norm2.weight", "norm2.bias"]))
        .chain(shift("shift2"))
        .chain([
            one("linear1.weight", &[rows, width], into),
            zeros("linear1.bias", rows),
            one("linear2.weight", &[width, hidden], Init::Zero),
            zeros("linear2.bias", width),
        ])
        .collect()
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        let width = channels(input);
        let all = parameters(layer, input).iter().map(ParamSpec::len).sum();
        Sentence {
            text: "Each token looks at others with {0} heads of {1} numbers, and adds what it finds to itself; then a network of {2} hidden units, the same for every token, adds something too: {3} parameters",
            values: vec![layer.number(HEADS), width / layer.number(HEADS).max(1), hidden(layer, width), all],
        }
    },
    explain: Explain::Steps(|_, _| Vec::new()),
    sees: |_, view| ReceptiveField::whole(view.before, None),
    in_torch: |line| format!("Block({}, {})", line.channels(), arguments(line.info.layer)),
    in_keras: |line| format!("Block({}, name=\"{}\")(x)", arguments(line.info.layer), line.index),
    in_burn: |line| BurnLine::Field {
        kind: "Block",
        init: format!("Block::new({}, {}, device)", line.channels(), arguments(line.info.layer)),
        weights: &[],
    },
    definitions: [TORCH, "", ""],
};

fn arguments(layer: LayerSpec) -> String {
    layer.numbers().iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

const TORCH: &str = "
class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.randn(3 * width, width) / width**0.5)
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)
        nn.init.zeros_(self.out_proj.weight)
        nn.init.zeros_(self.out_proj.bias)


class Block(nn.Module):
    # Positions: 0 none, 1 rotary, 2 ALiBi. Feed-forward: 0 GELU, 1 ReLU², 2 SwiGLU.
    def __init__(self, width, heads, wider, rms, feed_forward, positions, equal, shift, both_ways):
        super().__init__()
        self.heads, self.both_ways, self.feed_forward = heads, both_ways, feed_forward
        self.positions, self.equal = positions, equal
        norm = (lambda: nn.RMSNorm(width, eps=1e-5)) if rms else (lambda: nn.LayerNorm(width))
        self.norm1, self.norm2 = norm(), norm()
        if shift:
            self.shift1, self.shift2 = (nn.Parameter(torch.zeros(4, width)) for _ in range(2))
        else:
            self.shift1 = self.shift2 = None
        self.self_attn = Attention(width)
        hidden = wider * width
        self.linear1 = nn.Linear(width, 2 * hidden if feed_forward == 2 else hidden)
        self.linear2 = nn.Linear(hidden, width)
        nn.init.normal_(self.linear1.weight, std=width**-0.5)
        for zero in (self.linear1.bias, self.linear2.weight, self.linear2.bias):
            nn.init.zeros_(zero)

    def mixed(self, x, weight):
        if weight is None:
            return x
        before = F.pad(x, (0, 0, 3, 0))
        return x + sum(before[:, 3 - i : 3 - i + x.shape[1]] * weight[i] for i in range(4))

    def attended(self, x):
        batch, time, width = x.shape
        size = width // self.heads
        three = F.linear(x, self.self_attn.in_proj_weight, self.self_attn.in_proj_bias).chunk(3, dim=-1)
        q, k, v = (one.view(batch, time, self.heads, size).transpose(1, 2) for one in three)
        if self.equal:
            q, k = (one * (one.square().mean(-1, keepdim=True) + 1e-6).rsqrt() for one in (q, k))
        place = torch.arange(time, device=x.device)
        if self.positions == 1:
            angle = place[:, None] * 10000 ** (-torch.arange(0, size, 2, device=x.device) / size)
            turn = lambda a, b: torch.cat([a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], -1)
            q, k = (turn(*one.chunk(2, dim=-1)) for one in (q, k))
        mask = torch.zeros(self.heads, time, time, device=x.device)
        if self.positions == 2:
            slopes = 2 ** (-8 * (torch.arange(self.heads, device=x.device) + 1) / self.heads)
            mask = -slopes[:, None, None] * (place[:, None] - place[None, :]).abs()
        if not self.both_ways:
            mask = mask.masked_fill(place[None, :] > place[:, None], float(\"-inf\"))
        found = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.self_attn.out_proj(found.transpose(1, 2).reshape(batch, time, width))

    def fed(self, x):
        x = self.linear1(x)
        if self.feed_forward == 0:
            x = F.gelu(x)
        elif self.feed_forward == 1:
            x = F.relu(x).square()
        else:
            gate, x = x.chunk(2, dim=-1)
            x = F.silu(gate) * x
        return self.linear2(x)

    def forward(self, x):
        x = x + self.attended(self.mixed(self.norm1(x), self.shift1))
        return x + self.fed(self.mixed(self.norm2(x), self.shift2))


";
