//! What a run is: data + model + training + seed. A link encodes it, weights carry it, the engines run it.
//! Plain data; knows no backend, no browser and no dataset or model by name except in its presets.

mod train;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use train::no_augment;
pub use train::{AFFINE, AUGMENTS, INITS, OPTIMIZERS, SCHEDULES, TrainSpec, train_numbers};

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
    /// What else is not as it is by itself: dotted keys and their values as JSON.
    pub sets: &'static [(&'static str, &'static str)],
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
        sets: &[],
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
        sets: &[],
    },
    Preset {
        id: "plane",
        title: "Points in the plane",
        page: Page::Train,
        sentence: "The plainest of networks: neurons that add up what comes in. Press Play and watch each of them \
                   find its own way to divide the plane, then add or take away neurons.",
        data: "circle",
        model: "custom",
        optimizer: "adam",
        schedule: "constant",
        sets: &[
            ("model.layers", "\"dense4-tanh-dense3-tanh-dense\""),
            ("train.learning_rate", "0.01"),
            ("train.batch_size", "16"),
            ("train.epochs", "100"),
        ],
    },
    Preset {
        id: "spiral",
        title: "Two spirals",
        page: Page::Train,
        sentence: "Two arms wound around each other, told apart from nothing but x₁ and x₂. Two hidden layers can do \
                   it; with one it gets hard, and with none it is hopeless. Try.",
        data: "spiral",
        model: "custom",
        optimizer: "adam",
        schedule: "one_cycle",
        sets: &[
            ("model.layers", "\"dense16-relu-dense12-relu-dense\""),
            ("train.learning_rate", "0.02"),
            ("train.batch_size", "16"),
            ("train.epochs", "200"),
        ],
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
        sets: &[],
    },
    Preset {
        id: "digits",
        title: "Digits in seconds",
        page: Page::Train,
        sentence: "The same digits without their empty border, and a network that is built to learn fast: three \
                   stages, each normalised, and a quarter of the weights. Press Play, and compare it with the first one.",
        data: "mnist",
        model: "cnn_quick",
        optimizer: "momentum",
        schedule: "one_cycle",
        sets: &[
            ("train.learning_rate", "0.2"),
            ("train.batch_size", "32"),
            ("train.epochs", "1.5"),
            ("train.augment", "\"affine\""),
            ("model.crop", "4"),
            ("train.label_smoothing", "0.05"),
        ],
    },
    Preset {
        id: "digits_best",
        title: "Almost every digit",
        page: Page::Train,
        sentence: "Every digit is moved, turned and scaled a little each time it is shown, so that the network sees none \
                   twice. Press Play, and look at the few that it still gets wrong.",
        data: "mnist",
        model: "cnn_quick",
        optimizer: "momentum",
        schedule: "one_cycle",
        sets: &[
            ("train.learning_rate", "0.4"),
            ("train.batch_size", "128"),
            ("train.epochs", "7"),
            ("train.augment", "\"affine\""),
            ("model.crop", "3"),
            ("model.filters_2", "32"),
            ("model.filters_3", "64"),
            ("train.label_smoothing", "0.05"),
            ("train.l2", "0.0002"),
        ],
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
        sets: &[],
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
        sets: &[],
    },
    Preset {
        id: "penguins",
        title: "Penguins",
        page: Page::Train,
        sentence: "Which species is a penguin? Look at what was measured first: sort, filter, edit, compare. \
                   Then a network learns to tell, and fills in the rows where a “?” stands.",
        data: "penguins",
        model: "mlp",
        optimizer: "adam",
        schedule: "one_cycle",
        sets: &[
            ("model.hidden_1", "16"),
            ("model.hidden_2", "8"),
            ("train.learning_rate", "0.01"),
            ("train.batch_size", "16"),
            ("train.epochs", "60"),
        ],
    },
    Preset {
        id: "names",
        title: "Made-up names",
        page: Page::Train,
        sentence: "This network reads 28,829 given names letter by letter and learns which letter comes next. \
                   Press Play, and within half a minute it makes up names of its own.",
        data: "names",
        model: "recurrent",
        optimizer: "adam",
        schedule: "one_cycle",
        sets: &[
            ("train.learning_rate", "0.02"),
            ("train.batch_size", "32"),
            ("train.epochs", "2"),
            ("train.clip", "1"),
        ],
    },
    Preset {
        id: "shakespeare",
        title: "In Shakespeare’s manner",
        page: Page::Train,
        sentence: "A million characters of plays, and a network that remembers what it has read. Press Play and watch \
                   the sample: first letters, then words, then lines with who speaks.",
        data: "shakespeare",
        model: "recurrent",
        optimizer: "adam",
        schedule: "one_cycle",
        sets: &[
            ("model.cell", "\"gru\""),
            ("train.learning_rate", "0.015"),
            ("train.batch_size", "32"),
            ("train.epochs", "1.5"),
            ("train.clip", "1"),
        ],
    },
    Preset {
        id: "faust",
        title: "In Goethe’s manner",
        page: Page::Train,
        sentence: "The same with half a million characters of German verse. Press Play and watch it find words, lines \
                   and rhymes.",
        data: "faust",
        model: "recurrent",
        optimizer: "adam",
        schedule: "one_cycle",
        sets: &[
            ("model.cell", "\"gru\""),
            ("train.learning_rate", "0.015"),
            ("train.batch_size", "32"),
            ("train.epochs", "3"),
            ("train.clip", "1"),
        ],
    },
    Preset {
        id: "my_text",
        title: "Your own text",
        page: Page::Train,
        sentence: "Give it a text of yours, and it learns to go on in its manner. The text stays in this tab.",
        data: "my_text",
        model: "recurrent",
        optimizer: "adam",
        schedule: "one_cycle",
        sets: &[
            ("model.cell", "\"gru\""),
            ("train.learning_rate", "0.01"),
            ("train.batch_size", "16"),
            ("train.epochs", "10"),
            ("train.clip", "1"),
        ],
    },
    Preset {
        id: "memory",
        title: "Remember a letter",
        page: Page::Train,
        sentence: "A letter, then a hundred times nothing, then: which letter was it? An LSTM keeps it; a plain RNN \
                   cannot. Press Play, then choose the other cell and try again.",
        data: "memory",
        model: "recurrent",
        optimizer: "adam",
        schedule: "constant",
        sets: &[
            ("model.units", "32"),
            ("model.forget", "6"),
            ("model.closed", "4"),
            ("train.learning_rate", "0.01"),
            ("train.batch_size", "32"),
            ("train.epochs", "0.7"),
            ("train.clip", "1"),
        ],
    },
    Preset {
        id: "brackets",
        title: "Are the brackets closed?",
        page: Page::Train,
        sentence: "Brackets of three kinds, and one question: is each of them closed by its own kind? Press Play.",
        data: "brackets",
        model: "recurrent",
        optimizer: "adam",
        schedule: "one_cycle",
        sets: &[
            ("model.units", "64"),
            ("train.learning_rate", "0.01"),
            ("train.batch_size", "32"),
            ("train.epochs", "2"),
            ("train.clip", "1"),
        ],
    },
    Preset {
        id: "add",
        title: "Adding digit by digit",
        page: Page::Train,
        sentence: "Two numbers and then their sum, written from its last digit: a network that carries. \
                   None of the sums that it is tested on was ever shown to it.",
        data: "add",
        model: "recurrent",
        optimizer: "adam",
        schedule: "one_cycle",
        sets: &[
            ("data.digits", "2"),
            ("train.learning_rate", "0.01"),
            ("train.batch_size", "32"),
            ("train.epochs", "6"),
            ("train.clip", "1"),
        ],
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
        sets: &[],
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
