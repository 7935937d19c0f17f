//! A Transformer block as the scripts define it. Its numbers are those of `block`, in their order.

/// For PyTorch, Keras and Burn.
pub const DEFINITIONS: [&str; 3] = [TORCH, KERAS, BURN];

const TORCH: &str = "
class Product(nn.Module):
    # As nn.Linear, whose weights the script begins in its own way.
    def __init__(self, features, units, std):
        super().__init__()
        self.weight = nn.Parameter(std * torch.randn(units, features))
        self.bias = nn.Parameter(torch.zeros(units))

    def forward(self, x):
        return nn.functional.linear(x, self.weight, self.bias)


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.randn(3 * width, width) / width**0.5)
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = Product(width, width, 0)


class Block(nn.Module):
    # Positions: 0 none, 1 rotary, 2 ALiBi. Feed-forward: 0 GELU, 1 ReLU², 2 SwiGLU.
    def __init__(self, width, heads, wider, rms, feed_forward, positions, equal, shift, both_ways):
        super().__init__()
        self.heads, self.both_ways, self.feed_forward = heads, both_ways, feed_forward
        self.positions, self.equal = positions, equal
        self.norm1, self.norm2 = (RmsNorm(width) if rms else nn.LayerNorm(width) for _ in range(2))
        if shift:
            self.shift1, self.shift2 = (nn.Parameter(torch.zeros(4, width)) for _ in range(2))
        else:
            self.shift1 = self.shift2 = None
        self.self_attn = Attention(width)
        hidden = wider * width
        self.linear1 = Product(width, 2 * hidden if feed_forward == 2 else hidden, width**-0.5)
        self.linear2 = Product(hidden, width, 0)

    def mixed(self, x, weight):
        # Each token gets something of the three before it.
        if weight is None:
            return x
        before = nn.functional.pad(x, (0, 0, 3, 0))
        return x + sum(before[:, 3 - i : 3 - i + x.shape[1]] * weight[i] for i in range(4))

    def attended(self, x):
        batch, time, width = x.shape
        size = width // self.heads
        of = self.self_attn
        three = nn.functional.linear(x, of.in_proj_weight, of.in_proj_bias).chunk(3, dim=-1)
        q, k, v = (one.view(batch, time, self.heads, size).transpose(1, 2) for one in three)
        if self.equal:
            q, k = (one * (one.square().mean(-1, keepdim=True) + 1e-6).rsqrt() for one in (q, k))
        place = torch.arange(time, device=x.device)
        if self.positions == 1:
            angle = place[:, None] * 10000 ** (-torch.arange(0, size, 2, device=x.device) / size)
            turn = lambda a, b: torch.cat([a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], -1)
            q, k = (turn(*one.chunk(2, dim=-1)) for one in (q, k))
        scores = q @ k.transpose(-2, -1) / size**0.5
        if self.positions == 2:
            slopes = 2 ** (-8 * (torch.arange(self.heads, device=x.device) + 1) / self.heads)
            scores = scores - slopes[:, None, None] * (place[:, None] - place[None, :]).abs()
        if not self.both_ways:
            scores = scores.masked_fill(place[None, :] > place[:, None], float(\"-inf\"))
        found = scores.softmax(-1) @ v
        return of.out_proj(found.transpose(1, 2).reshape(batch, time, width))

    def fed(self, x):
        x = self.linear1(x)
        if self.feed_forward == 0:
            x = nn.functional.gelu(x)
        elif self.feed_forward == 1:
            x = torch.relu(x).square()
        else:
            gate, x = x.chunk(2, dim=-1)
            x = nn.functional.silu(gate) * x
        return self.linear2(x)

    def forward(self, x):
        x = x + self.attended(self.mixed(self.norm1(x), self.shift1))
        return x + self.fed(self.mixed(self.norm2(x), self.shift2))


";

const KERAS: &str = "
class Block(layers.Layer):
    # Positions: 0 none, 1 rotary, 2 ALiBi. Feed-forward: 0 GELU, 1 ReLU², 2 SwiGLU. Its weights are as PyTorch has them.
    def __init__(self, heads, wider, rms, feed_forward, positions, equal, shift, both_ways, **named):
        super().__init__(**named)
        self.heads, self.wider, self.rms, self.feed_forward = heads, wider, rms, feed_forward
        self.positions, self.equal, self.shift, self.both_ways = positions, equal, shift, both_ways

    def build(self, shape):
        width = shape[-1]
        hidden = self.wider * width
        self.parts = {}

        def add(name, shape, begins):
            penalty = start.get(\"kernel_regularizer\") if len(shape) > 1 else None
            self.parts[name] = self.add_weight(shape=shape, initializer=begins, regularizer=penalty)

        def product(weight, bias, features, units, begins):
            add(weight, (units, features), begins)
            add(bias, (units,), \"zeros\")

        for half in (\"1\", \"2\"):
            add(f\"norm{half}.weight\", (width,), \"ones\")
            if not self.rms:
                add(f\"norm{half}.bias\", (width,), \"zeros\")
            if self.shift:
                add(f\"shift{half}\", (4, width), \"zeros\")
        into = drawn(width**-0.5)
        product(\"self_attn.in_proj_weight\", \"self_attn.in_proj_bias\", width, 3 * width, into)
        product(\"self_attn.out_proj.weight\", \"self_attn.out_proj.bias\", width, width, \"zeros\")
        rows = 2 * hidden if self.feed_forward == 2 else hidden
        product(\"linear1.weight\", \"linear1.bias\", width, rows, into)
        product(\"linear2.weight\", \"linear2.bias\", hidden, width, \"zeros\")

    def times(self, x, weight, bias):
        return keras.ops.matmul(x, keras.ops.transpose(self.parts[weight])) + self.parts[bias]

    def normed(self, x, half):
        if not self.rms:
            x = x - keras.ops.mean(x, axis=-1, keepdims=True)
        x = x * keras.ops.rsqrt(keras.ops.mean(keras.ops.square(x), axis=-1, keepdims=True) + 1e-5)
        x = x * self.parts[f\"norm{half}.weight\"]
        return x if self.rms else x + self.parts[f\"norm{half}.bias\"]

    def mixed(self, x, half):
        # Each token gets something of the three before it.
        if not self.shift:
            return x
        before = keras.ops.pad(x, ((0, 0), (3, 0), (0, 0)))
        weight = self.parts[f\"shift{half}\"]
        return x + sum(before[:, 3 - i : -i or None] * weight[i] for i in range(4))

    def attended(self, x):
        size = x.shape[-1] // self.heads
        three = self.times(x, \"self_attn.in_proj_weight\", \"self_attn.in_proj_bias\")
        heads = lambda one: keras.ops.stack(keras.ops.split(one, self.heads, axis=-1), axis=1)
        q, k, v = map(heads, keras.ops.split(three, 3, axis=-1))
        if self.equal:
            square = lambda one: keras.ops.mean(keras.ops.square(one), axis=-1, keepdims=True)
            q, k = (one * keras.ops.rsqrt(square(one) + 1e-6) for one in (q, k))
        place = keras.ops.arange(keras.ops.shape(x)[1], dtype=\"float32\")
        if self.positions == 1:
            angle = place[:, None] * 10000 ** (-keras.ops.arange(0, size, 2, dtype=\"float32\") / size)
            cos, sin = keras.ops.cos(angle), keras.ops.sin(angle)
            turn = lambda a, b: keras.ops.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)
            q, k = (turn(*keras.ops.split(one, 2, axis=-1)) for one in (q, k))
        scores = keras.ops.matmul(q, keras.ops.swapaxes(k, -1, -2)) / size**0.5
        if self.positions == 2:
            slopes = 2 ** (-8 * (keras.ops.arange(self.heads, dtype=\"float32\") + 1) / self.heads)
            scores = scores - slopes[:, None, None] * keras.ops.abs(place[:, None] - place[None, :])
        if not self.both_ways:
            scores = keras.ops.where(place[None, :] > place[:, None], -1e30, scores)
        found = keras.ops.matmul(keras.ops.softmax(scores), v)
        found = keras.ops.concatenate([found[:, head] for head in range(self.heads)], axis=-1)
        return self.times(found, \"self_attn.out_proj.weight\", \"self_attn.out_proj.bias\")

    def fed(self, x):
        x = self.times(x, \"linear1.weight\", \"linear1.bias\")
        if self.feed_forward == 0:
            x = keras.ops.gelu(x, approximate=False)
        elif self.feed_forward == 1:
            x = keras.ops.square(keras.ops.relu(x))
        else:
            gate, x = keras.ops.split(x, 2, axis=-1)
            x = keras.ops.silu(gate) * x
        return self.times(x, \"linear2.weight\", \"linear2.bias\")

    def call(self, x):
        x = x + self.attended(self.mixed(self.normed(x, \"1\"), \"1\"))
        return x + self.fed(self.mixed(self.normed(x, \"2\"), \"2\"))


";

const BURN: &str = "#[derive(Module, Debug)]
enum Norm {
    Layer(nn::LayerNorm),
    Rms(nn::RmsNorm),
}

/// Weights that begin like this, and biases that begin as 0.
fn product(features: usize, units: usize, begins: Initializer, device: &Device) -> Linear {
    let mut product = LinearConfig::new(features, units).with_initializer(begins).init(device);
    product.bias = Some(Initializer::Zeros.init([units], device));
    product
}

/// Positions: 0 none, 1 rotary, 2 ALiBi. Feed-forward: 0 GELU, 1 ReLU², 2 SwiGLU.
#[derive(Module, Debug)]
struct Block {
    norms: Vec<Norm>,
    shifts: Vec<burn::module::Param<Tensor<2>>>,
    in_proj: Linear,
    out_proj: Linear,
    linear1: Linear,
    linear2: Linear,
    heads: usize,
    feed_forward: usize,
    positions: usize,
    equal: bool,
    both_ways: bool,
}

impl Block {
    /// Heads, feed-forward so many times as wide, RMS normalisation, feed-forward, positions, queries and keys of one
    /// length, shift, both ways.
    fn new(width: usize, numbers: [usize; 8], device: &Device) -> Self {
        let [heads, wider, rms, feed_forward, positions, equal, shift, both_ways] = numbers;
        let norm = |_| match rms {
            0 => Norm::Layer(nn::LayerNormConfig::new(width).init(device)),
            _ => Norm::Rms(nn::RmsNormConfig::new(width).with_epsilon(1e-5).init(device)),
        };
        let hidden = wider * width;
        let rows = if feed_forward == 2 { 2 * hidden } else { hidden };
        let into = || drawn((width as f64).powf(-0.5));
        Self {
            norms: (0..2).map(norm).collect(),
            shifts: (0..2 * shift).map(|_| Initializer::Zeros.init([4, width], device)).collect(),
            in_proj: product(width, 3 * width, into(), device),
            out_proj: product(width, width, Initializer::Zeros, device),
            linear1: product(width, rows, into(), device),
            linear2: product(hidden, width, Initializer::Zeros, device),
            heads,
            feed_forward,
            positions,
            equal: equal == 1,
            both_ways: both_ways == 1,
        }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let x = x.clone() + self.attended(self.prepared(x, 0));
        x.clone() + self.fed(self.prepared(x, 1))
    }

    /// Normalised, and with something of the three tokens before.
    fn prepared(&self, x: Tensor<3>, half: usize) -> Tensor<3> {
        let x = match &self.norms[half] {
            Norm::Layer(norm) => norm.forward(x),
            Norm::Rms(norm) => norm.forward(x),
        };
        let Some(weight) = self.shifts.get(half) else { return x };
        let [batch, time, width] = x.dims();
        let before = Tensor::cat(vec![Tensor::zeros([batch, 3, width], &x.device()), x.clone()], 1);
        (0..4).fold(x, |sum, i| {
            let weight = weight.val().narrow(0, i, 1).reshape([1, 1, width]);
            sum + before.clone().narrow(1, 3 - i, time) * weight
        })
    }

    fn attended(&self, x: Tensor<3>) -> Tensor<3> {
        let ([batch, time, width], device) = (x.dims(), x.device());
        let size = width / self.heads;
        let three = self.in_proj.forward(x);
        let heads = |at: usize| {
            let one = three.clone().narrow(2, at * width, width);
            one.reshape([batch, time, self.heads, size]).swap_dims(1, 2)
        };
        let [q, k] = [0, 1].map(|at| self.placed(heads(at)));
        let scores = q.matmul(k.swap_dims(2, 3)) / (size as f64).sqrt() + self.mask(time, &device);
        let found: Tensor<4> = burn::tensor::activation::softmax(scores, 3).matmul(heads(2));
        self.out_proj.forward(found.swap_dims(1, 2).reshape([batch, time, width]))
    }

    /// Queries or keys, `[batch, heads, time, size]`.
    fn placed(&self, mut x: Tensor<4>) -> Tensor<4> {
        let [_, _, time, size] = x.dims();
        if self.equal {
            let square = (x.clone() * x.clone()).mean_dim(3);
            x = x / (square + 1e-6).sqrt();
        }
        if self.positions != 1 {
            return x;
        }
        let half = size / 2;
        let angle = |at: usize| (at / half) as f64 * 10_000_f64.powf(-2.0 * (at % half) as f64 / size as f64);
        let table = |of: fn(f64) -> f64| {
            let values: Vec<f32> = (0..time * half).map(|at| of(angle(at)) as f32).collect();
            Tensor::<4>::from_data(TensorData::new(values, [1, 1, time, half]), &x.device())
        };
        let [cos, sin] = [table(f64::cos), table(f64::sin)];
        let [a, b] = [0, half].map(|from| x.clone().narrow(3, from, half));
        let first = a.clone() * cos.clone() - b.clone() * sin.clone();
        Tensor::cat(vec![first, a * sin + b * cos], 3)
    }

    /// What is added to each score: less the farther away, and nothing of what comes after.
    fn mask(&self, time: usize, device: &Device) -> Tensor<4> {
        let of = |at: usize| {
            let (head, query, key) = (at / time / time, at / time % time, at % time);
            if key > query && !self.both_ways {
                return f32::NEG_INFINITY;
            }
            let slope = (-8.0 * (head + 1) as f32 / self.heads as f32).exp2();
            if self.positions == 2 { -slope * query.abs_diff(key) as f32 } else { 0.0 }
        };
        let values: Vec<f32> = (0..self.heads * time * time).map(of).collect();
        Tensor::from_data(TensorData::new(values, [1, self.heads, time, time]), device)
    }

    fn fed(&self, x: Tensor<3>) -> Tensor<3> {
        let x = self.linear1.forward(x);
        let x = match self.feed_forward {
            0 => gelu(x),
            1 => relu(x.clone()) * relu(x),
            _ => {
                let half = x.dims()[2] / 2;
                burn::tensor::activation::silu(x.clone().narrow(2, 0, half)) * x.narrow(2, half, half)
            }
        };
        self.linear2.forward(x)
    }
}

";
