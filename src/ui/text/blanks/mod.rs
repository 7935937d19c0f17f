//! Hidden tokens: what the network says of those of held-out texts, and of a visitor's own text.

pub mod asked;
pub mod held_out;
pub mod own;
