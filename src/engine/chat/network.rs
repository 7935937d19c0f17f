//! The network that talks, of the Llama family (Touvron et al. 2023, arXiv:2302.13971): blocks of RMS normalisation, grouped
//! attention over rotary positions (Su et al. 2021), and SwiGLU (Shazeer 2020); what it says comes through the embedding
//! again. Its weights stay in the file's own bytes.

use super::cache::Cache;
use crate::chat::gguf::{Encoding, Head, TensorPlace};
use crate::engine::exponential::exp;
use crate::engine::kernels::cached_attention::CachedAttention;
use crate::engine::kernels::quantised::{self, Activations, Quantised};

/// How large it is, by its file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    pub blocks: usize,
    pub width: usize,
    pub inner: usize,
    pub vocabulary: usize,
    pub attention: CachedAttention,
    epsilon: f32,
    /// Positions turn by powers of this.
    base: f64,
}

/// The matrices of a block, in the order in which they are named here.
const MATRICES: [&str; 7] = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];

struct Block {
    norms: [Vec<f32>; 2],
    matrices: [TensorPlace; 7],
}

pub struct Network {
    pub sizes: Sizes,
    /// The file, with the rows of its matrices in turns.
    file: Vec<u8>,
    embedding: TensorPlace,
    blocks: Vec<Block>,
    last_norm: Vec<f32>,
}

impl Sizes {
    pub fn read(head: &Head) -> Result<Self, String> {
        let architecture = head.text("general.architecture")?;
        if architecture != "llama" {
            return Err(format!("it is of the kind “{architecture}”, which is not known here"));
        }
        let count = |key: &str| head.count(&format!("llama.{key}"));
        let [blocks, width, inner] =
            [count("block_count")?, count("embedding_length")?, count("feed_forward_length")?];
        let [heads, groups] = [count("attention.head_count")?, count("attention.head_count_kv")?];
        let size = width.checked_div(heads).unwrap_or(0);
        let whole = groups > 0 && heads.is_multiple_of(groups) && size * heads == width;
        if !whole || !size.is_multiple_of(4) || count("rope.dimension_count")? != size {
            return Err("its heads do not fit its width".into());
        }
        let epsilon = head.number("llama.attention.layer_norm_rms_epsilon")? as f32;
        let base = head.number("llama.rope.freq_base")?;
        let vocabulary = head.texts("tokenizer.ggml.tokens")?.len();
        let attention = CachedAttention { heads, groups, size };
        Ok(Self { blocks, width, inner, vocabulary, attention, epsilon, base })
    }

    /// Numbers that are kept of a token in each block, of keys as of values.
    pub fn kept(&self) -> usize {
        self.attention.groups * self.attention.size
    }

    /// Shapes of `MATRICES`.
    fn shapes(&self) -> [[usize; 2]; 7] {
        let Self { width, inner, .. } = *self;
        let kept = self.kept();
        [
            [width, width],
            [kept, width],
            [kept, width],
            [width, width],
            [inner, width],
            [inner, width],
            [width, inner],
        ]
    }
}

impl Network {
    /// Takes up the published file. An error says what is wrong with it.
    pub fn new(mut file: Vec<u8>) -> Result<Self, String> {
        let head = Head::read(&file)?;
        let sizes = Sizes::read(&head)?;
        let norm = |name: &str| {
            let place = head.tensor(name, [1, sizes.width])?;
            floats(&file, &place).ok_or_else(|| format!("its “{name}” is not of floats"))
        };
        let matrix = |name: &str, shape: [usize; 2]| {
            let place = head.tensor(name, shape)?;
            let fits = quantised::fits(place.encoding, shape);
            if fits {
                Ok(place)
            } else {
                Err(format!("its “{name}” is written in a way that does not fit"))
            }
        };
        let block = |at: usize| {
            let name = |of: &str| format!("blk.{at}.{of}.weight");
            let mut matrices = Vec::with_capacity(MATRICES.len());
            for (of, shape) in MATRICES.into_iter().zip(sizes.shapes()) {
                matrices.push(matrix(&name(of), shape)?);
            }
            let matrices = matrices.try_into().map_err(|_| "it lacks a matrix")?;
            Ok(Block { norms: [norm(&name("attn_norm"))?, norm(&name("ffn_norm"))?], matrices })
        };
        let blocks = (0..sizes.blocks).map(block).collect::<Result<Vec<_>, String>>()?;
        let embedding = matrix("token_embd.weight", [sizes.vocabulary, sizes.width])?;
        let last_norm = norm("output_norm.weight")?;
        for place in blocks.iter().flat_map(|block| &block.matrices).chain([&embedding]) {
            quantised::interleave(&mut file[place.bytes.clone()], place.encoding, place.shape);
        }
        Ok(Self { sizes, file, embedding, blocks, last_norm })
    }

    /// Reads tokens behind those that `cache` has, which has room for them, and keeps them there. → the logits of what comes
    /// next, `[vocabulary]`.
    pub fn read(&self, tokens: &[u32], cache: &mut Cache) -> Vec<f32> {
        let width = self.sizes.width;
        let mut x = Vec::with_capacity(tokens.len() * width);
        let embedding = self.matrix(&self.embedding);
        tokens.iter().for_each(|token| embedding.row(*token as usize, &mut x));
        let turns = self.turns(cache.tokens.len(), tokens.len());
        let mut inputs = Activations::default();
        for (at, block) in self.blocks.iter().enumerate() {
            self.attend(block, at, &turns, &mut x, &mut inputs, cache);
            self.think(block, &mut x, &mut inputs);
        }
        cache.tokens.extend(tokens);
        let last = &x[x.len() - width..];
        inputs.fill(&self.normal(last, &self.last_norm), width);
        self.product(&self.embedding, &inputs)
    }

    /// The first half of a block; adds to `x` `[tokens, width]`.
    fn attend(
        &self,
        block: &Block,
        at: usize,
        turns: &[[f32; 2]],
        x: &mut [f32],
        inputs: &mut Activations,
        cache: &mut Cache,
    ) {
        let [query, key, value, output, ..] = &block.matrices;
        inputs.fill(&self.normal(x, &block.norms[0]), self.sizes.width);
        let mut queries = self.product(query, inputs);
        let mut keys = self.product(key, inputs);
        self.turn(&mut queries, turns);
        self.turn(&mut keys, turns);
        let [keys, values] = cache.keep(at, &keys, &self.product(value, inputs));
        inputs.fill(&self.sizes.attention.forward(&queries, keys, values), self.sizes.width);
        add(x, &self.product(output, inputs));
    }

    /// The second half.
    fn think(&self, block: &Block, x: &mut [f32], inputs: &mut Activations) {
        let [.., gate, up, down] = &block.matrices;
        inputs.fill(&self.normal(x, &block.norms[1]), self.sizes.width);
        let mut inner = self.product(gate, inputs);
        let up = self.product(up, inputs);
        inner.iter_mut().zip(up).for_each(|(gate, up)| *gate = *gate / (1.0 + exp(-*gate)) * up);
        inputs.fill(&inner, self.sizes.inner);
        add(x, &self.product(down, inputs));
    }

    fn matrix(&self, place: &TensorPlace) -> Quantised<'_> {
        Quantised::new(&self.file[place.bytes.clone()], place.encoding, place.shape)
    }

    /// → `[tokens, rows]`
    fn product(&self, place: &TensorPlace, inputs: &Activations) -> Vec<f32> {
        let mut to = vec![0.0; inputs.tokens() * place.shape[0]];
        self.matrix(place).multiply(inputs, &mut to);
        to
    }

    /// RMS normalisation of each token.
    fn normal(&self, x: &[f32], gamma: &[f32]) -> Vec<f32> {
        let mut normal = Vec::with_capacity(x.len());
        for row in x.chunks_exact(gamma.len()) {
            let square: f32 = row.iter().map(|x| x * x).sum::<f32>() / row.len() as f32;
            let inverse = 1.0 / (square + self.sizes.epsilon).sqrt();
            normal.extend(row.iter().zip(gamma).map(|(x, gamma)| x * inverse * gamma));
        }
        normal
    }

    /// Cosine and sine for each pair of a head's numbers, `[tokens, pairs]`, of tokens from place `first` on.
    fn turns(&self, first: usize, tokens: usize) -> Vec<[f32; 2]> {
        let size = self.sizes.attention.size;
        let angle = |place: usize, pair: usize| {
            place as f64 * self.sizes.base.powf(-((2 * pair) as f64) / size as f64)
        };
        let places = first..first + tokens;
        let angles = places.flat_map(|place| (0..size / 2).map(move |pair| angle(place, pair)));
        angles.map(|angle| [angle.cos() as f32, angle.sin() as f32]).collect()
    }

    /// Turns neighbouring numbers of each head by its token's place; `x` `[tokens, heads, size]`.
    fn turn(&self, x: &mut [f32], turns: &[[f32; 2]]) {
        let size = self.sizes.attention.size;
        let tokens = turns.len() / (size / 2);
        let each = x.len() / tokens;
        for (token, turns) in x.chunks_exact_mut(each).zip(turns.chunks_exact(size / 2)) {
            for head in token.chunks_exact_mut(size) {
                for (pair, [cos, sin]) in head.as_chunks_mut::<2>().0.iter_mut().zip(turns) {
                    let [a, b] = *pair;
                    *pair = [a * cos - b * sin, a * sin + b * cos];
                }
            }
        }
    }
}

fn add(to: &mut [f32], what: &[f32]) {
    to.iter_mut().zip(what).for_each(|(to, what)| *to += what);
}

/// The numbers of a tensor that is written as floats.
fn floats(file: &[u8], place: &TensorPlace) -> Option<Vec<f32>> {
    let fours = file[place.bytes.clone()].as_chunks::<4>().0;
    (place.encoding == Encoding::F32).then(|| fours.iter().map(|four| f32::from_le_bytes(*four)).collect())
}
