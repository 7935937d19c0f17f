//! From a plan to the numbers that a network takes: the examples.

use super::Table;
use super::column::{Cell, Column};
use super::encode::Input;
use super::experiment::Recipe;
use super::message::Saying;
use super::split_plan::{Plan, TargetEncoding, plan};
use std::collections::HashMap;

/// A plan with its examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    pub plan: Plan,
    pub train: Part,
    pub test: Part,
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

fn labels(column: &Column, target: &TargetEncoding, rows: &[u32]) -> Labels {
    match target {
        TargetEncoding::Classes(names) => {
            let place: HashMap<&str, u32> =
                names.iter().zip(0..).map(|(name, at)| (name.as_str(), at)).collect();
            // Every class has a training row, so none is unknown.
            let label = |row: &u32| place.get(column.text(*row as usize).as_str()).copied().unwrap_or(0);
            Labels::Classes(rows.iter().map(label).collect())
        }
        TargetEncoding::Number { mean, std } => {
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
            TargetEncoding::Number { mean, std } => f64::from(output) * std + mean,
            TargetEncoding::Classes(_) => f64::from(output),
        }
    }

    /// Each of the network's inputs: “bill_length_mm”, “sex = female”.
    pub fn names(&self) -> Vec<String> {
        self.inputs.iter().flat_map(Input::names).collect()
    }
}
