//! Tables: files that people drop, changed cells, and what is to be learned from what.

use super::{Chance, Kind, is_words};
use intab::table::edit::Edit;
use intab::table::text::Encoding;
use intab::table::view::{Filter, Sort};
use intab::table::{Bytes, Given, Missing, ReadOptions, Recipe, Table, penguins, prepare};

const CELLS: [&str; 18] = [
    "",
    "1",
    "2",
    "-3.5",
    "1,5",
    "1.234,5",
    "1e308",
    "-1e-308",
    "NA",
    "?",
    "inf",
    "nan",
    "red",
    "blue",
    "\"a\"\"b\"",
    "\"x;\ny\"",
    "2007-11-16",
    "\u{a0}7\u{a0}",
];

fn csv(chance: &mut Chance) -> Vec<u8> {
    let delimiter = *chance.pick(&[",", ";", "\t", "|"]);
    let (rows, columns) = (chance.below(40), 1 + chance.below(6));
    let kinds: Vec<usize> = (0..columns).map(|_| chance.below(3)).collect();
    let mut lines = vec![(0..columns).map(|at| format!("c{at}")).collect::<Vec<_>>().join(delimiter)];
    for _ in 0..rows {
        let cell = |kind: &usize| match (kind, chance.below(8)) {
            (_, 0) => (*chance.pick(&CELLS)).to_string(),
            (0, _) => format!("{}", chance.below(1000) as f64 / 8.0),
            (1, _) => (*chance.pick(&["red", "green", "blue"])).to_string(),
            _ => chance.below(3).to_string(),
        };
        lines.push(kinds.iter().map(cell).collect::<Vec<_>>().join(delimiter));
    }
    let end = *chance.pick(&["\n", "\r\n", "\r"]);
    let text = lines.join(end);
    match chance.below(6) {
        0 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        1 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        2 => [b"sep=;\n", text.as_bytes()].concat(),
        _ => text.into_bytes(),
    }
}

/// What a visitor may say of a file, or an old link.
fn said(chance: &mut Chance) -> ReadOptions {
    let delimiter = *chance.pick(&[',', ';', '\t', '|', '"', '\'', '\n', ' ', 'ä', '€', '\u{1f600}', '\0']);
    let encodings: Vec<_> =
        Encoding::offered().map(|encoding| encoding.id()).chain(["", "x-user-defined"]).collect();
    let mut yes = || chance.one_in(2).then(|| chance.one_in(2));
    let (header, decimal_comma, quotes, single_quotes) = (yes(), yes(), yes(), yes());
    ReadOptions {
        delimiter: chance.one_in(2).then_some(delimiter),
        header,
        decimal_comma,
        quotes,
        single_quotes,
        skip: chance.one_in(3).then(|| *chance.pick(&[0, 1, 2, 40, u32::MAX])),
        encoding: chance.one_in(3).then(|| (*chance.pick(&encodings)).into()),
        missing: vec![(*chance.pick(&CELLS)).into()],
        not_missing: vec![(*chance.pick(&CELLS)).into()],
    }
}

fn given(chance: &mut Chance) -> Given {
    let bytes = csv(chance);
    let bytes = if chance.one_in(4) { bytes } else { chance.damaged(bytes) };
    let written = chance.one_in(2).then(|| said(chance));
    let edit = |chance: &mut Chance| Edit {
        row: *chance.pick(&[0, 1, 5, 1000, u32::MAX]),
        column: *chance.pick(&[0, 1, 2, 7, usize::MAX]),
        before: String::new(),
        after: (*chance.pick(&CELLS)).into(),
    };
    Given {
        file: Some(Bytes(bytes.into())),
        written,
        edits: (0..chance.below(4)).map(|_| edit(chance)).collect(),
    }
}

/// Everything that the page does with a table.
fn use_it(table: &Table, chance: &mut Chance) {
    let filters = [
        Filter::Missing,
        Filter::Is("red".into()),
        Filter::Typed("> 1".into()),
        Filter::Typed("1..é".into()),
    ];
    for (at, column) in table.columns.iter().enumerate() {
        let seen = table.view(
            &[(at, chance.pick(&filters).clone())],
            Some(Sort { column: chance.below(8), descending: chance.one_in(2) }),
        );
        assert!(seen.len() <= table.rows());
        let mut recipe = Recipe::new(table, &column.name);
        recipe.test_share = *chance.pick(&[0.0, 0.3, 1.0, -1.0, f64::NAN, 1e300]);
        recipe.missing = if chance.one_in(2) { Missing::Drop } else { Missing::Median };
        match prepare(table, &recipe) {
            Ok(prepared) => {
                let width = prepared.plan.width();
                assert_eq!(prepared.train.inputs.len(), prepared.train.rows.len() * width);
                assert_eq!(prepared.plan.encode(table, 0).len(), width);
            }
            Err(why) => is_words(&why.to_string()),
        }
    }
    (0..table.rows().min(3)).for_each(|row| drop(table.text(row, 0)));
    assert!(table.rows_with_missing() <= table.rows());
}

#[test]
fn any_file_is_a_table_or_is_refused_in_words() {
    Kind { name: "tables", slow: 1, most_bytes: 64 << 20 }.fuzz(given, |given| {
        match given.table(penguins::table) {
            Ok(table) => use_it(&table, &mut Chance::new(table.rows() as u32)),
            Err(why) => is_words(&why.to_string()),
        }
    });
}

/// Found by seed 701: cells were cut inside of letters.
#[test]
fn a_delimiter_of_several_bytes_cuts_no_letter() {
    for delimiter in ['ä', '€', '\u{442}', '\u{1f600}'] {
        let file = "a,b\n1,€ä\n2,\u{1f600}т\n".as_bytes().to_vec();
        let given = Given {
            file: Some(Bytes(file.into())),
            written: Some(ReadOptions { delimiter: Some(delimiter), ..ReadOptions::default() }),
            edits: Vec::new(),
        };
        assert_eq!(given.table(penguins::table).unwrap().columns.len(), 2, "{delimiter}");
    }
}
