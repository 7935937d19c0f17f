//! Rows of numbers for a script: a file with the rows as the page reads them, edits included, and which of them are
//! held out; and the Python that makes them the network's inputs.

use super::{Framework, Script};
use crate::datasets::info::Form;
use crate::datasets::target::{Target, TargetField};
use crate::datasets::{TabularData, TabularDataset, toy2d};
use crate::spec::RunSpec;
use crate::table::{How, Input, Plan, Table, TargetEncoding, Task, csv_field};

/// What the file is called, beside the script.
pub const FILE: &str = "rows.csv";

/// How a Python script is called, as its first lines say.
pub(super) fn usage(framework: &Framework) -> String {
    let file = framework.file;
    format!(
        "# To train: python {file}
# With weights of the page, to answer as it does: python {file} NAME.safetensors
"
    )
}

/// What a script must know of a run's rows.
pub struct Rows {
    pub title: &'static str,
    inputs: Inputs,
    target: String,
    /// None where a number is estimated.
    classes: Vec<String>,
    /// Mean and deviation of the number, of the training rows.
    moments: [f64; 2],
    /// The classes are grades in order, which no script learns as such yet.
    pub(super) is_ordinal: bool,
}

enum Inputs {
    Columns(Vec<Input>),
    /// Points of the plane: ids of what goes in of each.
    Points(Vec<&'static str>),
}

impl Rows {
    /// `plan` says what is learned from the table of this dataset.
    pub fn of_table(id: &str, plan: &Plan) -> Self {
        let (classes, moments) = match &plan.target {
            TargetEncoding::Classes(names) => (names.clone(), [0.0, 1.0]),
            TargetEncoding::Number { mean, std } => (Vec::new(), [*mean, *std]),
        };
        Self {
            title: TabularDataset::by_id(id).map_or("", |set| set.about.title),
            inputs: Inputs::Columns(plan.inputs.clone()),
            target: plan.recipe.target.clone(),
            classes,
            moments,
            is_ordinal: plan.recipe.task == Some(Task::Ordinal),
        }
    }

    /// Of the points that a spec asks for; none if its data are no points.
    pub fn of_points(spec: &RunSpec) -> Option<Self> {
        let (set, numbers) = points(spec)?;
        let moments = match &numbers.target {
            TargetField::Value { mean, std, .. } => [*mean, *std].map(f64::from),
            _ => [0.0, 1.0],
        };
        Some(Self {
            title: set.about.title,
            inputs: Inputs::Points(toy2d::chosen(&spec.data)),
            target: target_name(&numbers).into(),
            classes: numbers.target.classes().to_vec(),
            moments,
            is_ordinal: false,
        })
    }

    /// Numbers that the network takes.
    pub(super) fn width(&self) -> usize {
        match &self.inputs {
            Inputs::Columns(columns) => columns.iter().map(Input::width).sum(),
            Inputs::Points(ids) => ids.len(),
        }
    }

    pub(super) fn outputs(&self) -> usize {
        self.classes.len().max(1)
    }

    pub(super) fn is_number(&self) -> bool {
        self.classes.is_empty()
    }

    /// From the file to `train` and `test`, and `features` and `targets` of either.
    pub(super) fn python(&self) -> String {
        let split = match &self.inputs {
            Inputs::Columns(columns) => free_name(columns.iter().map(|i| i.column.as_str()), &self.target),
            Inputs::Points(_) => SPLIT.into(),
        };
        let split = quoted(&split);
        format!(
            "# The page offers this file beside the script: its rows, and which of them are held out.
with open(\"{FILE}\", newline=\"\", encoding=\"utf-8\") as file:
    rows = list(csv.DictReader(file))
train = [row for row in rows if row[{split}] == \"{TRAIN}\"]
test = [row for row in rows if row[{split}] == \"{TEST}\"]


{}

{}
",
            self.python_inputs(),
            self.python_targets()
        )
    }

    fn python_inputs(&self) -> String {
        match &self.inputs {
            Inputs::Columns(columns) => {
                let columns: String =
                    columns.iter().map(|input| format!("    {},\n", column(input))).collect();
                format!(
                    "{COLUMNS}# All constants are of the training rows.\ncolumns = [\n{columns}]\n\n\n{ENCODE}"
                )
            }
            Inputs::Points(ids) => {
                let ids: Vec<&str> = ids.iter().map(|id| feature(id)).collect();
                format!(
                    "def features(rows):
    x1, x2 = (numpy.array([row[name] for row in rows], dtype=\"float32\") for name in (\"x1\", \"x2\"))
    return numpy.stack([{}], axis=1)
",
                    ids.join(", ")
                )
            }
        }
    }

    fn python_targets(&self) -> String {
        let target = quoted(&self.target);
        if self.is_number() {
            let [mean, std] = self.moments;
            return format!(
                "def targets(rows):
    # Standardised, too: times {std} plus {mean} is the number itself.
    numbers = numpy.array([[float(row[{target}])] for row in rows])
    return ((numbers - {mean}) / {std}).astype(\"float32\")
"
            );
        }
        let classes: Vec<String> = self.classes.iter().map(|class| quoted(class)).collect();
        format!(
            "classes = [{}]


def targets(rows):
    return numpy.array([classes.index(row[{target}]) for row in rows])
",
            classes.join(", ")
        )
    }
}

const COLUMNS: &str = "def number(name, mean, std, median):
    # The median stands in for a missing value.
    return lambda row: [((float(row[name]) if row[name] else median) - mean) / std]


def category(name, names, usual):
    # One input for each category; the most frequent one stands in for a missing value.
    return lambda row: [float((row[name] or usual) == other) for other in names]


";

const ENCODE: &str = "def features(rows):
    return numpy.array([[x for column in columns for x in column(row)] for row in rows], dtype=\"float32\")
";

const SPLIT: &str = "split";
const TRAIN: &str = "train";
const TEST: &str = "test";

fn column(input: &Input) -> String {
    let name = quoted(&input.column);
    match &input.how {
        How::Standardised { mean, std, median } => {
            format!("number({name}, mean={mean}, std={std}, median={median})")
        }
        How::OneHot { categories, usual } => {
            let names: Vec<String> = categories.iter().map(|category| quoted(category)).collect();
            let usual = names.get(*usual).cloned().unwrap_or_else(|| "None".into());
            format!("category({name}, [{}], usual={usual})", names.join(", "))
        }
    }
}

/// What goes into the network of a point, by its id.
fn feature(id: &str) -> &'static str {
    match id {
        "x2" => "x2",
        "x1x1" => "x1 * x1",
        "x2x2" => "x2 * x2",
        "x1x2" => "x1 * x2",
        "sin1" => "numpy.sin(x1)",
        "sin2" => "numpy.sin(x2)",
        _ => "x1",
    }
}

/// JSON's way to write a text is also Python's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What a Python script imports of Python itself.
pub(super) fn imports(script: &Script, rows: Option<&Rows>) -> String {
    let csv = rows.map_or("", |_| "import csv\n");
    let math = script.python_schedule().map_or("", |_| "import math\n");
    format!("{csv}{math}import sys\n")
}

fn points(spec: &RunSpec) -> Option<(&'static TabularDataset, TabularData)> {
    let set = TabularDataset::by_id(&spec.data.id).filter(|set| set.form == Form::Point)?;
    let numbers = (set.open)(&spec.data, spec.seed, None).ok()?;
    Some((set, numbers))
}

/// What is learned of a point, in its file.
fn target_name(numbers: &TabularData) -> &str {
    numbers.target.value().unwrap_or("class")
}

/// The points' file.
pub fn file_of_points(spec: &RunSpec) -> Option<String> {
    let (_, numbers) = points(spec)?;
    let mut file = line(["x1", "x2", target_name(&numbers), SPLIT]);
    for (part, split) in [(&numbers.train, TRAIN), (&numbers.test, TEST)] {
        for at in 0..part.len() {
            let [x1, x2] = [0, 1].map(|axis| part.row(at)[axis].to_string());
            let target = match part.targets.get(at) {
                Target::Class(class) => numbers.target.classes()[class as usize].clone(),
                Target::Value(value) => value.to_string(),
                Target::Tokens(_) => String::new(),
            };
            file += &line([x1, x2, target, split.into()]);
        }
    }
    Some(file)
}

/// The table's file: the columns that are learned from, the one that is learned, and what each row is for.
pub fn file_of_table(table: &Table, plan: &Plan) -> String {
    let names = plan.inputs.iter().map(|input| input.column.as_str());
    let split = free_name(names.clone(), &plan.recipe.target);
    let columns: Vec<&str> = names.chain([plan.recipe.target.as_str()]).collect();
    let places: Vec<Option<usize>> = columns.iter().map(|name| table.column(name)).collect();
    let mut file = line(columns.iter().copied().chain([split.as_str()]));
    for (rows, split) in [(&plan.train, TRAIN), (&plan.test, TEST)] {
        for row in rows {
            let cells =
                places.iter().map(|at| at.map(|at| table.text(*row as usize, at)).unwrap_or_default());
            file += &line(cells.chain([split.into()]));
        }
    }
    file
}

/// A name for the last column that no other has.
fn free_name<'a>(names: impl Iterator<Item = &'a str> + Clone, target: &'a str) -> String {
    let mut free = SPLIT.to_string();
    while names.clone().chain([target]).any(|name| name == free) {
        free.push('_');
    }
    free
}

fn line<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    cells.into_iter().map(|cell| csv_field(cell.as_ref())).collect::<Vec<_>>().join(",") + "\n"
}
