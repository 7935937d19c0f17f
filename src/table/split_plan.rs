//! Which rows teach and which test. Everything that is measured (means, deviations, medians, which categories there
//! are) is measured on the training rows alone: test rows are told nothing, and tell nothing.

use super::column::{Cell, Cells, Column, NONE};
use super::encode::Input;
use super::experiment::{Missing, Recipe, Task};
use super::message::{Saying, says};
use super::{Table, Use, at_once, continued};
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
    pub target: TargetEncoding,
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

/// What the network answers.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetEncoding {
    /// The classes' names, in the order of the network's outputs.
    Classes(Vec<String>),
    /// A number, standardised by these constants of the training rows.
    Number { mean: f64, std: f64 },
}

/// Fails, in words, where nothing can be learned.
pub fn plan(table: &Table, recipe: &Recipe) -> Result<Plan, Saying> {
    at_once(plan_in_pieces(table, recipe, &mut async || ()))
}

/// The same; waits for `pause` between pieces of the work, each of one column.
pub async fn plan_in_pieces(
    table: &Table,
    recipe: &Recipe,
    pause: &mut impl AsyncFnMut(),
) -> Result<Plan, Saying> {
    if recipe.window > 0 {
        return continued::plan(table, recipe);
    }
    let target = column(table, &recipe.target)?;
    let task = recipe.task_of(target);
    if let Some(why) = target.no_target(task) {
        return Err(says("“{}” cannot be learned. {}", [target.name.as_str().into(), why.into()]));
    }
    let features = features(table, recipe)?;
    let mut scan = Scan::new(table.rows());
    for column in &features {
        scan.add(column);
        pause().await;
    }
    let (mut labelled, fill): (Vec<u32>, Vec<u32>) =
        (0..table.rows() as u32).partition(|row| !target.is_missing(*row as usize));
    let twins = scan.twins(&features, &fill, &labelled);
    let kept_out: HashSet<u32> = twins.iter().map(|(_, twin)| *twin).collect();
    labelled.retain(|row| !kept_out.contains(row));
    let (lacking, complete): (Vec<u32>, Vec<u32>) =
        labelled.iter().copied().partition(|row| scan.gaps[*row as usize] > 0);
    let (rows, dropped, imputed) = match recipe.missing {
        Missing::Drop => (complete, lacking, 0),
        Missing::Median => {
            let gaps = lacking.iter().map(|row| scan.gaps[*row as usize] as usize).sum();
            (labelled, Vec::new(), gaps)
        }
    };
    pause().await;
    let [train, test] = split(target, task, &rows, recipe)?;
    let mut inputs = Vec::with_capacity(features.len());
    for column in features {
        inputs.push(Input::of(column, &train));
        pause().await;
    }
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

pub(super) fn column<'a>(table: &'a Table, name: &str) -> Result<&'a Column, Saying> {
    table.column(name).map(|at| &*table.columns[at]).ok_or_else(|| Table::no_column(name))
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

/// What is found by going through the feature columns, one after another.
struct Scan {
    /// Missing values of each row.
    gaps: Vec<u32>,
    /// The same for rows whose features are the same, and hardly ever for others.
    marks: Vec<u64>,
}

impl Scan {
    fn new(rows: usize) -> Self {
        Self { gaps: vec![0; rows], marks: vec![0; rows] }
    }

    fn add(&mut self, column: &Column) {
        for (row, (gaps, mark)) in self.gaps.iter_mut().zip(&mut self.marks).enumerate() {
            match bits(column, row as u32) {
                // An odd number keeps what is different different.
                Some(bits) => *mark = (mark.rotate_left(5) ^ bits).wrapping_mul(0x9e37_79b9_7f4a_7c15),
                None => *gaps += 1,
            }
        }
    }

    /// Labelled rows whose features are those of a row that is to be filled in, each with that row. A row in which
    /// something is missing is like no other.
    fn twins(&self, features: &[&Column], fill: &[u32], labelled: &[u32]) -> Vec<(u32, u32)> {
        let whole = |row: &u32| self.gaps[*row as usize] == 0;
        let mark = |row: u32| self.marks[row as usize];
        let mut wanted: HashMap<u64, Vec<u32>> = HashMap::new();
        for row in fill.iter().copied().filter(whole) {
            wanted.entry(mark(row)).or_default().push(row);
        }
        let same = |a: u32, b: u32| features.iter().all(|column| bits(column, a) == bits(column, b));
        let twin = |row: u32| {
            let alike = wanted.get(&mark(row))?.iter().find(|fill| same(**fill, row))?;
            Some((*alike, row))
        };
        labelled.iter().copied().filter(whole).filter_map(twin).collect()
    }
}

/// A value as something that is equal where it is; none where it is missing.
fn bits(column: &Column, row: u32) -> Option<u64> {
    match (column.cell(row as usize), &column.cells) {
        (Cell::Missing, _) => None,
        // Both zeros are one number.
        (Cell::Number(value), _) => Some((value + 0.0).to_bits()),
        (_, Cells::Words { codes, .. }) => codes.get(row as usize).map(|code| u64::from(*code)),
        _ => None,
    }
}

/// Training and test rows, both in the order of the table; of each class the same share is held out.
fn split(target: &Column, task: Task, rows: &[u32], recipe: &Recipe) -> Result<[Vec<u32>; 2], Saying> {
    let mut groups: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for row in rows {
        let group = match task {
            Task::Classification | Task::Ordinal => class_bits(target, *row),
            Task::Regression => 0,
        };
        groups.entry(group).or_default().push(*row);
    }
    let mut groups: Vec<Vec<u32>> = groups.into_values().collect();
    if let Cells::Words { .. } = &target.cells {
        // Not in the order in which words came in: a table that is edited again has another.
        groups.sort_by_cached_key(|rows| rows.first().map(|row| target.text(*row as usize)));
    }
    if task != Task::Regression && groups.len() == 1 {
        let only = rows.first().map(|row| target.text(*row as usize)).unwrap_or_default();
        return Err(says(
            "Every row that can be used has “{}” for “{}”: there is nothing to tell apart.",
            [only.as_str().into(), target.name.as_str().into()],
        ));
    }
    let share = recipe.test_share.clamp(0.0, 0.9);
    let mut random = Random::new(recipe.seed, SPLIT);
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for mut group in groups {
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

fn target_of(target: &Column, task: Task, train: &[u32]) -> TargetEncoding {
    match task {
        Task::Classification | Task::Ordinal => {
            let classes: BTreeMap<u64, u32> =
                train.iter().map(|row| (class_bits(target, *row), *row)).collect();
            let mut names: Vec<_> = classes.into_values().map(|row| target.text(row as usize)).collect();
            if matches!(target.cells, Cells::Words { .. }) {
                names.sort();
            }
            TargetEncoding::Classes(names)
        }
        Task::Regression => {
            let values = train.iter().filter_map(|row| match target.cell(*row as usize) {
                Cell::Number(value) => Some(value),
                _ => None,
            });
            let values: Vec<f64> = values.collect();
            let (mean, std) = super::encode::moments(&values);
            TargetEncoding::Number { mean, std }
        }
    }
}
