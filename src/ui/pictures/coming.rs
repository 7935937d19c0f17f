//! A network's weights on their way into this tab.

use crate::protocol::Failure;
use crate::ui::client::vision::VisionClient;
use leptos::prelude::*;

/// Whether the network's weights are in this tab.
#[derive(Clone, PartialEq)]
pub enum WeightsState {
    /// Nobody asked for them yet.
    Away,
    Coming,
    Here,
    Failed(Failure),
}

/// A network's weights on their way.
#[derive(Clone, Copy)]
pub struct Coming {
    pub title: &'static str,
    pub reader: VisionClient,
    pub size: RwSignal<Option<(u64, bool)>>,
    pub state: RwSignal<WeightsState>,
    /// Fetches them.
    pub prepare: Callback<()>,
}
