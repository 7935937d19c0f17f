//! The table and the run: what is chosen at the table becomes the spec's settings, the engine gets the rows as they were
//! edited, and what it says of rows without a target is filled in while it learns.

use super::state::{CellPrediction, TableState};
use crate::datasets::rows::{self, recipe, settings_of};
use crate::protocol::{Prediction, Request, Response};
use crate::table::{Recipe, Table};
use crate::ui::components::reactive::{effect, memo};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;

/// Rows that are filled in while training goes on; more are filled in when it pauses.
const MOST_LIVE: usize = 300;

/// The datasets that a table can be: the penguins, and the visitor's own.
pub(super) const LECTURE: &str = rows::PENGUINS.about.id;
pub(super) const OWN: &str = rows::OWN.about.id;

/// Must be called once, under the page's owner.
pub fn follow(bench: TableState) {
    choices_become_settings(bench);
    settings_become_choices(bench);
    another_table_is_asked_for(bench);
    an_undecided_table_is_the_data(bench);
    answers_fill_in(bench);
}

fn here(bench: TableState) -> bool {
    bench.scene.is_table.get()
}

/// The id of the dataset that the table is.
pub(super) fn id(bench: TableState) -> &'static str {
    if bench.file.with_untracked(Option::is_some) { OWN } else { LECTURE }
}

fn choices_become_settings(bench: TableState) {
    effect(move |_| {
        let Some(recipe) = bench.recipe.get().filter(|_| here(bench)) else { return };
        bench.keep_soon();
        let (id, lab) = (id(bench), bench.scene.lab);
        let settings = bench.table.with_untracked(|t| t.as_ref().map(|t| settings_of(&recipe, id, t)));
        let mut changes = settings.unwrap_or_default();
        let known = bench.scene.state.spec.with_untracked(|s| said(bench, s.data.id == id, &s.data, s.seed));
        if known.as_ref() == Some(&recipe) {
            return;
        }
        changes.push(("data.id".into(), id.into()));
        if let Err(why) = lab.set_all(&changes) {
            bench.scene.announcement.set(why);
        }
    });
}

/// The recipe that the spec says for the table that is here.
fn said(bench: TableState, same: bool, spec: &crate::spec::DataSpec, seed: u32) -> Option<Recipe> {
    bench.table.with_untracked(|table: &Option<Table>| recipe(spec, seed, table.as_ref().filter(|_| same)?))
}

/// From a link, or from the seed.
fn settings_become_choices(bench: TableState) {
    let asked = memo(move || bench.scene.state.spec.with(|s| (s.data.clone(), s.seed)));
    effect(move |_| {
        let (data, seed) = asked.get();
        if !here(bench) {
            return;
        }
        bench.open();
        let same = id(bench) == data.id;
        let recipe = said(bench, same, &data, seed);
        if recipe.is_some() && bench.recipe.with_untracked(|now| *now != recipe) {
            bench.recipe.set(recipe);
        }
    });
}

/// A link or a run that is taken up may be of the table that is not shown.
fn another_table_is_asked_for(bench: TableState) {
    let asked = memo(move || bench.scene.state.spec.with(|s| s.data.id.clone()));
    effect(move |before: Option<String>| {
        let asked = asked.get();
        let changed = before.is_some_and(|before| before != asked);
        let is_table = asked == LECTURE || asked == OWN;
        if changed && is_table && untrack(|| bench.table.with(Option::is_some)) && id(bench) != asked {
            bench.recall(&asked);
        }
        asked
    });
}

/// A file of which no column was chosen ends the run on the table before it, and is what the next run is on.
fn an_undecided_table_is_the_data(bench: TableState) {
    effect(move |_| {
        let undecided = bench.file.with(Option::is_some) && bench.recipe.with(Option::is_none);
        let known = bench.scene.state.catalogue.with(Option::is_some);
        if !undecided || !known || !untrack(|| here(bench)) {
            return;
        }
        let plain =
            [("data.id", OWN), ("data.task", rows::FOLLOWS), ("data.target", ""), ("data.features", "")];
        let mut changes = Vec::from(plain.map(|(key, value)| (key.to_string(), value.into())));
        changes.push(("data.window".into(), 0.into()));
        if let Err(why) = bench.scene.lab.set_all(&changes) {
            bench.scene.announcement.set(why);
        }
    });
}

/// One question at a time: a busy engine is not asked again before it has answered.
fn answers_fill_in(bench: TableState) {
    let waiting = StoredValue::new(false);
    effect(move |_| {
        bench.scene.tick.track();
        bench.scene.state.network.track();
        let trained = bench.scene.state.progress.with(Option::is_some);
        if !here(bench) || waiting.get_value() {
            return;
        }
        if !trained {
            return bench.predictions.update(BTreeMap::clear);
        }
        let rows = bench.plan.with_untracked(|plan| {
            let Some(Ok(plan)) = plan else { return Vec::new() };
            bench.table.with_untracked(|table| {
                let encode = |row: &u32| Some((*row, plan.encode(table.as_ref()?, *row as usize)));
                plan.fill.iter().take(MOST_LIVE).filter_map(encode).collect()
            })
        });
        let (rows, numbers): (Vec<u32>, Vec<Vec<f32>>) = rows.into_iter().unzip();
        if rows.is_empty() {
            return;
        }
        waiting.set_value(true);
        spawn_local(async move {
            let answer = bench.scene.lab.ask(Request::PredictRows(numbers)).await;
            waiting.set_value(false);
            if let Ok(Response::Predictions(predictions)) = answer {
                let all =
                    rows.into_iter().zip(&predictions).map(|(row, said)| (row, prediction(bench, said)));
                bench.predictions.set(all.collect());
            }
        });
    });
}

fn prediction(bench: TableState, said: &Prediction) -> CellPrediction {
    let dataset = bench.scene.dataset;
    let name = |class: u32| dataset.with_untracked(|d| d.as_ref()?.classes().get(class as usize).cloned());
    match said.class() {
        Some((class, chance)) => {
            CellPrediction { words: name(class).unwrap_or_default(), chance: Some(chance) }
        }
        None => CellPrediction { words: bench.scene.prediction_words(said), chance: None },
    }
}
