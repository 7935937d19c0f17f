//! Which column a visitor most likely wants to learn, so that one click trains on a new file.

use super::Table;
use super::column::Column;
use super::experiment::Task;

/// Names that say it themselves, as data sets for learning use them, in lower case.
const TELLING: &[&str] = &[
    "target",
    "label",
    "class",
    "y",
    "outcome",
    "response",
    "species",
    "diagnosis",
    "survived",
    "category",
    "ziel",
    "klasse",
    "zielwert",
    "kategorie",
];

/// Names of what is mostly asked of a table that has them, where no other name says more.
const ASKED: &[&str] = &[
    "price",
    "salary",
    "wage",
    "wages",
    "sales",
    "score",
    "rating",
    "quality",
    "purchase",
    "purchased",
    "default",
    "churn",
    "fraud",
    "vote",
    "preis",
    "gehalt",
    "lohn",
    "umsatz",
    "note",
    "bewertung",
];

/// More classes than this are rarely what is asked.
const FEW_CATEGORIES: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Name,
    Last,
    FewCategories,
}

/// The column's place, and what speaks for it; none where no column can be learned.
pub fn propose(table: &Table) -> Option<(usize, Why)> {
    let able = |column: &Column| column.no_target(column.task()).is_none();
    let columns = table.columns.iter().enumerate().filter(|(_, column)| able(column));
    let able: Vec<(usize, &Column)> = columns.map(|(at, column)| (at, &**column)).collect();
    let named = |names: &[&str]| {
        let is = |column: &Column| names.contains(&column.name.trim().to_lowercase().as_str());
        able.iter().rev().find(|(_, column)| is(column)).map(|(at, _)| (*at, Why::Name))
    };
    if let Some(proposed) = named(TELLING).or_else(|| named(ASKED)) {
        return Some(proposed);
    }
    let (last, column) = *able.last()?;
    let at_the_end = last + 1 == table.columns.len();
    if at_the_end && column.task() == Task::Classification {
        return Some((last, Why::Last));
    }
    let few = |(_, column): &&(usize, &Column)| {
        column.task() == Task::Classification && (2..=FEW_CATEGORIES).contains(&column.summary.distinct())
    };
    // The last of several, as tables are mostly laid out.
    match able.iter().rev().find(few) {
        Some((at, _)) if !at_the_end => Some((*at, Why::FewCategories)),
        _ => Some((last, Why::Last)),
    }
}
