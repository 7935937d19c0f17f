//! Transformer blocks: names and counts, what a token may see, what positions are for, and the gradient of all of it.

use burn::tensor::{Device, Tensor};
use intab::engine::network::Network;
use intab::engine::value::{Tokens, Value};
use intab::layers::syntax::{parse, with_classes};
use intab::layers::{LayerSpec, describe};
use intab::models::Model;
use intab::random::Random;
use intab::spec::ModelSpec;

const VOCABULARY: usize = 7;

fn list(text: &str) -> Vec<LayerSpec> {
    with_classes(parse(text).unwrap(), VOCABULARY)
}

/// A network all of whose parameters are random: what begins at 0 would hide mistakes.
fn network(text: &str, time: usize, device: &Device) -> Network {
    let mut network = Network::new(&list(text), &[time, VOCABULARY], 3, device).unwrap();
    let mut random = Random::new(5, 1);
    for parameter in &mut network.parameters {
        let moved: Vec<f32> = (0..parameter.len()).map(|_| random.uniform(0.5)).collect();
        parameter.value = parameter.value.clone() + Tensor::from_floats(moved.as_slice(), device);
    }
    network
}

/// Logits `[time][vocabulary]` of one example.
fn logits(network: &Network, ids: &[u32]) -> Vec<Vec<f32>> {
    let (time, device) = (ids.len(), Device::flex());
    let tokens =
        Tokens { ids: ids.to_vec(), time, lengths: None, borders: None, vocabulary: VOCABULARY, device };
    let all: Vec<f32> = network.forward(Value::Tokens(tokens)).unwrap().into_data().iter::<f32>().collect();
    all.chunks(VOCABULARY).map(<[f32]>::to_vec).collect()
}

fn apart(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Every norm, feed-forward network and kind of position, with and without lengths and shift.
const BLOCKS: [&str; 5] = [
    "block2f2n0a0p0q0s0",
    "block4f1n1a1p1q1s1",
    "block1f3n1a2p2q0s0",
    "block2f2n0a0p1q0s0b1",
    "block2f1n0a2p0q1s1",
];

#[test]
fn names_and_counts_are_pytorchs() {
    let infos = describe(&list("embedding8-positions-block2f4n0a0p0q0s0-layernorm-dense"), &[6, 7]).unwrap();
    let counts: Vec<_> = infos.iter().map(|info| info.parameters).collect();
    // torch.nn.TransformerEncoderLayer(8, 2, 32) has as many.
    assert_eq!(counts, [56, 48, 4 * 64 + 4 * 8 + 2 * 8 * 32 + 32 + 8 + 4 * 8, 16, 63]);
    let network = network("embedding8-block2f4n0a0p0q0s0-dense", 6, &Device::flex());
    let names: Vec<_> = network.parameters.iter().map(|p| (p.name.as_str(), p.shape.clone())).collect();
    for expected in [
        ("1.self_attn.in_proj_weight", vec![24, 8]),
        ("1.self_attn.out_proj.bias", vec![8]),
        ("1.linear1.weight", vec![32, 8]),
        ("1.linear2.weight", vec![8, 32]),
        ("1.norm2.bias", vec![8]),
    ] {
        assert!(names.contains(&expected), "{expected:?}");
    }
    let refused = describe(&list("embedding9-block2f4n0a0p0q0s0-dense"), &[6, 7]).unwrap_err();
    assert!(refused.to_string().ends_with("take a width that 2 divides"), "{refused}");
    assert!(describe(&list("embedding6-block2f4n0a0p1q0s0-dense"), &[6, 7]).is_err(), "pairs are turned");
}

#[test]
fn what_is_looked_at_is_what_is_computed() {
    for block in BLOCKS {
        let device = Device::flex();
        let network = network(&format!("embedding8-{block}-{block}-dense"), 5, &device);
        let ids = vec![1, 4, 0, 6, 2];
        let tokens = Tokens {
            ids: ids.clone(),
            time: 5,
            lengths: None,
            borders: None,
            vocabulary: VOCABULARY,
            device,
        };
        let mut last = None;
        let watched =
            network.forward_with(&network.weights(), Value::Tokens(tokens), |flow| last = Some(flow.clone()));
        watched.unwrap();
        let seen: Vec<f32> = last.unwrap().sequence().into_data().iter::<f32>().collect();
        let computed: Vec<f32> = logits(&network, &ids).concat();
        assert!(apart(&seen, &computed) < 1e-4, "{block}: {}", apart(&seen, &computed));
    }
}

#[test]
fn a_fresh_block_hands_on_what_it_gets() {
    for block in BLOCKS {
        let with = Network::new(&list(&format!("embedding8-{block}-dense")), &[5, 7], 3, &Device::flex());
        let without = Network::new(&list("embedding8-dense"), &[5, 7], 3, &Device::flex());
        let (mut with, without) = (with.unwrap(), without.unwrap());
        let last = with.parameters.len() - 2;
        for (to, from) in with.parameters[last..].iter_mut().zip(&without.parameters[1..]) {
            to.value = from.value.clone();
        }
        let ids = [3, 1, 4, 1, 5];
        assert_eq!(logits(&with, &ids), logits(&without, &ids), "{block}");
    }
}

#[test]
fn a_token_sees_what_is_before_it_and_nothing_after() {
    for block in BLOCKS {
        let network = network(&format!("embedding8-{block}-{block}-dense"), 6, &Device::flex());
        let ids = [3, 1, 4, 1, 5, 2];
        let before = logits(&network, &ids);
        for changed in 0..6 {
            let mut ids = ids;
            ids[changed] = 6;
            let after = logits(&network, &ids);
            for at in 0..6 {
                let moved = apart(&before[at], &after[at]);
                if at < changed && !block.contains("b1") {
                    assert_eq!(moved, 0.0, "{block}: {at} saw {changed}");
                } else {
                    assert!(moved > 1e-6, "{block}: {at} did not see {changed}");
                }
            }
        }
    }
}

#[test]
fn without_positions_the_order_of_what_came_before_is_unknown() {
    let ids = [3, 1, 4, 0, 5, 2];
    let mixed = [5, 4, 0, 1, 3, 2];
    let model = Model::by_id("gpt").unwrap();
    for positions in ["none", "learned", "sinusoidal", "rotary", "alibi"] {
        let options = [("positions", positions.into()), ("width", 8.into()), ("blocks", 1.into())];
        let options = options.map(|(key, value): (_, serde_json::Value)| (key.to_string(), value)).into();
        let spec = ModelSpec { id: "gpt".into(), options };
        let text = intab::layers::syntax::print(&model.layers_of(&spec, VOCABULARY).unwrap());
        let network = network(&text, 6, &Device::flex());
        let moved = apart(&logits(&network, &ids)[5], &logits(&network, &mixed)[5]);
        match positions {
            "none" => assert!(moved < 1e-5, "{moved}"),
            _ => assert!(moved > 1e-4, "{positions}: {moved}"),
        }
    }
}

#[test]
fn gradients_are_slopes() {
    let ids: Vec<u32> = (0..10).map(|at| at * 3 % 7).collect();
    let share: Vec<f32> = (0..70).map(|at| ((at * 37 % 11) as f32 - 5.0) / 5.0).collect();
    for block in BLOCKS {
        let text = format!("embedding8-positions-{block}-rmsnorm-dense");
        let sum = |network: &Network, weights: &[Tensor<1>], device: &Device| {
            let tokens = Tokens {
                ids: ids.clone(),
                time: 5,
                lengths: None,
                borders: None,
                vocabulary: VOCABULARY,
                device: device.clone(),
            };
            let outputs = network.forward_by(weights, Value::Tokens(tokens)).unwrap();
            let share = Tensor::<1>::from_floats(share.as_slice(), device).reshape([2, 35]);
            (outputs * share).sum()
        };
        let device = Device::flex().autodiff();
        let training = network(&text, 5, &device);
        let weights: Vec<_> = training.weights().into_iter().map(Tensor::require_grad).collect();
        let gradients = sum(&training, &weights, &device).backward();
        let plain = network(&text, 5, &Device::flex());
        for (at, parameter) in plain.parameters.iter().enumerate() {
            let found: Vec<f32> = weights[at].grad(&gradients).unwrap().into_data().iter::<f32>().collect();
            let (mut error, mut size) = (0.0_f64, 0.0_f64);
            let numbers: Vec<f32> = parameter.value.clone().into_data().iter::<f32>().collect();
            for place in (0..numbers.len()).step_by(1 + numbers.len() / 9) {
                let moved = |by: f32| {
                    let mut numbers = numbers.clone();
                    numbers[place] += by;
                    let mut weights = plain.weights();
                    weights[at] = Tensor::from_floats(numbers.as_slice(), &Device::flex());
                    f64::from(sum(&plain, &weights, &Device::flex()).into_scalar::<f32>())
                };
                let slope = (moved(3e-3) - moved(-3e-3)) / 6e-3;
                error += (slope - f64::from(found[place])).powi(2);
                size += slope.powi(2);
            }
            let relative = (error / size.max(1e-6)).sqrt();
            assert!(relative < 0.02, "{block}, {}: relative error {relative}", parameter.name);
        }
    }
}

#[cfg(all(feature = "cpu", feature = "tools"))]
#[test]
fn a_head_taken_apart_by_hand_is_what_the_network_computed() {
    use crate::host::with_engine;
    use crate::next_token::begin;
    use intab::explain::attention::{found, looks, products};
    use intab::protocol::{Command, Request, Response};
    use intab::spec::Preset;

    let text = "to be or not to be";
    for (positions, style) in [("learned", "gpt2"), ("rotary", "quick"), ("alibi", "llama")] {
        let folder = std::env::temp_dir().join(format!("intab-apart-{}-{positions}", std::process::id()));
        let sets: [(&str, serde_json::Value); 6] = [
            ("data.id", "my_text".into()),
            ("model.id", "gpt".into()),
            ("model.width", 16.into()),
            ("model.blocks", 2.into()),
            ("model.positions", positions.into()),
            ("model.style", style.into()),
        ];
        let spec = Preset::by_id("gpt").unwrap().spec();
        let spec = sets.iter().fold(spec, |spec, (key, value)| spec.with_key(key, value).unwrap());
        with_engine(&folder, async |page| {
            page.send(Command::Text { text: format!("{text}\n").repeat(60) });
            begin(page, 1, &spec, None);
            let asked = page.ask(Request::Attention { text: text.into() }).await;
            let Ok(Response::Attention(maps)) = asked else { panic!("{asked:?}") };
            let time = maps.tokens.len();
            for (block, head, at) in [(0, 0, time - 1), (1, 3, 5), (1, 2, 0)] {
                let of = &maps.layers[block];
                let (text, layer) = (text.into(), of.layer);
                let question =
                    Request::HeadIo { text, layer, head: head as u32, at: at as u32, crosses: false };
                let Ok(Response::HeadIo(io)) = page.ask(question).await else { panic!("a head") };
                assert_eq!((io.query.len(), io.values.len(), io.seen as usize), (4, 4 * time, at + 1));
                let all = looks(&io);
                let row = &of.weights[(head * time + at) * time..][..time];
                for (look, weight) in all.iter().zip(row) {
                    assert!((look.share - f64::from(*weight)).abs() < 1e-4, "{positions}: {look:?} {weight}");
                }
                assert!((all.iter().map(|look| look.share).sum::<f64>() - 1.0).abs() < 1e-9);
                let product: f64 = products(&io, &io.keys[..4]).sum();
                assert!((product - all[0].product).abs() < 1e-9);
                // One that sees only itself finds its own value.
                if at == 0 {
                    assert!((found(&io, &all, 2) - f64::from(io.values[2])).abs() < 1e-9);
                }
            }
            let (text, layer) = (text.into(), maps.layers[0].layer);
            let refused = page.ask(Request::HeadIo { text, layer, head: 9, at: 0, crosses: false }).await;
            assert!(refused.unwrap_err().what.contains("no such head"));
        });
    }
}

#[cfg(all(feature = "cpu", feature = "tools"))]
async fn switch(page: &mut crate::host::Page, heads: Vec<[u32; 3]>) -> intab::protocol::WithoutHeads {
    use intab::protocol::{Request, Response};
    match page.ask(Request::SwitchOff { heads }).await {
        Ok(Response::SwitchedOff(cost)) => cost,
        other => panic!("{other:?}"),
    }
}

/// The likeliest token behind a text.
#[cfg(all(feature = "cpu", feature = "tools"))]
async fn next(page: &mut crate::host::Page, text: &str) -> intab::protocol::TokenChoice {
    use intab::protocol::{Continuation, Request, Response};
    let (prompt, tokens, temperature, top_k, top_p) = (text.to_string(), 1, 0.0, 0, 1.0);
    let how = Continuation { prompt, tokens, temperature, top_k, top_p, seed: 1, choices: true };
    match page.ask(Request::Generate(how)).await {
        Ok(Response::Written(written)) => written.tokens.last().unwrap().choices[0].clone(),
        other => panic!("{other:?}"),
    }
}

/// Whether an “a” is the first of two is known only to who looks back.
#[cfg(all(feature = "cpu", feature = "tools"))]
#[test]
fn what_is_switched_off_is_missed_and_the_last_block_says_what_the_network_says() {
    use crate::host::with_engine;
    use crate::next_token::{begin, play};
    use intab::protocol::{Command, Request, Response, WithoutHeads};
    use intab::spec::Preset;

    let folder = std::env::temp_dir().join(format!("intab-off-{}", std::process::id()));
    let sets: [(&str, serde_json::Value); 7] = [
        ("data.id", "my_text".into()),
        ("model.width", 16.into()),
        ("model.blocks", 1.into()),
        ("model.style", "gpt2".into()),
        ("train.learning_rate", 0.01.into()),
        ("train.batch_size", 8.into()),
        ("train.epochs", 30.into()),
    ];
    let spec = Preset::by_id("gpt").unwrap().spec();
    let spec = sets.iter().fold(spec, |spec, (key, value)| spec.with_key(key, value).unwrap());
    with_engine(&folder, async |page| {
        page.send(Command::Text { text: "aab".repeat(800) });
        begin(page, 1, &spec, None);
        let (_, last) = play(page, 1).await;
        assert!(last.score > 0.95, "{last:?}");
        let text = "aabaa";
        let read = async |page: &mut crate::host::Page| match page
            .ask(Request::Attention { text: text.into() })
            .await
        {
            Ok(Response::Attention(maps)) => maps,
            other => panic!("{other:?}"),
        };
        let block = read(page).await.layers[0].layer;
        let all: Vec<[u32; 3]> = (0..4).map(|head| [block, head, 0]).collect();
        let WithoutHeads { whole, without, count, .. } = switch(page, all.clone()).await;
        assert!(whole > 0.95 && without < 0.8 && count > 100, "{whole} {without} of {count}");
        assert_eq!(read(page).await.off, all);
        let deaf = next(page, text).await;
        let back = switch(page, Vec::new()).await;
        assert!(back.without == back.whole && back.whole == whole);
        let said = next(page, text).await;
        assert!(said.text == "b" && said.probability > 0.6, "{said:?}");
        assert!((said.probability - deaf.probability).abs() > 0.05 || said.text != deaf.text, "{deaf:?}");
        let Ok(Response::LogitLens(lens)) = page.ask(Request::LogitLens { text: text.into() }).await else {
            panic!("a lens")
        };
        assert_eq!((lens.guesses.len(), lens.guesses[0].len()), (2, 5));
        let end = &lens.guesses[1][4];
        assert!(end.id == said.id && (end.probability - said.probability).abs() < 0.01, "{end:?} {said:?}");
        let refused = page.ask(Request::SwitchOff { heads: vec![[block, 9, 0]] }).await;
        assert!(refused.unwrap_err().what.contains("no such head"));
    });
}
