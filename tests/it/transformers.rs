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
    let tokens = Tokens { ids: ids.to_vec(), time, lengths: None, vocabulary: VOCABULARY, device };
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
