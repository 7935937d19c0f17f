//! The two charts that the page has: the task's loss and score over the run.

use super::chart::Chart;
use super::curve::{self, Behind, Curves};
use super::export::{Thing, export, run_name};
use super::file;
use super::plot::chart;
use super::run_history::shown;
use super::runs::{self, KeptRuns};
use super::scale::Scale;
use super::table::NumbersTable;
use crate::protocol::{Evaluation, TargetField, TrainPoint};
use crate::tasks::{Metric, MetricScale, TaskKind};
use crate::ui::components::format;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::plot::Point;
use crate::ui::components::reactive::{memo, part, subscribe, text};
use crate::ui::language::{known, tr};
use crate::ui::panels::panel_state::{PanelState, scene};
use crate::ui::store::past_runs::{Mark, PastRun};
use leptos::prelude::*;

#[component]
pub fn History() -> impl IntoView {
    let scene = scene();
    let task = memo(move || scene.task().id);
    part(move || {
        subscribe(task);
        Some(history(scene, of_task(scene, scene.task())))
    })
}

/// Puts a value into words.
type Wording = fn(f64) -> String;

/// What a task's two metrics are drawn and written as.
fn of_task(scene: PanelState, task: &'static TaskKind) -> [Chart; 2] {
    let chart = |id, metric: &Metric, curves| {
        let (scale, words, exact): (_, Wording, Wording) = match metric.scale {
            MetricScale::Log => (Scale::Log, format::number, format::number),
            MetricScale::Share => (
                Scale::Nines { percent: true },
                |v| format::percent(v, 1_000),
                |v| format::percent(v, 10_000),
            ),
            MetricScale::Even => (Scale::Even { percent: false }, format::number, format::number),
            MetricScale::EvenShare => {
                (Scale::Even { percent: true }, |v| format::percent(v, 1_000), |v| format::percent(v, 10_000))
            }
            MetricScale::Score => {
                (Scale::Nines { percent: false }, |v| format::decimals(v, 3), |v| format::decimals(v, 4))
            }
        };
        Chart { id, title: metric.title, unit: metric.unit, scale, words, exact, curves }
    };
    let (loss, score) = (task.loss, task.score);
    [
        chart("loss", &loss, curves(scene, |p| p.loss, |e| e.loss.into(), |m| m.1, loss.chance)),
        chart("accuracy", &score, curves(scene, |p| p.score, |e| e.score, |m| m.2, score.chance)),
    ]
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

fn curves(
    scene: PanelState,
    of_batch: fn(&TrainPoint) -> f32,
    of_test: fn(&Evaluation) -> f64,
    of_kept: fn(&Mark) -> f32,
    chance: fn(&TargetField) -> Option<f64>,
) -> Memo<Curves> {
    let state = scene.state;
    let kept = memo(move || shown(state));
    memo(move || {
        // The beat comes after the numbers have changed, so nothing else needs to be followed.
        scene.tick.track();
        let guessing = scene.dataset.with(|d| d.as_ref().and_then(|d| chance(&d.target)));
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
