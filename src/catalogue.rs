//! What can be asked for: the tables as a catalogue, and whether a spec fits one. Links, the page's controls
//! and the engines ask the same questions here, so a value is refused by all of them or by none, in the same
//! words. Plain data; knows no backend and no browser.

use crate::datasets::{DATASETS, Dataset};
use crate::models::{MODELS, Model, Size};
use crate::pretrained::PRETRAINED;
use crate::protocol::{Catalogue, DatasetInfo, ModelInfo};
use crate::spec::{AUGMENTS, ChoiceInfo, NumberInfo, OPTIMIZERS, RunSpec, SCHEDULES, train_numbers};
use serde_json::Value;
use std::collections::BTreeMap;

impl Catalogue {
    /// Every row of the tables, with those datasets and pretrained networks that the site `has`.
    pub fn of_tables(has: impl Fn(&str) -> bool) -> Self {
        let choice = |row: &(&str, &str, &str)| ChoiceInfo {
            id: row.0.into(),
            title: row.1.into(),
            blurb: row.2.into(),
        };
        Self {
            datasets: DATASETS.iter().filter(|d| has(d.id)).map(dataset_info).collect(),
            models: MODELS.iter().map(model_info).collect(),
            pretrained: PRETRAINED.iter().filter(|n| has(n.id)).map(|n| n.id.into()).collect(),
            optimizers: OPTIMIZERS.iter().map(choice).collect(),
            schedules: SCHEDULES.iter().map(choice).collect(),
            augments: AUGMENTS.iter().map(choice).collect(),
            numbers: train_numbers(),
        }
    }

    pub fn model(&self, id: &str) -> Option<&ModelInfo> {
        self.models.iter().find(|m| m.id == id)
    }

    /// Whether a dataset's training pictures may be changed by chance.
    pub fn augments(&self, dataset: &str) -> bool {
        self.datasets.iter().any(|d| d.id == dataset && d.augment)
    }

    /// The numbers that this spec has: training's and its model's sizes.
    pub fn numbers_of(&self, spec: &RunSpec) -> impl Iterator<Item = &NumberInfo> {
        let sizes = self.model(&spec.model.id).map(|m| m.sizes.as_slice()).unwrap_or_default();
        self.numbers.iter().chain(sizes)
    }

    /// The dotted keys that this spec has, in a fixed order.
    pub fn keys_of(&self, spec: &RunSpec) -> Vec<String> {
        let mut keys: Vec<String> = spec.to_keys().into_keys().collect();
        keys.extend(self.numbers_of(spec).map(|n| n.key.clone()));
        keys.sort();
        keys.dedup();
        keys
    }

    /// Whether a run of this spec can be opened, or why not, in words.
    pub fn check(&self, spec: &RunSpec) -> Result<(), String> {
        one_of("dataset", &spec.data.id, self.datasets.iter().map(|d| d.id.as_str()))?;
        one_of("model", &spec.model.id, self.models.iter().map(|m| m.id.as_str()))?;
        one_of("optimiser", &spec.train.optimizer, self.optimizers.iter().map(|o| o.id.as_str()))?;
        one_of("schedule", &spec.train.schedule, self.schedules.iter().map(|s| s.id.as_str()))?;
        one_of("augmentation", &spec.train.augment, self.augments.iter().map(|a| a.id.as_str()))?;
        if spec.train.augment != AUGMENTS[0].0 && !self.augments(&spec.data.id) {
            return Err(format!("the pictures of “{}” are not to be changed", spec.data.id));
        }
        let numbers: BTreeMap<&str, &NumberInfo> =
            self.numbers_of(spec).map(|n| (n.key.as_str(), n)).collect();
        for (key, value) in spec.to_keys() {
            match (numbers.get(key.as_str()), value.as_f64()) {
                (Some(number), value) => number.check(value.unwrap_or(f64::NAN))?,
                (None, Some(_)) => return Err(unknown(&key, &self.keys_of(spec))),
                (None, None) => (),
            }
        }
        Ok(())
    }

    /// `spec` with one dotted key changed, checked. A new model comes with its own default sizes, and
    /// data whose pictures are not to be changed without augmentation.
    pub fn change(&self, spec: &RunSpec, key: &str, value: &Value) -> Result<RunSpec, String> {
        let keys = self.keys_of(spec);
        if !keys.iter().any(|k| k == key) {
            return Err(unknown(key, &keys));
        }
        let mut changed = spec.with_key(key, &whole(value))?;
        if changed.model.id != spec.model.id {
            changed.model.sizes.clear();
        }
        if !self.augments(&changed.data.id) && changed.data.id != spec.data.id {
            changed.train.augment = AUGMENTS[0].0.into();
        }
        self.check(&changed)?;
        Ok(changed)
    }
}

impl NumberInfo {
    /// Whether the value is in range, or what the range is.
    pub fn check(&self, value: f64) -> Result<(), String> {
        if !(self.min..=self.max).contains(&value) {
            return Err(format!("{} goes from {} to {}", self.label, self.min, self.max));
        }
        if self.whole && value.fract() != 0.0 {
            return Err(format!("{} is a whole number", self.label));
        }
        Ok(())
    }
}

/// Controls and scripts give every number as a float; the seed, say, is an integer.
fn whole(value: &Value) -> Value {
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => Value::from(number as i64),
        _ => value.clone(),
    }
}

fn one_of<'a>(what: &str, id: &str, mut known: impl Iterator<Item = &'a str> + Clone) -> Result<(), String> {
    if known.clone().any(|k| k == id) {
        return Ok(());
    }
    let first = known.next().unwrap_or("none");
    let names = known.fold(first.to_string(), |names, name| format!("{names}, {name}"));
    Err(format!("there is no {what} “{id}” here; there is {names}"))
}

fn unknown(key: &str, known: &[String]) -> String {
    format!("there is no setting “{key}”; there are {}", known.join(", "))
}

fn dataset_info(d: &Dataset) -> DatasetInfo {
    DatasetInfo {
        id: d.id.into(),
        title: d.title.into(),
        noun: d.noun.into(),
        blurb: d.blurb.into(),
        homepage: d.homepage.into(),
        licence: d.licence.into(),
        citation: d.citation.into(),
        classes: d.classes.iter().map(|c| (*c).into()).collect(),
        shape: d.shape,
        mean: d.mean.into(),
        std: d.std.into(),
        augment: d.augment,
    }
}

fn model_info(m: &Model) -> ModelInfo {
    let size = |s: &Size| NumberInfo {
        key: format!("model.{}", s.key),
        label: s.label.into(),
        help: s.help.into(),
        min: s.min as f64,
        max: s.max as f64,
        default: s.default as f64,
        whole: true,
        choices: s.choices.iter().map(|c| *c as f64).collect(),
        live: false,
    };
    ModelInfo {
        id: m.id.into(),
        title: m.title.into(),
        blurb: m.blurb.into(),
        sizes: m.sizes.iter().map(size).collect(),
    }
}
