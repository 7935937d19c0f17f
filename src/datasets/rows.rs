//! Tables to learn from: the penguins, and the visitor's own CSV. The rows are the page's, edited or not; what is
//! learned from what is in the spec.

use super::info::{About, Form};
use super::penguins;
use super::series::{Feature, MAX_WINDOW, Series, Source, cut_of};
use super::tabular::{Rows, TabularData, TabularDataset};
use super::target::{TargetField, Targets};
use crate::spec::{ChoiceInfo, DataSpec, NumberInfo, WordInfo};
use crate::table::penguins as lecture;
use crate::table::{
    How, Input, Labels, Missing, Part, Plan, Recipe, Saying, Table, TargetEncoding, Task, continued, prepare,
};

pub const PENGUINS: TabularDataset = TabularDataset {
    about: About {
        id: "penguins",
        title: "Palmer Penguins",
        noun: "penguins",
        blurb: "344 penguins of three species, measured on three Antarctic islands: bill, flipper, weight and sex.",
        homepage: penguins::HOMEPAGE,
        licence: penguins::LICENCE,
        citation: penguins::CITATION,
    },
    form: Form::Row,
    model: "mlp",
    settings,
    open: |spec, seed, given| {
        let table = given.map_or_else(lecture::table, |given| given.table(lecture::table));
        open(spec, seed, &table.map_err(|why| sentence(&why.to_string()))?)
    },
};

pub const OWN: TabularDataset = TabularDataset {
    about: About {
        id: "csv",
        title: "Your own table",
        noun: "rows",
        blurb: "A CSV file of yours. It stays in this tab, so a link to this page does not hold it.",
        homepage: "",
        licence: "",
        citation: "",
    },
    form: Form::Row,
    model: "mlp",
    settings: || {
        let (numbers, words) = settings();
        (numbers.into_iter().chain([window()]).collect(), words)
    },
    open: |spec, seed, given| {
        let given =
            given.ok_or("the table is not here, it was never sent anywhere; drop its file on the page")?;
        let table = given.table(lecture::table).map_err(|why| sentence(&why.to_string()))?;
        open(spec, seed, &table)
    },
};

/// The task follows from the target.
pub const FOLLOWS: &str = "auto";

/// Per cent.
const THIRD: f64 = 100.0 / 3.0;

/// Between the names of columns, in `data.features`.
const BETWEEN: char = ';';

fn settings() -> (Vec<NumberInfo>, Vec<WordInfo>) {
    (vec![test()], vec![target(), features(), task(), missing()])
}

fn test() -> NumberInfo {
    NumberInfo {
        key: "data.test".into(),
        label: "Held out, %".into(),
        help: "The share of the rows that is never trained on.".into(),
        min: 5.0,
        max: 90.0,
        default: THIRD,
        whole: false,
        choices: vec![20.0, THIRD, 40.0, 50.0],
        live: false,
    }
}

fn window() -> NumberInfo {
    NumberInfo {
        key: "data.window".into(),
        label: "Rows that are read".into(),
        help: "The rows are in order, and the next value is predicted from the last so many; 0 if every row stands for itself."
            .into(),
        min: 0.0,
        max: MAX_WINDOW as f64,
        default: 0.0,
        whole: true,
        choices: vec![0.0, 1.0, 5.0, 10.0, 25.0, 50.0],
        live: false,
    }
}

/// The rows of the visitor's table are in order, and are to be continued.
pub fn continues(spec: &DataSpec) -> bool {
    spec.id == OWN.about.id && spec.number(&window()) > 0.0
}

fn word(key: &str, label: &str, help: &str, choices: &[(&str, &str)], default: &str) -> WordInfo {
    let choice = |(id, title): &(&str, &str)| ChoiceInfo {
        id: (*id).into(),
        title: (*title).into(),
        blurb: String::new(),
    };
    WordInfo {
        key: format!("data.{key}"),
        label: label.into(),
        help: help.into(),
        choices: choices.iter().map(choice).collect(),
        default: default.into(),
        several: false,
    }
}

fn target() -> WordInfo {
    word("target", "Learned", "The column that is learned.", &[], "")
}

fn features() -> WordInfo {
    word(
        "features",
        "Learned from",
        "The columns that it is learned from; all that can be, if none is named.",
        &[],
        "",
    )
}

fn missing() -> WordInfo {
    let choices = [("drop", "leave the row out"), ("median", "fill in the median")];
    word("missing", "Missing values", "What becomes of rows in which a value is missing.", &choices, "drop")
}

fn task() -> WordInfo {
    let choices = [
        (FOLLOWS, "what its values suggest"),
        ("classification", "which value a row has"),
        ("ordinal", "which grade a row has, in order"),
        ("regression", "how large the number is"),
    ];
    word("task", "Task", "Numbers of few values can be told apart or estimated.", &choices, FOLLOWS)
}

/// Without its full stop: it goes into another sentence.
fn sentence(text: &str) -> String {
    text.trim_end_matches('.').into()
}

/// What the spec says is learned from what; none before a column was chosen.
pub fn recipe(spec: &DataSpec, seed: u32, table: &Table) -> Option<Recipe> {
    let (target, features, task, missing) = (target(), features(), task(), missing());
    let target = spec.word(&target);
    let mut recipe = match (spec.id.as_str(), target) {
        ("penguins", "") => lecture::recipe(),
        (_, "") => return None,
        (_, target) => Recipe::new(table, target),
    };
    let named = spec.word(&features);
    if !named.is_empty() {
        recipe.features = named.split(BETWEEN).map(String::from).collect();
    }
    match spec.word(&task) {
        "classification" => recipe.task = Some(Task::Classification),
        "ordinal" => recipe.task = Some(Task::Ordinal),
        "regression" => recipe.task = Some(Task::Regression),
        _ => (),
    }
    recipe.missing = if spec.word(&missing) == "median" { Missing::Median } else { Missing::Drop };
    // A third is a third to the last bit, as in the table's own recipes.
    let held_out = spec.number(&test());
    recipe.test_share = if held_out == THIRD { 1.0 / 3.0 } else { held_out / 100.0 };
    recipe.seed = seed;
    recipe.window = if continues(spec) { spec.number(&window()) as usize } else { 0 };
    Some(recipe)
}

/// The settings that say this recipe, those that are as they would be anyway left out.
pub fn settings_of(recipe: &Recipe, id: &str, table: &Table) -> Vec<(String, serde_json::Value)> {
    let penguins = id == "penguins" && recipe.target == lecture::recipe().target;
    let usual = if penguins { lecture::recipe() } else { Recipe::new(table, &recipe.target) };
    let target = if penguins { "" } else { &recipe.target };
    let features = if recipe.features == usual.features {
        String::new()
    } else {
        recipe.features.join(&BETWEEN.to_string())
    };
    let missing = if recipe.missing == Missing::Median { "median" } else { "drop" };
    let task = match recipe.task.filter(|_| recipe.task != usual.task) {
        Some(Task::Classification) => "classification",
        Some(Task::Ordinal) => "ordinal",
        Some(Task::Regression) => "regression",
        None => FOLLOWS,
    };
    let window = (id == OWN.about.id).then(|| ("data.window".into(), recipe.window.into()));
    let settings = vec![
        ("data.task".into(), task.into()),
        ("data.target".into(), target.into()),
        ("data.features".into(), features.into()),
        ("data.missing".into(), missing.into()),
        (
            "data.test".into(),
            if recipe.test_share == 1.0 / 3.0 { THIRD } else { recipe.test_share * 100.0 }.into(),
        ),
    ];
    settings.into_iter().chain(window).collect()
}

/// Which column is learned is not in the spec, and nothing else says it.
pub fn lacks_target(spec: &DataSpec) -> bool {
    spec.id == OWN.about.id && spec.word(&target()).is_empty()
}

fn open(spec: &DataSpec, seed: u32, table: &Table) -> Result<TabularData, String> {
    let recipe =
        recipe(spec, seed, table).ok_or("choose first what is to be learned: one column of the table")?;
    if recipe.window > 0 {
        return series(table, &recipe).map_err(|why| sentence(&why.to_string()))?.data(&recipe.target);
    }
    let prepared = prepare(table, &recipe).map_err(|why| sentence(&why.to_string()))?;
    let plan = &prepared.plan;
    if prepared.test.rows.is_empty() {
        return Err("no row is held out to test on; hold out a larger share".into());
    }
    let target = match &plan.target {
        TargetEncoding::Classes(names) if recipe.task == Some(Task::Ordinal) => {
            TargetField::Grade { names: names.clone() }
        }
        TargetEncoding::Classes(names) => TargetField::Class { names: names.clone() },
        TargetEncoding::Number { mean, std } => {
            let name = plan.recipe.target.clone();
            TargetField::Value { name, mean: *mean as f32, std: *std as f32 }
        }
    };
    Ok(TabularData {
        inputs: plan.names(),
        target,
        columns: plan.inputs.clone(),
        train: rows(plan, &prepared.train),
        test: rows(plan, &prepared.test),
        ..TabularData::default()
    })
}

/// The rows as steps of a series, of which the learned column is continued.
fn series(table: &Table, recipe: &Recipe) -> Result<Series, Saying> {
    let plan = continued::plan(table, recipe)?;
    let feature = |(at, input): (usize, &Input)| {
        let (mean, std) = match input.how {
            How::Standardised { mean, std, .. } => (mean as f32, std as f32),
            How::OneHot { .. } => (0.0, 1.0),
        };
        let source = if at == 0 { Source::Value } else { Source::Given };
        Feature { name: input.column.clone(), source, mean, std }
    };
    Ok(Series {
        features: plan.inputs.iter().enumerate().map(feature).collect(),
        values: continued::steps(table, &plan),
        truth: continued::truth(table, recipe),
        window: recipe.window,
        cut: cut_of(table.rows()),
    })
}

fn rows(plan: &Plan, part: &Part) -> Rows {
    let targets = match &part.labels {
        Labels::Classes(classes) => Targets::Classes(classes.clone()),
        Labels::Numbers(numbers) => {
            Targets::Values(numbers.iter().map(|number| plan.estimate(*number) as f32).collect())
        }
    };
    Rows { width: plan.width(), values: part.inputs.clone(), targets, starts: Vec::new() }
}
