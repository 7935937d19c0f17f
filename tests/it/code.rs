//! "The same in code": scripts for every preset and model, read by Python and rustfmt where they are there.

use intab::datasets::info::Form;
use intab::datasets::rows::recipe;
use intab::datasets::{DATASETS, NUMBERS, TabularDataset};
use intab::export_code::rows::Rows;
use intab::export_code::{FRAMEWORKS, Framework};
use intab::models::MODELS;
use intab::protocol::Catalogue;
use intab::spec::{INITS, OPTIMIZERS, PRESETS, Page, RunSpec, SCHEDULES};
use intab::table::{penguins, plan};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

/// Every preset × model × dataset, and every optimiser, schedule and init with penalties on and off.
fn specs() -> Vec<RunSpec> {
    let catalogue = Catalogue::of_tables(|_| true);
    let mut specs = Vec::new();
    for preset in PRESETS.iter().filter(|p| p.page == Page::Train) {
        for model in MODELS {
            let numbers = NUMBERS.iter().map(|set| set.about.id);
            for dataset in DATASETS.iter().map(|set| set.about.id).chain(numbers) {
                let set =
                    |spec: RunSpec, key: &str, id: &str| catalogue.change(&spec, key, &Value::from(id)).ok();
                let spec = set(preset.spec(), "data.id", dataset)
                    .and_then(|s| if dataset == "csv" { set(s, "data.target", "sex") } else { Some(s) })
                    .and_then(|s| set(s, "model.id", model.id));
                specs.extend(spec);
            }
        }
    }
    assert!(specs.len() >= MODELS.len());
    let mut own = PRESETS[0].spec();
    own.model.id = "custom".into();
    let every = "crop2-conv4x5-norm-leaky-avgpool-residual6s2-gelu-layernorm-dropout30-flatten-dense9-norm-tanh-layernorm-sigmoid-dense";
    own.model.options.insert("layers".into(), every.into());
    for (at, (optimizer, ..)) in OPTIMIZERS.iter().enumerate() {
        for (schedule, ..) in SCHEDULES {
            for (init, ..) in INITS {
                let mut spec = own.clone();
                let train = &mut spec.train;
                (train.optimizer, train.schedule, train.init) =
                    ((*optimizer).into(), (*schedule).into(), (*init).into());
                (train.clip, train.l1, train.l2) =
                    [(0.0, 0.0, 0.0), (1.0, 0.001, 0.0), (0.5, 0.0, 1e-5)][at % 3];
                train.beta2 = [0.999, 0.99][at % 2];
                train.label_smoothing = [0.0, 0.1][at % 2];
                train.epochs = [5.0, 1.5][at / 2 % 2];
                specs.push(spec);
            }
        }
    }
    specs
}

/// What a script of this run reads.
fn rows_of(spec: &RunSpec) -> Option<Rows> {
    if TabularDataset::by_id(&spec.data.id)?.form == Form::Point {
        return Rows::of_points(spec);
    }
    let table = penguins::table().unwrap();
    let plan = plan(&table, &recipe(&spec.data, spec.seed, &table)?).unwrap();
    Some(Rows::of_table(&spec.data.id, &plan))
}

fn script_of(framework: &Framework, spec: &RunSpec) -> String {
    framework.script(spec, rows_of(spec).as_ref(), None).unwrap()
}

fn scripts(id: &str) -> Vec<String> {
    let framework = FRAMEWORKS.iter().find(|f| f.id == id).unwrap();
    let specs = specs().into_iter().filter(|spec| framework.writes(&spec.data));
    let mut scripts: Vec<String> = specs.map(|spec| script_of(framework, &spec)).collect();
    scripts.sort();
    scripts.dedup();
    // To be run by hand, where the framework is there.
    if let Ok(folder) = std::env::var("INTAB_SCRIPTS") {
        for (number, script) in scripts.iter().enumerate() {
            fs::write(format!("{folder}/{number}_{}", framework.file), script).unwrap();
        }
    }
    scripts
}

/// Whether the program takes this as its input; none where it is not there.
pub fn takes(program: &str, arguments: &[&str], input: &str) -> Option<Result<(), String>> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take()?.write_all(input.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { Ok(()) } else { Err(said) })
}

#[test]
fn python_reads_every_script() {
    let check = "import ast, json, sys\nfor text in json.load(sys.stdin):\n    ast.parse(text)\n    compile(text, 'script', 'exec')";
    for id in ["pytorch", "keras"] {
        let scripts = scripts(id);
        let Some(read) = takes("python3", &["-c", check], &serde_json::to_string(&scripts).unwrap()) else {
            return eprintln!("no python3 here: {} scripts are not read", scripts.len());
        };
        assert_eq!(read, Ok(()), "{id}");
        let broken = serde_json::to_string(&["def (:"]).unwrap();
        assert!(takes("python3", &["-c", check], &broken).unwrap().is_err(), "what is no Python is refused");
    }
}

#[test]
fn rustfmt_reads_every_program() {
    let scripts = scripts("burn");
    for script in &scripts {
        let Some(read) = takes("rustfmt", &["--edition", "2024"], script) else {
            return eprintln!("no rustfmt here: {} programs are not read", scripts.len());
        };
        assert_eq!(read, Ok(()), "{script}");
    }
    assert!(takes("rustfmt", &["--edition", "2024"], "fn (").unwrap().is_err(), "what is no Rust is refused");
}

#[test]
fn scripts_say_what_the_run_is() {
    let written = |id: &str, spec: &RunSpec| script_of(FRAMEWORKS.iter().find(|f| f.id == id).unwrap(), spec);
    let mut spec = PRESETS[0].spec();
    let keras = written("keras", &spec);
    let from = keras.find("(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()").unwrap();
    assert!(!keras[..from].contains('('), "it begins with the data: {keras}");
    assert!(
        keras.contains("layers.Conv2D(8, 5, padding=\"same\", name=\"0\", **start)(x)  # 28 × 28 × 8"),
        "{keras}"
    );
    let torch = written("pytorch", &spec);
    for part in [
        "MNIST, Convolutional network: 54314 parameters",
        "datasets.MNIST(",
        "nn.Conv2d(8, 16, 5, padding=2)",
        "nn.Linear(784, 64)",
        "Adam(model.parameters(), lr=0.004)",
        "epochs = 5\n",
        "batch_size=64",
        "torch.manual_seed(7)",
        "(0.1307,), (0.3081,)",
    ] {
        assert!(torch.contains(part), "{part} is not in:\n{torch}");
    }
    assert!(!torch.contains("clip_grad") && !torch.contains("penalty") && !torch.contains("Residual"));
    let burn = written("burn", &spec);
    for part in [
        "Conv2dConfig::new([1, 8], [5, 5])",
        "LinearConfig::new(784, 64)",
        "device.seed(7)",
        "const BATCH: usize = 64;",
    ] {
        assert!(burn.contains(part), "{part} is not in:\n{burn}");
    }
    spec.train.epochs = 1.5;
    for (id, parts) in [
        ("pytorch", ["steps = int(1.5 * len(train_batches) + 0.5)", "epochs = 2\n"]),
        ("keras", ["epochs=2, ", "callbacks=[Schedule(), End()]"]),
        ("burn", ["const EPOCHS: f64 = 1.5;", "for epoch in 1..=EPOCHS.ceil() as usize {"]),
    ] {
        let script = written(id, &spec);
        assert!(parts.iter().all(|part| script.contains(part)), "it ends within an epoch: {script}");
    }
    spec.train.augment = "affine".into();
    for (id, part) in [
        ("pytorch", "transforms.RandomAffine(8, translate=(1 / 28, 1 / 28), scale=(0.92, 1.08), "),
        ("keras", "# Left out: every picture is changed by chance (Shift, turn and scale)."),
        ("burn", "//! Left out: every picture is changed by chance"),
    ] {
        let script = written(id, &spec);
        assert!(script.contains(part), "{part} is not in:\n{script}");
    }
    spec.model.id = "custom".into();
    spec.model.options.insert("layers".into(), "flatten-nothing".into());
    let why = FRAMEWORKS[0].script(&spec, None, None).unwrap_err();
    assert!(why.starts_with("layer 2: there is no layer “nothing”"), "{why}");
}
