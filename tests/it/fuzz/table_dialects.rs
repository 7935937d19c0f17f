//! Tables that are written in a way that chance chooses, and read without a word about it: the same names and values.

use super::{Chance, Kind};
use intab::table::{Cell, Table};

/// How a table is written, and what it holds.
#[derive(Debug)]
struct Written {
    bytes: Vec<u8>,
    names: Vec<String>,
    /// By column.
    values: Vec<Vec<Value>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(f64),
    Word(String),
    Missing,
}

struct Way {
    delimiter: &'static str,
    comma: bool,
    /// Thousands are grouped by the other mark.
    grouped: bool,
    quote: Option<char>,
    /// Every cell stands in quotation marks.
    all_quoted: bool,
    missing: &'static str,
    currency: [&'static str; 2],
}

const WORDS: [&str; 6] = ["rot", "grün", "blau", "Straße", "déjà", "señor"];
const MARKS: [&str; 10] = ["", "NA", "\\N", "(null)", "n.d.", "#DIV/0!", "k. A.", "-", "NULL", "#WERT!"];

fn way(chance: &mut Chance) -> Way {
    let delimiter = *chance.pick(&[",", ";", "\t", "|", ";", ","]);
    let comma = chance.one_in(2);
    Way {
        delimiter,
        comma,
        grouped: chance.one_in(3),
        quote: [Some('"'), Some('"'), Some('\'')][chance.below(3)],
        all_quoted: chance.one_in(4),
        missing: MARKS[chance.below(MARKS.len())],
        currency: *chance.pick(&[["", ""], ["", ""], ["$", ""], ["", " €"], ["CHF ", ""]]),
    }
}

/// As people write it: two or one decimal places, thousands perhaps in groups.
fn number(value: f64, places: usize, way: &Way) -> String {
    let text = format!("{:.places$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if way.grouped && at > 0 && (whole.len() - at) % 3 == 0 {
            digits.push(if way.comma { '.' } else { ',' });
        }
        digits.push(digit);
    }
    if places > 0 {
        digits.push(if way.comma { ',' } else { '.' });
        digits.push_str(rest);
    }
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{digits}")
}

fn cell(value: &Value, places: usize, money: bool, way: &Way) -> String {
    let words = match value {
        Value::Missing => way.missing.to_string(),
        Value::Word(word) => word.clone(),
        Value::Number(v) if money => {
            format!("{}{}{}", way.currency[0], number(*v, places, way), way.currency[1])
        }
        Value::Number(v) => number(*v, places, way),
    };
    quoted(words, way)
}

fn quoted(words: String, way: &Way) -> String {
    match way.quote {
        Some(quote) if way.all_quoted || words.contains(way.delimiter) => format!("{quote}{words}{quote}"),
        _ => words,
    }
}

fn column(chance: &mut Chance, rows: usize) -> (Vec<Value>, usize) {
    let kind = chance.below(4);
    let large = *chance.pick(&[1.0, 100.0, 100_000.0]);
    let places = if kind == 1 { 0 } else { 1 + chance.below(2) };
    let value = |chance: &mut Chance| {
        if chance.one_in(12) {
            return Value::Missing;
        }
        match kind {
            0 => Value::Word((*chance.pick(&WORDS)).into()),
            _ => {
                let steps = 10_f64.powi(places as i32);
                let value = (chance.below(20_000) as f64 / 20_000.0 - 0.3) * 10.0 * large;
                // Zero has no sign here.
                Value::Number((value * steps).round() / steps + 0.0)
            }
        }
    };
    ((0..rows).map(|_| value(chance)).collect(), places)
}

fn written(chance: &mut Chance) -> Written {
    let way = way(chance);
    let (rows, width) = (25 + chance.below(40), 2 + chance.below(6));
    let mut columns: Vec<(Vec<Value>, usize)> = (0..width).map(|_| column(chance, rows)).collect();
    // A decimal mark must be there to be recognised, and every row begins with something.
    columns.insert(0, ((0..rows).map(|n| Value::Number(n as f64 * 1.5 + 0.25)).collect(), 2));
    let money = 1 + chance.below(width);
    let names: Vec<String> = match chance.below(3) {
        0 => (0..=width).map(|at| format!("{}", 2015 + at)).collect(),
        _ => (0..=width).map(|at| format!("größe {at}")).collect(),
    };
    let line = |cells: Vec<String>, end: &str| cells.join(way.delimiter) + end;
    let end = if chance.one_in(4) { way.delimiter } else { "" };
    let mut lines = Vec::new();
    if chance.one_in(4) {
        lines.push((*chance.pick(&["# made by a program", "Auswertung"])).to_string());
    }
    let ends_header = !end.is_empty() && chance.one_in(2);
    let head = names.iter().map(|name| quoted(name.clone(), &way)).collect();
    lines.push(line(head, if ends_header { end } else { "" }));
    for row in 0..rows {
        let cells = columns.iter().enumerate();
        let cells =
            cells.map(|(at, (values, places))| cell(&values[row], *places, at == money, &way)).collect();
        lines.push(line(cells, end));
    }
    let text = lines.join(*chance.pick(&["\n", "\r\n", "\r"])) + "\n";
    let bytes = match chance.below(5) {
        0 => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        1 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        2 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        _ => text.into_bytes(),
    };
    Written { bytes, names, values: columns.into_iter().map(|(values, _)| values).collect() }
}

fn is_read(written: &Written) {
    let table = Table::read(written.bytes.clone()).unwrap();
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, written.names);
    for (at, values) in written.values.iter().enumerate() {
        assert_eq!(table.rows(), values.len());
        for (row, value) in values.iter().enumerate() {
            let read = match table.cell(row, at) {
                Cell::Number(value) => Value::Number(value),
                Cell::Word(word) => Value::Word(word.into()),
                Cell::Missing => Value::Missing,
            };
            assert_eq!(read, *value, "row {row} of “{}”", names[at]);
        }
    }
    assert_eq!(table.question, None);
}

#[test]
fn tables_of_any_dialect_are_read_as_they_were_written() {
    Kind { name: "table_dialects", slow: 1, most_bytes: 64 << 20 }.fuzz(written, is_read);
}
