//! Series of numbers that are to be continued: the last steps are read, and the next value is asked for. Windows overlap,
//! so they are cut from one list of steps; the end of the series is held out.

use super::info::{About, Form, SeriesInfo, SeriesScores};
use super::tabular::{Rows, TabularData, TabularDataset};
use super::target::{TargetField, Targets};
use super::token_settings::of_made;
use crate::sequences::{sine, windows};
use crate::spec::{DataSpec, NumberInfo};
use crate::table::{How, Input};
use std::ops::Range;

/// Of a series, the last so many parts of a hundred are held out.
pub const HELD_OUT_PERCENT: usize = 20;
/// A longer window would be slow to train.
pub const MAX_WINDOW: usize = 200;

pub const SINE: TabularDataset = TabularDataset {
    about: About {
        id: sine::GENERATOR.id,
        title: sine::GENERATOR.title,
        noun: "windows",
        blurb: sine::GENERATOR.blurb,
        homepage: "",
        licence: "CC0",
        citation: "Made here, from the seed",
    },
    form: Form::Series,
    model: "many_to_one",
    settings: || (settings(), Vec::new()),
    open: |spec, seed, _| open(spec, seed),
};

/// How a number of a step follows from what was predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is the predicted number itself.
    Value,
    /// By how much that number has changed since the step before.
    Change,
    /// It does not: it is the data's.
    Given,
}

/// One of the numbers of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    pub name: String,
    pub source: Source,
    /// What the network gets is (number − mean) ÷ deviation, both of the training part.
    pub mean: f32,
    pub std: f32,
}

/// Steps in their order, equally far apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub features: Vec<Feature>,
    /// `[steps, features]`, as the network takes them.
    pub values: Vec<f32>,
    /// The number that is predicted, of every step, in its unit; NaN where it is missing.
    pub truth: Vec<f32>,
    /// Steps that are read before each prediction, at least 1.
    pub window: usize,
    /// The first step that is held out.
    pub cut: usize,
}

/// The first held-out step of so many: the last fifth is.
pub fn cut_of(steps: usize) -> usize {
    steps - steps * HELD_OUT_PERCENT / 100
}

/// Where a window is long, there may be no step left to predict.
pub fn too_short(window: usize) -> String {
    format!("the series is too short to read {window} steps and then predict; read fewer")
}

impl Series {
    pub fn steps(&self) -> usize {
        self.truth.len()
    }

    /// Numbers of a window.
    pub fn width(&self) -> usize {
        self.window * self.features.len()
    }

    /// The steps of a part that are asked for: a whole window lies before each, and its truth is known.
    pub fn asked(&self, part: Range<usize>) -> Vec<usize> {
        let all = windows(self.steps(), self.window).into_iter().map(|(_, next)| next);
        all.filter(|step| part.contains(step) && !self.truth[*step].is_nan()).collect()
    }

    pub fn held_out(&self) -> Vec<usize> {
        self.asked(self.cut..self.steps())
    }

    /// What the network reads before step `step`, `[window, features]`: nothing of that step or a later one.
    pub fn before(&self, step: usize) -> &[f32] {
        let features = self.features.len();
        &self.values[(step - self.window) * features..step * features]
    }

    /// The examples of these steps.
    fn rows(&self, steps: &[usize]) -> Rows {
        let start = |step: &usize| ((step - self.window) * self.features.len()) as u32;
        Rows {
            width: self.width(),
            values: self.values.clone(),
            targets: Targets::Values(steps.iter().map(|step| self.truth[*step]).collect()),
            starts: steps.iter().map(start).collect(),
        }
    }

    /// The number before step `step`: where it is missing, the last one that is there.
    pub fn last_before(&self, step: usize) -> Option<f32> {
        self.truth[..step].iter().rev().copied().find(|value| !value.is_nan())
    }

    /// What follows where `value` was predicted for step `step` and `before` came before it: adds the step's numbers.
    pub fn follow(&self, step: usize, value: f32, before: f32, numbers: &mut Vec<f32>) {
        let known = step.min(self.steps().saturating_sub(1));
        let row = &self.values[known * self.features.len()..][..self.features.len()];
        numbers.extend(self.features.iter().zip(row).map(|(feature, given)| match feature.source {
            Source::Value => (value - feature.mean) / feature.std,
            Source::Change => (value - before - feature.mean) / feature.std,
            Source::Given => *given,
        }));
    }

    /// How good these predictions of these steps are.
    pub fn scores(&self, steps: &[usize], predicted: &[f32]) -> SeriesScores {
        let truth = || steps.iter().map(|step| f64::from(self.truth[*step]));
        let count = steps.len().max(1) as f64;
        let mean = truth().sum::<f64>() / count;
        let spread: f64 = truth().map(|value| (value - mean).powi(2)).sum();
        let off = || truth().zip(predicted).map(|(value, said)| value - f64::from(*said));
        let errors: f64 = off().map(|off| off * off).sum();
        SeriesScores {
            r2: if spread > 0.0 { 1.0 - errors / spread } else { 0.0 },
            mae: off().map(f64::abs).sum::<f64>() / count,
        }
    }

    /// Who says the last value again.
    pub fn persistence(&self, steps: &[usize]) -> SeriesScores {
        let said: Vec<f32> = steps.iter().map(|step| self.last_before(*step).unwrap_or(0.0)).collect();
        self.scores(steps, &said)
    }

    pub fn info(&self) -> SeriesInfo {
        let held_out = self.held_out();
        let given = self.features.iter().filter(|feature| feature.source == Source::Given);
        SeriesInfo {
            window: self.window as u32,
            steps: self.steps() as u32,
            cut: self.cut as u32,
            given: given.map(|feature| feature.name.clone()).collect(),
            held_out: held_out.len() as u32,
            persistence: self.persistence(&held_out),
        }
    }

    /// Both parts as examples of a number of this name, or why there are none.
    pub fn data(self, name: &str) -> Result<TabularData, String> {
        let (train, test) = (self.asked(0..self.cut), self.held_out());
        if train.len() < 2 || test.is_empty() {
            return Err(too_short(self.window));
        }
        // What the network answers is standardised by the steps to learn from.
        let (mean, std) = moments(train.iter().map(|step| self.truth[*step]));
        Ok(TabularData {
            inputs: self.features.iter().map(|feature| feature.name.clone()).collect(),
            columns: self.features.iter().map(Feature::input).collect(),
            target: TargetField::Value { name: name.into(), mean, std },
            train: self.rows(&train),
            test: self.rows(&test),
            series: Some(Box::new(self)),
            ..TabularData::default()
        })
    }
}

impl Feature {
    /// As weights say what they take.
    fn input(&self) -> Input {
        let (mean, std) = (f64::from(self.mean), f64::from(self.std));
        Input { column: self.name.clone(), how: How::Standardised { mean, std, median: mean } }
    }
}

/// Mean and deviation (of the whole population); a deviation of 1 where all are alike.
fn moments(values: impl Iterator<Item = f32> + Clone) -> (f32, f32) {
    let count = values.clone().count().max(1) as f64;
    let mean = values.clone().map(f64::from).sum::<f64>() / count;
    let variance = values.map(|value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
    (mean as f32, if variance > 0.0 { variance.sqrt() as f32 } else { 1.0 })
}

pub fn window() -> NumberInfo {
    NumberInfo {
        key: "data.window".into(),
        label: "Steps that are read".into(),
        help: "How many steps back the network sees before it says the next value.".into(),
        min: 1.0,
        max: MAX_WINDOW as f64,
        default: 25.0,
        whole: true,
        choices: vec![1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0],
        live: false,
    }
}

fn settings() -> Vec<NumberInfo> {
    of_made(&sine::GENERATOR).into_iter().chain([window()]).collect()
}

/// The wave, two numbers a step: its value and by how much it has changed.
fn open(spec: &DataSpec, seed: u32) -> Result<TabularData, String> {
    let made: Vec<usize> =
        of_made(&sine::GENERATOR).iter().map(|setting| spec.number(setting) as usize).collect();
    let wave = sine::GENERATOR.series(&made, seed, 0).ok_or("it is no series")?;
    let window = spec.number(&window()) as usize;
    of_values(wave, window.max(1)).data("value")
}

/// Of a plain list of numbers.
pub fn of_values(truth: Vec<f32>, window: usize) -> Series {
    let cut = cut_of(truth.len());
    let changes: Vec<f32> =
        (0..truth.len()).map(|at| if at == 0 { 0.0 } else { truth[at] - truth[at - 1] }).collect();
    let feature = |name: &str, source, all: &[f32]| {
        let (mean, std) = moments(all[..cut].iter().copied());
        Feature { name: name.into(), source, mean, std }
    };
    let features = vec![feature("value", Source::Value, &truth), feature("change", Source::Change, &changes)];
    let pairs = truth.iter().zip(&changes).flat_map(|(value, change)| [*value, *change]);
    let values = pairs.zip(features.iter().cycle()).map(|(number, f)| (number - f.mean) / f.std).collect();
    Series { features, values, truth, window, cut }
}
