//! A conversation with a network that talks. In reading order: what is known, what is asked of the network, the network, the
//! conversation, and what could stand in a token's place.

pub mod state;

pub mod ask;

pub mod network;

pub mod conversation;
pub mod tokens;

pub mod inside;
