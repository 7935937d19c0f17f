//! From a table and a recipe to the numbers that a network takes. Everything that is measured for it (means,
//! deviations, medians, which categories there are) is measured on the training rows alone: test rows are told
//! nothing, and tell nothing.

use super::column::{Cell, Cells, Column, NONE};
use super::encode::{Input, inputs};
use super::recipe::{Missing, Recipe, Task};
use super::saying::{Saying, says};
use super::{Table, Use};
use crate::random::Random;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Among the streams of random numbers that a seed has.
const SPLIT: u64 = 0x0074_6162_6c65;

/// More inputs would make a step of the smallest network slow.
pub const MOST_INPUTS: usize = 4_096;

/// Which rows teach, which test, and the constants, all without the examples' numbers: cheap enough to be made anew at
/// every change of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub recipe: Recipe,
    pub target: Target,
    /// One for each feature column, with its constants.
    pub inputs: Vec<Input>,
    /// Rows that are trained on, and rows that are held out, in the order of the table.
    pub train: Vec<u32>,
    pub test: Vec<u32>,
    /// Rows whose target is missing: the network fills them in.
    pub fill: Vec<u32>,
    /// (row to fill in, labelled row with the same features). The labelled row is in neither part, or the answer
    /// would be given away.
    pub twins: Vec<(u32, u32)>,
    /// Labelled rows that are left out because a feature is missing.
    pub dropped: Vec<u32>,
    /// Cells of labelled rows that get the median or the most frequent category.
    pub imputed: usize,
}

/// A plan with its examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    pub plan: Plan,
    pub train: Part,
    pub test: Part,
}

/// What the network answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The classes' names, in the order of the network's outputs.
    Classes(Vec<String>),
    /// A number, standardised by these constants of the training rows.
    Number { mean: f64, std: f64 },
}

/// The examples of some rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Their places in the table.
    pub rows: Vec<u32>,
    /// `[rows, features]`
    pub inputs: Vec<f32>,
    pub labels: Labels,
}

/// One for each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Labels {
    Classes(Vec<u32>),
    /// Standardised.
    Numbers(Vec<f32>),
}

/// Plans, and makes the examples. Fails, in words, where nothing can be learned.
pub fn prepare(table: &Table, recipe: &Recipe) -> Result<Prepared, Saying> {
    let plan = plan(table, recipe)?;
    let (train, test) = (plan.part(table, &plan.train), plan.part(table, &plan.test));
    Ok(Prepared { plan, train, test })
}

/// Fails, in words, where nothing can be learned.
pub fn plan(table: &Table, recipe: &Recipe) -> Result<Plan, Saying> {
    let target = column(table, &recipe.target)?;
    let task = recipe.task_of(target);
    if let Some(why) = target.no_target(task) {
        return Err(says("“{}” cannot be learned. {}", [target.name.as_str().into(), why.into()]));
    }
    let features = features(table, recipe)?;
    let (mut labelled, fill): (Vec<u32>, Vec<u32>) =
        (0..table.rows() as u32).partition(|row| !target.is_missing(*row as usize));
    let twins = twins(&features, &fill, &labelled);
    let kept_out: HashSet<u32> = twins.iter().map(|(_, twin)| *twin).collect();
    labelled.retain(|row| !kept_out.contains(row));
    let lacks = |row: &u32| features.iter().any(|column| column.is_missing(*row as usize));
    let (lacking, complete): (Vec<u32>, Vec<u32>) = labelled.iter().copied().partition(lacks);
    let (rows, dropped, imputed) = match recipe.missing {
        Missing::Drop => (complete, lacking, 0),
        Missing::Median => {
            let count = |row: &u32| features.iter().filter(|c| c.is_missing(*row as usize)).count();
            (labelled, Vec::new(), lacking.iter().map(count).sum())
        }
    };
    let [train, test] = split(target, task, &rows, recipe)?;
    let inputs = inputs(&features, &train);
    let width: usize = inputs.iter().map(Input::width).sum();
    if width > MOST_INPUTS {
        return Err(says(
            "The chosen columns become {} inputs, and up to {} can be trained here. Choose fewer columns.",
            [width.into(), MOST_INPUTS.into()],
        ));
    }
    let target = target_of(target, task, &train);
    Ok(Plan { recipe: recipe.clone(), target, inputs, train, test, fill, twins, dropped, imputed })
}

fn column<'a>(table: &'a Table, name: &str) -> Result<&'a Column, Saying> {
    table.column(name).map(|at| &table.columns[at]).ok_or_else(|| Table::no_column(name))
}

fn features<'a>(table: &'a Table, recipe: &Recipe) -> Result<Vec<&'a Column>, Saying> {
    let mut features = Vec::new();
    for name in &recipe.features {
        let column = column(table, name)?;
        if *name == recipe.target {
            return Err(says(
                "“{}” is what is learned, so it cannot be learned from.",
                [name.as_str().into()],
            ));
        }
        if let Use::No(why) = column.usable() {
            return Err(says("“{}” cannot be learned from. {}", [name.as_str().into(), why.into()]));
        }
        features.push(column);
    }
    if features.is_empty() {
        return Err(says("There is no column to learn from. Choose at least one.", []));
    }
    Ok(features)
}

/// Labelled rows whose features are those of a row that is to be filled in, each with that row.
fn twins(features: &[&Column], fill: &[u32], labelled: &[u32]) -> Vec<(u32, u32)> {
    if fill.is_empty() {
        return Vec::new();
    }
    let bits = |row: u32| -> Option<Vec<u64>> {
        let bits = |column: &&Column| match (column.cell(row as usize), &column.cells) {
            (Cell::Missing, _) => None,
            // Both zeros are one number.
            (Cell::Number(value), _) => Some((value + 0.0).to_bits()),
            (_, Cells::Words { codes, .. }) => codes.get(row as usize).map(|code| u64::from(*code)),
            _ => None,
        };
        features.iter().map(bits).collect()
    };
    // A row in which something is missing is like no other.
    let wanted: HashMap<Vec<u64>, u32> =
        fill.iter().rev().filter_map(|row| Some((bits(*row)?, *row))).collect();
    labelled.iter().filter_map(|row| Some((*wanted.get(&bits(*row)?)?, *row))).collect()
}

/// Training and test rows, both in the order of the table; of each class the same share is held out.
fn split(target: &Column, task: Task, rows: &[u32], recipe: &Recipe) -> Result<[Vec<u32>; 2], Saying> {
    let mut groups: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for row in rows {
        let group = match task {
            Task::Classification => class_bits(target, *row),
            Task::Regression => 0,
        };
        groups.entry(group).or_default().push(*row);
    }
    if task == Task::Classification && groups.len() == 1 {
        let only = rows.first().map(|row| target.text(*row as usize)).unwrap_or_default();
        return Err(says(
            "Every row that can be used has “{}” for “{}”: there is nothing to tell apart.",
            [only.as_str().into(), target.name.as_str().into()],
        ));
    }
    let share = recipe.test_share.clamp(0.0, 0.9);
    let mut random = Random::new(recipe.seed, SPLIT);
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for mut group in groups.into_values() {
        random.shuffle(&mut group);
        // Every class is trained on.
        let held = ((group.len() as f64 * share).round() as usize).min(group.len().saturating_sub(1));
        test.extend(group.drain(..held));
        train.extend(group);
    }
    if train.len() < 2 {
        return Err(says(
            "Only {} rows can be trained on. Rows with missing values are left out; filling them in would keep them.",
            [train.len().into()],
        ));
    }
    train.sort_unstable();
    test.sort_unstable();
    Ok([train, test])
}

/// Something that is the same for rows of the same class.
fn class_bits(target: &Column, row: u32) -> u64 {
    match &target.cells {
        Cells::Words { codes, .. } => u64::from(codes.get(row as usize).copied().unwrap_or(NONE)),
        Cells::Numbers { values, .. } => {
            // Bits of floats in the order of their numbers.
            let bits = values.get(row as usize).map_or(0, |v| (v + 0.0).to_bits());
            if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
        }
    }
}

fn target_of(target: &Column, task: Task, train: &[u32]) -> Target {
    match task {
        Task::Classification => {
            let classes: BTreeMap<u64, u32> =
                train.iter().map(|row| (class_bits(target, *row), *row)).collect();
            let mut names: Vec<_> = classes.into_values().map(|row| target.text(row as usize)).collect();
            if matches!(target.cells, Cells::Words { .. }) {
                names.sort();
            }
            Target::Classes(names)
        }
        Task::Regression => {
            let values = train.iter().filter_map(|row| match target.cell(*row as usize) {
                Cell::Number(value) => Some(value),
                _ => None,
            });
            let values: Vec<f64> = values.collect();
            let (mean, std) = super::encode::moments(&values);
            Target::Number { mean, std }
        }
    }
}

fn labels(column: &Column, target: &Target, rows: &[u32]) -> Labels {
    match target {
        Target::Classes(names) => {
            let place: HashMap<&str, u32> =
                names.iter().zip(0..).map(|(name, at)| (name.as_str(), at)).collect();
            // Every class has a training row, so none is unknown.
            let label = |row: &u32| place.get(column.text(*row as usize).as_str()).copied().unwrap_or(0);
            Labels::Classes(rows.iter().map(label).collect())
        }
        Target::Number { mean, std } => {
            let label = |row: &u32| match column.cell(*row as usize) {
                Cell::Number(value) => ((value - mean) / std) as f32,
                _ => 0.0,
            };
            Labels::Numbers(rows.iter().map(label).collect())
        }
    }
}

impl Plan {
    /// Numbers that the network takes for one row.
    pub fn width(&self) -> usize {
        self.inputs.iter().map(Input::width).sum()
    }

    /// The examples of these rows, which have a target.
    pub fn part(&self, table: &Table, rows: &[u32]) -> Part {
        let columns: Vec<_> = self.inputs.iter().map(|input| table.column(&input.column)).collect();
        let mut inputs = Vec::with_capacity(rows.len() * self.width());
        for row in rows {
            for (input, column) in self.inputs.iter().zip(&columns) {
                let cell = column.map_or(Cell::Missing, |column| table.cell(*row as usize, column));
                input.put(cell, &mut inputs);
            }
        }
        let target = table.column(&self.recipe.target).and_then(|at| table.columns.get(at));
        let labels = target.map_or(Labels::Numbers(Vec::new()), |target| labels(target, &self.target, rows));
        Part { rows: rows.into(), inputs, labels }
    }

    /// Any row of the table as the network takes it, `[features]`. What is missing becomes the median or the most
    /// frequent category, whatever the recipe does with missing values in training.
    pub fn encode(&self, table: &Table, row: usize) -> Vec<f32> {
        self.encode_with(|name| table.column(name).map_or(Cell::Missing, |column| table.cell(row, column)))
    }

    /// The same of values by their columns' names.
    pub fn encode_with<'a>(&self, cell: impl Fn(&str) -> Cell<'a>) -> Vec<f32> {
        let mut numbers = Vec::with_capacity(self.width());
        self.inputs.iter().for_each(|input| input.put(cell(&input.column), &mut numbers));
        numbers
    }

    /// What the network's output for a number means, in the target's own unit.
    pub fn estimate(&self, output: f32) -> f64 {
        match &self.target {
            Target::Number { mean, std } => f64::from(output) * std + mean,
            Target::Classes(_) => f64::from(output),
        }
    }

    /// Each of the network's inputs: “bill_length_mm”, “sex = female”.
    pub fn names(&self) -> Vec<String> {
        self.inputs.iter().flat_map(Input::names).collect()
    }
}
