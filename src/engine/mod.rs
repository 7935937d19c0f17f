//! A run, from its spec to its metrics, on Burn. In reading order: what a device is, what data is there, in
//! which order it is learned, the network and its optimiser, one run, what can be looked at, and the loop
//! that answers the page. Never knows a page, a worker or a browser: those are `worker` and `platform`.

mod arrivals;
pub mod attention;
mod attention_maps;
pub mod augment;
#[cfg(feature = "cpu")]
pub mod chat;
mod data_library;
pub mod data_parallel;
pub mod dataset_store;
pub mod device;
pub mod digit_preprocess;
mod digits;
pub mod evaluate;
pub mod event_loop;
mod exponential;
mod filling;
pub mod find;
mod forecast;
pub mod gradients;
mod head_io;
mod heads_off;
mod initial_values;
mod ink;
pub mod inspect;
mod inspector;
#[cfg(feature = "cpu")]
pub mod kernels;
pub mod layer_io;
pub mod layers;
mod live;
pub mod loader;
mod logit_lens;
pub mod microbatch;
pub mod network;
pub mod optimizer;
pub mod parts;
pub mod rate;
pub mod reach;
pub mod recurrent;
pub mod requests;
pub mod resolved_dataset;
pub mod sampler;
mod session;
#[cfg(feature = "gpu")]
pub mod shaders;
mod states;
pub mod tasks;
pub mod text_loader;
pub mod trace;
pub mod trainer;
pub mod unit_io;
pub mod value;
#[cfg(feature = "cpu")]
pub mod vision;
pub mod weights;
pub mod writing;

pub(crate) use crate::platform::now as platform_now;
// The engine's own arithmetic as operations of Burn's.
#[cfg(not(feature = "gpu"))]
use kernels::{attention_ext, backend_ext, sequence_ext};
#[cfg(feature = "gpu")]
use shaders::{attention_ext, backend_ext, sequence_ext};

use crate::protocol::{Event, Failure, FailureKind};

/// Where events go.
type EventSink<'a> = &'a dyn Fn(Event);

/// A failed read from the device: on a GPU that is how its loss shows, whatever the message.
pub(crate) fn lost(error: impl std::fmt::Debug) -> Failure {
    crate::platform::log(&format!("device: {error:?}"));
    Failure::new(
        FailureKind::Engine,
        "The graphics device stopped answering.",
        "Training can go on from the last checkpoint on the CPU.",
    )
}
