//! Arithmetic of our own for the CPU engine, where Burn's is not fast enough. Each kernel is tested against Burn.
//! In reading order: four floats at once, and their turning; the product of two matrices; training: how a picture lies in memory, the layers, the loss, the optimiser, and
//! how Burn meets them; then what pretrained networks need.

mod simd;
mod transpose;

mod matmul;

pub mod im2col_padded;

pub mod conv;
mod conv_backward;
mod conv_weights;
pub mod cross_entropy;
pub mod dense;
pub mod norm;
pub mod pool;

pub mod attention;
pub mod attention_ext;
pub mod embedding;
mod gelu;
mod heads;
pub mod recurrent;
mod row_norm;
mod shift;
mod softmax;

pub mod optimizer_step;

pub mod backend_ext;
pub mod sequence_ext;

mod activated;
pub mod depthwise;
pub mod im2col;
pub mod maps;
pub mod pointwise;

pub mod cached_attention;
pub mod quantised;

/// A layer's gradients, each in the layout of what it belongs to.
#[derive(Default)]
pub struct LayerGradients {
    /// Only if wanted: a first layer's input needs none.
    pub input: Option<Vec<f32>>,
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}
