//! A table whose rows are in order, equally far apart: the next value of a column is predicted from the last rows, and
//! the end of the table is held out. A number that is missing is the one before it, so that no row knows a later one.

use super::Table;
use super::column::{Cell, Cells, Column};
use super::encode::{Input, moments};
use super::experiment::{Recipe, Task};
use super::message::{Saying, says};
use super::split_plan::{Plan, TargetEncoding, column};
use crate::datasets::series::cut_of;

/// Which rows are predicted, to learn from and held out, and the constants, of the rows before the held-out ones. The
/// first input is the column that is predicted; the others are those of the recipe that hold numbers.
pub fn plan(table: &Table, recipe: &Recipe) -> Result<Plan, Saying> {
    let target = column(table, &recipe.target)?;
    if let Some(why) = target.no_target(Task::Regression) {
        return Err(says("“{}” cannot be continued. {}", [target.name.as_str().into(), why.into()]));
    }
    let rows = table.rows();
    let cut = cut_of(rows);
    let (asked, dropped): (Vec<u32>, Vec<u32>) =
        (recipe.window as u32..rows as u32).partition(|row| !target.is_missing(*row as usize));
    let (train, test): (Vec<u32>, Vec<u32>) = asked.into_iter().partition(|row| (*row as usize) < cut);
    if train.len() < 2 || test.is_empty() {
        return Err(says(
            "The table is too short to read {} rows and then predict. Read fewer.",
            [recipe.window.into()],
        ));
    }
    let before: Vec<u32> = (0..cut as u32).collect();
    let inputs: Vec<Input> =
        features(table, recipe)?.into_iter().map(|column| Input::of(column, &before)).collect();
    let truths: Vec<f64> = train.iter().filter_map(|row| number(target, *row as usize)).collect();
    let (mean, std) = moments(&truths);
    let gaps = |input: &Input| column(table, &input.column).map_or(0, |column| column.summary.missing());
    let imputed = inputs.iter().map(gaps).sum();
    let target = TargetEncoding::Number { mean, std };
    let (fill, twins) = (Vec::new(), Vec::new());
    Ok(Plan { recipe: recipe.clone(), target, inputs, train, test, fill, twins, dropped, imputed })
}

fn features<'a>(table: &'a Table, recipe: &Recipe) -> Result<Vec<&'a Column>, Saying> {
    let mut all = vec![column(table, &recipe.target)?];
    for name in recipe.features.iter().filter(|name| **name != recipe.target) {
        let column = column(table, name)?;
        if matches!(column.cells, Cells::Numbers { .. }) {
            all.push(column);
        }
    }
    Ok(all)
}

fn number(column: &Column, row: usize) -> Option<f64> {
    match column.cell(row) {
        Cell::Number(value) => Some(value),
        _ => None,
    }
}

/// Every row as the network takes it, `[rows, inputs]`.
pub fn steps(table: &Table, plan: &Plan) -> Vec<f32> {
    let columns: Vec<_> = plan.inputs.iter().map(|input| table.column(&input.column)).collect();
    // Before the first number there is none: the median of the rows to learn from stands there.
    let mut last = vec![Cell::Missing; columns.len()];
    let mut numbers = Vec::with_capacity(table.rows() * columns.len());
    for row in 0..table.rows() {
        for ((input, column), last) in plan.inputs.iter().zip(&columns).zip(&mut last) {
            match column.map_or(Cell::Missing, |column| table.cell(row, column)) {
                Cell::Missing => (),
                cell => *last = cell,
            }
            input.put(*last, &mut numbers);
        }
    }
    numbers
}

/// The learned column's number in every row; NaN where it is missing.
pub fn truth(table: &Table, recipe: &Recipe) -> Vec<f32> {
    let target = table.column(&recipe.target).and_then(|at| table.columns.get(at));
    let value = |row| target.and_then(|column| number(column, row)).map_or(f32::NAN, |value| value as f32);
    (0..table.rows()).map(value).collect()
}
