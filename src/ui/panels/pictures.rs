//! Example pictures that the page asks the engine for, with the three looks that asking has.

use crate::protocol::{Example, Request, Response};
use crate::ui::components::reactive::{effect, memo};
use crate::ui::controller::Controller;
use crate::ui::language::known;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, Debug, PartialEq)]
pub enum Pictures {
    /// Nothing to ask yet.
    Idle,
    Waiting,
    Here(Vec<Example>),
    Failed(String),
}

/// Asks whenever the question changes; a late answer to an older question is dropped. While a new answer is on
/// its way the old pictures stay.
pub fn asked(lab: Controller, question: impl Fn() -> Option<Request> + 'static) -> RwSignal<Pictures> {
    let pictures = RwSignal::new(Pictures::Idle);
    let latest = StoredValue::new(0_u32);
    effect(move |_| {
        let mine = latest.get_value().wrapping_add(1);
        latest.set_value(mine);
        let Some(question) = question() else {
            pictures.set(Pictures::Idle);
            return;
        };
        if !matches!(*pictures.read_untracked(), Pictures::Here(_)) {
            pictures.set(Pictures::Waiting);
        }
        spawn_local(async move {
            let answer = lab.ask(question).await;
            // Drawn anew meanwhile, in another language say, it asks anew.
            if latest.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(Response::Examples(examples)) => pictures.set(Pictures::Here(examples)),
                Ok(_) => (),
                Err(failure) => pictures.set(Pictures::Failed(format!(
                    "{} {}",
                    known(&failure.what),
                    known(&failure.advice)
                ))),
            }
        });
    });
    pictures
}

/// Changes with every new evaluation of the run: what depends on one is asked for again.
pub fn last_evaluation(scene: PanelState) -> Memo<Option<(usize, u32)>> {
    memo(move || scene.state.evaluations.with(|all| all.last().map(|e| (all.len(), e.step))))
}

/// Grey squares where pictures will be.
pub fn skeletons(count: usize) -> AnyView {
    (0..count)
        .map(|_| view! { <span class="tile skeleton" aria-hidden="true"></span> }.into_any())
        .collect_view()
        .into_any()
}
