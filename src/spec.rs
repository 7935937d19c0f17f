//! What a run is: data + model + training + seed. A link encodes it, weights carry it, the engines run it.
//! Plain data; knows no backend, no browser and no dataset or model by name except in its presets.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// The id of a row of `datasets::DATASETS`.
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// The id of a row of `models::MODELS`.
    pub id: String,
    /// The model's own sizes, by the keys that its row declares; what is absent has its default.
    #[serde(flatten)]
    pub sizes: BTreeMap<String, f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainSpec {
    /// The id of a row of `OPTIMIZERS`.
    pub optimizer: String,
    /// The step size; with a schedule, its highest value.
    pub learning_rate: f64,
    /// The id of a row of `SCHEDULES`.
    pub schedule: String,
    /// Examples per step.
    pub batch_size: f64,
    /// Passes over the training set until the run is done.
    pub epochs: f64,
    /// AdamW's decoupled weight decay; the other optimisers do not use it.
    pub weight_decay: f64,
    /// The id of a row of `AUGMENTS`; what was written before there were any says nothing.
    #[serde(default = "no_augment")]
    pub augment: String,
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

/// A thing that can be chosen by id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChoiceInfo {
    pub id: String,
    pub title: String,
    pub blurb: String,
}

/// id, title, one sentence
type Choice = (&'static str, &'static str, &'static str);

pub const OPTIMIZERS: &[Choice] = &[
    ("sgd", "SGD", "Steps straight down the gradient."),
    ("momentum", "SGD with momentum", "Keeps nine tenths of its last step, so it rolls through noise."),
    ("adam", "Adam", "Gives every weight its own step size from the history of its gradients."),
    ("adamw", "AdamW", "Adam that also shrinks the weights a little at every step."),
];

pub const SCHEDULES: &[Choice] = &[
    ("constant", "Constant", "The same learning rate throughout."),
    ("cosine", "Cosine", "Full speed at first, then along a cosine down to zero at the last step."),
    ("one_cycle", "One cycle", "Warms up for a quarter of the run, then along a cosine down to zero."),
];

/// How training pictures are changed by chance, of datasets that say that they may be.
pub const AUGMENTS: &[Choice] = &[
    ("off", "Off", "Training sees every picture as it is."),
    ("flip", "Flip", "Every other picture, by chance, is mirrored left to right."),
    (
        "flip_crop",
        "Flip and crop",
        "Pictures are mirrored, and cut out up to four pixels away from the middle.",
    ),
];

fn no_augment() -> String {
    AUGMENTS[0].0.into()
}

/// The training numbers with their ranges. One row, and it is in the page, in links and in validation.
pub fn train_numbers() -> Vec<NumberInfo> {
    let number =
        |key: &str, label: &str, help: &str, [min, max, default]: [f64; 3], whole, choices: &[f64], live| {
            NumberInfo {
                key: key.into(),
                label: label.into(),
                help: help.into(),
                min,
                max,
                default,
                whole,
                choices: choices.into(),
                live,
            }
        };
    vec![
        number(
            "train.learning_rate",
            "Learning rate",
            "How far a step goes along the gradient.",
            [1e-6, 10.0, 0.004],
            false,
            &[0.0001, 0.0003, 0.001, 0.002, 0.004, 0.01, 0.03, 0.1, 0.3, 1.0],
            true,
        ),
        number(
            "train.batch_size",
            "Batch size",
            "Examples whose gradients are averaged into one step.",
            [1.0, 1024.0, 64.0],
            true,
            &[8.0, 16.0, 32.0, 64.0, 128.0, 256.0],
            false,
        ),
        number(
            "train.epochs",
            "Epochs",
            "Passes over the training set until the run is done.",
            [1.0, 1000.0, 5.0],
            true,
            &[1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0],
            false,
        ),
        number(
            "train.weight_decay",
            "Weight decay",
            "How much AdamW shrinks every weight, times the learning rate.",
            [0.0, 1.0, 0.01],
            false,
            &[0.0, 0.001, 0.01, 0.1],
            false,
        ),
        number(
            "seed",
            "Seed",
            "Decides the initial weights and the order of examples.",
            [0.0, 4_294_967_295.0, 7.0],
            true,
            &[1.0, 2.0, 3.0, 7.0, 42.0],
            false,
        ),
    ]
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
    /// A classifier of the visitor's own classes on such a network's features.
    Own,
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
}

pub const PRESETS: &[Preset] = &[
    Preset {
        id: "mnist",
        title: "Handwritten digits",
        page: Page::Train,
        sentence: "A small network is about to learn to read handwritten digits, here, on your machine. \
                   Press Play, watch it improve, then draw a digit of your own.",
        data: "mnist",
        model: "cnn",
        optimizer: "adam",
        schedule: "one_cycle",
    },
    Preset {
        id: "fashion",
        title: "Pieces of clothing",
        page: Page::Train,
        sentence: "The same network, harder pictures: ten kinds of clothing. \
                   Press Play and see which ones it confuses.",
        data: "fashion_mnist",
        model: "cnn",
        optimizer: "adam",
        schedule: "one_cycle",
    },
    Preset {
        id: "cifar10",
        title: "Colour photos",
        page: Page::Train,
        sentence: "Photos in colour: every pixel is three numbers. The same network learns ten kinds of animals and \
                   vehicles, and finds them much harder than digits. Press Play.",
        data: "cifar10",
        model: "cnn",
        optimizer: "adam",
        schedule: "one_cycle",
    },
    Preset {
        id: "imagenet",
        title: "What is in a picture",
        page: Page::Pictures,
        sentence: "This network has seen 1.28 million photos and knows 1,000 kinds of things. Give it a picture of \
                   yours: it is read here, in this tab, and goes nowhere.",
        data: "mnist",
        model: "cnn",
        optimizer: "adam",
        schedule: "one_cycle",
    },
    Preset {
        id: "own",
        title: "Teach it your own things",
        page: Page::Own,
        sentence: "Show it a few pictures of each of your own things, and in seconds it tells them apart: it builds \
                   on what it learned from 1.28 million photos. Nothing leaves this tab.",
        data: "mnist",
        model: "cnn",
        optimizer: "adam",
        schedule: "one_cycle",
    },
    Preset {
        id: "lecture",
        title: "The lecture",
        page: Page::Lecture,
        sentence: "Neural networks are data and a model. Every lesson here is a live lab: a real network learns in \
                   this tab, on your machine, and nothing leaves it.",
        data: "mnist",
        model: "cnn",
        optimizer: "adam",
        schedule: "one_cycle",
    },
];

impl Preset {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|p| p.id == id)
    }

    /// The spec that the preset stands for: its choices, and the default of everything else.
    pub fn spec(&self) -> RunSpec {
        let numbers = train_numbers();
        let default = |key: &str| numbers.iter().find(|n| n.key == key).map_or(0.0, |n| n.default);
        RunSpec {
            data: DataSpec { id: self.data.into() },
            model: ModelSpec { id: self.model.into(), sizes: BTreeMap::new() },
            train: TrainSpec {
                optimizer: self.optimizer.into(),
                schedule: self.schedule.into(),
                learning_rate: default("train.learning_rate"),
                batch_size: default("train.batch_size"),
                epochs: default("train.epochs"),
                weight_decay: default("train.weight_decay"),
                augment: no_augment(),
            },
            seed: default("seed") as u32,
        }
    }
}

impl RunSpec {
    /// The spec as dotted keys, e.g. `train.learning_rate` → `0.001`, in a fixed order.
    pub fn to_keys(&self) -> BTreeMap<String, serde_json::Value> {
        let mut keys = BTreeMap::new();
        if let Ok(value) = serde_json::to_value(self) {
            flatten("", &value, &mut keys);
        }
        keys
    }

    /// This spec with one dotted key changed. A value that does not fit the key is an error in words;
    /// ranges are `Catalogue::check`'s to judge.
    pub fn with_key(&self, key: &str, value: &serde_json::Value) -> Result<Self, String> {
        let known = key.starts_with("model.") || self.to_keys().contains_key(key);
        if !known {
            let names: Vec<_> = self.to_keys().into_keys().collect();
            return Err(format!("“{key}” is not a setting; there are {}", names.join(", ")));
        }
        let mut whole = serde_json::to_value(self).map_err(|e| e.to_string())?;
        let mut at = &mut whole;
        for part in key.split('.') {
            let fields = at.as_object_mut().ok_or_else(|| format!("“{key}” is not a setting"))?;
            at = fields.entry(part).or_insert(serde_json::Value::Null);
        }
        *at = value.clone();
        serde_json::from_value(whole).map_err(|_| format!("“{value}” is not a value of “{key}”"))
    }
}

fn flatten(prefix: &str, value: &serde_json::Value, keys: &mut BTreeMap<String, serde_json::Value>) {
    let serde_json::Value::Object(fields) = value else {
        keys.insert(prefix.into(), value.clone());
        return;
    };
    for (name, field) in fields {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        flatten(&key, field, keys);
    }
}
