//! Tables: files of every kind are read or refused in words, and looked at; `plan` has what is learned from them.

use intab::datasets::penguins::CSV;
use intab::table::read::{MOST_COLUMNS, Reader};
use intab::table::summary::Summary;
use intab::table::text::Encoding;
use intab::table::view::{Filter, Sort};
use intab::table::{
    Bytes, Cell, Cells, Dialect, Edit, Given, Kind, Missing, ReadOptions, Recipe, Table, Task, Use, penguins,
    prepare,
};
use std::fmt::Write;

pub fn read(text: &str) -> Table {
    Table::read(text.into()).unwrap()
}

fn refusal(bytes: impl Into<Vec<u8>>) -> String {
    Table::read(bytes.into()).unwrap_err().to_string()
}

fn kinds(table: &Table) -> Vec<Kind> {
    table.columns.iter().map(|c| c.kind()).collect()
}

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|c| c.name.as_str()).collect()
}

pub fn numbers(table: &Table, column: usize) -> &[f64] {
    match &table.columns[column].cells {
        Cells::Numbers { values, .. } => values,
        Cells::Words { .. } => panic!("{} holds words", table.columns[column].name),
    }
}

#[test]
fn the_penguins_are_all_there() {
    let table = read(CSV);
    assert_eq!((table.rows(), table.columns.len(), table.rows_with_missing()), (344, 8, 11));
    assert_eq!(table.dialect, Dialect::PLAIN);
    use Kind::{Category, Number};
    let expected = [Category, Category, Number, Number, Number, Number, Category, Number];
    assert_eq!(kinds(&table), expected);
    assert!(table.columns.iter().all(|c| c.usable() == Use::Yes));
    let Summary::Words(species) = &table.columns[0].summary else { panic!("words") };
    // Adelie, Chinstrap, Gentoo, as the paper counts them.
    assert_eq!(species.counts, [152, 68, 124]);
    let Summary::Numbers(bill) = &table.columns[2].summary else { panic!("numbers") };
    assert_eq!((bill.count, bill.missing, bill.min, bill.max), (342, 2, 32.1, 59.6));
    assert!((bill.mean - 43.921_93).abs() < 1e-5);
    assert_eq!(bill.median, 44.45);
    assert_eq!(bill.bins.iter().sum::<u32>(), 342);
    assert_eq!(table.columns[6].marks.get("NA"), Some(&11));
    assert_eq!(table.text(2, 3), "18.0", "as precise as its column");
    assert_eq!(table.cell(3, 2), Cell::Missing);
}

#[test]
fn delimiters_headers_and_decimal_marks_are_recognised() {
    let expect = |text: &str, delimiter, header, decimal_comma, first: &[&str]| {
        let table = read(text);
        let dialect = Dialect { delimiter, header, decimal_comma, ..Dialect::PLAIN };
        assert_eq!((table.dialect, names(&table)), (dialect, first.to_vec()), "{text}");
        table
    };
    expect("a,b\n1,2.5\n3,4.5\n", ',', true, false, &["a", "b"]);
    let table = expect("a;b\r\n1,5;x\r\n-2,25;y\r\n", ';', true, true, &["a", "b"]);
    assert_eq!(numbers(&table, 0), [1.5, -2.25]);
    let table = expect("a;b\n1.234,5;x\n2.000.000,0;y\n", ';', true, true, &["a", "b"]);
    assert_eq!(numbers(&table, 0), [1234.5, 2_000_000.0]);
    let table = expect("1,5;2,5\n3,5;4,5\n", ';', false, true, &["column 1", "column 2"]);
    assert_eq!(table.rows(), 2);
    let table = expect("a\tb\n\"1,234.5\"\t2\n\"12,345.25\"\t3\n", '\t', true, false, &["a", "b"]);
    assert_eq!(numbers(&table, 0), [1234.5, 12_345.25]);
    expect("x|y|class\n1|2|no\n3|4|yes\n5|6|no\n", '|', true, false, &["x", "y", "class"]);
    expect("red,S\nblue,M\nred,L\n", ',', false, false, &["column 1", "column 2"]);
    expect("colour,size\nred,S\nblue,M\nred,L\n", ',', true, false, &["colour", "size"]);
    expect(",a,a\n0,1,2\n1,5,6\n", ',', true, false, &["column 1", "a", "a (2)"]);
    expect("sep=;\na;b\n1;2\n3;4\n", ';', true, false, &["a", "b"]);
    expect(
        "5.1,3.5,setosa\n4.9,3.0,setosa\n6.2,3.4,virginica\n",
        ',',
        false,
        false,
        &["column 1", "column 2", "column 3"],
    );
    // Said otherwise, it is done otherwise.
    let plain = ReadOptions { header: Some(false), ..ReadOptions::default() };
    let table = Table::read_as("a,b\n1,2\n".into(), plain).unwrap();
    assert_eq!((names(&table), table.rows()), (vec!["column 1", "column 2"], 2));
}

#[test]
fn quotation_marks_hold_cells_together() {
    let table = read("name,note\n\"Ann, B.\",\"says \"\"hi\"\"\nand goes\"\nBob, plain \n\"\",x\n");
    assert_eq!(table.rows(), 3);
    assert_eq!(table.text(0, 0), "Ann, B.");
    assert_eq!(table.text(0, 1), "says \"hi\"\nand goes");
    assert_eq!(table.text(1, 1), "plain");
    assert_eq!(table.cell(2, 0), Cell::Missing);
    let table = read("size,kind\n5\" wide,a\n\"6 wide,b\n7 wide,a\n");
    assert_eq!((table.rows(), table.text(1, 0)), (3, "\"6 wide".into()));
    assert!(table.notes[0].to_string().contains("never closed"), "{:?}", table.notes);
}

#[test]
fn every_encoding_gives_the_same_table() {
    let text = "größe,art\n1.5,Mähne\n2.5,Höcker\n2.5,Höcker\n";
    let utf16 =
        |units: Vec<u16>, order: fn(u16) -> [u8; 2]| units.into_iter().flat_map(order).collect::<Vec<u8>>();
    let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
    let latin = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<_>>();
    let marked = format!("\u{feff}{text}");
    let files = [
        (text.as_bytes().to_vec(), Encoding::UTF_8),
        (marked.as_bytes().to_vec(), Encoding::UTF_8),
        (utf16(units(&marked), u16::to_le_bytes), Encoding::UTF_16LE),
        (utf16(units(&marked), u16::to_be_bytes), Encoding::UTF_16BE),
        (utf16(units(text), u16::to_le_bytes), Encoding::UTF_16LE),
        (latin, Encoding::WINDOWS_1252),
    ];
    for (bytes, encoding) in files {
        let table = Table::read(bytes).unwrap();
        assert_eq!((table.encoding, names(&table)), (encoding, vec!["größe", "art"]));
        assert_eq!((table.text(0, 1), numbers(&table, 0)), ("Mähne".into(), &[1.5, 2.5, 2.5][..]));
    }
    assert_eq!(read("preis,w\n1,2\n").columns[0].name, "preis");
    let euro = Table::read(b"preis \x80,w\n1,2\n3,4\n".into()).unwrap();
    assert_eq!(euro.columns[0].name, "preis €");
}

#[test]
fn marks_of_missing_values_are_known() {
    let table = read("a,b\n1,x\nNA,?\n,null\n?,-\nNaN,y\n-,none\nunknown,x\nN/A,y\n2,x\n3,y\n");
    assert_eq!(table.columns[0].summary.missing(), 7);
    // Among words, “none” may be one of them.
    assert_eq!((table.columns[1].summary.missing(), table.text(5, 1)), (3, "none".into()));
    assert_eq!(table.columns[0].marks.get(""), Some(&1));
    assert_eq!(table.columns[1].marks.keys().collect::<Vec<_>>(), ["-", "?", "null"]);
}

#[test]
fn columns_say_what_they_are_and_why_not() {
    let mut csv = String::from("id,same,nothing,name,code,day,size,price,shop\n");
    for n in 0..200 {
        let _ = writeln!(
            csv,
            "{n},1,,name {n},{:05},2024-01-{:02} 10:{:02},{}e-3,{},{}",
            n * 37,
            n % 28 + 1,
            n % 60,
            n % 17,
            if n == 150 { "about 5".into() } else { format!("{}%", n % 7) },
            if n % 3 == 0 { n % 2 } else { 2 }
        );
    }
    let table = read(&csv);
    use Kind::{Constant, Empty, Number, Text};
    assert_eq!(kinds(&table), [Number, Constant, Empty, Text, Text, Text, Number, Number, Number]);
    let why = |column: usize| match table.columns[column].usable() {
        Use::Yes => "yes".to_string(),
        Use::IfAsked(why) => format!("if asked: {why}"),
        Use::No(why) => format!("no: {why}"),
    };
    assert!(why(0).starts_with("if asked: It numbers the rows"), "{}", why(0));
    assert_eq!(why(1), "no: Every value is “1”: there is nothing to learn from it.");
    assert_eq!(why(2), "no: It has no values.");
    assert_eq!(why(3), "no: 200 different words in 200 rows: too many to be categories.");
    assert!(why(4).starts_with("no: 200 different words"), "leading zeros are a name: {}", why(4));
    assert!(why(5).contains("dates"), "{}", why(5));
    assert_eq!([why(6), why(7), why(8)], ["yes", "yes", "yes"]);
    // One word among 199 numbers counts as missing and stays visible.
    assert_eq!(table.columns[7].odd.get(&150), Some(&"about 5".into()));
    assert_eq!(table.columns[7].summary.missing(), 1);
    assert_eq!(table.columns[8].task(), Task::Classification);
    assert_eq!(table.columns[6].task(), Task::Regression);
}

#[test]
fn what_is_no_table_is_said_in_words() {
    assert!(refusal("").contains("empty"));
    assert!(refusal(" \n\n").contains("empty"));
    assert!(refusal("a,b,c\n").contains("no rows"));
    assert!(refusal(b"PK\x03\x04rest").contains("spreadsheet"));
    assert!(refusal(b"\x89PNG\r\n\x1a\n....").contains("picture"));
    assert!(refusal(b"\x1f\x8b\x08....").contains("compressed"));
    let rubbish: Vec<u8> = (0..5_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert!(refusal(rubbish).contains("no text file"));
    let ragged = "a,b,c\n1,2,3\n1,2\n1\n1,2,3,4\n1,2,3\n";
    let why = refusal(ragged);
    assert!(why.contains("3 of 5 rows have another number of cells"), "{why}");
    assert!(why.contains("row 2"), "{why}");
    let wide = vec!["7"; 10_000].join(",");
    let why = refusal(format!("{wide}\n{wide}\n"));
    assert!(why.contains("10000 columns") && why.contains(&MOST_COLUMNS.to_string()), "{why}");
}

#[test]
fn a_few_ragged_rows_are_filled_and_counted() {
    let mut csv = String::from("a,b,c\n");
    for n in 0..50 {
        csv.push_str(match n {
            10 => "1,2\n",
            20 => "1,2,3,4\n",
            _ => "1,2,3\n",
        });
    }
    let table = read(&csv);
    assert_eq!((table.rows(), table.cell(10, 2), table.cell(20, 2)), (50, Cell::Missing, Cell::Number(3.0)));
    let note = table.notes[0].to_string();
    assert!(note.contains("first line: 2 (the first is row 11)"), "{note}");
    assert!(note.contains("(1 rows)"), "{note}");
}

#[test]
fn what_a_visitor_made_of_a_table_is_made_again() {
    let mut table = penguins::table().unwrap();
    let mut edits = Vec::new();
    // The first new species is taken back, so its place among the words is another one in the second table.
    let changes = [(5, 0, "Emperor"), (5, 0, "Rockhopper"), (6, 0, "Emperor"), (0, 2, "40,25"), (9, 6, "?")];
    for (row, column, after) in changes {
        let before = table.text(row, column);
        table.set(row, column, after).unwrap();
        edits.push(Edit { row: row as u32, column, before, after: after.into() });
    }
    edits.remove(0);
    let given = Given { edits, ..Given::default() };
    let again = given.table(penguins::table).unwrap();
    for row in 0..table.rows() {
        for column in 0..table.columns.len() {
            assert_eq!(again.cell(row, column), table.cell(row, column), "row {row}, column {column}");
        }
    }
    let recipe = penguins::recipe();
    assert_eq!(prepare(&again, &recipe).unwrap(), prepare(&table, &recipe).unwrap(), "rows and split");
    // A column is as even as its file has it.
    assert_eq!((table.text(0, 2), table.text(1, 2)), ("40.25".into(), "39.5".into()));

    let file = Bytes(b"a;b\n1,5;x\n2,5;y\n".to_vec().into());
    let edit = Edit { row: 1, column: 1, before: "y".into(), after: "z".into() };
    let mut given = Given { file: Some(file), written: None, edits: vec![edit] };
    let words = serde_json::to_string(&given).unwrap();
    assert_eq!(serde_json::from_str::<Given>(&words).unwrap(), given);
    let table = given.table(penguins::table).unwrap();
    assert_eq!((table.cell(1, 0), table.cell(1, 1)), (Cell::Number(2.5), Cell::Word("z")));
    given.written = Some(ReadOptions { decimal_comma: Some(false), ..ReadOptions::default() });
    let as_words = given.table(penguins::table).unwrap();
    assert_eq!(as_words.cell(1, 0), Cell::Word("2,5"));
}

#[test]
fn cells_are_edited_and_refused_in_words() {
    let mut table = read(CSV);
    table.set(0, 2, "  ").unwrap();
    assert_eq!((table.cell(0, 2), table.columns[2].summary.missing()), (Cell::Missing, 3));
    let why = table.set(0, 2, "long").unwrap_err().to_string();
    assert_eq!(why, "“long” is no number, and this column has numbers.");
    table.set(0, 0, "Emperor").unwrap();
    let Summary::Words(species) = &table.columns[0].summary else { panic!("words") };
    assert_eq!((species.distinct, &species.counts[..]), (4, &[151, 68, 124, 1][..]));
    table.set(0, 0, "?").unwrap();
    assert_eq!(table.cell(0, 0), Cell::Missing);
}

#[test]
fn rows_are_sorted_and_filtered() {
    let table = read("name,size\nb,2\nA,10\nc,NA\na,2\n");
    let by = |column, descending| Some(Sort { column, descending });
    assert_eq!(table.view(&[], None), [0, 1, 2, 3]);
    assert_eq!(
        table.view(&[], by(1, false)),
        [0, 3, 1, 2],
        "like rows keep their order, missing ones come last"
    );
    assert_eq!(table.view(&[], by(1, true)), [1, 0, 3, 2]);
    assert_eq!(table.view(&[], by(0, false)), [1, 3, 0, 2], "without regard to case");
    let typed = |column, words: &str| table.view(&[(column, Filter::Typed(words.into()))], None);
    assert_eq!(typed(0, "A"), [1, 3]);
    assert_eq!(typed(1, "> 2"), [1]);
    assert_eq!(typed(1, ">=2"), [0, 1, 3]);
    assert_eq!(typed(1, "1..5"), [0, 3]);
    assert_eq!(typed(1, "= 10"), [1]);
    assert_eq!(typed(1, "1"), [1]);
    assert_eq!(table.view(&[(1, Filter::Missing)], None), [2]);
    assert_eq!(table.view(&[(0, Filter::Is("a".into())), (1, Filter::Typed("2".into()))], None), [3]);
}

#[test]
fn a_large_file_is_read_piece_by_piece_as_at_once() {
    let mut csv = String::from("kind,a,b\n");
    (0..3_000).for_each(|n| _ = writeln!(csv, "{},{}.25,{}", ["x", "y", "z"][n % 3], n % 91, n % 7));
    let mut reader = Reader::open(csv.clone().into(), ReadOptions::default()).unwrap();
    let mut before = 0.0;
    while reader.advance(100).unwrap() {
        assert!(reader.share() >= before, "it only goes on");
        before = reader.share();
    }
    assert_eq!((reader.share(), reader.finish()), (1.0, read(&csv)));
}

/// How long 100,000 × 50 takes: `cargo test … -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn measure_a_hundred_thousand_rows() {
    let mut csv = (0..50).map(|c| format!("c{c}")).collect::<Vec<_>>().join(",") + "\n";
    for row in 0..100_000_u32 {
        for column in 0..50_u32 {
            let mixed = (row * 50 + column).wrapping_mul(2_654_435_761);
            let comma = if column > 0 { "," } else { "" };
            let _ = match column % 10 {
                0 => write!(csv, "{comma}{}", ["red", "green", "blue", "none"][(mixed >> 30) as usize]),
                1 if mixed.is_multiple_of(50) => write!(csv, "{comma}NA"),
                _ => write!(csv, "{comma}{}.{:03}", mixed >> 22, mixed % 1000),
            };
        }
        csv.push('\n');
    }
    let time =
        |what: &str, start: std::time::Instant| println!("{what}: {:.2} s", start.elapsed().as_secs_f64());
    println!("{} MB", csv.len() >> 20);
    let start = std::time::Instant::now();
    let table = read(&csv);
    time("read", start);
    let start = std::time::Instant::now();
    let view = table.view(&[(5, Filter::Typed("> 100".into()))], Some(Sort { column: 3, descending: true }));
    time("filtered and sorted", start);
    let start = std::time::Instant::now();
    let prepared =
        prepare(&table, &Recipe { missing: Missing::Median, ..Recipe::new(&table, "c0") }).unwrap();
    time("prepared", start);
    println!(
        "{} rows seen, {} trained on, {} inputs",
        view.len(),
        prepared.train.rows.len(),
        prepared.plan.width()
    );
}

#[test]
fn females_have_shorter_bills_in_every_species() {
    let table = penguins::table().unwrap();
    let spread = table.spread(2, Some(0), Some(6)).unwrap();
    assert_eq!((spread.low, spread.high, spread.step), (32.0, 60.0, 1.0));
    let names: Vec<_> = spread.groups.iter().map(|g| g.name.as_str()).collect();
    assert_eq!(names, ["Adelie", "Chinstrap", "Gentoo"]);
    let means: Vec<Vec<String>> = spread
        .groups
        .iter()
        .map(|g| g.parts.iter().map(|p| format!("{} {:.2}", p.name, p.mean)).collect())
        .collect();
    assert_eq!(
        means,
        [["female 37.26", "male 40.39"], ["female 46.57", "male 51.09"], ["female 45.56", "male 49.47"]]
    );
    assert_eq!(spread.always_lower(), Some((0, 1)));
    let bars: u32 = spread.groups.iter().flat_map(|g| &g.parts).flat_map(|p| &p.bars).sum();
    assert_eq!((bars as usize, spread.left_out), (333, 349 - 333));
    let all = table.spread(2, None, None).unwrap();
    assert_eq!((all.groups.len(), all.groups[0].parts[0].count), (1, 347));
    assert_eq!(all.always_lower(), None);
    assert!(table.spread(0, None, None).is_none(), "words have no histogram of numbers");
}
