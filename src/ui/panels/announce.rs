//! What a screen reader is told: milestones only (an epoch's end, a pause, the end, an error), never every step.

use crate::protocol::{Evaluation, RunState};
use crate::tasks::TaskKind;
use crate::ui::charts::score::{Counted, counted, score};
use crate::ui::components::format;
use crate::ui::components::reactive::{effect, text};
use crate::ui::language::tr;
use crate::ui::state::State;
use leptos::prelude::*;

/// The one live region; anyone on the page can speak through the signal.
#[component]
pub fn Announcer(said: RwSignal<String>) -> impl IntoView {
    let state = expect_context::<State>();
    effect(move |before: Option<RunState>| {
        let now = state.run.get();
        if let Some(before) = before.filter(|b| *b != now)
            && let Some(text) = turning_point(state, before, now)
        {
            said.set(text);
        }
        now
    });
    effect(move |told: Option<u32>| {
        let last = state.evaluations.with(|all| all.last().cloned());
        let Some(last) = last else { return 0 };
        let epoch = last.step / state.steps_per_epoch.get_untracked().max(1);
        // Not what was there when the page opened, and the end has its own words.
        let new = told.is_some_and(|told| epoch > told);
        if new && state.run.get_untracked() == RunState::Playing {
            said.set(tr!("Epoch {} is over. {}", epoch, result(&last)));
        }
        epoch
    });
    view! {
        <p class="sr-only" role="status" aria-live="polite" data-testid="announcer">{text(move || said.get())}</p>
    }
    .into_any()
}

fn turning_point(state: State, before: RunState, now: RunState) -> Option<String> {
    match (before, now) {
        (RunState::Playing, RunState::Paused) => Some(tr!("Paused at step {}", format::count(step(state)))),
        (_, RunState::Done) => {
            let last = state.evaluations.with_untracked(|all| all.last().map(result));
            Some(tr!("Training is done. {}", last.unwrap_or_default()))
        }
        (RunState::Loading | RunState::Paused | RunState::Done, RunState::Playing) => Some(tr!("Training")),
        _ => None,
    }
}

fn result(evaluation: &Evaluation) -> String {
    let of = format::count(evaluation.count.into());
    let share = TaskKind::by_id(&evaluation.task).score.is_share();
    match counted(evaluation) {
        Counted::NextTokens => tr!("{} of the next tokens right", score(evaluation)),
        Counted::HiddenTokens => tr!("{} of the hidden tokens right", score(evaluation)),
        Counted::Examples if share => tr!("{} of {} test examples right", score(evaluation), of),
        Counted::Examples => tr!("{} on {} test rows", score(evaluation), of),
    }
}

fn step(state: State) -> u64 {
    state.progress.with_untracked(|p| p.as_ref().map_or(0, |p| p.step.into()))
}
