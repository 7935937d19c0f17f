//! A run as a Rust program on Burn 0.22, on its CPU backend.

use super::{BURN, CELLS, DRAWN, Framework, ROWS, Script, rust_tokens};
use crate::datasets::Dataset;
use crate::layers::page::{BurnLine, LayerPage};
use crate::spec::BETA2;

pub const FRAMEWORK: Framework = Framework {
    id: "burn",
    title: "Burn",
    file: "train_burn.rs",
    takes_weights: false,
    pictures: write,
    rows: None,
    tokens: Some(rust_tokens::write),
};

fn write(script: &Script, dataset: &Dataset) -> String {
    let [fields, inits, steps] = parts(script);
    let definitions = script.definitions(BURN);
    [
        format!("{}\n{HEAD}", script.heading_without_augment("//!")),
        constants(script, dataset),
        format!("#[derive(Module, Debug)]\nstruct Network {{\n{fields}}}\n\nimpl Network {{\n"),
        format!("    fn new(device: &Device) -> Self {{\n        Self {{\n{inits}        }}\n    }}\n\n"),
        format!(
            "    fn forward(&self, x: Tensor<{}>) -> Tensor<2> {{\n{steps}        x\n    }}\n{}}}\n\n",
            script.shape.len() + 1,
            penalty(script)
        ),
        definitions,
        start(script),
        data(script, dataset),
        schedule(script),
        main(script),
    ]
    .concat()
}

pub const HEAD: &str =
    "//! In Cargo.toml: burn = { version = \"0.22\", features = [\"flex\", \"autodiff\", \"optim\"] }
#![allow(unused_imports, dead_code)]

use burn::grad_clipping::GradientClippingConfig;
use burn::module::{Initializer, Module};
use burn::nn;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, GradientsParams, SgdConfig};
use burn::prelude::*;
use burn::tensor::activation::{gelu, leaky_relu, relu, sigmoid, tanh};
use burn::tensor::module::{adaptive_avg_pool2d, avg_pool2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};
use burn::tensor::{Int, TensorData};

";

fn constants(script: &Script, dataset: &Dataset) -> String {
    let train = &script.spec.train;
    let (shape, mean, std) = (&script.shape, dataset.mean, dataset.std);
    let (axes, channels) = (shape.len(), mean.len());
    let (batch, epochs, rate) = (train.batch_size, train.epochs, train.learning_rate);
    format!(
        "const SHAPE: [usize; {axes}] = {shape:?};
const MEAN: [f32; {channels}] = {mean:?};
const STD: [f32; {channels}] = {std:?};
const BATCH: usize = {batch};
const EPOCHS: f64 = {epochs:?};
const LEARNING_RATE: f64 = {rate:?};

"
    )
}

/// The network's fields, how each begins, and the steps of its forward pass.
pub fn parts(script: &Script) -> [String; 3] {
    let mut parts = [String::new(), String::new(), String::new()];
    for (index, line) in script.layers.iter().enumerate() {
        let name = format!("layer{index}");
        let step = match (LayerPage::of(line.info.layer).in_burn)(line) {
            BurnLine::Field { kind, init, .. } => {
                parts[0] += &format!("    {name}: {kind},\n");
                parts[1] += &format!("            {name}: {init},\n");
                format!("self.{name}.forward(x)")
            }
            BurnLine::Step(step) => step,
        };
        parts[2] += &format!("        let x = {step}; // [batch, {}]\n", line.shape().replace(" × ", ", "));
    }
    parts
}

/// The loss's part that keeps weights small, if there is one.
pub fn penalty(script: &Script) -> String {
    let (l1, l2) = (script.spec.train.l1, script.spec.train.l2);
    if !penalised(script) {
        return String::new();
    }
    let weights = script.layers.iter().enumerate().flat_map(|(index, line)| {
        let weights = match (LayerPage::of(line.info.layer).in_burn)(line) {
            BurnLine::Field { weights, .. } => weights,
            BurnLine::Step(_) => &[],
        };
        weights.iter().map(move |weight| format!("self.layer{index}.{weight}.val()"))
    });
    let lines: String = weights.map(|w| format!("            small({w}),\n")).collect();
    format!(
        "
    /// L1 {l1:?}, L2 {l2:?}
    fn penalty(&self) -> Tensor<1> {{
        fn small<const D: usize>(weight: Tensor<D>) -> Tensor<1> {{
            weight.clone().abs().sum() * {l1:?} + (weight.clone() * weight).sum() * ({l2:?} / 2.0)
        }}
        let parts = vec![
{lines}        ];
        Tensor::cat(parts, 0).sum()
    }}
"
    )
}

pub fn penalised(script: &Script) -> bool {
    script.spec.train.l1 > 0.0 || script.spec.train.l2 > 0.0
}

pub fn start(script: &Script) -> String {
    let uniform =
        |bound: &str| format!("let bound = {bound};\n    Initializer::Uniform {{ min: -bound, max: bound }}");
    let (hidden, last) = match script.spec.train.init.as_str() {
        "xavier" => {
            let xavier = "Initializer::XavierUniform { gain: 1.0 }".to_string();
            (xavier.clone(), xavier)
        }
        "small" => (uniform("0.01_f64"), uniform("0.01_f64")),
        "zeros" => ("Initializer::Zeros".into(), "Initializer::Zeros".into()),
        _ => (uniform("(6.0 / fan_in as f64).sqrt()"), uniform("(1.0 / fan_in as f64).sqrt()")),
    };
    let plain = script.begins_plainly();
    let mut out = format!(
        "fn start(fan_in: usize) -> Initializer {{
    let _ = fan_in;
    {hidden}
}}

fn last_start(fan_in: usize) -> Initializer {{
    let _ = fan_in;
    {last}
}}

"
    );
    if script.has(ROWS) {
        let rows = if plain { "start(1)" } else { "Initializer::Normal { mean: 0.0, std: 0.3 }" };
        out += &format!("fn rows_start() -> Initializer {{\n    {rows}\n}}\n\n");
    }
    if script.has(DRAWN) {
        let drawn = if plain { "start(1)" } else { "Initializer::Normal { mean: 0.0, std }" };
        out += &format!("fn drawn(std: f64) -> Initializer {{\n    let _ = std;\n    {drawn}\n}}\n\n");
    }
    if script.has(CELLS) {
        let matrix = if plain { "start(units)" } else { "Initializer::Orthogonal { gain }" };
        out += &GATE.replace("MATRIX", matrix);
    }
    out
}

const GATE: &str = "/// A gate whose bias begins with this number.
fn gate(features: usize, units: usize, bias: f64, gain: f64, device: &Device) -> nn::GateController {
    let _ = gain;
    let mut gate = nn::GateController::new(features, units, true, start(features), device);
    gate.hidden_transform.weight = MATRIX.init([units, units], device);
    gate.hidden_transform.bias = Some(Initializer::Zeros.init([units], device));
    gate.input_transform.bias = Some(Initializer::Constant { value: bias }.init([units], device));
    gate
}

";

/// Pictures as their publishers' files have them; anything else as plain bytes.
fn data(script: &Script, dataset: &Dataset) -> String {
    let read = match dataset.about.id {
        "mnist" | "fashion_mnist" => "/// The publisher's files, unpacked, in the folder `data`.
fn read(split: &str) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    let name = if split == \"train\" { \"train\" } else { \"t10k\" };
    let images = std::fs::read(format!(\"data/{name}-images-idx3-ubyte\"))?;
    let labels = std::fs::read(format!(\"data/{name}-labels-idx1-ubyte\"))?;
    Ok((images[16..].to_vec(), labels[8..].to_vec()))
}
"
        .to_string(),
        "cifar10" => {
            "/// The publisher's binary version, unpacked: a label and 3 × 32 × 32 bytes for each picture.
fn read(split: &str) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    let train: Vec<String> = (1..=5).map(|i| format!(\"data_batch_{i}\")).collect();
    let names = if split == \"train\" { train } else { vec![\"test_batch\".to_string()] };
    let (mut images, mut labels) = (Vec::new(), Vec::new());
    for name in names {
        for record in std::fs::read(format!(\"data/{name}.bin\"))?.chunks_exact(3073) {
            labels.push(record[0]);
            images.extend_from_slice(&record[1..]);
        }
    }
    Ok((images, labels))
}
"
            .to_string()
        }
        _ => "/// Bytes of your own: `SHAPE` for each example, and a label for each.
fn read(split: &str) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    Ok((std::fs::read(format!(\"data/{split}_x.bin\"))?, std::fs::read(format!(\"data/{split}_y.bin\"))?))
}
"
        .to_string(),
    };
    let axes = script.shape.len();
    let sizes: Vec<String> = (0..axes).map(|axis| format!("SHAPE[{axis}]")).collect();
    format!(
        "{read}
/// Normalised examples and their labels, by their places.
fn batch(images: &[u8], labels: &[u8], places: &[usize], device: &Device) -> (Tensor<{rank}>, Tensor<1, Int>) {{
    let length: usize = SHAPE.iter().product();
    let mut x = Vec::with_capacity(places.len() * length);
    for &place in places {{
        for (at, &byte) in images[place * length..(place + 1) * length].iter().enumerate() {{
            let channel = at * MEAN.len() / length;
            x.push((f32::from(byte) / 255.0 - MEAN[channel]) / STD[channel]);
        }}
    }}
    let y: Vec<i64> = places.iter().map(|&place| i64::from(labels[place])).collect();
    let x = TensorData::new(x, [places.len(), {sizes}]);
    let y = TensorData::new(y, [places.len()]);
    (Tensor::from_data(x, device), Tensor::from_data(y, device))
}}

",
        rank = axes + 1,
        sizes = sizes.join(", "),
    )
}

pub fn schedule(script: &Script) -> String {
    let body = match script.spec.train.schedule.as_str() {
        "step" => {
            "    match done {
        ..0.5 => 1.0,
        0.5..0.75 => 0.1,
        _ => 0.01,
    }
"
        }
        "cosine" => "    0.5 + 0.5 * (std::f64::consts::PI * done).cos()\n",
        "one_cycle" => {
            "    if done < 0.25 {
        0.1 + 0.9 * done / 0.25
    } else {
        0.5 + 0.5 * (std::f64::consts::PI * (done - 0.25) / 0.75).cos()
    }
"
        }
        _ => "    let _ = done;\n    1.0\n",
    };
    format!(
        "/// The learning rate's factor at this share of the run.\nfn factor(done: f64) -> f64 {{\n{body}}}\n\n"
    )
}

/// The optimiser as its configuration, and what must be said of it.
pub fn optimizer(script: &Script) -> (String, &'static str) {
    let train = &script.spec.train;
    let (clip, note) = if train.clip > 0.0 {
        let clip = format!("Some(GradientClippingConfig::Norm({:?}))", train.clip);
        let note = "    // Burn cuts each weight tensor's gradient by itself, not all of them as one.\n";
        (clip, note)
    } else {
        (String::new(), "")
    };
    let with = |method: &str| if clip.is_empty() { String::new() } else { format!(".{method}({clip})") };
    let beta2 =
        if train.beta2 == BETA2 { String::new() } else { format!(".with_beta_2({:?})", train.beta2 as f32) };
    let configured = match train.optimizer.as_str() {
        "sgd" => format!("SgdConfig::new(){}", with("with_gradient_clipping")),
        "momentum" => format!(
            "SgdConfig::new().with_momentum(Some(MomentumConfig::new().with_dampening(0.0))){}",
            with("with_gradient_clipping")
        ),
        "adamw" => format!(
            "AdamWConfig::new(){beta2}.with_epsilon(1e-8).with_weight_decay({:?}){}",
            train.weight_decay as f32,
            with("with_grad_clipping")
        ),
        _ => format!("AdamConfig::new(){beta2}.with_epsilon(1e-8){}", with("with_grad_clipping")),
    };
    (configured, note)
}

fn main(script: &Script) -> String {
    let train = &script.spec.train;
    let (optimizer, note) = optimizer(script);
    let penalty = if penalised(script) { " + network.penalty()" } else { "" };
    format!(
        "fn main() -> std::io::Result<()> {{
    let device = Device::default().autodiff();
    device.seed({seed});
    let (images, labels) = read(\"train\")?;
    let (test_images, test_labels) = read(\"test\")?;
    let mut network = Network::new(&device);
{note}    let mut optimizer = {optimizer}.init();
    let criterion = CrossEntropyLossConfig::new().with_smoothing({smoothing:?}).init(&device);
    let mut places: Vec<usize> = (0..labels.len()).collect();
    let mut random = {seed}_u64;
    let steps = (EPOCHS * (places.len() / BATCH) as f64).round() as usize;
    let mut step = 0;
    for epoch in 1..=EPOCHS.ceil() as usize {{
        for at in (1..places.len()).rev() {{
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            places.swap(at, (random >> 33) as usize % (at + 1));
        }}
        for places in places.chunks_exact(BATCH).take(steps - step) {{
            let (x, y) = batch(&images, &labels, places, &device);
            let loss = criterion.forward(network.forward(x), y){penalty};
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            let rate = LEARNING_RATE * factor(step as f64 / steps as f64);
            network = optimizer.step(rate, network, gradients);
            step += 1;
        }}
        let used = network.valid();
        let mut right = 0;
        let all: Vec<usize> = (0..test_labels.len()).collect();
        for places in all.chunks(250) {{
            let (x, _) = batch(&test_images, &test_labels, places, &device.clone().inner());
            let guesses = used.forward(x).argmax(1).into_data();
            right += guesses.iter::<i64>().zip(places).filter(|(guess, place)| *guess == i64::from(test_labels[**place])).count();
        }}
        println!(\"epoch {{epoch}}: {{right}} of {{}} test examples\", test_labels.len());
    }}
    Ok(())
}}
",
        seed = script.spec.seed,
        smoothing = Some(train.label_smoothing as f32).filter(|share| *share > 0.0),
    )
}
