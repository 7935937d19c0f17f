//! Files that other tools read wrongly, each kind with the right values; `files/tables` holds those that people reported.

use crate::table::{numbers, read};
use intab::table::read::beginning;
use intab::table::{Cells, Kind, ReadOptions, Table, Use};
use std::path::PathBuf;

pub fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/files/tables").join(name)).unwrap()
}

pub fn case(name: &str) -> Table {
    Table::read(bytes(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
}

pub fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|c| c.name.as_str()).collect()
}

pub fn words(table: &Table, column: usize) -> &[String] {
    match &table.columns[column].cells {
        Cells::Words { words, .. } => words,
        Cells::Numbers { .. } => panic!("{} holds numbers", table.columns[column].name),
    }
}

pub fn row(table: &Table, row: usize) -> Vec<String> {
    (0..table.columns.len()).map(|column| table.text(row, column)).collect()
}

pub fn notes(table: &Table) -> String {
    table.notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

pub fn remarks(table: &Table, column: usize) -> String {
    let all = table.columns[column].remarks(table.dialect.decimal_comma);
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// 30 rows after a header.
pub fn rows(header: &str, row: impl Fn(usize) -> String) -> String {
    let rows: Vec<String> = (0..30).map(row).collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

#[test]
fn tables_with_three_decimal_places_have_a_decimal_comma() {
    let table = case("decimal-three-places/tab-3dec.tsv");
    assert_eq!(
        (&numbers(&table, 0)[..2], &numbers(&table, 1)[..2]),
        (&[0.949, 0.572][..], &[9.303, 9.518][..])
    );
    assert_eq!(table.question, None, "the other column decides");
    let table = case("decimal-three-places/comma-quoted-3dec.csv");
    assert_eq!(names(&table), ["POLYID", "X", "Y", "K"]);
    assert_eq!((numbers(&table, 1)[0], numbers(&table, 2)[0]), (0.519, 6.229));
    // No leading zero, but thousands would not be four digits long before the mark.
    let table = read(&rows("a\tk", |n| format!("{},{:03}\tx", 1000 + n, n * 31)));
    assert_eq!(numbers(&table, 0)[2], 1002.062);
    // Thousands are grouped in both places, so the point is the decimal mark.
    let table = read(&rows("a\tk", |n| format!("1,234,{:03}\tx", 100 + n)));
    assert_eq!(numbers(&table, 0)[1], 1_234_101.0);
}

#[test]
fn tables_that_do_not_decide_the_decimal_mark_ask() {
    let text = rows("a\tk", |n| format!("{},{:03}\tx", n % 9 + 1, n * 31));
    let table = read(&text);
    let question = table.question.clone().unwrap();
    assert_eq!((question.column.as_str(), question.words.as_str()), ("a", "1,000"));
    assert_eq!((question.with_comma, question.with_point), (1.0, 1000.0));
    let said = ReadOptions { decimal_comma: Some(true), ..ReadOptions::default() };
    let table = Table::read_as(text.clone().into(), said).unwrap();
    assert_eq!((numbers(&table, 0)[1], table.question), (2.031, None));
    let question = read(&rows("a;k", |n| format!("{}.{:03};x", n % 9 + 1, n * 31))).question.unwrap();
    assert_eq!((question.with_comma, question.with_point), (1000.0, 1.0));
    // Whole numbers below a thousand beside grouped ones: thousands. Nothing to ask.
    let table =
        read(&rows("a\tk", |n| if n % 2 == 0 { format!("{},500\tx", n + 1) } else { format!("{n}\tx") }));
    assert_eq!((numbers(&table, 0)[2], table.question), (3500.0, None));
    // With decimal places of another length, nothing is open.
    let table = read(&rows("a;k", |n| format!("{}.{:02};x", n % 9 + 1, n)));
    assert_eq!((numbers(&table, 0)[1], table.question), (2.01, None));
}

#[test]
fn tables_have_a_decimal_mark_for_each_column() {
    let table = case("german-mixed/metacsv-5.csv");
    assert_eq!(names(&table), ["bundesland", "cases", "diff", "per100k", "deaths", "area"]);
    assert_eq!((numbers(&table, 1)[0], numbers(&table, 2)[0], numbers(&table, 3)[0]), (3582.0, 65.0, 13.15));
    assert!(table.dialect.decimal_comma && table.question.is_none());
    assert_eq!(numbers(&table, 3)[4], 25.69);
    // Coordinates of a program among a country's numbers.
    let table = read(&rows("preis;lat;k", |n| format!("{},5;48.{n:02}12;x", n + 1)));
    assert_eq!((numbers(&table, 0)[1], numbers(&table, 1)[1]), (2.5, 48.0112));
    assert_eq!(remarks(&table, 1), "Here, a point is the decimal mark.");
    // What the beginning of a long file does not show.
    let mut text = String::from("a\tk\n");
    (0..3_000).for_each(|n| text.push_str(&format!("{},{:03}\tx\n", n % 9 + 1, n % 1000)));
    (0..40).for_each(|n| text.push_str(&format!("{},5\ty\n", n)));
    let table = read(&text);
    assert_eq!((numbers(&table, 0)[1], numbers(&table, 0)[3_001], table.question), (2.001, 1.5, None));
}

#[test]
fn tables_keep_their_header_with_years_and_gaps() {
    let table = case("header-years/snapotter-1199.csv");
    assert_eq!(names(&table), ["region", "2023", "2024", "2025"]);
    assert_eq!((table.dialect.header, numbers(&table, 1)[0]), (true, 10.0));
    let header = |text: &str| read(text).dialect.header;
    assert!(header(&rows("land,typ,1990,2000,2010", |n| format!("L{n},a,{},{},{}", n * 3, n * 5, n + 7))));
    assert!(header(&rows("1990,2000,2010", |n| format!("{},{},{}", n * 3, n * 5, n + 7))));
    assert!(header(&rows("id,2019", |n| format!("{n},{}", n * 3))));
    assert!(header(&rows("kind,Jan,Feb,Mar", |n| format!("k{},{n},{n},{n}", n % 3))));
    assert!(header(&rows("kind,2023-01,2023-02", |n| format!("k{},{n},{n}", n % 3))));
    assert!(header(&rows("1,2,3,4,5", |n| format!("{n}.5,{},{},7,{}", n * n, n % 4, n % 3))));
    assert!(header(&rows("0,1,2,3", |n| format!("{n}.5,{},{},7", n * n, n % 4))));
    assert!(header(&rows("sample,400,402,404", |n| format!("s{n},0.{n},0.5,0.{n}"))));
    // A gap among the names, and row numbers under an empty one.
    for gap in ["NA", "-", "?", "", "n/a"] {
        let table =
            read(&rows(&format!("id,{gap},k"), |n| format!("{},{}.5,{}", n + 1, n % 7, ["u", "v"][n % 2])));
        assert!(table.dialect.header, "“{gap}”");
        assert!(matches!(table.columns[0].usable(), Use::IfAsked(_)), "row numbers are known with “{gap}”");
    }
    // Rows are none.
    assert!(!header(&rows("5.1,3.5,setosa", |n| format!("{n}.1,3.{n},{}", ["setosa", "virginica"][n % 2]))));
    assert!(!header(&rows("2019,5,7", |n| format!("{},{},{}", 2020 + n, n * 2, n * 3))));
    assert!(!header(&rows("1,2,3", |n| format!("{},{},{}", n + 1, n + 2, n + 3))));
    assert!(!header(&rows("7,?,u", |n| format!("{n},{n},{}", ["u", "v"][n % 2]))));
}

#[test]
fn tables_may_have_a_preamble() {
    for (name, skipped) in [("csvlens-52", 2), ("pgloader-507", 1), ("rainbow-13", 1)] {
        let table = case(&format!("preamble/{name}.csv"));
        assert_eq!(
            (names(&table), table.dialect.skip),
            (vec!["header1", "header2", "kind"], skipped),
            "{name}"
        );
        assert!(notes(&table).contains(&format!("skipped: {skipped}.")), "{}", notes(&table));
        assert_eq!(row(&table, 1), ["1", "7", "u"], "{name}");
    }
    let table = case("preamble/genesis.csv");
    assert_eq!(names(&table), ["Nr", "Name", "Produkt", "Betrag", "Typ"]);
    assert_eq!((table.rows(), table.dialect.skip, numbers(&table, 3)[0]), (60, 4, 97387.5));
    assert!(
        notes(&table).contains("below the table that are left out: 2. The first is “__________”"),
        "{}",
        notes(&table)
    );
    // Adjustable, also to nothing.
    let said = ReadOptions { skip: Some(0), ..ReadOptions::default() };
    let table = Table::read_as(bytes("preamble/rainbow-13.csv"), said);
    assert!(table.is_err() || names(&table.unwrap()) != ["header1", "header2", "kind"]);
    let said = ReadOptions { skip: Some(2), header: Some(false), ..ReadOptions::default() };
    let table = Table::read_as(bytes("preamble/rainbow-13.csv"), said).unwrap();
    assert_eq!(row(&table, 0), ["0", "0", "v"]);
    // Names in a comment, two columns under a title, and comments among the rows.
    let table = read(&rows("# made by x\n# a b k", |n| format!("{n} {}.5 v", n * 2)));
    assert_eq!((names(&table), table.rows()), (vec!["a", "b", "k"], 30));
    let table = read(&rows("#chrom\tpos\tk", |n| format!("{n}\t{}\tv", n * 2)));
    assert_eq!(names(&table), ["chrom", "pos", "k"]);
    let table = read(&rows("Temperaturen\nname;wert", |n| format!("o{n};{n},5")));
    assert_eq!((names(&table), table.rows()), (vec!["name", "wert"], 30));
    let table = read(&rows("Station, Bonn\nStand,2020\n\nid,t,k,z", |n| format!("{n},{n}.5,v,7")));
    assert_eq!((names(&table), table.rows()), (vec!["id", "t", "k", "z"], 30));
    let table =
        read(&rows("# top\na,b,k", |n| if n == 9 { "# calibrated".into() } else { format!("{n},{n}.5,v") }));
    assert_eq!(table.rows(), 29);
    assert!(notes(&table).contains("Comments among the rows, left out: 1"), "{}", notes(&table));
}

#[test]
fn tables_may_have_names_of_rows() {
    let table = case("row-names/rowname-short-header.csv");
    assert_eq!(names(&table), ["column 1", "mpg", "cyl", "hp"]);
    assert_eq!(row(&table, 1), ["Car 1", "21", "6", "93"]);
    assert!(notes(&table).contains("one name short"));
    assert!(matches!(table.columns[0].usable(), Use::No(_)), "names of rows teach nothing");
    let table = read(&rows("a b", |n| format!("{} {n} {}", n + 1, n * 2)));
    assert_eq!(names(&table), ["column 1", "a", "b"]);
    assert!(matches!(table.columns[0].usable(), Use::IfAsked(_)));
}

#[test]
fn tables_may_end_each_row_with_a_delimiter() {
    let table = case("trailing-delimiter/trailing-rows.csv");
    assert_eq!(
        (names(&table), row(&table, 1)),
        (vec!["a", "b", "k"], vec!["1".into(), "7".into(), "u".into()])
    );
    assert!(notes(&table).contains("without a name and without a value, left out: 1"), "{}", notes(&table));
    let table = read(&rows("a;b;k;", |n| format!("{n};2;v;")));
    assert_eq!(names(&table), ["a", "b", "k"]);
    let table = read(&rows("a;b;k;;;", |n| format!("{n};2;v;;;")));
    assert_eq!(names(&table), ["a", "b", "k"]);
    let table = read(&rows("a;b;k", |n| format!("{n};2;v{}", if n % 3 == 0 { ";" } else { "" })));
    assert_eq!((names(&table), table.notes.len()), (vec!["a", "b", "k"], 0));
    let table = case("header-longer/header-longer.csv");
    assert_eq!(names(&table), ["a", "b", "c", "d"]);
    assert_eq!(
        (row(&table, 1), table.columns[3].kind()),
        (vec!["1".into(), "7".into(), "u".into(), String::new()], Kind::Empty)
    );
    assert!(notes(&table).contains("“d”"), "{}", notes(&table));
}

#[test]
fn tables_say_their_delimiter_in_a_line_of_its_own() {
    for (name, mark) in [("sep-quoted", ';'), ("sep-tilde", '~'), ("sep-upper", ';')] {
        let table = case(&format!("sep-line/{name}.csv"));
        assert_eq!((names(&table), table.dialect.delimiter), (vec!["One", "Two", "Kind"], mark), "{name}");
        assert_eq!(numbers(&table, 1)[1], 7.0);
    }
    let table = read(&rows("Sep=|\r\na|b", |n| format!("{n}|2,{n}")));
    assert_eq!((names(&table), table.dialect.delimiter), (vec!["a", "b"], '|'));
    let table = read(&rows("sep=:\na:b:c", |n| format!("{n}:2:x,y")));
    assert_eq!(names(&table), ["a", "b", "c"]);
}

#[test]
fn tables_may_be_divided_by_blanks() {
    let table = case("whitespace/housing-60.data");
    assert_eq!((table.columns.len(), table.rows(), table.dialect.header), (14, 60, false));
    assert_eq!((numbers(&table, 0)[0], numbers(&table, 13)[1]), (0.006_32, 21.6));
    let table = case("whitespace/german-60.data");
    assert_eq!(
        (table.columns.len(), table.columns[1].name.as_str(), numbers(&table, 1)[1]),
        (21, "DURATION_MONTHS", 48.0)
    );
    let table = case("whitespace/auto-mpg.data");
    let expected = [
        "mpg",
        "cylinders",
        "displacement",
        "horsepower",
        "weight",
        "acceleration",
        "model_year",
        "origin",
        "car_name",
    ];
    assert_eq!(names(&table), expected);
    assert_eq!((numbers(&table, 4)[0], table.text(0, 8).as_str()), (3504.0, "chevrolet chevelle malibu"));
    // Words have blanks, too.
    let table = read(&rows("name", |n| format!("Ann Bee{n}")));
    assert_eq!(table.columns.len(), 1);
    let table = read(&rows("name,place", |n| format!("Ann {n},New York 5")));
    assert_eq!(names(&table), ["name", "place"]);
}

#[test]
fn tables_are_divided_by_what_divides_most_rows() {
    let table = case("delimiter-tie/latlon.csv");
    assert_eq!((names(&table), table.dialect.delimiter), (vec!["city", "place", "pop", "kind"], ','));
    assert_eq!(table.text(0, 1), "35.00;104.00");
    let table = read(&rows("city;place;kind", |n| format!("c{n};35,1|104,2;big")));
    assert_eq!(names(&table), ["city", "place", "kind"]);
    let table = read(&rows("a;b", |n| format!("{n},5;2,{n}")));
    assert_eq!((names(&table), numbers(&table, 0)[1]), (vec!["a", "b"], 1.5));
}

#[test]
fn tables_may_have_single_quotes() {
    let table = case("quotes/single-quotes.csv");
    assert_eq!(
        (names(&table), row(&table, 0)),
        (vec!["name", "kind", "v"], vec!["a, 0".into(), "v".into(), "0".into()])
    );
    assert!(table.dialect.single_quotes);
    let table = read(&rows("'it''s';'b'", |n| format!("'o''clock {n}';{n}")));
    assert_eq!((names(&table), table.text(2, 0)), (vec!["it's", "b"], "o'clock 2".into()));
    let table = read(&rows("name,b", |n| format!("Ann's '{n},{n}")));
    assert_eq!((table.dialect.single_quotes, table.text(3, 0)), (false, "Ann's '3".into()));
    let table = case("whole-line-quoted/whole-line-quoted.csv");
    assert_eq!(
        (names(&table), row(&table, 1)),
        (vec!["header1", "header2", "kind"], vec!["1".into(), "7".into(), "u".into()])
    );
    assert!(notes(&table).contains("taken off"));
    let table = read(&rows("\"a,b,k\"", |n| format!("\"{n},\"\"x, y\"\",v\"")));
    assert_eq!((names(&table), table.text(1, 1)), (vec!["a", "b", "k"], "x, y".into()));
}

#[test]
fn tables_that_are_refused_show_how_they_begin() {
    let text = "a,b,c\n1,2,3\n1,2\n1\n1,2,3,4\n";
    assert!(Table::read(text.into()).is_err());
    let seen = beginning(text.as_bytes(), &ReadOptions::default()).unwrap();
    assert_eq!((&seen.lines[..2], seen.dialect.delimiter), (&["a,b,c".to_string(), "1,2,3".into()][..], ','));
    let long = format!("{}\n", "7".repeat(5_000));
    assert_eq!(beginning(long.as_bytes(), &ReadOptions::default()).unwrap().lines[0].chars().count(), 161);
    assert!(beginning(b"PK\x03\x04", &ReadOptions::default()).is_err());
}

#[test]
fn tables_that_an_earlier_version_kept_are_read_as_they_were_said() {
    let kept = r#"{"delimiter":";","header":false,"decimal_comma":true,"quotes":true}"#;
    let said: ReadOptions = serde_json::from_str(kept).unwrap();
    assert_eq!(serde_json::to_string(&said).unwrap(), kept, "a run is found again by the checksum of this");
    let table = Table::read_as("a;b\n1,5;2\n".into(), said).unwrap();
    assert_eq!((table.rows(), table.dialect.decimal_comma), (2, true));
}
