//! The lecture's table: the penguins, and five more whose species is missing.

use super::experiment::{Missing, Recipe, Task};
use super::{Saying, Table};
use crate::datasets::penguins::{CSV, FEATURES, QUESTIONS, TARGET};

/// 344 rows of the file and the lecture's five, in this order.
pub fn table() -> Result<Table, Saying> {
    let mut table = Table::read(CSV.into())?;
    for question in QUESTIONS {
        let values: Vec<_> = FEATURES.into_iter().zip(question).collect();
        table.add_row(&values)?;
    }
    Ok(table)
}

/// The species from four numbers and the sex.
pub fn recipe() -> Recipe {
    Recipe {
        target: TARGET.into(),
        features: FEATURES.map(String::from).into(),
        task: Some(Task::Classification),
        missing: Missing::Drop,
        test_share: 1.0 / 3.0,
        seed: 7,
        window: 0,
    }
}
