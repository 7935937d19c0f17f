//! Points of the plane, made here: two numbers each, and what is to be told of them follows from a rule. The shapes
//! are those that TensorFlow Playground made known (Smilkov & Carter 2016); the formulas are our own.

use super::info::{About, Form};
use super::tabular::{Rows, TabularData, TabularDataset};
use super::target::{Target, TargetField, Targets};
use crate::random::Random;
use crate::spec::{ChoiceInfo, DataSpec, NumberInfo, WordInfo};
use std::f32::consts::{PI, TAU};

/// The plane goes from −REACH to REACH both ways.
pub const REACH: f32 = 6.0;

/// Two classes: how point `at` (0…1 through its class) of class `class` is drawn, before noise.
type Draw = fn(random: &mut Random, class: usize, at: f32) -> [f32; 2];
/// What is told of a point, −1…1.
type Height = fn(x: f32, y: f32) -> f32;

pub const CIRCLE: TabularDataset = TabularDataset {
    about: about("circle", "Circle", "A disc inside a ring: no straight line can part them."),
    open: |spec, seed, _| two_classes(spec, seed, circle),
    ..SET
};
pub const XOR: TabularDataset = TabularDataset {
    about: about(
        "xor",
        "Exclusive or",
        "Opposite quarters belong together, which stopped the perceptrons of 1969.",
    ),
    open: |spec, seed, _| two_classes(spec, seed, xor),
    ..SET
};
pub const GAUSSIANS: TabularDataset = TabularDataset {
    about: about("gaussians", "Two clouds", "Two Gaussian clouds: one neuron is enough."),
    open: |spec, seed, _| two_classes(spec, seed, gaussians),
    ..SET
};
pub const SPIRAL: TabularDataset = TabularDataset {
    about: about("spiral", "Spiral", "Two arms wound around each other: the hard one."),
    open: |spec, seed, _| two_classes(spec, seed, spiral),
    ..SET
};
pub const SLOPE: TabularDataset = TabularDataset {
    about: about("slope", "Slope", "A tilted plane: the height is to be told, a number instead of a class."),
    open: |spec, seed, _| heights(spec, seed, |x, y| (x + y) / (2.0 * REACH)),
    ..SET
};
pub const HILLS: TabularDataset = TabularDataset {
    about: about("hills", "Hills", "Three hills and three hollows: their height is to be told."),
    open: |spec, seed, _| heights(spec, seed, hills),
    ..SET
};

/// What they have in common.
const SET: TabularDataset = TabularDataset {
    about: about("", "", ""),
    form: Form::Point,
    model: "mlp",
    settings,
    open: |_, _, _| Err("it has no rule".into()),
};

const fn about(id: &'static str, title: &'static str, blurb: &'static str) -> About {
    About {
        id,
        title,
        noun: "points",
        blurb,
        homepage: "",
        licence: "CC0",
        citation: "Made here, from the seed",
    }
}

/// What can go into the network of a point: its id, how it is written, and the number.
type Feature = (&'static str, &'static str, fn(&[f32]) -> f32);

const FEATURES: &[Feature] = &[
    ("x1", "x₁", |p| p[0]),
    ("x2", "x₂", |p| p[1]),
    ("x1x1", "x₁²", |p| p[0] * p[0]),
    ("x2x2", "x₂²", |p| p[1] * p[1]),
    ("x1x2", "x₁x₂", |p| p[0] * p[1]),
    ("sin1", "sin x₁", |p| p[0].sin()),
    ("sin2", "sin x₂", |p| p[1].sin()),
];

fn settings() -> (Vec<NumberInfo>, Vec<WordInfo>) {
    let [noise, test, count] = numbers();
    (vec![noise, test, count], vec![features()])
}

fn numbers() -> [NumberInfo; 3] {
    let number =
        |key: &str, label: &str, help: &str, [min, max, default]: [f64; 3], choices: &[f64]| NumberInfo {
            key: format!("data.{key}"),
            label: label.into(),
            help: help.into(),
            min,
            max,
            default,
            whole: true,
            choices: choices.into(),
            live: false,
        };
    [
        number(
            "noise",
            "Noise, %",
            "How far points stray from where the rule puts them.",
            [0.0, 50.0, 0.0],
            &[0.0, 10.0, 20.0, 30.0, 50.0],
        ),
        number(
            "test",
            "Held out, %",
            "The share of the points that is never trained on.",
            [10.0, 90.0, 50.0],
            &[10.0, 20.0, 30.0, 50.0, 70.0, 90.0],
        ),
        number(
            "count",
            "Points",
            "How many there are, training and test together.",
            [20.0, 10_000.0, 600.0],
            &[50.0, 100.0, 300.0, 600.0, 2000.0],
        ),
    ]
}

fn features() -> WordInfo {
    WordInfo {
        key: "data.features".into(),
        label: "Inputs".into(),
        help: "What the network is told of a point.".into(),
        choices: FEATURES
            .iter()
            .map(|(id, title, _)| ChoiceInfo {
                id: (*id).into(),
                title: (*title).into(),
                blurb: String::new(),
            })
            .collect(),
        default: "x1-x2".into(),
        several: true,
    }
}

fn two_classes(spec: &DataSpec, seed: u32, draw: Draw) -> Result<TabularData, String> {
    let [noise, test, count] = numbers().map(|info| spec.number(&info));
    let mut random = Random::new(seed, 1 << 24);
    let target = TargetField::Class { names: ["orange", "blue"].map(String::from).into() };
    let mut points = Rows::new(2, &target);
    let half = (count as usize).div_ceil(2);
    for index in 0..2 * half {
        let at = (index / 2) as f32 / half as f32;
        let point = draw(&mut random, index % 2, at);
        points.push(&strayed(point, noise, &mut random), &Target::Class(index as u32 % 2));
    }
    Ok(split(spec, (points, target), test, &mut random))
}

fn heights(spec: &DataSpec, seed: u32, height: Height) -> Result<TabularData, String> {
    let [noise, test, count] = numbers().map(|info| spec.number(&info));
    let mut random = Random::new(seed, 1 << 24);
    let target = TargetField::Value { name: "height".into(), mean: 0.0, std: 1.0 };
    let mut points = Rows::new(2, &target);
    for _ in 0..count as usize {
        let point = [random.uniform(REACH), random.uniform(REACH)];
        let value = height(point[0], point[1]) + random.normal() * noise as f32 / 200.0;
        points.push(&point, &Target::Value(value));
    }
    let mut split = split(spec, (points, target), test, &mut random);
    if let (TargetField::Value { mean, std, .. }, Targets::Values(all)) =
        (&mut split.target, &split.train.targets)
    {
        let count = all.len().max(1) as f32;
        *mean = all.iter().sum::<f32>() / count;
        let variance = all.iter().map(|t| (t - *mean).powi(2)).sum::<f32>() / count;
        *std = variance.sqrt().max(1e-6);
    }
    Ok(split)
}

/// Noise of 100 % strays by a third of the plane's reach (one deviation).
fn strayed(point: [f32; 2], noise: f64, random: &mut Random) -> [f32; 2] {
    let deviation = noise as f32 / 100.0 * REACH / 3.0;
    point.map(|x| (x + random.normal() * deviation).clamp(-REACH, REACH))
}

/// Ids of what goes into the network of a point, in their order.
pub fn chosen(spec: &DataSpec) -> Vec<&'static str> {
    let info = features();
    let asked: Vec<&str> = spec.word(&info).split('-').collect();
    FEATURES.iter().map(|(id, ..)| *id).filter(|id| asked.contains(id)).collect()
}

/// Held-out points are drawn by lot.
fn split(
    spec: &DataSpec,
    (points, target): (Rows, TargetField),
    test: f64,
    random: &mut Random,
) -> TabularData {
    let mut order: Vec<u32> = (0..points.len() as u32).collect();
    random.shuffle(&mut order);
    let held_out = (points.len() as f64 * test / 100.0).round() as usize;
    let mut parts = [Rows::new(2, &target), Rows::new(2, &target)];
    for (place, &index) in order.iter().enumerate() {
        let index = index as usize;
        parts[usize::from(place < held_out)].push(points.row(index), &points.targets.get(index));
    }
    let [train, test] = parts;
    let ids = chosen(spec);
    let chosen: Vec<_> = FEATURES.iter().filter(|(id, ..)| ids.contains(id)).collect();
    TabularData {
        inputs: chosen.iter().map(|(_, title, _)| (*title).into()).collect(),
        lift: chosen.iter().map(|(.., number)| *number).collect(),
        target,
        train,
        test,
        ..TabularData::default()
    }
}

/// A disc of half the reach, and a ring around it.
fn circle(random: &mut Random, class: usize, _: f32) -> [f32; 2] {
    let radius = if class == 1 { random.between(0.0, 0.45) } else { random.between(0.65, 0.95) } * REACH;
    let angle = random.between(0.0, TAU);
    [radius * angle.cos(), radius * angle.sin()]
}

/// Class 1 where the signs are the same; a gap along the axes keeps them apart.
fn xor(random: &mut Random, class: usize, _: f32) -> [f32; 2] {
    let away = |random: &mut Random| random.between(0.05, 0.95) * REACH;
    let side = if random.below(2) == 0 { -1.0 } else { 1.0 };
    let other = if class == 1 { side } else { -side };
    [side * away(random), other * away(random)]
}

fn gaussians(random: &mut Random, class: usize, _: f32) -> [f32; 2] {
    let centre = if class == 1 { REACH / 3.0 } else { -REACH / 3.0 };
    [centre + random.normal(), centre + random.normal()]
}

/// Archimedes' spiral, one and three quarter turns; the other arm starts half a turn on.
fn spiral(_: &mut Random, class: usize, at: f32) -> [f32; 2] {
    let angle = 1.75 * TAU * at + PI * class as f32;
    let radius = (0.05 + 0.8 * at) * REACH;
    [radius * angle.sin(), radius * angle.cos()]
}

/// Six bumps of alternating sign around the middle.
fn hills(x: f32, y: f32) -> f32 {
    let bump = |turn: f32| {
        let (sin, cos) = (turn * TAU / 6.0).sin_cos();
        let (dx, dy) = (x - 3.5 * cos, y - 3.5 * sin);
        (-(dx * dx + dy * dy) / 2.0).exp() * if (turn as u32).is_multiple_of(2) { 1.0 } else { -1.0 }
    };
    (0..6).map(|turn| bump(turn as f32)).sum()
}
