//! Runs that are kept to be compared: their curves, what they reached and how they were trained. They stay in the
//! browser's storage (`store::past_runs`).

use super::curve;
use crate::link;
use crate::protocol::{DatasetInfo, TrainPoint};
use crate::spec::{ChoiceInfo, Preset, RunSpec};
use crate::ui::components::format;
use crate::ui::components::reactive::{effect, memo};
use crate::ui::language::{known, tr};
use crate::ui::state::State;
use crate::ui::store::past_runs::PastRun;
use leptos::prelude::*;
use serde_json::Value;

/// More of one dataset are not kept.
const MOST: usize = 12;

/// A run of no more steps than this can be thrown away without a word.
const FEW: u32 = 20;

impl PastRun {
    /// The run that is shown, as it stands; none before its first step.
    fn of(state: State, by_hand: bool) -> Option<Self> {
        let progress = state.progress.get_untracked()?;
        let (train, last_loss) = state.train_curve.with_untracked(|all| {
            let thin = |value: fn(&TrainPoint) -> f32| curve::thin(all, value, progress.step.into());
            let pairs = thin(|p| p.loss).into_iter().zip(thin(|p| p.score));
            let marks = pairs.map(|(loss, accuracy)| (loss.0 as u32, loss.1 as f32, accuracy.1 as f32));
            Some((marks.collect::<Vec<_>>(), all.last()?.loss))
        })?;
        let (test, count) = state.evaluations.with_untracked(|all| {
            let marks = all.iter().map(|e| (e.step, e.loss, e.score as f32));
            // JSON has no word for what is no number.
            let marks = marks.filter(|(_, loss, share)| loss.is_finite() && share.is_finite());
            (curve::few(marks), all.last().map_or(0, |e| e.count))
        });
        Some(Self {
            id: js_sys::Date::now(),
            slot: 0,
            name: None,
            by_hand,
            shown: true,
            preset: state.preset.get_untracked(),
            spec: state.spec.get_untracked(),
            engine: state.engine.with_untracked(|e| e.active),
            told: state.dataset.with_untracked(|d| d.as_ref().map(told))?,
            step: progress.step,
            steps_per_epoch: state.steps_per_epoch.get_untracked(),
            seconds: progress.seconds,
            last_loss,
            train,
            test,
            count,
        })
    }

    /// Its name, or what differs from its preset: “Learning rate 0.01, Batch size 128”.
    pub fn name(&self, state: State) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let Some(preset) = Preset::by_id(&self.preset) else { return String::new() };
        let differences = link::differences(preset, &self.spec).into_iter();
        let named = differences.filter(|(key, _)| key != "data.id");
        let named: Vec<String> = named.map(|(key, value)| setting(state, &self.spec, &key, &value)).collect();
        if named.is_empty() { tr!("Settings of the lab") } else { named.join(", ") }
    }
}

fn told(dataset: &DatasetInfo) -> String {
    dataset.target.value().map_or_else(|| dataset.target.classes().join(","), String::from)
}

/// A setting and its value in words, as far as the catalogue has any for them.
fn setting(state: State, spec: &RunSpec, key: &str, value: &Value) -> String {
    let plain = value.as_f64().map_or_else(|| link::plain(value), format::plain);
    state.catalogue.with(|c| {
        let Some(c) = c else { return plain.clone() };
        if let Some(number) = c.numbers_of(spec).find(|n| n.key == key) {
            return format!("{} {plain}", known(&number.label));
        }
        if let Some(model) = c.model(&plain).filter(|_| key == "model.id") {
            return known(&model.title);
        }
        let choices = [&c.optimizers, &c.schedules, &c.inits, &c.augments].into_iter().flatten();
        let title = |choice: &ChoiceInfo| known(&choice.title);
        choices.clone().find(|choice| choice.id == plain).map_or(plain.clone(), title)
    })
}

/// The kept runs that can be compared with the one that is shown; tracked.
pub fn comparable(state: State) -> Vec<PastRun> {
    let told = state.dataset.with(|d| d.as_ref().map(told));
    state.kept.with(|all| all.iter().filter(|k| Some(&k.told) == told.as_ref()).cloned().collect())
}

/// Those of them that are drawn; tracked.
pub fn shown(state: State) -> Vec<PastRun> {
    let mut all = comparable(state);
    all.retain(|kept| kept.shown);
    all
}

/// Keeps the runs of the dataset that is shown at hand. Must be called once, under the page's owner.
pub fn follow(state: State) {
    let data = memo(move || state.spec.with(|s| s.data.id.clone()));
    effect(move |_| state.kept.set(data.with(|id| PastRun::all(id)).unwrap_or_default()));
}

/// Changes what is kept, here and in the browser's storage.
pub fn change(state: State, edit: impl FnOnce(&mut Vec<PastRun>)) {
    let data = state.spec.with_untracked(|s| s.data.id.clone());
    // Another tab may have kept some meanwhile.
    let mut all = PastRun::all(&data).unwrap_or_else(|| state.kept.get_untracked());
    edit(&mut all);
    PastRun::keep_all(&data, &all);
    state.kept.set(all);
}

/// Changes one of them.
pub fn change_one(state: State, id: f64, edit: impl FnOnce(&mut PastRun)) {
    change(state, |all| {
        if let Some(kept) = all.iter_mut().find(|k| k.id == id) {
            edit(kept);
        }
    });
}

/// Keeps the run that is shown: because the visitor wants it, or because it is about to be left behind.
pub fn keep(state: State, by_hand: bool) {
    if by_hand || state.step() > FEW {
        let run = PastRun::of(state, by_hand);
        run.into_iter().for_each(|run| change(state, |all| add(state, all, run)));
    }
}

fn add(state: State, all: &mut Vec<PastRun>, mut run: PastRun) {
    let same = |old: &PastRun| old.spec == run.spec && old.engine == run.engine;
    let went_on = |old: &PastRun| {
        let there = |p: &TrainPoint| p.step == old.step && p.loss == old.last_loss;
        same(old) && state.train_curve.with_untracked(|curve| curve.iter().any(there))
    };
    if let Some(old) = all.iter_mut().find(|old| went_on(old)) {
        (run.id, run.slot, run.name) = (old.id, old.slot, old.name.take());
        run.by_hand |= old.by_hand;
        run.shown = old.shown || run.shown && !old.by_hand;
        *old = run;
        return;
    }
    // The same settings learn the same again.
    if !run.by_hand && all.iter().any(|old| same(old) && old.step >= run.step) {
        return;
    }
    if all.len() >= MOST {
        all.remove(all.iter().position(|old| !old.by_hand).unwrap_or(0));
    }
    run.slot = (0..MOST).find(|slot| all.iter().all(|old| old.slot != *slot)).unwrap_or(0);
    all.push(run);
}
