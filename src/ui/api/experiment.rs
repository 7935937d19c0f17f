//! `intab.experiment({ … })`: the runs of “How much data is enough?”, for scripts.

use super::values::{Outcome, to_js};
use super::wait;
use crate::experiment::{AXES, Axis, Finished};
use crate::platform::sleep;
use crate::spec::RunSpec;
use crate::ui::controller::Controller;
use crate::ui::experiment::state::Laboratory;
use leptos::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

const KNOWN: &str = "experiment takes sizes or wrong_labels, lists of numbers, and seeds, such as { sizes: [10, 100], seeds: 3 }";
/// Each of them takes a run for each value.
const MOST_SEEDS: f64 = 100.0;
/// How often it is looked after, in seconds.
const LOOK: f64 = 0.1;

#[derive(Serialize)]
struct Found {
    points: Vec<Point>,
}

#[derive(Serialize)]
struct Point {
    /// Labelled examples of each class.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u32>,
    /// In per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    wrong_labels: Option<u32>,
    /// Every run begins from scratch.
    method: &'static str,
    seed: u32,
    metric: f64,
}

/// `await intab.experiment({ sizes: [10, 100], seeds: 3 })`, or with `wrong_labels: [0, 40]` instead of `sizes`: trains the
/// network that is shown on so many examples of each class, or with so many per cent of wrong labels, and draws the curve.
/// Resolves to `{ points: [{ size | wrong_labels, method, seed, metric }] }`; what is done already is not done again.
/// Rejects when it is paused or stops.
pub async fn run(lab: Controller, laboratory: Laboratory, asked: JsValue) -> Outcome {
    let (axis, values, seeds) = read(asked)?;
    wait::opened(lab).await?;
    let experiment = laboratory.open().ok_or("the page is not drawn yet")?;
    experiment.set_up(axis, &values, seeds)?;
    // The page may be asked for something else meanwhile.
    let plan = experiment.plan.get_untracked();
    let data = lab.state.spec.with_untracked(|spec| spec.data.id.clone());
    experiment.run();
    while experiment.running.with_untracked(Option::is_some) {
        sleep(LOOK).await;
    }
    let finished = experiment.all_of(&data);
    let result = |spec: &RunSpec| finished.iter().find(|run: &&Finished| run.spec == *spec);
    let points: Vec<Point> = plan.iter().filter_map(|one| Some(point(axis, result(&one.spec)?))).collect();
    if points.len() < plan.len() {
        if let Some(why) = experiment.trouble.get_untracked() {
            return Err(why);
        }
        return Err(format!("paused: {} of {} runs are done, and stay done", points.len(), plan.len()));
    }
    to_js(&Found { points })
}

fn point(axis: &Axis, run: &Finished) -> Point {
    let value = Some(run.value);
    let [size, wrong_labels] = if axis.amount { [value, None] } else { [None, value] };
    Point { size, wrong_labels, method: "scratch", seed: run.spec.seed, metric: run.score }
}

/// The axis, its values, and how many seeds.
fn read(asked: JsValue) -> Result<(&'static Axis, Vec<f64>, u32), String> {
    let Ok(Value::Object(mut asked)) = serde_wasm_bindgen::from_value(asked) else {
        return Err(KNOWN.into());
    };
    let seeds = asked.remove("seeds").map_or(Some(1.0), |seeds| seeds.as_f64());
    let is_count = |seeds: &f64| seeds.fract() == 0.0 && (1.0..=MOST_SEEDS).contains(seeds);
    let seeds = seeds.filter(is_count).ok_or("seeds is a whole number from 1 to 100")?;
    let mut values = |name: &str| list(&mut asked, name);
    let (axis, values) = match (values("sizes")?, values("wrong_labels")?) {
        (Some(sizes), None) => (&AXES[0], sizes),
        (None, Some(shares)) => (&AXES[1], shares),
        _ => return Err(KNOWN.into()),
    };
    match asked.keys().next() {
        None => Ok((axis, values, seeds as u32)),
        Some(other) => Err(format!("“{other}” is not known: {KNOWN}")),
    }
}

fn list(asked: &mut Map<String, Value>, name: &str) -> Result<Option<Vec<f64>>, String> {
    let Some(value) = asked.remove(name) else { return Ok(None) };
    let numbers = value.as_array().map(|all| all.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>());
    numbers.flatten().map(Some).ok_or_else(|| KNOWN.into())
}
