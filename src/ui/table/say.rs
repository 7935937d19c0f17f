//! Words for what a table holds and what was found in it.

use super::state::Role;
use crate::table::{Cell, Cells, Kind, Saying, Table, Value};
use crate::ui::components::format;
use crate::ui::language::{known, numeral, tr};

/// The saying in the page's language, with its numbers as the page writes them.
pub fn say(saying: &Saying) -> String {
    saying.put(&known(saying.english), |value| match value {
        Value::Count(n) => format::count(*n),
        Value::Number(v) => format::number(*v),
        Value::Text(text) => text.clone(),
        Value::Saying(saying) => say(saying),
    })
}

pub fn kind(kind: Kind) -> String {
    match kind {
        Kind::Number => tr!("numbers"),
        Kind::Category => tr!("categories"),
        Kind::Text => tr!("words"),
        Kind::Constant => tr!("one value only"),
        Kind::Empty => tr!("empty"),
    }
}

pub fn role(role: Role) -> String {
    match role {
        Role::Train => tr!("train"),
        Role::Test => tr!("test"),
        Role::Fill => tr!("fill in"),
        Role::KeptOut => tr!("kept out"),
        Role::LeftOut => tr!("left out"),
        Role::None => String::new(),
    }
}

/// A cell as it is seen, and whether it is missing.
pub fn cell(table: &Table, row: usize, column: usize) -> (String, bool) {
    match table.cell(row, column) {
        Cell::Missing => {
            let odd = table.columns.get(column).and_then(|c| c.odd.get(&(row as u32)));
            (odd.cloned().unwrap_or_default(), true)
        }
        Cell::Number(_) => (numeral(table.text(row, column).replace('-', "−")), false),
        Cell::Word(word) => (word.into(), false),
    }
}

/// A number with one digit more than its column has.
pub fn mean(table: &Table, column: usize, value: f64) -> String {
    let decimals = match table.columns.get(column).map(|c| &c.cells) {
        Some(Cells::Numbers { decimals, .. }) => usize::from(*decimals),
        _ => 0,
    };
    let decimals = match value.abs() {
        1000.0.. => 0,
        100.0.. => 1,
        _ => decimals.clamp(1, 3),
    };
    format::decimals(value, decimals)
}
