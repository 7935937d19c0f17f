//! A row of a table or a point of the plane, as scripts write it, as the network takes it.

use super::info::{DatasetInfo, Form};
use crate::table::{Cell, How, Input};
use serde_json::{Map, Value};

/// The coordinates of a point.
const POINT: [&str; 2] = ["x", "y"];

/// What a row becomes, and the columns that were left open with `null`: they get the median, or the most frequent word.
#[derive(Debug, PartialEq)]
pub struct Row {
    pub numbers: Vec<f32>,
    pub imputed: Vec<String>,
}

/// `input` is `{ column: value }`, a category by its word; or the network's inputs themselves, `number[]`. A column that
/// is not said, one that there is not, and a value that does not fit are refused by their names.
pub fn row(info: &DatasetInfo, input: &Value) -> Result<Row, String> {
    match (input, info.form) {
        (Value::Array(numbers), _) => {
            let numbers: Option<Vec<f32>> = numbers.iter().map(|n| Some(n.as_f64()? as f32)).collect();
            Ok(Row { numbers: numbers.ok_or("input is not a list of numbers")?, imputed: Vec::new() })
        }
        (Value::Object(given), Form::Point) => {
            known(given, &POINT)?;
            let number = |name| given.get(name).and_then(Value::as_f64).map(|n| n as f32);
            let numbers: Option<Vec<f32>> = POINT.into_iter().map(number).collect();
            Ok(Row { numbers: numbers.ok_or("a point is { x, y }, two numbers")?, imputed: Vec::new() })
        }
        (Value::Object(given), Form::Row) => by_column(&info.columns, given),
        _ => Err("input is neither { column: value } nor a list of numbers".into()),
    }
}

fn by_column(columns: &[Input], given: &Map<String, Value>) -> Result<Row, String> {
    let names: Vec<&str> = columns.iter().map(|input| input.column.as_str()).collect();
    known(given, &names)?;
    let absent: Vec<&str> = names.into_iter().filter(|name| !given.contains_key(*name)).collect();
    if !absent.is_empty() {
        let absent = absent.join(", ");
        return Err(format!("input lacks {absent}; null stands for the median, or the most frequent word"));
    }
    let mut row = Row { numbers: Vec::new(), imputed: Vec::new() };
    for input in columns {
        let value = &given[&input.column];
        let cell = cell(input, value)?;
        if matches!(cell, Cell::Missing) {
            row.imputed.push(input.column.clone());
        }
        input.put(cell, &mut row.numbers);
    }
    Ok(row)
}

fn known(given: &Map<String, Value>, names: &[&str]) -> Result<(), String> {
    match given.keys().find(|name| !names.contains(&name.as_str())) {
        Some(other) => {
            Err(format!("there is no column “{other}” that is learned from; there are {}", names.join(", ")))
        }
        None => Ok(()),
    }
}

fn cell<'a>(input: &'a Input, value: &'a Value) -> Result<Cell<'a>, String> {
    let name = &input.column;
    match (&input.how, value) {
        (_, Value::Null) => Ok(Cell::Missing),
        (How::Standardised { .. }, value) => {
            let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
            let number = number.filter(|number| number.is_finite());
            number.map(Cell::Number).ok_or_else(|| format!("“{name}” takes a number"))
        }
        (How::OneHot { categories, .. }, value) => {
            let word = value.as_str().map_or_else(|| value.to_string(), String::from);
            let place = categories.iter().find(|category| **category == word);
            place
                .map(|word| Cell::Word(word))
                .ok_or_else(|| format!("“{name}” takes one of {}", categories.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn penguins() -> DatasetInfo {
        let how = How::Standardised { mean: 40.0, std: 2.0, median: 41.0 };
        let bill = Input { column: "bill".into(), how };
        let how = How::OneHot { categories: vec!["f".into(), "m".into()], usual: 1 };
        let sex = Input { column: "sex".into(), how };
        let mut info = super::super::rows::PENGUINS.info();
        info.columns = vec![bill, sex];
        info
    }

    #[test]
    fn a_row_is_taken_by_its_columns_names_and_categories_by_their_words() {
        let taken = row(&penguins(), &json!({ "sex": "f", "bill": 44 })).map(|row| row.numbers);
        assert_eq!(taken, Ok(vec![2.0, 1.0, 0.0]));
        let open = row(&penguins(), &json!({ "sex": null, "bill": "36" }));
        assert_eq!(open, Ok(Row { numbers: vec![-2.0, 0.0, 1.0], imputed: vec!["sex".into()] }));
    }

    #[test]
    fn what_does_not_fit_is_refused_by_its_name() {
        let refused = |input: Value| row(&penguins(), &input).err().unwrap_or_default();
        assert!(refused(json!({ "bill": 44 })).contains("lacks sex"));
        assert!(refused(json!({ "bill": 44, "sex": "f", "wing": 2 })).contains("“wing”"));
        assert!(refused(json!({ "bill": "long", "sex": "f" })).contains("“bill” takes a number"));
        assert!(refused(json!({ "bill": 44, "sex": "x" })).contains("one of f, m"));
    }
}
