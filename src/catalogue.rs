//! What can be asked for: the tables as a catalogue, and whether a spec fits one. Links, the page's controls
//! and the engines ask the same questions here, so a value is refused by all of them or by none, in the same
//! words. Plain data; knows no backend and no browser.

use crate::datasets::{DATASETS, Dataset, NUMBERS, NumberSet};
use crate::layers::describe;
use crate::models::{MODELS, Model, Size};
use crate::pretrained::PRETRAINED;
use crate::protocol::{Catalogue, DatasetInfo, ModelInfo};
use crate::spec::{ChoiceInfo, ModelSpec, NumberInfo, OPTIMIZERS, RunSpec, SCHEDULES, WordInfo, train_numbers};
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
        let pictures = DATASETS.iter().filter(|d| has(d.id)).map(Dataset::info);
        Self {
            datasets: pictures.chain(NUMBERS.iter().map(NumberSet::info)).collect(),
            models: MODELS.iter().map(model_info).collect(),
            pretrained: PRETRAINED.iter().filter(|n| has(n.id)).map(|n| n.id.into()).collect(),
            optimizers: OPTIMIZERS.iter().map(choice).collect(),
            schedules: SCHEDULES.iter().map(choice).collect(),
            numbers: train_numbers(),
        }
    }

    pub fn model(&self, id: &str) -> Option<&ModelInfo> {
        self.models.iter().find(|m| m.id == id)
    }

    pub fn dataset(&self, id: &str) -> Option<&DatasetInfo> {
        self.datasets.iter().find(|d| d.id == id)
    }

    /// The numbers that this spec has: training's, its model's sizes and its dataset's settings.
    pub fn numbers_of(&self, spec: &RunSpec) -> impl Iterator<Item = &NumberInfo> {
        let sizes = self.model(&spec.model.id).map(|m| m.sizes.as_slice()).unwrap_or_default();
        let data = self.dataset(&spec.data.id).map(|d| d.numbers.as_slice()).unwrap_or_default();
        self.numbers.iter().chain(sizes).chain(data)
    }

    /// The settings of this spec that are words.
    pub fn words_of(&self, spec: &RunSpec) -> impl Iterator<Item = &WordInfo> {
        self.dataset(&spec.data.id).map(|d| d.words.as_slice()).unwrap_or_default().iter()
    }

    /// The dotted keys that this spec has, in a fixed order.
    pub fn keys_of(&self, spec: &RunSpec) -> Vec<String> {
        let mut keys: Vec<String> = spec.to_keys().into_keys().collect();
        keys.extend(self.numbers_of(spec).map(|n| n.key.clone()));
        keys.extend(self.words_of(spec).map(|w| w.key.clone()));
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
        let numbers: BTreeMap<&str, &NumberInfo> =
            self.numbers_of(spec).map(|n| (n.key.as_str(), n)).collect();
        let words: BTreeMap<&str, &WordInfo> = self.words_of(spec).map(|w| (w.key.as_str(), w)).collect();
        for (key, value) in spec.to_keys() {
            if let Some(word) = words.get(key.as_str()) {
                word.check(&value)?;
                continue;
            }
            let own = key.starts_with("data.") && key != "data.id";
            if own && !numbers.contains_key(key.as_str()) {
                return Err(unknown(&key, &self.keys_of(spec)));
            }
            match (numbers.get(key.as_str()), value.as_f64()) {
                (Some(number), value) => number.check(value.unwrap_or(f64::NAN))?,
                (None, Some(_)) => return Err(unknown(&key, &self.keys_of(spec))),
                (None, None) => (),
            }
        }
        Ok(())
    }

    /// `spec` with one dotted key changed, checked. A new model comes with its own default sizes, new data with its
    /// own settings, and with its own model if the one that is there does not fit.
    pub fn change(&self, spec: &RunSpec, key: &str, value: &Value) -> Result<RunSpec, String> {
        let keys = self.keys_of(spec);
        if !keys.iter().any(|k| k == key) {
            return Err(unknown(key, &keys));
        }
        let mut changed = spec.with_key(key, &whole(value))?;
        if changed.model.id != spec.model.id {
            changed.model.sizes.clear();
        }
        if changed.data.id != spec.data.id {
            changed.data.options.clear();
            self.fit_model(&mut changed);
        }
        self.check(&changed)?;
        Ok(changed)
    }
    /// Whether the model can take the dataset's examples, as far as is known before the data is open.
    pub fn fits(&self, model: &str, dataset: &DatasetInfo) -> bool {
        let Some(model) = Model::by_id(model) else { return false };
        let shape = if dataset.shape.is_empty() { &[1][..] } else { &dataset.shape };
        let spec = ModelSpec { id: model.id.into(), sizes: BTreeMap::new() };
        describe(&model.layers_of(&spec, 2), shape).is_ok()
    }

    fn fit_model(&self, spec: &mut RunSpec) {
        if let Some(dataset) = self.dataset(&spec.data.id)
            && !self.fits(&spec.model.id, dataset)
        {
            spec.model.id.clone_from(&dataset.model);
            spec.model.sizes.clear();
        }
    }
}

impl WordInfo {
    /// Whether the value is among the choices, or what they are.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        let text = value.as_str().ok_or_else(|| format!("{} is a word", self.label))?;
        if self.choices.is_empty() {
            return Ok(());
        }
        let known = |word: &str| self.choices.iter().any(|c| c.id == word);
        let fits = if self.several { text.split('-').all(known) } else { known(text) };
        if fits {
            return Ok(());
        }
        let names: Vec<_> = self.choices.iter().map(|c| c.id.as_str()).collect();
        let names = names.join(", ");
        if self.several {
            return Err(format!("{} is one or more of {names}, joined by -", self.label));
        }
        Err(format!("{} is one of {names}", self.label))
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
