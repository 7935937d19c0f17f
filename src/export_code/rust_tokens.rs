//! A run that reads a text as a Rust program on Burn: it cuts the text as the page does, learns, and writes.

use super::rust::{HEAD, optimizer, penalised, schedule, start};
use super::tokens::Tokens;
use super::{BURN, Script, cutting, rust};

pub fn write(script: &Script, tokens: &Tokens) -> String {
    let [fields, inits, steps] = rust::parts(script);
    [
        format!("//! {}\n", script.heading()),
        tokens.usage_of_a_program(),
        HEAD.replacen(
            "features = [\"flex\", \"autodiff\", \"optim\"] }\n",
            &format!(
                "features = [\"flex\", \"autodiff\", \"optim\"] }}{}\n",
                cutting::rust_dependency(&tokens.tokenizer)
            ),
            1,
        ),
        format!("use std::collections::HashMap;\n{}\n", cutting::rust_imports(&tokens.tokenizer)),
        constants(script, tokens),
        format!("#[derive(Module, Debug)]\nstruct Network {{\n{fields}}}\n\nimpl Network {{\n"),
        format!("    fn new(device: &Device) -> Self {{\n        Self {{\n{inits}        }}\n    }}\n\n"),
        format!(
            "    /// `[batch, time]` → logits, `[batch, time, vocabulary]`
    fn forward(&self, x: Tensor<2, Int>) -> Tensor<3> {{\n{steps}        x\n    }}\n{}}}\n\n",
            rust::penalty(script)
        ),
        script.definitions(BURN),
        start(script),
        cutting::rust(tokens),
        data(tokens).into(),
        schedule(script),
        WRITE.replacen("LIKELIEST", likeliest(tokens), 1).replacen("GOES_ON", goes_on(tokens), 1).replacen(
            "READ",
            &read(script),
            1,
        ),
        EVALUATE.into(),
        main(script),
    ]
    .concat()
}

fn constants(script: &Script, tokens: &Tokens) -> String {
    let train = &script.spec.train;
    let (batch, epochs, rate) = (train.batch_size, train.epochs, train.learning_rate);
    let window = match tokens.lines {
        true => String::new(),
        false => format!("const WINDOW: usize = {};\n", script.shape[0]),
    };
    // Debug's way to write a list of texts is also Rust's.
    format!(
        "/// The first one stands for what the text lacks.
const VOCABULARY: [&str; {}] = {:?};
{window}const BATCH: usize = {batch};
const EPOCHS: f64 = {epochs:?};
const LEARNING_RATE: f64 = {rate:?};

",
        tokens.vocabulary.len(),
        tokens.vocabulary
    )
}

/// Training and held-out examples.
fn data(tokens: &Tokens) -> &'static str {
    if tokens.lines { LINES } else { WINDOWS }
}

const LINES: &str =
    "/// A line follows the end of another one. A tenth is held out, others than the page holds out.
fn examples(text: &str, cut: &mut Cut, random: &mut u64) -> (Vec<Vec<i64>>, Vec<Vec<i64>>) {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let mut all: Vec<Vec<i64>> = lines.map(|line| cut.encode(&format!(\"\\n{line}\\n\"))).collect();
    shuffle(&mut all, random);
    let test = all.split_off(all.len() * 9 / 10);
    (all, test)
}

";

const WINDOWS: &str = "/// Windows with the token behind each. The last tenth of the text is held out.
fn examples(text: &str, cut: &mut Cut, _: &mut u64) -> (Vec<Vec<i64>>, Vec<Vec<i64>>) {
    let border = text.char_indices().nth(text.chars().count() * 9 / 10).map_or(text.len(), |(at, _)| at);
    let mut windows = |text: &str| {
        let tokens = cut.encode(text);
        let count = tokens.len().saturating_sub(1) / WINDOW;
        (0..count).map(|at| tokens[at * WINDOW..=(at + 1) * WINDOW].to_vec()).collect()
    };
    (windows(&text[..border]), windows(&text[border..]))
}

";

fn likeliest(tokens: &Tokens) -> &'static str {
    if tokens.teaches_unknown {
        "tokens.push(logits.argmax(0).into_scalar::<i64>());"
    } else {
        "// No text teaches the token for what it lacks.
        tokens.push(logits.slice([1..VOCABULARY.len()]).argmax(0).into_scalar::<i64>() + 1);"
    }
}

/// Up to the end of the line, or so many tokens.
fn goes_on(tokens: &Tokens) -> &'static str {
    if tokens.lines {
        "tokens.len() < 100 && (tokens.len() < 2 || VOCABULARY[tokens[tokens.len() - 1] as usize] != \"\\n\")"
    } else {
        "tokens.len() < 200"
    }
}

/// Of all tokens those that the network looks at.
fn read(script: &Script) -> String {
    script.context().map_or("tokens.clone()".into(), |most| {
        format!("tokens[tokens.len().saturating_sub({most})..].to_vec()")
    })
}

const WRITE: &str = "/// What the network writes by itself: always the likeliest token.
fn written(network: &Network, first: i64, device: &Device) -> String {
    let mut tokens = vec![first];
    while GOES_ON {
        let read = READ;
        let count = read.len();
        let x = Tensor::from_data(TensorData::new(read, [1, count]), device);
        let logits: Tensor<1> = network.forward(x).slice([0..1, count - 1..count]).flatten(0, 2);
        LIKELIEST
    }
    tokens[1..].iter().map(|id| VOCABULARY[*id as usize]).collect()
}

";

/// Examples of any length as one batch; and a shuffle.
const EVALUATE: &str = "/// What is read, `[examples, time]`, the places of what is asked for among all steps, and the tokens there.
fn batch(examples: &[Vec<i64>], device: &Device) -> (Tensor<2, Int>, Tensor<1, Int>, Tensor<1, Int>) {
    let time = examples.iter().map(|tokens| tokens.len() - 1).max().unwrap_or(1);
    let (mut x, mut places, mut y) = (vec![0; examples.len() * time], Vec::new(), Vec::new());
    for (row, tokens) in examples.iter().enumerate() {
        for (at, two) in tokens.windows(2).enumerate() {
            x[row * time + at] = two[0];
            places.push((row * time + at) as i64);
            y.push(two[1]);
        }
    }
    let count = y.len();
    (
        Tensor::from_data(TensorData::new(x, [examples.len(), time]), device),
        Tensor::from_data(TensorData::new(places, [count]), device),
        Tensor::from_data(TensorData::new(y, [count]), device),
    )
}

/// Logits of what is asked for, `[tokens, vocabulary]`.
fn asked(network: &Network, x: Tensor<2, Int>, places: Tensor<1, Int>) -> Tensor<2> {
    network.forward(x).flatten::<2>(0, 1).select(0, places)
}

fn shuffle<T>(all: &mut [T], random: &mut u64) {
    for at in (1..all.len()).rev() {
        *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all.swap(at, (*random >> 33) as usize % (at + 1));
    }
}

";

fn main(script: &Script) -> String {
    let train = &script.spec.train;
    let (optimizer, note) = optimizer(script);
    let penalty = if penalised(script) { " + network.penalty()" } else { "" };
    format!(
        "fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let device = Device::default().autodiff();
    device.seed({seed});
    let text = std::fs::read_to_string(std::env::args().nth(1).ok_or(\"which text?\")?)?;
    let mut cut = Cut::new();
    let mut random = {seed}_u64;
    let (mut train, test) = examples(&text, &mut cut, &mut random);
    let first = cut.encode(if text.contains('\\n') {{ \"\\n\" }} else {{ &text }})[0];
    let mut network = Network::new(&device);
{note}    let mut optimizer = {optimizer}.init();
    let criterion = CrossEntropyLossConfig::new().with_smoothing({smoothing:?}).init(&device);
    let size = BATCH.min(train.len());
    let steps = (EPOCHS * (train.len() / size) as f64).round() as usize;
    let mut step = 0;
    for epoch in 1..=EPOCHS.ceil() as usize {{
        shuffle(&mut train, &mut random);
        for examples in train.chunks_exact(size).take(steps - step) {{
            let (x, places, y) = batch(examples, &device);
            let loss = criterion.forward(asked(&network, x, places), y){penalty};
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            let rate = LEARNING_RATE * factor(step as f64 / steps as f64);
            network = optimizer.step(rate, network, gradients);
            step += 1;
        }}
        let (used, device) = (network.valid(), device.clone().inner());
        let exact = CrossEntropyLossConfig::new().init(&device);
        let (mut nats, mut count) = (0.0, 0);
        for examples in test.chunks(250) {{
            let (x, places, y) = batch(examples, &device);
            let asked_for = y.dims()[0];
            nats += exact.forward(asked(&used, x, places), y).into_scalar::<f64>() * asked_for as f64;
            count += asked_for;
        }}
        println!(\"epoch {{epoch}}: {{:.3}} nats a token on {{count}} test tokens\", nats / count as f64);
        println!(\"{{}}\", written(&used, first, &device));
    }}
    Ok(())
}}
",
        seed = script.spec.seed,
        smoothing = Some(train.label_smoothing as f32).filter(|share| *share > 0.0),
    )
}
