//! Tables made examples of: the penguins are prepared with constants of their training rows alone, and what cannot be
//! learned is said.

use crate::table::{numbers, read};
use intab::datasets::penguins::{FEATURES, QUESTIONS};
use intab::table::propose::{Why, propose};
use intab::table::{
    Cell, How, Labels, Missing, Prepared, Recipe, Table, TargetEncoding, Task, penguins, prepare,
};
use std::collections::BTreeSet;
use std::fmt::Write;

fn of_penguins(change: impl FnOnce(&mut Recipe)) -> (Table, Prepared) {
    let table = penguins::table().unwrap();
    let mut recipe = penguins::recipe();
    change(&mut recipe);
    let prepared = prepare(&table, &recipe).unwrap();
    (table, prepared)
}

#[test]
fn the_lectures_penguins_are_filled_in_and_their_twins_kept_out() {
    let (table, prepared) = of_penguins(|_| ());
    assert_eq!(prepared.plan.fill, [344, 345, 346, 347, 348]);
    // All five are in the file too, at these rows, with the species that the lecture expects.
    assert_eq!(prepared.plan.twins, [(345, 22), (346, 23), (347, 24), (348, 25), (344, 329)]);
    let species: Vec<_> = prepared.plan.twins.iter().map(|(_, twin)| table.text(*twin as usize, 0)).collect();
    assert_eq!(species, ["Adelie", "Adelie", "Adelie", "Adelie", "Chinstrap"]);
    let used: BTreeSet<u32> = prepared.train.rows.iter().chain(&prepared.test.rows).copied().collect();
    assert!(prepared.plan.twins.iter().all(|(_, twin)| !used.contains(twin)));
    assert_eq!(prepared.plan.dropped.len(), 11);
    assert_eq!(used.len(), 344 - 5 - 11);
    assert_eq!(
        prepared.plan.names(),
        ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex = female", "sex = male"]
    );
    assert_eq!(
        prepared.plan.target,
        TargetEncoding::Classes(vec!["Adelie".into(), "Chinstrap".into(), "Gentoo".into()])
    );
    for (question, row) in QUESTIONS.iter().zip(344..) {
        for (name, words) in FEATURES.iter().zip(question) {
            let column = table.column(name).unwrap();
            let same = match table.cell(row, column) {
                Cell::Number(value) => value == words.parse::<f64>().unwrap(),
                Cell::Word(word) => word == *words,
                Cell::Missing => false,
            };
            assert!(same, "{name} of row {row}");
        }
    }
}

#[test]
fn constants_are_of_the_training_rows_alone() {
    let (table, prepared) = of_penguins(|recipe| recipe.missing = Missing::Median);
    let train: Vec<f64> = prepared
        .train
        .rows
        .iter()
        .map(|row| numbers(&table, 2)[*row as usize])
        .filter(|v| !v.is_nan())
        .collect();
    let expected = train.iter().sum::<f64>() / train.len() as f64;
    let How::Standardised { mean, std, median } = prepared.plan.inputs[0].how else { panic!("a number") };
    assert!((mean - expected).abs() < 1e-9);
    let all: Vec<f64> = numbers(&table, 2).iter().copied().filter(|v| !v.is_nan()).collect();
    assert!((mean - all.iter().sum::<f64>() / all.len() as f64).abs() > 1e-6, "not of all rows");
    // What the network gets: mean 0 and deviation 1 over the training rows that have a value.
    let width = prepared.plan.width();
    let first = |part: &intab::table::Part| {
        part.inputs.chunks(width).map(|row| f64::from(row[0])).collect::<Vec<_>>()
    };
    let column = first(&prepared.train);
    let average = column.iter().sum::<f64>() / column.len() as f64;
    assert!(
        (average - (median - mean) / std * (column.len() - train.len()) as f64 / column.len() as f64).abs()
            < 1e-5
    );
    // Rows that lack a value are kept, with the median.
    assert_eq!((prepared.plan.dropped.len(), prepared.train.rows.len() + prepared.test.rows.len()), (0, 339));
    assert_eq!(prepared.plan.imputed, 2 * 4 + 11);
    assert!((f64::from(prepared.plan.encode(&table, 3)[0]) - (median - mean) / std).abs() < 1e-6);
    // Changing test rows changes nothing that is measured.
    let mut other = table.clone();
    for row in &prepared.test.rows {
        other.set(*row as usize, 2, "99").unwrap();
    }
    let again = prepare(&other, &prepared.plan.recipe).unwrap();
    assert_eq!((again.plan.inputs, again.train), (prepared.plan.inputs, prepared.train));
}

#[test]
fn the_split_is_the_seeds_and_even_over_classes() {
    let (table, one) = of_penguins(|_| ());
    let (_, same) = of_penguins(|_| ());
    let (_, other) = of_penguins(|recipe| recipe.seed = 8);
    assert_eq!(one, same);
    assert_ne!(one.test.rows, other.test.rows);
    let (Labels::Classes(train), Labels::Classes(test)) = (&one.train.labels, &one.test.labels) else {
        panic!("classes")
    };
    for class in 0..3 {
        let count = |labels: &[u32]| labels.iter().filter(|l| **l == class).count() as f64;
        let share = count(test) / (count(test) + count(train));
        assert!((share - 1.0 / 3.0).abs() < 0.01, "class {class}: {share}");
    }
    assert_eq!(train.len() + test.len(), 328);
    let row = one.train.rows[10] as usize;
    let width = one.plan.width();
    assert_eq!(one.train.inputs[10 * width..11 * width], one.plan.encode(&table, row)[..]);
    assert_eq!(one.plan.encode(&table, row)[4..].iter().sum::<f32>(), 1.0);
}

#[test]
fn a_number_is_estimated() {
    let (table, prepared) = of_penguins(|recipe| {
        recipe.target = "body_mass_g".into();
        recipe.features = ["species", "bill_length_mm"].map(String::from).into();
        recipe.task = None;
    });
    let TargetEncoding::Number { mean, std } = prepared.plan.target else { panic!("a number") };
    assert!((3900.0..4500.0).contains(&mean) && (600.0..1000.0).contains(&std));
    let Labels::Numbers(labels) = &prepared.train.labels else { panic!("numbers") };
    let row = prepared.train.rows[0] as usize;
    let Cell::Number(grams) = table.cell(row, 5) else { panic!("a number") };
    assert!((prepared.plan.estimate(labels[0]) - grams).abs() < 0.1);
    let average = labels.iter().sum::<f32>() / labels.len() as f32;
    assert!(average.abs() < 1e-4, "{average}");
}

#[test]
fn numbers_of_few_values_are_told_apart_or_estimated_as_the_visitor_says() {
    let mut csv = String::from("x,stars,free,word\n");
    (0..120).for_each(|n| _ = writeln!(csv, "{},{},{n}.25,{}", n % 17, n % 5 + 1, ["a", "b"][n % 2]));
    let table = read(&csv);
    let either: Vec<bool> = table.columns.iter().map(|c| c.can_be_either()).collect();
    assert_eq!(either, [true, true, false, false]);
    let target =
        |task| prepare(&table, &Recipe { task, ..Recipe::new(&table, "stars") }).unwrap().plan.target;
    assert!(matches!(target(None), TargetEncoding::Classes(names) if names.len() == 5));
    assert!(matches!(target(Some(Task::Regression)), TargetEncoding::Number { .. }));
}

#[test]
fn classes_that_are_numbers_keep_their_order() {
    let mut csv = String::from("x,class\n");
    (0..60).for_each(|n| _ = writeln!(csv, "{}.5,{}", n % 13, n % 12));
    let table = read(&csv);
    let recipe = Recipe { task: Some(Task::Classification), ..Recipe::new(&table, "class") };
    let prepared = prepare(&table, &recipe).unwrap();
    let names: Vec<String> = (0..12).map(|n| n.to_string()).collect();
    assert_eq!(prepared.plan.target, TargetEncoding::Classes(names));
}

#[test]
fn unknown_and_missing_categories_have_a_place() {
    let mut csv = String::from("colour,size,kind\n");
    (0..40).for_each(|n| _ = writeln!(csv, "{},{n}.5,{}", ["red", "blue", "red"][n % 3], ["a", "b"][n % 2]));
    let mut table = read(&csv);
    let prepared = prepare(&table, &Recipe::new(&table, "kind")).unwrap();
    assert_eq!(prepared.plan.names(), ["colour = blue", "colour = red", "size"]);
    let row = table.add_row(&[("colour", "green")]).unwrap();
    assert_eq!(prepared.plan.encode(&table, row)[..2], [0.0, 0.0]);
    let row = table.add_row(&[]).unwrap();
    assert_eq!(prepared.plan.encode(&table, row)[..2], [0.0, 1.0], "the most frequent stands in");
    let words = |name: &str| if name == "colour" { Cell::Word("blue") } else { Cell::Number(3.5) };
    assert_eq!(prepared.plan.encode_with(words)[..2], [1.0, 0.0]);
}

#[test]
fn what_cannot_be_learned_is_said_in_words() {
    let fails = |csv: &str, change: fn(&mut Recipe)| {
        let table = read(csv);
        let mut recipe = Recipe { missing: Missing::Drop, ..Recipe::new(&table, "y") };
        change(&mut recipe);
        prepare(&table, &recipe).unwrap_err().to_string()
    };
    let one = "x,y\n1,a\n2,a\n3,a\n5,a\n";
    assert!(fails(one, |_| ()).contains("only one value, “a”"), "{}", fails(one, |_| ()));
    let one_left = "x,y\n1,a\n2,a\n3,a\nNA,b\n5,a\n";
    assert!(fails(one_left, |_| ()).contains("has “a” for “y”"), "{}", fails(one_left, |_| ()));
    let two = "x,y\n1,a\n2,b\n3,a\n5,b\n";
    assert!(fails(two, |r| r.features.clear()).contains("no column to learn from"));
    assert!(fails(two, |r| r.target = "z".into()).contains("no column “z”"));
    assert!(fails(two, |r| r.features = vec!["y".into()]).contains("cannot be learned from"));
    assert!(fails(two, |r| r.task = Some(Task::Regression)).contains("holds words"));
    let mut names = String::from("x,y\n");
    (0..40).for_each(|n| _ = writeln!(names, "{},name {n}", n * n));
    assert!(fails(&names, |_| ()).contains("hardly any comes again"), "{}", fails(&names, |_| ()));
    let gaps = "x,z,y\n1,,a\n,2,b\n3,,a\n,5,b\n";
    let why = fails(gaps, |r| r.features = vec!["x".into(), "z".into()]);
    assert!(why.contains("Only 0 rows"), "{why}");
}

/// Of a table in which many rows lack something, leaving those out would leave little to learn from.
#[test]
fn rows_are_left_out_where_few_lack_something_and_filled_in_where_many_do() {
    let recipe = |every: usize| {
        let line = |n: usize| {
            format!("{},{}\n", if n.is_multiple_of(every) { "NA".into() } else { n.to_string() }, n % 7 * n)
        };
        Recipe::new(&read(&("x,y\n".to_string() + &(1..=200).map(line).collect::<String>())), "y").missing
    };
    assert_eq!([10, 9, 2].map(recipe), [Missing::Drop, Missing::Median, Missing::Median]);
}

#[test]
fn what_is_proposed_is_what_is_mostly_asked() {
    let proposed = |head: &str, row: fn(usize) -> String| {
        let table = read(&format!("{head}\n{}", (0..40).map(|n| row(n) + "\n").collect::<String>()));
        propose(&table).map(|(at, why)| (table.columns[at].name.clone(), why)).unwrap()
    };
    let numbers = |n: usize| format!("{},{},{}", n * 3 % 41, n * n, n * 7 % 39);
    let words = |n: usize| format!("{},{},{}", ["a", "b"][n % 2], n * n, n * 7 % 39);
    assert_eq!(proposed("x,Price,y2", numbers), ("Price".into(), Why::Name));
    assert_eq!(proposed("x,price,y", numbers), ("y".into(), Why::Name), "a name that says it is a target");
    assert_eq!(proposed("x,x2,x3", numbers), ("x3".into(), Why::Last));
    assert_eq!(proposed("Purchase,x2,x3", words), ("Purchase".into(), Why::Name));
    assert_eq!(proposed("shop,x2,x3", words), ("x3".into(), Why::Last));
}
