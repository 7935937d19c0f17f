//! "The same in code", run: PyTorch's and Keras' scripts get weights of the engine and answer as it does, and PyTorch's
//! trains to about the same.

use crate::engine::{losses, open, small_library};
use burn::tensor::Device;
use intab::datasets::rows::recipe;
use intab::engine::dataset_store::Loaded;
use intab::engine::resolved_dataset;
use intab::engine::trainer::Trainer;
use intab::engine::weights;
use intab::export_code::FRAMEWORKS;
use intab::export_code::rows::{self, Rows};
use intab::platform::block_on;
use intab::protocol::Catalogue;
use intab::spec::{Preset, RunSpec};
use intab::table::{Bytes, Given, Table, penguins, plan};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Outputs are of the order of one; both sides compute in single precision, and add in another order.
pub const TOLERANCE: f32 = 1e-4;

/// Runs on the engine are as long as it takes for weights to be like none that chance makes.
pub const STEPS: usize = 30;

/// A run with what its script needs.
struct Case {
    name: &'static str,
    run: Trainer,
    data: Loaded,
    rows: Option<(Rows, String)>,
}

impl Case {
    fn new(name: &'static str, preset: &str, changes: &[(&str, Value)], file: Option<&str>) -> Self {
        let catalogue = Catalogue::of_tables(|_| true);
        let change =
            |spec: RunSpec, (key, value): &(&str, Value)| catalogue.change(&spec, key, value).unwrap();
        let spec = changes.iter().fold(Preset::by_id(preset).unwrap().spec(), change);
        if spec.data.id == "mnist" {
            let data = small_library(100);
            return Self { name, run: open(&spec, &data), data, rows: None };
        }
        let given =
            file.map(|csv| Given { file: Some(Bytes(csv.as_bytes().to_vec().into())), ..Given::default() });
        let rows = match Rows::of_points(&spec) {
            Some(rows) => (rows, rows::file_of_points(&spec).unwrap()),
            None => {
                let table = file.map_or_else(penguins::table, |csv| Table::read(csv.into())).unwrap();
                let plan = plan(&table, &recipe(&spec.data, spec.seed, &table).unwrap()).unwrap();
                (Rows::of_table(&spec.data.id, &plan), rows::file_of_table(&table, &plan))
            }
        };
        let data = resolved_dataset::open(&spec, given.as_ref(), 0, None).unwrap();
        Self { name, run: open(&spec, &data), data, rows: Some(rows) }
    }

    /// What the network says of every test example.
    fn outputs(&self) -> Vec<f32> {
        let samples = (0..self.data.test.len()).map(|at| self.data.sample(&self.data.test, at));
        let batch = self.data.batch(samples, &Device::flex());
        self.run.network.forward(batch).unwrap().into_data().iter().collect()
    }

    /// Script, rows and weights in a folder of their own.
    fn write(&self, framework: &str, around: [&str; 2]) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("intab-code-{framework}-{}-{}", self.name, std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let rows = self.rows.as_ref();
        let written = FRAMEWORKS.iter().find(|f| f.id == framework).unwrap();
        let script = written.script(&self.run.spec, rows.map(|(rows, _)| rows), None).unwrap();
        fs::write(folder.join("script.py"), around.join(&script)).unwrap();
        fs::write(
            folder.join("weights.safetensors"),
            block_on(weights::save(&self.run, None, false)).unwrap(),
        )
        .unwrap();
        match rows {
            Some((_, file)) => fs::write(folder.join(rows::FILE), file).unwrap(),
            None => self.write_pictures(&folder),
        }
        folder
    }

    /// As the publisher packs them, where torchvision looks for them before it fetches any.
    fn write_pictures(&self, folder: &Path) {
        let folder = folder.join("data/MNIST/raw");
        fs::create_dir_all(&folder).unwrap();
        for (name, split) in [("train", &self.data.train), ("t10k", &self.data.test)] {
            let count = split.len() as u32;
            let pictures = (0..count).flat_map(|at| self.data.example(split, at).pixels.to_vec());
            let labels = (0..split.len()).map(|at| split.targets.get(at).class().unwrap() as u8);
            let head = |kind: u32, sizes: &[u32]| -> Vec<u8> {
                [kind, count].iter().chain(sizes).flat_map(|n| n.to_be_bytes()).collect()
            };
            let images = head(0x803, &[28, 28]).into_iter().chain(pictures).collect::<Vec<u8>>();
            fs::write(folder.join(format!("{name}-images-idx3-ubyte")), images).unwrap();
            let labels = head(0x801, &[]).into_iter().chain(labels).collect::<Vec<u8>>();
            fs::write(folder.join(format!("{name}-labels-idx1-ubyte")), labels).unwrap();
        }
    }
}

/// An own table as people have them: decimal commas, marks for what is missing, words with commas, quotation marks and
/// umlauts, a column that is called as the file's own one, and a class that is a number.
fn messy() -> String {
    let line = |i: usize| {
        let size = if i.is_multiple_of(11) { "n/a".into() } else { format!("{},{}", i % 23, i % 10) };
        let colour = ["rot", "blau; hell", "grün \"matt\"", "?", "gelb, kalt"][i * 7 % 5];
        let split = ["a", "b", "c"][i * i % 7 % 3];
        format!("{size};\"{}\";{split};{}\n", colour.replace('"', "\"\""), (i % 23 + i * 7 % 5) % 4)
    };
    "Größe;colour;split;kind\n".to_string() + &(0..240).map(line).collect::<String>()
}

fn rows_of_numbers() -> Vec<Case> {
    let own = messy();
    let every = "x1-x2-x1x1-x2x2-x1x2-sin1-sin2";
    let mass = [("data.target", "body_mass_g".into()), ("data.missing", "median".into())];
    let target =
        [("data.id", "csv".into()), ("data.target", "kind".into()), ("data.missing", "median".into())];
    let hills = [("data.id", "hills".into()), ("train.l1", 0.001.into()), ("train.l2", 0.001.into())];
    vec![
        Case::new("penguins", "penguins", &[], None),
        Case::new("mass", "penguins", &mass, None),
        Case::new("own", "penguins", &target, Some(&own)),
        Case::new("circle", "plane", &[("data.features", every.into())], None),
        Case::new("hills", "plane", &hills, None),
    ]
}

fn pictures() -> Vec<Case> {
    let every = "crop2-conv4x5-norm-leaky-avgpool-residual6s2-gelu-layernorm-dropout30-flatten-dense9-norm-tanh-layernorm-sigmoid-dense";
    let of = |id: &str| [("model.id", id.into())];
    let mean = [
        ("model.width", 8.into()),
        ("model.patch", 14.into()),
        ("model.blocks", 1.into()),
        ("model.positions", "sinusoidal".into()),
        ("model.answer", "mean".into()),
    ];
    let of_class = [("model.width", 16.into()), ("model.blocks", 2.into()), ("model.answer", "class".into())];
    vec![
        Case::new("cnn", "mnist", &[], None),
        Case::new("mlp", "mnist", &of("mlp"), None),
        Case::new("quick", "digits", &[], None),
        Case::new("resnet", "mnist", &of("resnet"), None),
        Case::new("vit", "vit_digits", &of_class, None),
        Case::new("mean", "vit_digits", &mean, None),
        Case::new("layers", "mnist", &[("model.id", "custom".into()), ("model.layers", every.into())], None),
    ]
}

/// The environment that `cargo intab test` makes for this framework, which says so where it cannot.
pub fn python(framework: &str) -> Option<PathBuf> {
    let home = std::env::var("HOME").unwrap();
    let cache = std::env::var("XDG_CACHE_HOME").ok().filter(|folder| !folder.is_empty());
    let cache = cache.unwrap_or_else(|| format!("{home}/.cache"));
    let python = PathBuf::from(cache).join(format!("intab/tools/{framework}/bin/python"));
    if python.exists() {
        return Some(python);
    }
    eprintln!("NOT TESTED: {framework} is not here; `cargo intab test` installs it");
    None
}

pub fn run(python: &Path, folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(python);
    command.arg("script.py").args(arguments).current_dir(folder).env("KERAS_BACKEND", "jax");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{}: {said}{}",
        folder.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

/// With these words before and after a framework's script, its last line is the network's outputs.
fn answers_as_the_engine_does(framework: &str, around: [&str; 2]) {
    let Some(python) = python(framework) else { return };
    for mut case in rows_of_numbers().into_iter().chain(pictures()) {
        losses(&mut case.run, &case.data, STEPS);
        let folder = case.write(framework, around);
        let said = run(&python, &folder, &["weights.safetensors"]);
        let outputs: Vec<Vec<f32>> = serde_json::from_str(said.trim().lines().last().unwrap()).unwrap();
        let (here, there) = (case.outputs(), outputs.concat());
        assert!(here.len() == there.len() && !here.is_empty(), "{} and {}", here.len(), there.len());
        let off = here.iter().zip(&there).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let spread =
            here.iter().copied().fold(f32::MIN, f32::max) - here.iter().copied().fold(f32::MAX, f32::min);
        println!(
            "{framework} {}: {} outputs, {spread} apart, differ by {off} at most",
            case.name,
            here.len()
        );
        assert!(off < TOLERANCE && spread > 0.1, "{}: {off} of {spread}", case.name);
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn pytorch_answers_as_the_engine_does() {
    let tell = "
import json

model.eval()
with torch.no_grad():
    print(json.dumps(torch.cat([model(x) for x, _ in test_batches]).tolist()))
";
    answers_as_the_engine_does("pytorch", ["", tell]);
}

#[test]
fn keras_answers_as_the_engine_does() {
    // Its digits are another file than the publisher's.
    let give = "import keras
import numpy


def load_data():
    def read(name, head):
        return numpy.fromfile(f\"data/MNIST/raw/{name}\", \"uint8\")[head:]

    images = [read(f\"{name}-images-idx3-ubyte\", 16).reshape(-1, 28, 28) for name in (\"train\", \"t10k\")]
    labels = [read(f\"{name}-labels-idx1-ubyte\", 8) for name in (\"train\", \"t10k\")]
    return tuple(zip(images, labels))


keras.datasets.mnist.load_data = load_data
";
    let tell = "
import json

print(json.dumps(model.predict(x_test, verbose=0).tolist()))
";
    answers_as_the_engine_does("keras", [give, tell]);
}

/// What a script that trains says it reached, in its last word: from other random numbers it is about the same.
fn reached(framework: &str, case: &Case, tell: &str) -> Option<f64> {
    let python = python(framework)?;
    let folder = case.write(framework, ["", tell]);
    let said = run(&python, &folder, &[]);
    fs::remove_dir_all(folder).unwrap();
    let last = said.trim().lines().last().unwrap();
    println!("{framework} {}: {last}", case.name);
    Some(last.split_whitespace().last().unwrap().parse().unwrap())
}

#[test]
fn scripts_train_on_rows() {
    let penguins = Case::new("penguins-trained", "penguins", &[], None);
    let mass = Case::new("mass-trained", "penguins", &[("data.target", "body_mass_g".into())], None);
    let spiral = Case::new("spiral-trained", "spiral", &[("train.epochs", 100.into())], None);
    let right = "\nx, y = test_set.tensors\nprint((model(x).argmax(1) == y).float().mean().item())\n";
    let explained = "\nx, y = test_set.tensors\nprint(1 - (((model(x) - y) ** 2).mean() / y.var()).item())\n";
    let metric = "\nprint()\nprint(float(model.evaluate(x_test, y_test, verbose=0)[1]))\n";
    for (framework, case, tell, least) in [
        ("pytorch", &penguins, right, 0.96),
        ("pytorch", &mass, explained, 0.75),
        ("pytorch", &spiral, right, 0.95),
        ("keras", &penguins, metric, 0.96),
        ("keras", &mass, metric, 0.75),
    ] {
        let reached = reached(framework, case, tell);
        assert!(reached.is_none_or(|reached| reached >= least), "{framework} {}: {reached:?}", case.name);
    }
}
