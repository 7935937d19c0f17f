//! Arithmetic of our own for the GPU engine, where Burn's starves a GPU: programs in WGSL, and how Burn meets them.

pub mod convolution;
pub mod entropy;
pub mod hook;
mod launch;
pub mod norm;
pub mod product;
pub mod programs;
pub mod sums;
mod text;
pub mod update;
