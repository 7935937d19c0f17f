//! Arithmetic of our own for the CPU engine, where Burn's is not fast enough. Each kernel is tested against Burn.

pub mod depthwise;
pub mod pointwise;
mod simd;
pub mod windows;
