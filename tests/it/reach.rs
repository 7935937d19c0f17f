//! How far back a loss is felt: the norms are those of finite differences, a plain cell's fall with the distance, and a run
//! is compared with the cells as they begin.

use crate::host::with_engine;
use burn::tensor::{Device, Tensor, TensorData};
use intab::datasets::target::{IGNORE_INDEX, TargetField, Targets};
use intab::engine::network::Network;
use intab::engine::reach::norms;
use intab::engine::tasks::TargetTask;
use intab::engine::value::{Tokens, Value};
use intab::layers::syntax::{parse, with_classes};
use intab::platform::block_on;
use intab::protocol::{Command, Event, Reach, Request, Response};
use intab::random::Random;
use intab::spec::Preset;

const VOCABULARY: usize = 5;

fn network(text: &str, time: usize) -> Network {
    let layers = with_classes(parse(text).unwrap(), VOCABULARY);
    Network::new(&layers, &[time, VOCABULARY], 2, &Device::flex()).unwrap()
}

fn task() -> TargetTask {
    let vocabulary = (0..VOCABULARY).map(|id| id.to_string()).collect();
    TargetTask::of(&TargetField::Token { vocabulary, unigram: 0.0 })
}

fn ids(count: usize, seed: u32) -> Vec<u32> {
    let mut random = Random::new(seed, 3);
    (0..count).map(|_| ((random.uniform(0.5) + 0.5) * VOCABULARY as f32) as u32 % VOCABULARY as u32).collect()
}

fn tokens(ids: &[u32], time: usize) -> Tokens {
    Tokens { time, ..Tokens::one(ids.to_vec(), VOCABULARY, &Device::flex()) }
}

fn norms_of(network: &Network, read: &[u32], asked: &[u32], time: usize) -> Vec<f32> {
    let tokens = tokens(read, time);
    block_on(norms(network, &task(), &tokens, &Targets::Tokens { time, ids: asked.to_vec() })).unwrap()
}

/// −ln p of the token that is asked for at a step, of one-hot vectors that may have been changed.
fn loss(network: &Network, inputs: &[f32], time: usize, at: usize, truth: u32) -> f64 {
    let shape = [1, time, VOCABULARY];
    let inputs = Tensor::from_data(TensorData::new(inputs.to_vec(), shape), &Device::flex());
    let logits = network.forward(Value::Sequence(inputs)).unwrap().into_data();
    let logits: Vec<f64> = logits.iter::<f32>().map(f64::from).collect();
    let logits = &logits[at * VOCABULARY..(at + 1) * VOCABULARY];
    logits.iter().map(|logit| logit.exp()).sum::<f64>().ln() - logits[truth as usize]
}

#[test]
fn norms_are_those_of_finite_differences() {
    let time = 6;
    let network = network("lstm7f2c1-gru6k1-rnn5g90-dense", time);
    let read = ids(2 * time, 1);
    let mut asked = ids(2 * time, 2);
    // The second example asks for nothing behind its fourth step.
    asked[time + 4..].fill(IGNORE_INDEX);
    let mut expected = vec![Vec::new(); time];
    for (example, last) in [(0, time - 1), (1, 3)] {
        let one_hot: Vec<f32> = read[example * time..(example + 1) * time]
            .iter()
            .flat_map(|id| (0..VOCABULARY).map(move |at| f32::from(at == *id as usize)))
            .collect();
        for step in 0..=last {
            let slope = |at: usize| {
                let moved = |by: f32| {
                    let mut inputs = one_hot.clone();
                    inputs[step * VOCABULARY + at] += by;
                    loss(&network, &inputs, time, last, asked[example * time + last])
                };
                (moved(0.02) - moved(-0.02)) / 0.04
            };
            let norm = (0..VOCABULARY).map(|at| slope(at).powi(2)).sum::<f64>().sqrt();
            expected[last - step].push(norm);
        }
    }
    let found = norms_of(&network, &read, &asked, time);
    assert_eq!(found.len(), time);
    for (distance, (found, expected)) in found.iter().zip(&expected).enumerate() {
        let expected = expected.iter().sum::<f64>() / expected.len() as f64;
        let near = (f64::from(*found) - expected).abs() < 0.01 * expected + 2e-5;
        assert!(near, "{distance} steps back: {found}, by differences {expected}");
        assert!(expected > 1e-5, "there is something to be felt {distance} steps back");
    }
}

#[test]
fn a_plain_cell_forgets_and_an_open_one_does_not() {
    let time = 40;
    let (read, asked) = (ids(4 * time, 5), ids(4 * time, 6));
    let fall = |text: &str| {
        let found = norms_of(&network(text, time), &read, &asked, time);
        let falls = found.array_windows().filter(|[near, far]| far < near).count();
        (found[time - 1] / found[0], falls)
    };
    let (plain, falls) = fall("embedding8-rnn16g80-dense");
    assert!(plain < 1e-4, "a plain cell feels {plain} of it");
    assert!(falls >= time - 3, "it falls with nearly every step: {falls}");
    let (open, _) = fall("embedding8-lstm16f6c0-dense");
    assert!(open > 100.0 * plain, "an LSTM that keeps feels {open} of it, a plain cell {plain}");
    let (kept, _) = fall("embedding8-gru16k4-dense");
    assert!(kept > 100.0 * plain, "a GRU that keeps feels {kept} of it, a plain cell {plain}");
}

#[test]
fn a_network_without_a_memory_is_refused() {
    let network = network("embedding4-dense", 3);
    let tokens = tokens(&ids(3, 1), 3);
    let targets = Targets::Tokens { time: 3, ids: ids(3, 2) };
    let refused = block_on(norms(&network, &task(), &tokens, &targets)).unwrap_err();
    assert!(refused.what.contains("no recurrent layer"), "{}", refused.what);
}

#[test]
fn a_run_is_compared_with_the_cells_as_they_begin() {
    let spec = Preset::by_id("memory").unwrap().spec();
    let small = [("data.distance", 12.0), ("model.units", 16.0)];
    let spec = small.iter().fold(spec, |spec, (key, value)| spec.with_key(key, &(*value).into()).unwrap());
    let root = std::env::temp_dir().join(format!("intab-reach-{}", std::process::id()));
    with_engine(&root, async |page| {
        page.send(Command::Open { run: 1, spec: spec.clone(), checkpoint: None });
        page.send(Command::Step { run: 1, count: 4 });
        let stepped = |event| match event {
            Event::Progress { progress, .. } if progress.step == 4 => Some(()),
            _ => None,
        };
        page.next("four steps", stepped).await;
        let mut reach = async |fresh| match page.ask(Request::Reach { fresh }).await {
            Ok(Response::Reach(reach)) => reach,
            other => panic!("{other:?}"),
        };
        let Reach { step, examples, curves } = reach(true).await;
        let cells: Vec<_> = curves.iter().map(|curve| curve.cell.as_str()).collect();
        assert_eq!((step, cells), (4, vec!["", "rnn", "lstm", "gru"]));
        assert!(examples > 0 && examples <= 16);
        let length = curves[0].norms.len();
        assert!(length > 12, "as far as the letter that is asked for: {length}");
        for curve in &curves {
            assert_eq!(curve.norms.len(), length);
            assert!(curve.norms.iter().all(|norm| norm.is_finite() && *norm > 0.0), "{}", curve.cell);
        }
        // With the preset's own biases an LSTM begins as one that keeps.
        let far = |at: usize| curves[at].norms[length - 1] / curves[at].norms[0];
        assert!(far(2) > far(1), "LSTM {}, RNN {}", far(2), far(1));
        let Reach { curves: alone, .. } = reach(false).await;
        assert_eq!(alone, curves[..1], "asked again, the same");
    });
}
