//! The two charts that the page has: loss and accuracy over the run.

use super::chart::Chart;
use super::curve::{self, Behind, Curves};
use super::export::{Thing, export, run_name};
use super::file;
use super::plot::chart;
use super::run_history::shown;
use super::runs::{self, KeptRuns};
use super::scale::Scale;
use super::table::NumbersTable;
use crate::protocol::{Evaluation, TrainPoint};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::plot::Point;
use crate::ui::components::reactive::{memo, part, text};
use crate::ui::language::{key, known, tr};
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::store::past_runs::{Mark, PastRun};
use leptos::prelude::*;

#[component]
pub fn History() -> impl IntoView {
    let scene = scene();
    let told = memo(move || scene.dataset.with(|d| d.as_ref().is_some_and(|d| d.target.is_some())));
    part(move || Some(history(scene, if told.get() { of_number(scene) } else { of_classes(scene) })))
}

/// What there is to see where classes are told apart.
fn of_classes(scene: PanelState) -> [Chart; 2] {
    // Before the data is open there may be no classes yet.
    let several = |classes: f64| (classes > 1.0).then_some(classes);
    let of_loss = Chart {
        id: "loss",
        title: key("Loss"),
        unit: key("cross-entropy in nats, lower is better"),
        scale: Scale::Log,
        words: format::number,
        exact: format::number,
        curves: curves(scene, |p| p.loss, |e| e.loss.into(), |m| m.1, move |n| several(n).map(f64::ln)),
    };
    let of_accuracy = Chart {
        id: "accuracy",
        title: key("Accuracy"),
        unit: key("share that is right"),
        scale: Scale::Nines { percent: true },
        words: |v| format::percent(v, 1_000),
        exact: |v| format::percent(v, 10_000),
        curves: curves(scene, |p| p.accuracy, share, |m| m.2, move |n| several(n).map(f64::recip)),
    };
    [of_loss, of_accuracy]
}

/// The same where a number is estimated; guessing is to say the mean always.
fn of_number(scene: PanelState) -> [Chart; 2] {
    let of_loss = Chart {
        id: "loss",
        title: key("Mean squared error"),
        unit: key("of the standardised number, lower is better"),
        scale: Scale::Log,
        words: format::number,
        exact: format::number,
        curves: curves(scene, |p| p.loss, |e| e.loss.into(), |m| m.1, |_| Some(1.0)),
    };
    let of_r_squared = Chart {
        id: "accuracy",
        title: key("R²"),
        unit: key("1 is perfect, 0 is to say the mean always"),
        scale: Scale::Nines { percent: false },
        words: |v| format::decimals(v, 3),
        exact: |v| format::decimals(v, 4),
        curves: curves(scene, |p| p.accuracy, share, |m| m.2, |_| Some(0.0)),
    };
    [of_loss, of_r_squared]
}

fn history(scene: PanelState, both: [Chart; 2]) -> AnyView {
    let table = RwSignal::new(false);
    view! {
        <div class="charts">
            {both.map(|one| chart(scene, one)).into_iter().collect_view()}
        </div>
        <div class="chart-tools">
            <button
                type="button"
                class="quiet"
                aria-expanded=text(move || table.get().to_string())
                on:click=move |_| table.update(|t| *t = !*t)
            >
                {icon(Icon::Table)}
                {text(move || if table.get() { tr!("Hide the table") } else { tr!("Show as a table") })}
            </button>
            {runs::keep_button(scene)}
            {export(scene, "export-charts", files(scene, both))}
        </div>
        {part(move || table.get().then(|| view! { <NumbersTable both=both /> }.into_any()))}
        <KeptRuns />
    }
    .into_any()
}

/// Both charts, and the numbers of the run.
fn files(scene: PanelState, charts: [Chart; 2]) -> Vec<Thing> {
    let drawing = |chart: Chart| {
        let name = move || format!("{}-{}", run_name(scene), chart.id);
        Thing::drawing(known(chart.title), name, move || file::sheet(scene.state, chart))
    };
    let run = Thing::numbers(tr!("The run"), move || run_name(scene), move || file::csv(scene.state));
    charts.map(drawing).into_iter().chain([run]).collect()
}

pub fn share(e: &Evaluation) -> f64 {
    e.accuracy()
}

/// “98.12 %”, or “R² 0.861” where a number is estimated.
pub fn score(e: &Evaluation) -> String {
    match e.r_squared {
        Some(r) => format!("R² {}", format::decimals(r, 3)),
        None => format::percent(share(e), e.count),
    }
}

fn curves(
    scene: PanelState,
    of_batch: fn(&TrainPoint) -> f32,
    of_test: fn(&Evaluation) -> f64,
    of_kept: fn(&Mark) -> f32,
    guessing: impl Fn(f64) -> Option<f64> + Send + Sync + 'static,
) -> Memo<Curves> {
    let state = scene.state;
    let kept = memo(move || shown(state));
    memo(move || {
        // The beat comes after the numbers have changed, so nothing else needs to be followed.
        scene.tick.track();
        let classes = scene.dataset.with(|d| d.as_ref().map_or(10, |d| d.classes.len()));
        let per_epoch = f64::from(state.steps_per_epoch.get_untracked());
        let total = f64::from(state.steps_total.get_untracked());
        let step = state.progress.with_untracked(|p| p.as_ref().map_or(0, |p| p.step));
        let behind = kept.with(|all| behind(all, per_epoch, of_kept));
        let ends = behind.iter().filter_map(|b| b.points.last()).map(|p| p.0);
        let steps = ends.fold(curve::axis_end(step.into(), total, per_epoch), f64::max);
        let batches = state.train_curve.with_untracked(|points| curve::thin(points, of_batch, steps));
        let test = state
            .evaluations
            .with_untracked(|all| curve::few(all.iter().map(|e| (f64::from(e.step), of_test(e)))));
        let train = curve::smooth(&batches);
        let guessing = guessing(classes as f64);
        Curves { batches, train, test, behind, guessing, steps, steps_per_epoch: per_epoch }
    })
}

/// The courses of kept runs, at the steps at which this run has seen as much.
fn behind(kept: &[PastRun], per_epoch: f64, value: fn(&Mark) -> f32) -> Vec<Behind> {
    let course = |kept: &PastRun| {
        let share = per_epoch / f64::from(kept.steps_per_epoch.max(1));
        let points = |marks: &[Mark]| -> Vec<Point> {
            marks.iter().map(|m| (f64::from(m.0) * share, f64::from(value(m)))).collect()
        };
        let points =
            if kept.test.len() > 1 { points(&kept.test) } else { curve::smooth(&points(&kept.train)) };
        Behind { slot: kept.slot, letter: kept.letter(), points }
    };
    // How long an epoch is, is not known before the data's manifest is there.
    if per_epoch > 0.0 { kept.iter().map(course).collect() } else { Vec::new() }
}
