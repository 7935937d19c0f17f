//! What is to be learned from a table: which column from which others, and how rows become examples.

use super::Table;
use super::column::{Cells, Column, Kind, Use};
use super::message::{Saying, says};
use super::summary::Summary;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Plain data: a link and a weight file can carry it. Same table and recipe, same examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The column that is learned, by its name.
    pub target: String,
    /// The columns that it is learned from.
    pub features: Vec<String>,
    /// None follows from the target: categories are told apart, numbers are estimated.
    pub task: Option<Task>,
    pub missing: Missing,
    /// The share of rows that is held out, at least 0 and less than 1.
    pub test_share: f64,
    /// Decides which rows are held out.
    pub seed: u32,
    /// The rows are in order: the next value is predicted from the last so many rows. 0: every row stands for itself.
    #[serde(default)]
    pub window: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    Classification,
    /// Numbers of few values are grades in order.
    Ordinal,
    Regression,
}

/// What becomes of rows in which a feature is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The row is left out.
    Drop,
    /// Numbers become the median, categories the most frequent one, both of the training rows.
    Median,
}

/// Whole numbers of at most so many values are taken for classes, unless the visitor says otherwise.
const FEW: usize = 10;

/// A larger share of the rows is not left out unless the visitor says so.
const MANY: f64 = 0.1;

/// A target with more classes would have hardly any row for each.
pub const MOST_CLASSES: usize = 100;

impl Recipe {
    /// For this target: from every other column that a network can use, a third of the rows held out. Where many rows
    /// lack something, filling in keeps them.
    pub fn new(table: &Table, target: &str) -> Self {
        let fits = |column: &&Arc<Column>| column.name != target && column.usable() == Use::Yes;
        let features: Vec<_> = table.columns.iter().filter(fits).collect();
        let lacking = table.rows_lacking(features.iter().map(|column| &***column));
        let many = lacking as f64 > MANY * table.rows() as f64;
        Self {
            target: target.into(),
            features: features.into_iter().map(|column| column.name.clone()).collect(),
            task: None,
            missing: if many { Missing::Median } else { Missing::Drop },
            test_share: 1.0 / 3.0,
            seed: 7,
            window: 0,
        }
    }

    /// What is done with the target.
    pub fn task_of(&self, column: &Column) -> Task {
        self.task.unwrap_or_else(|| column.task())
    }
}

impl Column {
    /// What follows from it as a target.
    pub fn task(&self) -> Task {
        match &self.summary {
            Summary::Numbers(s) if s.whole && s.distinct <= FEW && s.distinct * 5 <= s.count => {
                Task::Classification
            }
            Summary::Numbers(_) => Task::Regression,
            Summary::Words(_) => Task::Classification,
        }
    }

    /// It can be told apart, and estimated as well: the visitor says which.
    pub fn can_be_either(&self) -> bool {
        [Task::Classification, Task::Regression].iter().all(|task| self.no_target(*task).is_none())
    }

    /// Why it cannot be what is learned.
    pub fn no_target(&self, task: Task) -> Option<Saying> {
        let distinct = self.summary.distinct();
        match (self.kind(), task, &self.cells) {
            (Kind::Empty, ..) => Some(says("It has no values.", [])),
            (Kind::Constant, ..) => {
                let only = (0..self.len()).find(|row| !self.is_missing(*row)).map(|row| self.text(row));
                let only = only.unwrap_or_default();
                Some(says(
                    "It has only one value, “{}”: there is nothing to tell apart.",
                    [only.as_str().into()],
                ))
            }
            (_, Task::Regression, Cells::Words { .. }) => {
                Some(says("It holds words, and only numbers can be estimated.", []))
            }
            (_, Task::Ordinal, Cells::Words { .. }) => {
                Some(says("It holds words, and words have no order: only numbers are grades.", []))
            }
            (_, Task::Classification | Task::Ordinal, _) if distinct > MOST_CLASSES => Some(says(
                "It has {} different values, and up to {} can be told apart.",
                [distinct.into(), MOST_CLASSES.into()],
            )),
            (Kind::Text, Task::Classification, _) => Some(says(
                "It has {} different values in {} rows: hardly any comes again.",
                [distinct.into(), self.summary.count().into()],
            )),
            _ => None,
        }
    }
}
