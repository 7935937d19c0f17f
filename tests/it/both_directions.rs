//! Recurrent layers that read in both directions: Burn's and PyTorch's modules say the same, examples that are filled up
//! are as if they were alone, and nothing that is asked for may be read.

use crate::code_runs::{python, run};
use crate::engine::{losses, open};
use crate::host::with_engine;
use burn::module::Param;
use burn::nn::{BiGruConfig, BiLstmConfig, BiRnnConfig, GateController};
use burn::tensor::{Device, Tensor, TensorData};
use intab::datasets::TokenDataset;
use intab::engine::layers::ForwardPass;
use intab::engine::network::Network;
use intab::engine::recurrent::Cell;
use intab::engine::value::{Tokens, Value};
use intab::engine::{resolved_dataset, weights};
use intab::layers::syntax::{parse, print, with_classes};
use intab::layers::{LayerSpec, describe};
use intab::platform::block_on;
use intab::protocol::{Catalogue, Command, Event, Request, Response, RunState};
use intab::random::Random;
use intab::sequences::GENERATORS;
use intab::spec::{Preset, RunSpec};
use serde_json::{Value as Json, json};
use std::fs;

const CELLS: [(&str, Cell); 3] =
    [("rnn6g80b1", Cell::Rnn), ("lstm6f2c3b1", Cell::Lstm), ("gru6k4b1", Cell::Gru)];

fn list(text: &str) -> Vec<LayerSpec> {
    with_classes(parse(text).unwrap(), 5)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

fn random<const D: usize>(shape: [usize; D], seed: u32, device: &Device) -> Tensor<D> {
    let mut random = Random::new(seed, 3);
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| random.uniform(0.8)).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn near(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() < 3e-5 * (1.0 + b.abs()), "{what}: {a} is not {b}");
    }
}

/// With weights that are like none it begins with: biases that begin at 0 would hide where they are added.
fn network(text: &str, input: &[usize], device: &Device) -> Network {
    let mut network = Network::new(&list(text), input, 3, device).unwrap();
    for (at, parameter) in network.parameters.iter_mut().enumerate() {
        parameter.value = random([parameter.len()], 20 + at as u32, device);
    }
    network
}

/// One of Burn's gates with rows of our weights.
fn gate(to: &mut GateController, place: usize, [ih, hh, bias_ih, bias_hh]: [&Tensor<1>; 4]) {
    let units = to.hidden_transform.weight.dims()[0];
    let part = |of: &Tensor<1>, size: usize| of.clone().inner().narrow(0, place * size, size);
    let matrix = |of: &Tensor<1>, columns: usize| {
        let rows = part(of, units * columns).reshape([units, columns]);
        Param::from_tensor(Tensor::from_inner(rows.transpose()))
    };
    to.input_transform.weight = matrix(ih, to.input_transform.weight.dims()[0]);
    to.hidden_transform.weight = matrix(hh, units);
    let bias = |of: &Tensor<1>| Some(Param::from_tensor(Tensor::from_inner(part(of, units))));
    (to.input_transform.bias, to.hidden_transform.bias) = (bias(bias_ih), bias(bias_hh));
}

/// Burn's module with our weights on `x`; parameters in our order.
fn burns(cell: Cell, weights: &[Tensor<1>], x: Tensor<3>, units: usize) -> (Tensor<3>, Vec<GateController>) {
    let (features, device) = (x.dims()[2], x.device());
    let way = |at: usize| [0, 1, 2, 3].map(|part| &weights[4 * at + part]);
    let mut gates = Vec::new();
    let hidden = match cell {
        Cell::Rnn => {
            let mut module = BiRnnConfig::new(features, units, true).init(&device);
            for (at, one) in [&mut module.forward, &mut module.reverse].into_iter().enumerate() {
                gate(&mut one.gate, 0, way(at));
                gates.push(one.gate.clone());
            }
            module.forward(x, None).0
        }
        Cell::Lstm => {
            let mut module = BiLstmConfig::new(features, units, true).init(&device);
            for (at, one) in [&mut module.forward, &mut module.reverse].into_iter().enumerate() {
                let all = [
                    &mut one.input_gate,
                    one.forget_gate.as_mut().unwrap(),
                    &mut one.cell_gate,
                    &mut one.output_gate,
                ];
                for (place, to) in all.into_iter().enumerate() {
                    gate(to, place, way(at));
                    gates.push(to.clone());
                }
            }
            module.forward(x, None).0
        }
        Cell::Gru => {
            let mut module = BiGruConfig::new(features, units, true).init(&device);
            for (at, one) in [&mut module.forward, &mut module.reverse].into_iter().enumerate() {
                for (place, to) in
                    [&mut one.reset_gate, &mut one.update_gate, &mut one.new_gate].into_iter().enumerate()
                {
                    gate(to, place, way(at));
                    gates.push(to.clone());
                }
            }
            module.forward(x, None).0
        }
    };
    (hidden, gates)
}

#[test]
fn both_directions_are_burns() {
    let (units, device) = (6, Device::flex().autodiff());
    for (word, cell) in CELLS {
        for [batch, time, features] in [[3, 7, 4], [1, 1, 2], [2, 33, 5]] {
            let what = format!("{word} {batch} × {time} × {features}");
            let network = network(&format!("{word}-dense"), &[time, features], &device);
            let weights: Vec<_> = network.weights().into_iter().map(Tensor::require_grad).collect();
            let x = random([batch, time, features], 4, &device).require_grad();
            let mut ours = None;
            ForwardPass::new(&network, &weights, None)
                .run(Value::Sequence(x.clone()), |value| {
                    ours.get_or_insert_with(|| value.clone().sequence());
                })
                .unwrap();
            let ours = ours.unwrap();
            let (theirs, gates) = burns(cell, &weights, x.clone(), units);
            near(&values(ours.clone()), &values(theirs.clone()), &what);
            let share = random([batch, time, 2 * units], 5, &device);
            let slopes = (ours * share.clone()).sum().backward();
            let their_slopes = (theirs * share).sum().backward();
            near(&values(x.grad(&slopes).unwrap()), &values(x.grad(&their_slopes).unwrap()), &what);
            let count = cell.gates();
            for (at, gates) in gates.chunks(count).enumerate() {
                let matrix = |hidden: bool| {
                    let one = |gate: &GateController| {
                        let linear = if hidden { &gate.hidden_transform } else { &gate.input_transform };
                        values(linear.weight.val().grad(&their_slopes).unwrap().transpose())
                    };
                    gates.iter().flat_map(one).collect::<Vec<f32>>()
                };
                for (part, hidden) in [(0, false), (1, true)] {
                    let ours = values(weights[4 * at + part].grad(&slopes).unwrap());
                    near(&ours, &matrix(hidden), &format!("{what}: direction {at}"));
                }
            }
        }
    }
}

fn brackets(changes: &[(&str, Json)]) -> RunSpec {
    let catalogue = Catalogue::of_tables(|_| true);
    let small = [("data.id", json!("brackets")), ("model.units", json!(6)), ("model.width", json!(8))];
    let both = [("model.directions", json!("both"))];
    let all = small.iter().chain(&both).chain(changes);
    all.fold(Preset::by_id("memory").unwrap().spec(), |spec, (key, value)| {
        catalogue.change(&spec, key, value).unwrap()
    })
}

#[test]
fn what_fills_an_example_up_is_not_read() {
    let data = resolved_dataset::open(&brackets(&[]), None, 0, None).unwrap();
    let device = Device::flex().autodiff();
    let vocabulary = data.ground.info.target.outputs();
    let network =
        network("embedding4-gru5b1-lstm4b1-dense", &[data.ground.info.shape[0], vocabulary], &device);
    let weights: Vec<_> = network.weights().into_iter().map(Tensor::require_grad).collect();
    let chosen = [0, 1, 2, 3, 4, 5];
    let length = |at: usize| data.train.tokens.input(at).len();
    let longest = chosen.iter().map(|at| length(*at)).max().unwrap();
    assert!(chosen.iter().any(|at| length(*at) < longest), "some are shorter");
    let run = |examples: &[usize]| {
        let samples = examples.iter().map(|at| data.sample(&data.train, *at));
        let batch = data.batch(samples.collect::<Vec<_>>().into_iter(), &device);
        ForwardPass::new(&network, &weights, None).run(batch, |_| ()).unwrap().sequence()
    };
    let together = run(&chosen);
    let (mut sum, mut alone_sum) = (None::<Tensor<1>>, None::<Tensor<1>>);
    for (row, at) in chosen.into_iter().enumerate() {
        let time = length(at);
        let ours = together.clone().narrow(0, row, 1).narrow(1, 0, time);
        let alone = run(&[at]);
        near(&values(ours.clone()), &values(alone.clone()), &format!("example {at}"));
        let share = random([1, time, 5], 30 + at as u32, &device);
        let add = |sum: Option<Tensor<1>>, x: Tensor<3>| {
            let x = (x * share.clone()).sum();
            Some(sum.map_or(x.clone(), |sum| sum + x))
        };
        (sum, alone_sum) = (add(sum, ours), add(alone_sum, alone));
    }
    let [slopes, alone_slopes] = [sum, alone_sum].map(|sum| sum.unwrap().backward());
    for (weight, parameter) in weights.iter().zip(&network.parameters) {
        let [ours, alone] = [&slopes, &alone_slopes].map(|all| values(weight.grad(all).unwrap()));
        near(&ours, &alone, &parameter.name);
    }
}

#[test]
fn pytorch_takes_the_weights_of_both_directions() {
    let Some(python) = python("pytorch") else { return };
    for (id, module) in [("rnn", "RNN"), ("lstm", "LSTM"), ("gru", "GRU")] {
        let spec = brackets(&[("model.cell", json!(id))]);
        let data = resolved_dataset::open(&spec, None, 0, None).unwrap();
        let mut trained = open(&spec, &data);
        losses(&mut trained, &data, 20);
        let folder = std::env::temp_dir().join(format!("intab-both-{id}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = block_on(weights::save(&trained, None, false)).unwrap();
        fs::write(folder.join("weights.safetensors"), file).unwrap();
        let examples: Vec<&[u32]> = (0..5).map(|at| data.test.tokens.input(at)).collect();
        // PyTorch has a way of its own to leave out what fills up.
        let script = format!(
            "import json
import torch
from safetensors.torch import load_file
from torch import nn

saved = load_file('weights.safetensors')
embedding, cell, dense = nn.Embedding.from_pretrained(saved['0.weight']), nn.{module}(8, 6, batch_first=True, bidirectional=True), nn.Linear(12, 9)
cell.load_state_dict({{name[2:]: value for name, value in saved.items() if name.startswith('1.')}})
dense.load_state_dict({{name[2:]: value for name, value in saved.items() if name.startswith('2.')}})
examples = [torch.tensor(one) for one in {examples:?}]
lengths = torch.tensor([len(one) for one in examples])
x = embedding(nn.utils.rnn.pad_sequence(examples, batch_first=True))
packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
hidden, _ = nn.utils.rnn.pad_packed_sequence(cell(packed)[0], batch_first=True)
with torch.no_grad():
    print(json.dumps([dense(hidden[row, : lengths[row]]).tolist() for row in range(len(examples))]))
"
        );
        fs::write(folder.join("script.py"), script).unwrap();
        let said = run(&python, &folder, &[]);
        let there: Vec<Vec<Vec<f32>>> = serde_json::from_str(said.trim()).unwrap();
        let batch = data.batch((0..5).map(|at| data.sample(&data.test, at)), &Device::flex());
        let here = values(trained.network.forward(batch).unwrap());
        let time = here.len() / 9 / 5;
        for (row, there) in there.into_iter().enumerate() {
            let count = examples[row].len() * 9;
            near(&here[row * time * 9..][..count], &there.concat(), &format!("{id}, example {row}"));
        }
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_direction_has_pytorchs_names_and_begins_as_the_other_does() {
    let text = "embedding7-rnn6b1-lstm5b1-gru4b1-dense";
    assert_eq!(print(&list(text)), "embedding7-rnn6g100b1-lstm5f1c0b1-gru4k1b1-dense");
    assert_eq!(list(&print(&list(text))), list(text));
    assert_eq!(
        print(&list("embedding7-lstm5f1c0b0-dense")),
        "embedding7-lstm5f1c0-dense",
        "what is off is not said"
    );
    assert!(parse("lstm5b2-dense").is_err());
    let infos = describe(&list(text), &[9, 11]).unwrap();
    let outputs: Vec<_> = infos.iter().map(|info| info.output[1]).collect();
    assert_eq!(outputs, [7, 12, 10, 8, 5]);
    let counts: Vec<_> = infos.iter().map(|info| info.parameters).collect();
    let cell = |gates: usize, features: usize, units: usize| 2 * gates * units * (features + units + 2);
    assert_eq!(counts, [77, cell(1, 7, 6), cell(4, 12, 5), cell(3, 10, 4), 8 * 5 + 5]);
    assert_eq!(infos[2].multiply_adds, 2 * 9 * 4 * 5 * (12 + 5));
    let network = Network::new(&list("lstm6f2c3b1-dense"), &[5, 4], 3, &Device::flex()).unwrap();
    let names: Vec<&str> = network.parameters.iter().map(|p| p.local_name()).take(8).collect();
    let one = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"];
    let expected: Vec<String> =
        ["", "_reverse"].iter().flat_map(|way| one.map(|name| name.to_string() + way)).collect();
    assert_eq!(names, expected);
    let begun: Vec<Vec<f32>> = network.weights().into_iter().map(values).collect();
    assert_eq!(begun[2], begun[6], "gates begin open or closed both ways");
    assert!(begun[0] != begun[4] && begun[1] != begun[5], "what is random is another number");
    for block in begun[5].chunks(36) {
        let dot = |i: usize, j: usize| (0..6).map(|k| block[6 * i + k] * block[6 * j + k]).sum::<f32>();
        assert!((dot(0, 0) - 1.0).abs() < 1e-5 && dot(0, 1).abs() < 1e-5, "rows stand at right angles");
    }
}

#[test]
fn what_is_asked_for_is_not_seen_before() {
    let catalogue = Catalogue::of_tables(|_| true);
    for set in TokenDataset::all() {
        let fits = ["memory", "brackets"].contains(&set.id());
        let mut spec =
            catalogue.change(&Preset::by_id("memory").unwrap().spec(), "data.id", &set.id().into()).unwrap();
        let chosen = catalogue.change(&spec, "model.directions", &"both".into());
        assert_eq!(chosen.is_ok(), fits, "{}: {chosen:?}", set.id());
        if let Err(why) = chosen {
            assert!(why.contains("would see what is asked for, the tokens to come"), "{why}");
        }
        spec.model.id = "custom".into();
        spec.model.options = [("layers".to_string(), json!("embedding8-gru8b1-dense"))].into();
        assert_eq!(catalogue.check(&spec).is_ok(), fits, "{}", set.id());
    }
    for generator in GENERATORS {
        let values = generator.defaults();
        let one = |number| {
            generator.answered(&values, 7, number).map(|example| example.answer.chars().count() == 1)
        };
        assert!((0..50).filter_map(one).all(|once| once == generator.asks_once()), "{}", generator.id);
    }
    let there = catalogue.change(&brackets(&[]), "data.id", &"names".into()).unwrap();
    assert!(
        !there.model.options.contains_key("directions"),
        "other data have the network that comes with them"
    );
}

#[test]
fn both_directions_are_looked_at() {
    let folder = std::env::temp_dir().join(format!("intab-both-looked-at-{}", std::process::id()));
    with_engine(&folder, async |page| {
        page.send(Command::Open { run: 1, spec: brackets(&[]), checkpoint: None });
        page.next("a run", |event| match event {
            Event::State { state: RunState::Paused, .. } => Some(()),
            Event::Failed { failure, .. } => panic!("{failure:?}"),
            _ => None,
        })
        .await;
        let Ok(Response::States(states)) = page.ask(Request::States { text: "([)]>".into() }).await else {
            panic!("there are states")
        };
        let layer = &states.layers[0];
        let (time, units) = (states.tokens.len(), layer.units as usize);
        assert_eq!((time, units, layer.names[0].as_str()), (5, 12, "hidden"));
        assert_eq!(layer.values.len(), layer.names.len() * time * units);
        // h = o tanh(c), of every unit of either direction.
        let strip = |name: &str| {
            let at = layer.names.iter().position(|known| known == name).unwrap();
            &layer.values[at * time * units..(at + 1) * time * units]
        };
        for ((hidden, output), cell) in strip("hidden").iter().zip(strip("output")).zip(strip("cell")) {
            assert!((hidden - output * cell.tanh()).abs() < 1e-5, "{hidden} {output} {cell}");
        }
    });
    let _ = fs::remove_dir_all(folder);
}

/// A token alone has nothing before it and nothing behind it.
#[test]
fn one_token_is_read_both_ways_from_nothing() {
    let network = network("gru6b1-dense", &[1, 5], &Device::flex());
    let read =
        |ids: Vec<u32>| values(network.forward(Value::Tokens(Tokens::one(ids, 5, &Device::flex()))).unwrap());
    assert_eq!(read(vec![3]).len(), 5);
    let (first, other) = (read(vec![3, 1]), read(vec![3, 2]));
    assert_ne!(first[..5], other[..5], "what comes after it matters");
}
