//! What a network learned of a series: its predictions of the held-out end, one step ahead each, and how good they are
//! beside saying the last value again.

use super::data::split;
use super::lines::{Line, Lines, points};
use super::truth::{info, name, truth};
use crate::protocol::{HeldOut, Request, Response, SeriesAnswer, SeriesQuestion, SeriesScores};
use crate::ui::components::format;
use crate::ui::components::plot::Point;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::tr;
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::text::asking::{keep_asking, when};
use leptos::prelude::*;
use std::sync::Arc;

/// It is asked again at most so often.
const MILLISECONDS: f64 = 500.0;
/// Held-out steps that are drawn, and half as many before them.
const SHOWN: usize = 120;

#[component]
pub fn Forecasts() -> impl IntoView {
    let scene = scene();
    let found = predictions(scene);
    let (all, info) = (truth(scene), info(scene));
    let chart = part(move || {
        let info = info.get()?;
        let all = all.get().unwrap_or_default();
        let cut = info.cut as usize;
        let (from, to) = (cut.saturating_sub(SHOWN / 2), (cut + SHOWN).min(info.steps as usize));
        let said = found.get().map(|found| said(&found, to)).unwrap_or_default();
        let line = |class, name, points| Line { class, name, points };
        Some(
            Lines {
                test_id: "forecasts",
                title: tr!("One step ahead"),
                unit: name(scene),
                from: from as f64,
                to: to as f64,
                truth: vec![
                    line("series-train", tr!("to learn from"), points(&all, from..cut + 1)),
                    line("series-held", tr!("held out"), points(&all, cut..to)),
                ],
                said: vec![line("series-said", tr!("what the network says"), said)],
                mark: Some((cut as f64, tr!("held out from here"))),
            }
            .view(),
        )
    });
    view! {
        <section class="block" aria-label=tr!("Predictions of the held-out end")>
            {chart}
            <p class="note num">{text(move || info.with(|i| i.as_ref().map(split).unwrap_or_default()))}</p>
            {part(move || found.get().map(|found| table(&name(scene), &found)))}
        </section>
    }
    .into_any()
}

/// Asked again as the network gets better.
fn predictions(scene: PanelState) -> RwSignal<Option<Arc<HeldOut>>> {
    let found = RwSignal::new(None);
    let info = info(scene);
    let wanted = memo(move || {
        // Another network, or another run of the same one, says something else.
        scene.state.network.track();
        info.with(Option::is_some).then(|| scene.state.spec.with(|spec| spec.to_keys()))
    });
    keep_asking(scene, MILLISECONDS, wanted, move |_| async move {
        let answer = scene.lab.ask(Request::Series(SeriesQuestion::HeldOut)).await;
        if let Ok(Response::Series(SeriesAnswer::HeldOut(answer))) = answer {
            // The view may be gone by then.
            let _ = found.try_set(Some(Arc::new(answer)));
        }
    });
    found
}

/// Up to step `to`, a gap where a step's truth is missing.
fn said(found: &HeldOut, to: usize) -> Vec<Point> {
    let shown = found.steps.iter().zip(found.predicted.iter()).filter(|(step, _)| (**step as usize) < to);
    let mut points: Vec<Point> = Vec::new();
    for (step, value) in shown {
        let step = f64::from(*step);
        if points.last().is_some_and(|last| last.0 + 1.0 < step) {
            points.push((step - 1.0, f64::NAN));
        }
        points.push((step, f64::from(*value)));
    }
    points
}

fn table(name: &str, found: &HeldOut) -> AnyView {
    let row = |who: String, knows: String, scores: SeriesScores, learned: bool| {
        let class = if learned { "baseline learned" } else { "baseline" };
        view! {
            <tr class=class>
                <th scope="row"><strong>{who}</strong>" "<span>{knows}</span></th>
                <td>{format::decimals(scores.r2, 3)}</td>
                <td>{format::number(scores.mae)}</td>
            </tr>
        }
        .into_any()
    };
    let network = row(tr!("This network"), when(found.step), found.scores, true);
    let last = row(tr!("The last value again"), tr!("says that nothing changes"), found.persistence, false);
    let steps = format::count(found.steps.len() as u64);
    view! {
        <div class="baselines" data-testid="series-scores">
            <h3 class="block-title">{tr!("The line to beat")}" "<span class="block-aside num">{tr!("on {} held-out steps, each from the true steps before it", steps)}</span></h3>
            <table class="baselines-table num">
                <thead><tr>
                    <th scope="col">{tr!("Who predicts")}</th>
                    <th scope="col">"R²"</th>
                    <th scope="col">{tr!("mean absolute error, in units of “{}”", name)}</th>
                </tr></thead>
                <tbody>{last}{network}</tbody>
            </table>
        </div>
    }
    .into_any()
}
