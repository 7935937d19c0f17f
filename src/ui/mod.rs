//! The page: draws, listens, remembers. Never links Burn, never decodes a dataset.

pub mod lab;
pub mod state;
