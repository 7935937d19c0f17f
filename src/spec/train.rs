//! How a network is trained, as data: what can be set, and the tables of what can be chosen.

use super::NumberInfo;
use serde::{Deserialize, Serialize};

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
    /// Passes over the training set until the run is done; the last may be a part of one.
    pub epochs: f64,
    /// AdamW's decoupled weight decay; the other optimisers do not use it.
    pub weight_decay: f64,
    /// Adam's and AdamW's β₂: the share of its mean of squared gradients that a step keeps.
    #[serde(default = "adams_beta2")]
    pub beta2: f64,
    /// The gradient's largest length (the norm over all weights); 0 leaves it as it is.
    #[serde(default)]
    pub clip: f64,
    /// λ of the penalty λ Σ |w| on the weights of convolutions and dense layers.
    #[serde(default)]
    pub l1: f64,
    /// λ of the penalty λ/2 Σ w² on the same.
    #[serde(default)]
    pub l2: f64,
    /// ε: every truth is learned as 1 − ε of its class and ε spread over all classes.
    #[serde(default)]
    pub label_smoothing: f64,
    /// The id of a row of `AUGMENTS`; what was written before there were any says nothing.
    #[serde(default = "no_augment")]
    pub augment: String,
    /// The id of a row of `INITS`.
    #[serde(default = "first_init")]
    pub init: String,
}

/// What specs of before there was a choice mean.
fn first_init() -> String {
    INITS[0].0.into()
}

/// What Kingma & Ba (2015) propose, and what specs of before there was a choice mean.
pub const BETA2: f64 = 0.999;

fn adams_beta2() -> f64 {
    BETA2
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
    ("step", "Step", "A tenth of it after half of the run, and a hundredth for the last quarter."),
    ("cosine", "Cosine", "Full speed at first, then along a cosine down to zero at the last step."),
    ("one_cycle", "One cycle", "Warms up for a quarter of the run, then along a cosine down to zero."),
];

/// How a network begins.
pub const INITS: &[Choice] = &[
    ("he", "He", "Random, by how many inputs a unit has: made for ReLU, so that signals keep their size."),
    ("xavier", "Xavier", "Random, by how many inputs and outputs a layer has: made for tanh and sigmoid."),
    ("small", "Small", "Random between −0.01 and 0.01: in a deep network the signal all but vanishes."),
    (
        "zeros",
        "Zeros",
        "All weights 0: every unit of a layer stays like every other, and nothing is learned.",
    ),
];

/// How training pictures are changed by chance: each dataset says which of these leave its labels true.
pub const AUGMENTS: &[Choice] = &[
    ("off", "Off", "Training sees every picture as it is."),
    ("flip", "Flip", "Every other picture, by chance, is mirrored left to right."),
    (
        "flip_crop",
        "Flip and crop",
        "Pictures are mirrored, and cut out up to four pixels away from the middle.",
    ),
    (
        "affine",
        "Shift, turn and scale",
        "Pictures are moved by up to a pixel, turned by up to 8°, and made up to 8 % larger or smaller.",
    ),
];

/// The most that `affine` moves a picture each way, in pixels, turns it either way, in degrees, and makes it larger or
/// smaller: of what was tried, it taught MNIST best in runs of one to eight epochs.
pub const AFFINE: [f32; 3] = [1.0, 8.0, 0.08];

pub(super) fn no_augment() -> String {
    AUGMENTS[0].0.into()
}

/// A row of `train_numbers`; `range` is the least, the greatest and what it is at first.
fn number(
    key: &str,
    label: &str,
    help: &str,
    range: [f64; 3],
    whole: bool,
    choices: &[f64],
    live: bool,
) -> NumberInfo {
    let [min, max, default] = range;
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
}

/// The training numbers with their ranges. One row, and it is in the page, in links and in validation.
pub fn train_numbers() -> Vec<NumberInfo> {
    // Off at first.
    let share = |key, label, help, choices| number(key, label, help, [0.0, 1.0, 0.0], false, choices, false);
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
            "Passes over the training set until the run is done; the last may be a part of one.",
            [0.1, 1000.0, 5.0],
            false,
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
        beta2(),
        number(
            "train.clip",
            "Gradient clipping",
            "The longest that the gradient may be; a longer one is cut to it. 0 is off.",
            [0.0, 1000.0, 0.0],
            false,
            &[0.0, 0.1, 0.5, 1.0, 5.0],
            false,
        ),
        share(
            "train.l1",
            "L1",
            "How much the loss grows with every weight’s size; it drives weights to 0.",
            &[0.0, 0.00001, 0.0001, 0.001],
        ),
        share(
            "train.l2",
            "L2",
            "How much the loss grows with every weight’s square; it keeps weights small.",
            &[0.0, 0.0001, 0.001, 0.01],
        ),
        share(
            "train.label_smoothing",
            "Label smoothing",
            "How much of every true label is spread over all classes; it keeps the network from being too sure.",
            &[0.0, 0.05, 0.1, 0.2],
        ),
        number(
            "seed",
            "Seed",
            "Decides the initial weights and the order of examples. The same settings, seed, engine and number of cores give the same losses.",
            [0.0, 4_294_967_295.0, 7.0],
            true,
            &[1.0, 2.0, 3.0, 7.0, 42.0],
            false,
        ),
    ]
}

fn beta2() -> NumberInfo {
    number(
        "train.beta2",
        "β₂",
        "How much of its mean of squared gradients Adam keeps at every step: 0.99 forgets what was sooner than 0.999.",
        [0.0, 0.9999, BETA2],
        false,
        &[0.9, 0.95, 0.99, 0.999],
        false,
    )
}
