//! Series of numbers: the steps there are, what the network says of the held-out end one step ahead, and how it goes on
//! by itself.

pub mod data;
pub mod learned;
pub mod lines;
pub mod on_its_own;
pub mod truth;
