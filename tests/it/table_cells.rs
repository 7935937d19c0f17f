//! Cells that other tools read wrongly: money, marks of missing values, ticks, letters; `table_cases` has how files are
//! written.

use crate::table::{numbers, read};
use crate::table_cases::{bytes, case, names, notes, remarks, row, rows, words};
use intab::table::text::Encoding;
use intab::table::{Cell, Kind, ReadOptions, Table, Use};

#[test]
fn tables_may_hold_money() {
    let table = case("currency/bilig-46.csv");
    assert_eq!(
        (numbers(&table, 1)[0], numbers(&table, 1)[1], numbers(&table, 1)[2]),
        (-560.04, -1394.05, 267.5)
    );
    assert_eq!((numbers(&table, 2)[0], numbers(&table, 3)[1]), (-5.66, -1394.05));
    assert_eq!(
        (remarks(&table, 1), remarks(&table, 2)),
        ("The unit is “$”.".into(), "The unit is “%”.".into())
    );
    assert_eq!(numbers(&case("currency/readr-411.csv"), 2)[0], 16.4);
    assert_eq!(numbers(&case("currency/excel-accounting.csv"), 1)[0], 24_789.0);
    let table = case("currency/openbudgeteer-161.csv");
    assert_eq!((numbers(&table, 1)[0], remarks(&table, 1)), (-46.84, "The unit is “€”.".into()));
    let table = case("currency/quoted-leading-space.csv");
    assert_eq!((numbers(&table, 0)[0], numbers(&table, 1)[0]), (45.3, 35.2));
    let all = [
        ("£1,234.50", 1234.5),
        ("-£5", -5.0),
        ("$ -5.25", -5.25),
        ("$(5.25)", -5.25),
        ("CHF 1'234.50", 1234.5),
        ("12.50 USD", 12.5),
        ("3.20-", -3.2),
        ("€110.5M", 110_500_000.0),
        ("€350K", 350_000.0),
        ("US$ 12", 12.0),
        ("+7 %", 7.0),
        ("12.5 kg", 12.5),
    ];
    for (cell, value) in all {
        let table = read(&rows("a;k", |n| if n == 0 { format!("{cell};u") } else { format!("{n}.25;v") }));
        assert_eq!(numbers(&table, 0)[0], value, "{cell}");
    }
    for code in ["A12", "5m3", "$", "--5", "(", "(5", "12.05.2020", "1-2", "kr", "1,2,3"] {
        assert_eq!(intab::table::number::parse(code, false), None, "{code}");
    }
    let table = read(&rows("a;k", |n| format!("1.2{:02},50 EUR;u", n + 10)));
    assert_eq!(numbers(&table, 0)[0], 1210.5);
    let table = read(&rows("a;k", |n| format!("{}{n};u", ["$", "€"][n % 2])));
    assert!(remarks(&table, 0).contains("different units: “$” (15), “€” (15)"), "{}", remarks(&table, 0));
}

#[test]
fn tables_mark_missing_values_in_many_ways() {
    let table = case("null-marks/mysql-N.csv");
    assert_eq!(
        (table.cell(0, 1), table.cell(0, 2), numbers(&table, 1)[1]),
        (Cell::Missing, Cell::Missing, 71.0)
    );
    assert!(table.columns[1].marks["\\N"] > 3);
    for name in ["mixed-na", "mixed-na2"] {
        let table = case(&format!("null-marks/{name}.csv"));
        assert_eq!(table.columns[0].kind(), Kind::Number, "{name}");
        assert!(
            table.columns[0].marks.len() > 2 && table.columns[0].odd.is_empty(),
            "{:?}",
            table.columns[0].marks
        );
    }
    for mark in [
        "(null)",
        "n.d.",
        "#DIV/0!",
        "#REF!",
        "#NV",
        "k. A.",
        "#WERT!",
        "N.V.",
        "[NULL]",
        "ausgefallen",
        "too low",
    ] {
        let table = read(&rows("a,k", |n| if n % 5 == 1 { format!("{mark},u") } else { format!("{n},v") }));
        assert_eq!(
            (table.columns[0].kind(), table.columns[0].marks.get(mark)),
            (Kind::Number, Some(&6)),
            "{mark}"
        );
    }
    // Taken back, it is a value; said, another one is none.
    let text = rows("a,k", |n| format!("{n},{}", ["NA", "DE", "none"][n % 3]));
    assert_eq!(words(&read(&text), 1), ["DE", "none"]);
    let mut said = ReadOptions::default();
    said.say_missing("NA", false);
    said.say_missing("none", true);
    let table = Table::read_as(text.into(), said).unwrap();
    assert_eq!(
        (words(&table, 1), table.columns[1].marks["none"]),
        (&["DE".to_string(), "NA".into()][..], 10)
    );
    // Words of which each row has another are words.
    let table = read(&rows("a,k", |n| if n % 4 == 1 { format!("{n}a,u") } else { format!("{n},v") }));
    assert_ne!(table.columns[0].kind(), Kind::Number);
}

#[test]
fn tables_may_hold_ticks() {
    let mut table = case("ticks/x-marks.csv");
    assert_eq!(
        (words(&table, 2), table.columns[2].kind()),
        (&["no".to_string(), "yes".into()][..], Kind::Category)
    );
    assert_eq!((table.cell(0, 2), table.cell(1, 2)), (Cell::Word("no"), Cell::Word("yes")));
    assert_eq!(table.columns[2].usable(), Use::Yes);
    assert_eq!(remarks(&table, 2), "“x” is read as yes, an empty cell as no.");
    table.set(0, 2, "x").unwrap();
    table.set(1, 2, "").unwrap();
    assert_eq!((table.cell(0, 2), table.cell(1, 2)), (Cell::Word("yes"), Cell::Word("no")));
    for tick in ["X", "✓", "1", "ja", "•", "TRUE"] {
        let table = read(&rows("a;t;k", |n| format!("{n};{};v", if n % 3 == 0 { tick } else { "" })));
        assert_eq!(words(&table, 1), ["no", "yes"], "{tick}");
    }
    // Among numbers it is a gap still.
    let table = read(&rows("a,t", |n| if n == 3 { "1,x".into() } else { format!("{n},{n}") }));
    assert_eq!(table.columns[1].kind(), Kind::Number);
}

#[test]
fn tables_of_every_encoding() {
    let table = case("encodings/cp1251.csv");
    assert_eq!(names(&table), ["имя", "рост", "класс"]);
    assert_eq!(
        (row(&table, 1), table.encoding.id()),
        (vec!["имя1".into(), "1".into(), "да".into()], "windows-1251")
    );
    let table = case("encodings/one-bad-byte.csv");
    assert_eq!((names(&table), table.encoding), (vec!["straße", "größe", "k"], Encoding::UTF_8));
    assert_eq!(table.text(0, 0), "Müllerstraße 0");
    assert!(notes(&table).contains("In 1 places the bytes are not UTF-8"), "{}", notes(&table));
    let said = ReadOptions { encoding: Some("windows-1252".into()), ..ReadOptions::default() };
    assert_eq!(names(&Table::read_as(bytes("encodings/cp1251.csv"), said).unwrap())[0], "èìÿ");
    let texts = [
        ("windows-1250", "město;výška;třída", "Žďár nad Sázavou;12;řeka", "Příbram;5;šlechta"),
        ("windows-1253", "πόλη;ύψος;τάξη", "Αθήνα και Πειραιάς;12;ναι", "Θεσσαλονίκη;5;όχι"),
        ("Shift_JIS", "都市;高さ;級", "東京タワーと大阪城;12;はい", "名古屋;5;いいえ"),
        ("gb18030", "城市;高度;等级", "北京和上海的街道;12;是的", "广州市;5;不是"),
        ("EUC-KR", "도시;높이;등급", "서울특별시 강남구;12;네", "부산광역시;5;아니요"),
        ("KOI8-U", "город;рост;класс", "Санкт-Петербург и Москва;12;да", "Новосибирск;5;нет"),
    ];
    for (id, header, a, b) in texts {
        let text = rows(header, |n| [a, b][n % 2].into());
        let encoding = encoding_rs::Encoding::for_label(id.as_bytes()).unwrap();
        let table = Table::read(encoding.encode(&text).0.into_owned()).unwrap();
        assert_eq!(
            (names(&table).join(";"), table.encoding.id().to_lowercase()),
            (header.into(), id.to_lowercase())
        );
        assert_eq!(table.text(0, 0), a.split(';').next().unwrap());
    }
}

#[test]
fn tables_name_what_a_spreadsheet_damaged() {
    let text = rows("a,k", |n| if n == 12 { "956666666666667,u".into() } else { format!("{}.5,v", n % 19) });
    let table = read(&text);
    let outliers = table.columns[0].outliers().unwrap();
    assert_eq!((&outliers.rows[..], outliers.others), (&[12][..], 18.5));
    let remark = remarks(&table, 0);
    assert!(remark.contains("956666666666667 in row 13, the others up to 18.5"), "{remark}");
    // Populations differ as much, but not by a gap.
    let table = read(&rows("a,k", |n| format!("{},v", 3_u64.pow(n as u32))));
    assert_eq!(table.columns[0].outliers(), None);
    assert_eq!(read(&rows("a,k", |n| format!("{n},v"))).columns[0].outliers(), None);
}
