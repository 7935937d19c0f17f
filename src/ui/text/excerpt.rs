//! A part of the run's text as tokens, asked of the engine: its beginning or an example, and again whenever a run is
//! opened, which may have another text, or the same one cut into other tokens.

use super::asking::refusal;
use crate::protocol::{Excerpt, Question, Request, Response};
use crate::ui::components::reactive::{effect, memo};
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// The run is not open, or the answer is on its way.
    Waiting,
    Here(Arc<Excerpt>),
    Failed(String),
}

/// While a new answer is on its way the old one stays; a late answer to an older question is dropped.
pub fn excerpt(
    scene: PanelState,
    question: impl Fn() -> Question + Send + Sync + 'static,
) -> RwSignal<Asked> {
    let asked = RwSignal::new(Asked::Waiting);
    let latest = StoredValue::new(0_u32);
    let wanted = memo(move || is_open(scene).then(&question));
    effect(move |_| {
        // Said anew with every run that is opened, also where its text is as it was.
        scene.state.network.track();
        let mine = latest.get_value().wrapping_add(1);
        latest.set_value(mine);
        let Some(question) = wanted.get() else { return asked.set(Asked::Waiting) };
        spawn_local(async move {
            let answer = scene.lab.ask(Request::Excerpt(question)).await;
            // The view may be gone by then.
            if latest.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(Response::Excerpt(excerpt)) => asked.set(Asked::Here(Arc::new(excerpt))),
                Ok(_) => (),
                Err(failure) => asked.set(Asked::Failed(refusal(&failure))),
            }
        });
    });
    asked
}

/// The text is there, cut into tokens; tracked.
pub fn is_open(scene: PanelState) -> bool {
    scene.dataset.with(|d| d.as_ref().is_some_and(|d| d.text.is_some()))
}
