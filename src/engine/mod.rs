//! A run, from its spec to its metrics, on Burn. In reading order: what a device is, what data is there, in
//! which order it is learned, the network and its optimiser, one run, what can be looked at, and the loop
//! that answers the page. Never knows a page, a worker or a browser: those are `worker` and `platform`.

mod arrivals;
pub mod augment;
pub mod classify;
pub mod device;
mod digits;
pub mod evaluate;
pub mod find;
pub mod fused;
pub mod gradients;
pub mod ground;
pub mod host;
mod ink;
#[cfg(feature = "cpu")]
pub mod kernels;
pub mod layers;
pub mod library;
pub mod loader;
pub mod network;
pub mod optimizer;
pub mod order;
pub mod parts;
pub mod passage;
pub mod prepare;
pub mod probe;
pub mod questions;
pub mod rate;
pub mod run;
#[cfg(feature = "gpu")]
pub mod shaders;
pub mod task;
pub mod team;
pub mod trace;
#[cfg(feature = "cpu")]
pub mod vision;
pub mod weights;
mod work;

pub(crate) use crate::platform::now as platform_now;
// The engine's own arithmetic as operations of Burn's.
#[cfg(not(feature = "gpu"))]
use kernels::hook;
#[cfg(feature = "gpu")]
use shaders::hook;

use crate::protocol::{Failure, FailureKind};

/// A failed read from the device: on a GPU that is how its loss shows, whatever the message.
pub(crate) fn lost(error: impl std::fmt::Debug) -> Failure {
    crate::platform::log(&format!("device: {error:?}"));
    Failure::new(
        FailureKind::Engine,
        "The graphics device stopped answering.",
        "Training can go on from the last checkpoint on the CPU.",
    )
}
