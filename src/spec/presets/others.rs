//! Presets of rows, points and series, and of pages that train nothing of a spec.

use super::super::{Page, Preset};

pub const PLANE: Preset = Preset {
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
};

pub const SPIRAL: Preset = Preset {
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
};

pub const PENGUINS: Preset = Preset {
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
};

pub const SINE: Preset = Preset {
    id: "sine",
    title: "What comes next?",
    page: Page::Train,
    sentence: "A noisy wave: the network reads 25 steps and says the next one. Press Play, then let it go on by \
               itself, from nothing but its own predictions.",
    data: "sine",
    model: "many_to_one",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[
        ("train.learning_rate", "0.01"),
        ("train.batch_size", "16"),
        ("train.epochs", "20"),
        ("train.clip", "1"),
    ],
};

pub const SKETCH: Preset = Preset {
    id: "sketch",
    title: "It draws",
    page: Page::Sketch,
    sentence: "This network has learned from people’s drawings how a pen goes on. Begin a bird, a dog, a bicycle or a \
               rabbit, and it finishes it, here, in this tab.",
    data: "mnist",
    model: "cnn",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[],
};

pub const CHAT: Preset = Preset {
    id: "chat",
    title: "It answers",
    page: Page::Chat,
    sentence: "A language model of 135 million weights, as large as a tab can take: it is fetched once, and then it \
               answers here, on your machine, one token after the other. Nothing that you write leaves this tab.",
    data: "mnist",
    model: "cnn",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[],
};

pub const LECTURE: Preset = Preset {
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
};

pub const DETECT: Preset = Preset {
    id: "detect",
    title: "What is where",
    page: Page::Detect,
    sentence: "This network draws a box around every person, car, dog or cup that it finds, of 80 kinds of things. Give \
               it a photo of a street: it is looked at here, in this tab, and goes nowhere.",
    data: "mnist",
    model: "cnn",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[],
};

pub const CONVERT: Preset = Preset {
    id: "convert",
    title: "Convert labels",
    page: Page::Convert,
    sentence: "You have labelled pictures with one tool, and another wants the labels in its own way. Give the files: they \
               are read here, in this tab, and before you save them you see what the other format has no place for.",
    data: "mnist",
    model: "cnn",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[],
};
