//! What it learned: how many test pictures it gets right, the curves, and where it is wrong.

use super::confusion::Confusion;
use super::mistakes::Mistakes;
use super::panel_state::{PanelState, scene};
use super::test_predictions::TestGrid;
use super::weights::Keep;
use crate::protocol::{Evaluation, Form};
use crate::tasks::TaskKind;
use crate::ui::charts::history::{History, score_words};
use crate::ui::components::format;
use crate::ui::components::reactive::{flag, memo, part, text};
use crate::ui::language::{known, tr};
use crate::ui::playground::surface::DecisionSurface;
use leptos::prelude::*;
use std::time::Duration;

#[component]
pub fn LearnedPanel() -> impl IntoView {
    let scene = scene();
    // Its hundred cells are below the fold: the page is drawn without them first.
    let later = RwSignal::new(false);
    // The panel may be gone by then.
    set_timeout(move || _ = later.try_set(true), Duration::from_millis(50));
    view! {
        <h2 class="panel-title" id="title-learned">{tr!("What it learned")}</h2>
        {headline(scene)}
        {part(move || match scene.form.get() {
            Form::Picture => view! {
                <History />
                <TestGrid />
                {part(move || later.get().then(|| view! { <Confusion /> }))}
                <Mistakes />
            }
            .into_any(),
            Form::Point => view! {
                <DecisionSurface />
                <History />
            }
            .into_any(),
            Form::Row => view! {
                <History />
                {part(move || (scene.classes() > 0).then(|| view! { <Confusion /> }))}
            }
            .into_any(),
        })}
        <Keep />
    }
    .into_any()
}

/// The last evaluation of the run.
pub fn last(scene: PanelState) -> Memo<Option<Evaluation>> {
    memo(move || scene.state.evaluations.with(|all| all.last().cloned()))
}

/// “98.12 %” of “10,000 test digits”
fn headline(scene: PanelState) -> AnyView {
    let last = last(scene);
    let figure = text(move || {
        last.get().map_or_else(
            || "—".to_string(),
            |e| score_words(&TaskKind::by_id(&e.task).score, e.score, e.count),
        )
    });
    let of = text(move || {
        let Some(e) = last.get() else { return tr!("not tested yet") };
        let (metric, count) = (&TaskKind::by_id(&e.task).score, format::count(e.count.into()));
        match metric.is_share() {
            true => tr!("of {} test {}", count, scene.noun()),
            false => tr!("{} on {} test {}", known(metric.title), count, scene.noun()),
        }
    });
    let below = text(move || match last.get() {
        Some(e) if !TaskKind::by_id(&e.task).score.is_share() => {
            tr!("loss {} · tested after step {}", format::number(e.loss.into()), format::count(e.step.into()))
        }
        Some(e) => tr!(
            "{} wrong · loss {} · tested after step {}",
            format::count((f64::from(e.count) * (1.0 - e.score)).round() as u64),
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
