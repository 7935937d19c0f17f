//! What a run is: data + model + training + seed. A link encodes it, weights carry it, the engines run it.
//! Plain data; knows no backend, no browser and no dataset or model by name except in its presets.

mod presets;
mod train;

pub use presets::PRESETS;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use train::no_augment;
pub use train::{AFFINE, AUGMENTS, BETA2, INITS, OPTIMIZERS, SCHEDULES, TrainSpec, train_numbers};

/// The schema number that links and weight files carry as `v`.
pub const SPEC_VERSION: u32 = 1;

/// Everything that decides a run: same spec and same engine, same losses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSpec {
    pub data: DataSpec,
    pub model: ModelSpec,
    pub train: TrainSpec,
    /// Decides the initial weights and the order of examples.
    pub seed: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataSpec {
    /// The id of a row of `datasets::DATASETS` or `datasets::NUMBERS`.
    pub id: String,
    /// The dataset's own settings, by the keys that its row declares; what is absent has its default.
    #[serde(flatten, deserialize_with = "options")]
    pub options: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// The id of a row of `models::MODELS`.
    pub id: String,
    /// The model's own settings, by the keys that its row declares; what is absent has its default.
    #[serde(flatten, deserialize_with = "options")]
    pub options: BTreeMap<String, Value>,
}

/// Numbers as floats however they are written: 8 and 8.0 are the same setting.
fn options<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Value>, D::Error> {
    let mut options = BTreeMap::<String, Value>::deserialize(from)?;
    for value in options.values_mut() {
        if let Some(number) = value.as_f64() {
            *value = number.into();
        }
    }
    Ok(options)
}

/// A number that a visitor can change: where it lives in the spec, its range and its words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberInfo {
    /// Dotted key of the spec, as in a link.
    pub key: String,
    pub label: String,
    pub help: String,
    pub min: f64,
    pub max: f64,
    pub default: f64,
    pub whole: bool,
    /// Values offered first; any value in range is accepted.
    pub choices: Vec<f64>,
    /// A change applies to the run that is going on; otherwise the run starts again.
    pub live: bool,
}

/// A setting whose value is a word: one of `choices`, or several of them joined by `-`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WordInfo {
    /// Dotted key of the spec, as in a link.
    pub key: String,
    pub label: String,
    pub help: String,
    /// Any text if there are none.
    pub choices: Vec<ChoiceInfo>,
    pub default: String,
    /// More than one of the choices can be meant.
    pub several: bool,
}

/// A thing that can be chosen by id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChoiceInfo {
    pub id: String,
    pub title: String,
    pub blurb: String,
}

/// Which of the page's views a preset opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The front page: the lessons in the lecture's order.
    Lecture,
    /// Data → model → what it learned.
    Train,
    /// A network that comes trained tells what is in a picture.
    Pictures,
    /// A network that comes trained says where things are in a picture.
    Detect,
    /// Labels from one tool's files to another's.
    Convert,
    /// A classifier of the visitor's own classes on such a network's features.
    Own,
    /// A network that comes trained finishes drawings.
    Sketch,
    /// A network that comes trained talks.
    Chat,
}

/// A named spec: what a short link opens. Pages that train nothing of it have the first preset's.
pub struct Preset {
    pub id: &'static str,
    pub title: &'static str,
    pub page: Page,
    /// One sentence: what you are looking at and what to try.
    pub sentence: &'static str,
    pub data: &'static str,
    pub model: &'static str,
    pub optimizer: &'static str,
    pub schedule: &'static str,
    /// What else is not as it is by itself: dotted keys and their values as JSON.
    pub sets: &'static [(&'static str, &'static str)],
}

impl Preset {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|p| p.id == id)
    }

    /// The spec that the preset stands for: its choices, and the default of everything else.
    pub fn spec(&self) -> RunSpec {
        let numbers = train_numbers();
        let default = |key: &str| numbers.iter().find(|n| n.key == key).map_or(0.0, |n| n.default);
        let spec = RunSpec {
            data: DataSpec { id: self.data.into(), options: BTreeMap::new() },
            model: ModelSpec { id: self.model.into(), options: BTreeMap::new() },
            train: TrainSpec {
                optimizer: self.optimizer.into(),
                schedule: self.schedule.into(),
                learning_rate: default("train.learning_rate"),
                batch_size: default("train.batch_size"),
                epochs: default("train.epochs"),
                weight_decay: default("train.weight_decay"),
                beta2: default("train.beta2"),
                clip: default("train.clip"),
                l1: default("train.l1"),
                l2: default("train.l2"),
                label_smoothing: default("train.label_smoothing"),
                init: INITS[0].0.into(),
                augment: no_augment(),
            },
            seed: default("seed") as u32,
        };
        let set = |spec: RunSpec, (key, value): &(&str, &str)| {
            let value = serde_json::from_str(value).unwrap_or(Value::Null);
            spec.with_key(key, &value).unwrap_or(spec)
        };
        self.sets.iter().fold(spec, set)
    }
}

impl RunSpec {
    /// The spec as dotted keys, e.g. `train.learning_rate` → `0.001`, in a fixed order.
    pub fn to_keys(&self) -> BTreeMap<String, Value> {
        let mut keys = BTreeMap::new();
        if let Ok(value) = serde_json::to_value(self) {
            flatten("", &value, &mut keys);
        }
        keys
    }

    /// This spec with one dotted key changed. A value that does not fit the key is an error in words;
    /// ranges are `Catalogue::check`'s to judge.
    pub fn with_key(&self, key: &str, value: &Value) -> Result<Self, String> {
        let known = key.starts_with("model.") || key.starts_with("data.") || self.to_keys().contains_key(key);
        if !known {
            let names: Vec<_> = self.to_keys().into_keys().collect();
            return Err(format!("“{key}” is not a setting; there are {}", names.join(", ")));
        }
        let mut whole = serde_json::to_value(self).map_err(|e| e.to_string())?;
        let mut at = &mut whole;
        for part in key.split('.') {
            let fields = at.as_object_mut().ok_or_else(|| format!("“{key}” is not a setting"))?;
            at = fields.entry(part).or_insert(Value::Null);
        }
        *at = value.clone();
        serde_json::from_value(whole).map_err(|_| format!("“{value}” is not a value of “{key}”"))
    }
}

fn flatten(prefix: &str, value: &Value, keys: &mut BTreeMap<String, Value>) {
    let Value::Object(fields) = value else {
        keys.insert(prefix.into(), value.clone());
        return;
    };
    for (name, field) in fields {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        flatten(&key, field, keys);
    }
}
