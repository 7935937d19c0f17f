//! Networks that were trained here write the same text in PyTorch, token for token at temperature 0. Their weights as the
//! page exports them, the page's scripts, and what PyTorch wrote lie in tests/reference; where PyTorch is, it writes again.
//!
//! Made anew, after `cargo intab data`: INTAB_WRITE_TEXTS=1 cargo test --release --features tools,cpu code_golden

use crate::code_runs::python;
use crate::engine::{losses, open};
use crate::texts::shipped;
use burn::tensor::Device;
use intab::engine::dataset_store::Loaded;
use intab::engine::trainer::Trainer;
use intab::engine::{resolved_dataset, weights, writing};
use intab::export_code::FRAMEWORKS;
use intab::export_code::tokens::Tokens;
use intab::platform::block_on;
use intab::protocol::Continuation;
use intab::spec::{Preset, RunSpec};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// As many tokens as the script writes behind a beginning of a text that is no list of lines.
const WRITTEN: u32 = 200;
/// Steps of training.
const STEPS: usize = 600;

/// Name, preset, changes, and the beginnings that it goes on from.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

const NAMES: &[&str] = &["", "a", "em", "jo", "chr", "xq", "zoë"];

const CASES: &[Case] = &[
    ("names_lstm", "names", &[], NAMES),
    ("names_gru", "names", &[("model.cell", "\"gru\"")], NAMES),
    ("names_rnn", "names", &[("model.cell", "\"rnn\"")], NAMES),
    // What it has in mind goes on from window to window in training, and from token to token when it writes.
    (
        "shakespeare_lstm",
        "shakespeare",
        &[("model.cell", "\"lstm\"")],
        &["", "First Citizen:\n", "ROMEO: But, soft!"],
    ),
    // It looks at 32 tokens at most: what is before them it has forgotten.
    (
        "shakespeare_gpt",
        "gpt",
        &[("model.width", "32"), ("model.blocks", "2"), ("data.window", "32"), ("train.batch_size", "32")],
        &["", "First Citizen:\n", "ROMEO: But, soft! What light through yonder window breaks?"],
    ),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}

fn spec(preset: &str, changes: &[(&str, &str)]) -> RunSpec {
    let small = [("model.units", "40"), ("model.width", "12"), ("train.epochs", "4")];
    small.iter().chain(changes).fold(Preset::by_id(preset).unwrap().spec(), |spec, (key, value)| {
        spec.with_key(key, &serde_json::from_str(value).unwrap()).unwrap()
    })
}

/// What the engine writes behind these beginnings, each with a line's end behind it, as the script prints it.
fn written(run: &Trainer, data: &Loaded, beginnings: &[&str]) -> String {
    let lines = data.tokens.as_ref().unwrap().info.lines;
    let one = |beginning: &&str| {
        let prompt = beginning.to_string();
        let tokens = if lines { 99 - prompt.chars().count() as u32 } else { WRITTEN };
        let how =
            Continuation { prompt, tokens, temperature: 0.0, top_k: 0, top_p: 1.0, seed: 1, choices: false };
        let written = block_on(writing::write(run, data, &how, &Device::flex())).unwrap();
        // The script says what the vocabulary lacks with the token that stands for it.
        let tokens = data.tokens.as_ref().unwrap();
        let ids: Vec<u32> = written.tokens.iter().map(|token| token.id).collect();
        let text = tokens.tokenizer.as_ref().unwrap().decode(&ids);
        let end = text.find('\n').filter(|_| lines).map_or(text.len(), |end| end + 1);
        text[..end].to_string() + "\n"
    };
    beginnings.iter().map(one).collect()
}

/// What the script in this folder says with these weights.
fn said(python: &Path, script: &Path, text: &Path, weights: &Path, beginnings: &[&str]) -> String {
    let output = Command::new(python).args([script, text, weights]).args(beginnings).output().unwrap();
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {why}", script.display());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn exported_weights_write_the_same_text_in_pytorch() {
    let anew = std::env::var("INTAB_WRITE_TEXTS").is_ok();
    let framework = FRAMEWORKS.iter().find(|framework| framework.id == "pytorch").unwrap();
    let python = python("pytorch");
    for (name, preset, changes, beginnings) in CASES {
        let spec = spec(preset, changes);
        let Some(text) = shipped(&spec.data.id) else {
            return eprintln!("NOT TESTED: {preset} is not here; `cargo intab data` fetches it");
        };
        let file = |extension: &str| folder().join(format!("{name}.{extension}"));
        let [script_at, weights_at, text_at] = ["py", "safetensors", "txt"].map(file);
        let data = resolved_dataset::open(&spec, None, 0, Some(&text)).unwrap();
        let mut run = open(&spec, &data);
        if anew {
            let losses = losses(&mut run, &data, STEPS);
            println!("{name}: {} → {} nats", losses[0], losses[STEPS - 1]);
            fs::write(&weights_at, block_on(weights::save(&run, None, false)).unwrap()).unwrap();
        }
        weights::restore(&mut run, &fs::read(&weights_at).unwrap(), &Device::flex()).unwrap();
        let tokens = Tokens::of(&data.ground.info, data.carries()).unwrap();
        let script = framework.script(&spec, None, Some(&tokens)).unwrap();
        if anew {
            fs::write(&script_at, &script).unwrap();
        }
        assert!(fs::read_to_string(&script_at).unwrap() == script, "{name}.py is the page's script");
        let there = python.as_ref().map(|python| {
            let beside = std::env::temp_dir().join(format!("intab-{name}-{}.txt", std::process::id()));
            fs::write(&beside, text.concat()).unwrap();
            let said = said(python, &script_at, &beside, &weights_at, beginnings);
            fs::remove_file(&beside).unwrap();
            let (loss, there) = said.split_once('\n').unwrap();
            println!("{name}: {loss}");
            there.to_string()
        });
        if anew {
            fs::write(&text_at, there.as_ref().unwrap()).unwrap();
        }
        let golden = fs::read_to_string(&text_at).unwrap();
        assert!(there.is_none_or(|there| there == golden), "{name}: PyTorch writes what it wrote before");
        let here = written(&run, &data, beginnings);
        assert_eq!(here, golden, "{name}: the engine writes what PyTorch writes");
        assert!(beginnings.iter().all(|beginning| golden.contains(&beginning.replace('ë', "\u{fffd}"))));
    }
}
