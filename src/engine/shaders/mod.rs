//! Arithmetic of our own for the GPU engine, where Burn's starves a GPU: programs in WGSL, and how Burn meets them.

pub mod attention;
pub mod attention_ext;
pub mod backend_ext;
pub mod convolution;
pub mod cross_entropy;
mod launch;
pub mod matmul;
pub mod norm;
pub mod optimizer_step;
pub mod pipelines;
pub mod recurrent;
pub mod recurrent_ext;
pub mod reduce;
pub mod sequence_ext;
mod wgsl;
