//! Scripts that read a text, run: they cut it as the page does, with weights of the engine they give what it gives, and
//! they train.

use crate::code::takes;
use crate::code_runs::{STEPS, TOLERANCE, python, run};
use crate::engine::{losses, open};
use burn::tensor::Device;
use intab::engine::{resolved_dataset, value, weights};
use intab::export_code::FRAMEWORKS;
use intab::export_code::tokens::Tokens;
use intab::platform::block_on;
use intab::spec::{Preset, RunSpec};
use serde_json::Value;
use std::fs;

/// It is asked what comes after each of its characters, of which the text lacks one.
const PROBE: &str = "five six! seven one\n";

/// A network of each cell, and of every kind of Transformer block and of positions, on a text of the visitor's own, which
/// is read in windows, or line by line.
fn texts() -> Vec<(&'static str, RunSpec, String)> {
    let deep = [("model.layers", Value::from(2)), ("model.dropout", 20.into())];
    let closed = [("model.closed", Value::from(2)), ("train.l2", 1e-4.into()), ("train.epochs", 1.5.into())];
    let smooth = [("model.gain", Value::from(70)), ("train.label_smoothing", 0.1.into())];
    let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let verse = (words.join(" ") + ". \n").repeat(40);
    let lines: String =
        (0..120).map(|at| format!("{}{}\n", words[at % 10], words[at * 7 / 10 % 10])).collect();
    let spec = |cell: &str, changes: &[(&str, Value)]| {
        let small = [("model.units", 24.into()), ("data.window", 16.into()), ("model.cell", cell.into())];
        let spec = Preset::by_id("my_text").unwrap().spec();
        small.iter().chain(changes).fold(spec, |spec, (key, value)| spec.with_key(key, value).unwrap())
    };
    let transformer = |positions: &str, style: &str, changes: &[(&str, Value)]| {
        let shape = [("model.id", "gpt".into()), ("model.width", 16.into()), ("model.blocks", 2.into())];
        let kind = [("model.positions", positions.into()), ("model.style", style.into())];
        let rest = [("data.window", 24.into()), ("data.carry", "off".into())];
        let all = shape.iter().chain(&kind).chain(&rest).chain(changes);
        let spec = Preset::by_id("my_text").unwrap().spec();
        all.fold(spec, |spec, (key, value)| spec.with_key(key, value).unwrap())
    };
    let small = [("train.init", "small".into()), ("train.l2", Value::from(1e-4))];
    vec![
        ("gpt2", transformer("learned", "gpt2", &[]), verse.clone()),
        ("gpt-quick", transformer("rotary", "quick", &[("train.l2", 1e-4.into())]), verse.clone()),
        ("gpt-llama", transformer("alibi", "llama", &[]), lines.clone()),
        ("gpt-small", transformer("learned", "quick", &small), verse.clone()),
        ("gpt-waves", transformer("sinusoidal", "llama", &[("model.heads", 1.into())]), verse.clone()),
        ("gru", spec("gru", &deep), verse.clone()),
        ("lstm", spec("lstm", &closed), verse.clone()),
        ("rnn", spec("rnn", &smooth), verse.clone()),
        ("lines", spec("lstm", &[]), lines.clone()),
        (
            "words",
            spec("gru", &[("data.tokenizer", "words".into()), ("data.size", 10.into())]),
            verse.clone(),
        ),
        ("pairs", spec("lstm", &[("data.tokenizer", "byte_pairs".into()), ("data.size", 30.into())]), verse),
        (
            "word-lines",
            spec("gru", &[("data.tokenizer", "byte_pairs".into()), ("data.size", 9.into())]),
            lines,
        ),
    ]
}

/// Of those, one of each way to read a text: they are trained, too, which takes as long as all else that is done with them.
const TRAINED: [&str; 3] = ["gpt-quick", "lstm", "word-lines"];

/// With these words after a framework's script, its last line is what the network gives for `PROBE`; and it trains.
fn reads_as_the_engine_does(framework: &str, tell: &str) {
    let Some(python) = python(framework) else { return };
    let written = FRAMEWORKS.iter().find(|f| f.id == framework).unwrap();
    for (name, spec, text) in texts() {
        let data = resolved_dataset::open(&spec, None, 0, Some(&[text.clone(), String::new()])).unwrap();
        let mut run = open(&spec, &data);
        losses(&mut run, &data, STEPS);
        let tokens = Tokens::of(&data.ground.info, true).unwrap();
        let script = written.script(&spec, None, Some(&tokens)).unwrap();
        let folder =
            std::env::temp_dir().join(format!("intab-text-{framework}-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("script.py"), script.clone() + &tell.replace("PROBE", &format!("{PROBE:?}")))
            .unwrap();
        fs::write(folder.join("text.txt"), &text).unwrap();
        let file = block_on(weights::save(&run, None, false)).unwrap();
        fs::write(folder.join("weights.safetensors"), file).unwrap();
        let said = self::run(&python, &folder, &["text.txt", "weights.safetensors", "one"]);
        let there: Value = serde_json::from_str(said.trim().lines().last().unwrap()).unwrap();
        let ids = data.tokens.as_ref().unwrap().tokenizer.as_ref().unwrap().encode(PROBE).ids;
        let read = value::Tokens::one(ids, run.task.outputs(), &Device::flex());
        let here: Vec<f32> =
            run.network.forward(value::Value::Tokens(read)).unwrap().into_data().iter().collect();
        let there = flat(&there);
        assert_eq!(here.len(), there.len(), "{name}");
        let off = here.iter().zip(&there).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
        println!("{framework} {name}: {} outputs, differ by {off} at most; {said}", here.len());
        assert!(off < TOLERANCE.into(), "{name}: {off}");
        if TRAINED.contains(&name) {
            println!("{}", self::run(&python, &folder, &["text.txt"]));
        }
        fs::remove_dir_all(folder).unwrap();
    }
}

fn flat(json: &Value) -> Vec<f64> {
    match json {
        Value::Array(all) => all.iter().flat_map(flat).collect(),
        number => number.as_f64().into_iter().collect(),
    }
}

#[test]
fn pytorch_reads_a_text_as_the_engine_does() {
    let tell = "
import json

model.eval()
with torch.no_grad():
    print(json.dumps(model(torch.tensor(encode(PROBE)[None])).tolist()))
";
    reads_as_the_engine_does("pytorch", tell);
}

#[test]
fn keras_reads_a_text_as_the_engine_does() {
    let tell = "
import json

print(json.dumps(model.predict(encode(PROBE)[None], verbose=0).tolist()))
";
    reads_as_the_engine_does("keras", tell);
}

/// Accents, joined pictures, flags, languages without spaces, blanks of all kinds, numbers, and a word without an end.
const STRANGE: &str = "Zoe\u{308} naïve 3½ ²  x\r\n\t日本語です 한국어 👩‍👧👍🏽🇩🇪🇫🇷❤\u{fe0f}‍🔥! don't_stop\u{a0}a…\n\n ñ٣ हिन्दी\u{200b}b \u{feff}";

#[test]
fn scripts_cut_a_text_as_the_page_does() {
    let Some(python) = python("pytorch") else { return };
    let pytorch = FRAMEWORKS.iter().find(|framework| framework.id == "pytorch").unwrap();
    let text = format!("{}{}{STRANGE}", "low lower lowest new newer newest\n".repeat(9), "Δδ日本".repeat(30));
    let text = text.repeat(3);
    let probe = format!("lower newt {STRANGE}{} löwest ß", "x".repeat(150));
    for (kind, size) in
        [("characters", 0), ("words", 12), ("words", 2000), ("byte_pairs", 0), ("byte_pairs", 200)]
    {
        let spec = Preset::by_id("my_text").unwrap().spec();
        let set = |spec: RunSpec, (key, value): (&str, Value)| spec.with_key(key, &value).unwrap();
        let spec = [("data.tokenizer", kind.into()), ("data.size", size.into()), ("data.window", 8.into())]
            .into_iter()
            .fold(spec, set);
        let data = resolved_dataset::open(&spec, None, 0, Some(&[text.clone(), String::new()])).unwrap();
        let tokens = Tokens::of(&data.ground.info, true).unwrap();
        let script = pytorch.script(&spec, None, Some(&tokens)).unwrap();
        let (script, _) = script.split_once("torch.manual_seed").unwrap();
        let folder = std::env::temp_dir().join(format!("intab-cut-{kind}-{size}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let tell =
            format!("\nimport json\n\nprint(json.dumps(encode({}).tolist()))\n", Value::from(probe.as_str()));
        fs::write(folder.join("script.py"), script.to_string() + &tell).unwrap();
        fs::write(folder.join("text.txt"), &text).unwrap();
        let said = run(&python, &folder, &["text.txt"]);
        let there: Vec<u32> = serde_json::from_str(said.trim().lines().last().unwrap()).unwrap();
        let tokenizer = data.tokens.as_ref().unwrap().tokenizer.as_ref().unwrap();
        assert_eq!(
            tokenizer.decode(&there),
            tokenizer.decode(&tokenizer.encode(&probe).ids),
            "{kind} {size}"
        );
        assert_eq!(there, tokenizer.encode(&probe).ids, "{kind} {size}");
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn rustfmt_reads_the_programs_of_texts() {
    let burn = FRAMEWORKS.iter().find(|framework| framework.id == "burn").unwrap();
    for (name, spec, text) in texts() {
        let data = resolved_dataset::open(&spec, None, 0, Some(&[text.clone(), String::new()])).unwrap();
        let tokens = Tokens::of(&data.ground.info, true).unwrap();
        let script = burn.script(&spec, None, Some(&tokens)).unwrap();
        // To be run by hand, where Burn is there.
        if let Ok(folder) = std::env::var("INTAB_SCRIPTS") {
            fs::write(format!("{folder}/{name}.rs"), &script).unwrap();
            fs::write(format!("{folder}/{name}.txt"), &text).unwrap();
        }
        let Some(read) = takes("rustfmt", &["--edition", "2024"], &script) else {
            return eprintln!("no rustfmt here: programs of texts are not read");
        };
        assert_eq!(read, Ok(()), "{name}: {script}");
    }
}
