//! Whether hidden tokens are asked for, and what the network says of them.

use crate::datasets::TokenDataset;
use crate::datasets::token_settings::is_masked;
use crate::protocol::{Failure, Filled, Request, Response};
use crate::spec::RunSpec;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

/// Hidden tokens are what is asked for, also before the text is there; tracked.
pub fn asks_for_hidden(scene: PanelState) -> bool {
    let text = |spec: &RunSpec| TokenDataset::by_id(&spec.data.id).is_some_and(TokenDataset::is_text);
    scene.state.spec.with(|spec| text(spec) && is_masked(&spec.data))
}

/// None of an answer to something else.
pub async fn fill(scene: PanelState, text: String) -> Result<Option<Filled>, Failure> {
    Ok(match scene.lab.ask(Request::Fill { text }).await? {
        Response::Filled(filled) => Some(filled),
        _ => None,
    })
}
