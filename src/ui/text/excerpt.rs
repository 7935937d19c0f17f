//! A part of the run's text as tokens, asked of the engine: again when other data are open, and as its beginning or an
//! example is wanted.

use super::asking::refusal;
use super::own::OwnText;
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
    own: OwnText,
    question: impl Fn() -> Question + Send + Sync + 'static,
) -> RwSignal<Asked> {
    let asked = RwSignal::new(Asked::Waiting);
    let latest = StoredValue::new(0_u32);
    let wanted = memo(move || is_open(scene).then(|| (question(), standing(scene, own))));
    effect(move |_| {
        let mine = latest.get_value().wrapping_add(1);
        latest.set_value(mine);
        let Some((question, _)) = wanted.get() else { return asked.set(Asked::Waiting) };
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

/// What decides which tokens the run has: the data, their settings, and which text of the visitor's it is. A new engine
/// is asked again, in case the old one took the question with it.
fn standing(scene: PanelState, own: OwnText) -> impl PartialEq + Clone + Send + Sync + 'static {
    let spec = scene.state.spec.with(|spec| (spec.data.clone(), spec.seed));
    let size =
        scene.dataset.with(|d| d.as_ref()?.text.as_ref().map(|text| (text.tokens, text.vocabulary.len())));
    let mark = own.used.with(|used| used.as_ref().map(|used| used.mark));
    let engine = scene.state.engine.with(|engine| engine.active.map(|kind| kind as u8));
    (spec, size, mark, engine)
}
