//! What it learned: how many test pictures it gets right, the curves, and where it is wrong.

use super::confusion::Confusion;
use super::mistakes::Mistakes;
use super::scene::{Scene, scene};
use super::tests::TestGrid;
use super::weights::Keep;
use crate::protocol::Evaluation;
use crate::ui::charts::history::{History, share};
use crate::ui::controls::words;
use leptos::prelude::*;

#[component]
pub fn LearnedPanel() -> impl IntoView {
    let scene = scene();
    view! {
        <h2 class="panel-title" id="title-learned">"What it learned"</h2>
        {headline(scene)}
        <History />
        <TestGrid />
        <Confusion />
        <Mistakes />
        <Keep />
    }
    .into_any()
}

/// The last evaluation of the run.
pub fn last(scene: Scene) -> Memo<Option<Evaluation>> {
    Memo::new(move |_| scene.state.evaluations.with(|all| all.last().cloned()))
}

/// “98.12 %” of “10,000 test digits”
fn headline(scene: Scene) -> AnyView {
    let last = last(scene);
    let figure = move || last.get().map_or_else(|| "—".to_string(), |e| words::percent(share(&e), e.count));
    let of = move || match last.get() {
        Some(e) => format!("of {} test {}", words::count(e.count.into()), scene.noun()),
        None => "not tested yet".into(),
    };
    let below = move || match last.get() {
        Some(e) => format!(
            "{} wrong · loss {} · tested after step {}",
            words::count(u64::from(e.count - e.correct)),
            words::number(e.loss.into()),
            words::count(e.step.into())
        ),
        None => "Press Play, and it is tried on pictures that it never trains on".into(),
    };
    view! {
        <div class="headline" data-testid="accuracy">
            <p class="headline-line">
                <strong class="headline-figure num" class:none=move || last.with(Option::is_none)>{figure}</strong>
                <span class="headline-of num">{of}</span>
            </p>
            <p class="headline-below num">{below}</p>
        </div>
    }
    .into_any()
}
