//! Datasets that are rows of numbers: points of a plane, tables. Small enough to be made or read in an instant, so
//! they have no files; their settings are part of the spec, and the same spec has the same rows.

use super::info::{About, DatasetInfo, Form};
use super::series::{self, Series};
use super::target::{Target, TargetField, Targets};
use super::{rows, toy2d};
use crate::spec::{DataSpec, NumberInfo, WordInfo};
use crate::table::{Given, Input};

/// All of them. Adding one is one file and one row.
pub const NUMBERS: &[TabularDataset] = &[
    rows::PENGUINS,
    rows::OWN,
    toy2d::CIRCLE,
    toy2d::XOR,
    toy2d::GAUSSIANS,
    toy2d::SPIRAL,
    toy2d::SLOPE,
    toy2d::HILLS,
    series::SINE,
];

/// A dataset's description and recipe.
pub struct TabularDataset {
    pub about: About,
    pub form: Form,
    /// The model that it is first tried with.
    pub model: &'static str,
    /// Settings, with keys `data.…`.
    pub settings: fn() -> (Vec<NumberInfo>, Vec<WordInfo>),
    /// The rows that a spec asks for, from `seed` where chance decides; `given` is what the visitor made of it.
    pub open: fn(&DataSpec, seed: u32, given: Option<&Given>) -> Result<TabularData, String>,
}

/// A dataset's rows, split, and what they mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TabularData {
    /// What the network takes, by name.
    pub inputs: Vec<String>,
    /// Columns of a table, with what made the inputs of them; none of points.
    pub columns: Vec<Input>,
    pub target: TargetField,
    /// Derived features, one function per model input; empty if the row itself is the input.
    pub lift: Vec<fn(&[f32]) -> f32>,
    /// What the rows are windows of; none where each stands for itself.
    pub series: Option<Box<Series>>,
    pub train: Rows,
    pub test: Rows,
}

/// Rows of `width` numbers with their targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    pub width: usize,
    /// `[rows, width]`, or what windows are cut from.
    pub values: Vec<f32>,
    pub targets: Targets,
    /// Where each window begins in `values`: they overlap, and are not held twice. Empty of rows one after the other.
    pub starts: Vec<u32>,
}

impl Default for Rows {
    fn default() -> Self {
        Self::new(0, &TargetField::default())
    }
}

impl TabularDataset {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        NUMBERS.iter().find(|n| n.about.id == id)
    }

    /// What is known before any spec: `TabularData::info` says the rest.
    pub fn info(&self) -> DatasetInfo {
        let (numbers, words) = (self.settings)();
        DatasetInfo { numbers, words, model: self.model.into(), ..self.about.info(self.form) }
    }
}

impl TabularData {
    /// The set's description with what these rows are.
    pub fn info(&self, set: &TabularDataset) -> DatasetInfo {
        let series = self.series.as_ref();
        let shape = series.map_or(vec![self.inputs.len()], |s| vec![s.window, self.inputs.len()]);
        DatasetInfo {
            target: self.target.clone(),
            shape,
            form: if series.is_some() { Form::Series } else { set.form },
            series: series.map(|series| Box::new(series.info())),
            features: self.inputs.clone(),
            columns: self.columns.clone(),
            ..set.info()
        }
    }
}

impl Rows {
    pub fn new(width: usize, field: &TargetField) -> Self {
        Self { width, values: Vec::new(), targets: field.empty(), starts: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.targets.len()
    }

    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    pub fn push(&mut self, row: &[f32], target: &Target) {
        self.values.extend(row);
        self.targets.push(target);
    }

    pub fn row(&self, index: usize) -> &[f32] {
        let start = self.starts.get(index).map_or(index * self.width, |start| *start as usize);
        &self.values[start..start + self.width]
    }
}

impl DataSpec {
    /// A number among the settings, or its default.
    pub fn number(&self, info: &NumberInfo) -> f64 {
        let key = info.key.trim_start_matches("data.");
        self.options.get(key).and_then(serde_json::Value::as_f64).unwrap_or(info.default)
    }

    /// A word among the settings, or its default.
    pub fn word<'a>(&'a self, info: &'a WordInfo) -> &'a str {
        let key = info.key.trim_start_matches("data.");
        self.options.get(key).and_then(serde_json::Value::as_str).unwrap_or(&info.default)
    }
}
