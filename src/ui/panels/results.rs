//! What it learned: how many test pictures it gets right, the curves, and where it is wrong.

use super::panel_state::{PanelState, scene};
use super::weights::Keep;
use crate::tasks::TaskKind;
use crate::ui::charts::score::{Counted, counted, score_words};
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, text};
use crate::ui::language::{known, tr};
use leptos::prelude::*;

/// `learned` is what the view of the examples shows of it.
#[component]
pub fn LearnedPanel(learned: fn(PanelState) -> AnyView) -> impl IntoView {
    let scene = scene();
    view! {
        <h2 class="panel-title" id="title-learned">{tr!("What it learned")}</h2>
        {headline(scene)}
        {learned(scene)}
        <Keep />
    }
    .into_any()
}

/// “98.12 %” of “10,000 test digits”
fn headline(scene: PanelState) -> AnyView {
    let last = scene.last_evaluation();
    let figure = text(move || {
        last.get().map_or_else(
            || "—".to_string(),
            |e| score_words(&TaskKind::by_id(&e.task).score, e.score, e.count),
        )
    });
    let of = text(move || {
        let Some(e) = last.get() else { return tr!("not tested yet") };
        let (metric, count) = (&TaskKind::by_id(&e.task).score, format::count(e.count.into()));
        match counted(&e) {
            Counted::NextTokens => tr!("of the next tokens in the held-out text"),
            Counted::HiddenTokens => tr!("of the hidden tokens in the held-out text"),
            Counted::Examples if metric.is_share() => tr!("of {} test {}", count, scene.noun()),
            Counted::Examples => tr!("{} on {} test {}", known(metric.title), count, scene.noun()),
        }
    });
    let below = text(move || match last.get() {
        Some(e) if counted(&e) != Counted::Examples || !TaskKind::by_id(&e.task).score.is_share() => {
            tr!("loss {} · tested after step {}", format::number(e.loss.into()), format::count(e.step.into()))
        }
        Some(e) => tr!(
            "{} wrong · loss {} · tested after step {}",
            format::count(u64::from(e.count - e.right())),
            format::number(e.loss.into()),
            format::count(e.step.into())
        ),
        None => tr!("Press Play, and it is tried on {} that it never trains on", scene.noun()),
    });
    view! {
        <div class="headline" data-testid="accuracy">
            <p class="headline-line">
                <strong class="headline-figure num" class:none=flag(move || last.with(Option::is_none))>{figure}</strong>
                <span class="headline-of num">{of}</span>
            </p>
            <p class="headline-below num">{below}</p>
        </div>
    }
    .into_any()
}
