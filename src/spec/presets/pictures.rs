//! Presets of pictures.

use super::super::{Page, Preset};

pub const MNIST: Preset = Preset {
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
};

pub const FASHION: Preset = Preset {
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
};

pub const CIFAR10: Preset = Preset {
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
};

pub const DIGITS: Preset = Preset {
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
};

pub const DIGITS_BEST: Preset = Preset {
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
};

pub const VIT_DIGITS: Preset = Preset {
    id: "vit_digits",
    title: "Digits, patch by patch",
    page: Page::Train,
    sentence: "The same digits for a Transformer: each is cut into 16 patches, and every patch looks at all others. \
               Press Play: it needs longer than a convolutional network, and shows where it looks.",
    data: "mnist",
    model: "vit",
    optimizer: "adamw",
    schedule: "one_cycle",
    sets: &[
        ("model.answer", "\"mean\""),
        ("train.learning_rate", "0.002"),
        ("train.batch_size", "32"),
        ("train.epochs", "5"),
        ("train.weight_decay", "0.05"),
        ("train.clip", "1"),
        ("train.beta2", "0.99"),
        ("train.augment", "\"affine\""),
    ],
};

pub const VIT_CIFAR: Preset = Preset {
    id: "vit_cifar",
    title: "Colour photos, patch by patch",
    page: Page::Train,
    sentence: "The same photos for a Transformer that sees 16 patches of each. From so few pictures a convolutional \
               network learns more, and sooner: compare the two.",
    data: "cifar10",
    model: "vit",
    optimizer: "adamw",
    schedule: "one_cycle",
    sets: &[
        ("model.answer", "\"mean\""),
        ("model.patch", "8"),
        ("model.width", "96"),
        ("model.blocks", "4"),
        ("train.learning_rate", "0.0015"),
        ("train.batch_size", "32"),
        ("train.epochs", "10"),
        ("train.weight_decay", "0.05"),
        ("train.clip", "1"),
        ("train.beta2", "0.99"),
        ("train.augment", "\"flip_crop\""),
    ],
};

pub const IMAGENET: Preset = Preset {
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
};

pub const OWN: Preset = Preset {
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
};

pub const HOW_MUCH: Preset = Preset {
    id: "how_much",
    title: "How much data is enough?",
    page: Page::Train,
    sentence: "Ten pictures of each digit instead of six thousand. Press Play and see how far they go; then let an \
               experiment find out how many are enough.",
    data: "mnist",
    model: "cnn",
    optimizer: "adam",
    schedule: "one_cycle",
    sets: &[("data.per_class", "10"), ("train.augment", "\"affine\""), ("train.epochs", "300")],
};
