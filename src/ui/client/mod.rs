//! The engines as the page reaches them: Web Workers behind typed messages, and the requests that are on their way to
//! them. Knows no page and no run: who starts an engine says what its events and its death mean.

pub mod adapter;
pub mod pulse;
pub mod requests;
pub mod vision;
pub mod worker;
