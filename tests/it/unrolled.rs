//! A recurrent cell's numbers: what is shown of each is what the network did, for every cell, at every step.

use burn::tensor::{Device, Tensor, TensorData};
use intab::engine::network::Network;
use intab::engine::unit_io;
use intab::engine::value::{Tokens, Value};
use intab::explain::{Derivation, Position, Step, unrolled};
use intab::layers::syntax::{parse, with_classes};
use intab::platform::block_on;
use intab::protocol::UnitIo;
use intab::random::Random;

const VOCABULARY: usize = 9;
const IDS: [u32; 5] = [3, 8, 0, 3, 5];

/// Each cell stands behind an embedding, behind tokens, or behind layers that do the same at every step.
const NETWORKS: [&str; 5] = [
    "embedding7-lstm6f2c3-dropout20-layernorm-gru5k1-rnn4g80-dense",
    "gru6k2-tanh-dense5-lstm4f1-dense",
    "rnn8g100-dense",
    "lstm5f4c4-dense",
    // Half of the units read from the end.
    "embedding4-lstm3f1b1-gru5k2b1-rnn2g90b1-dense",
];

/// With the biases moved away from what they begin with: numbers that are 0 would hide where they are added.
fn network(text: &str) -> Network {
    let device = Device::flex();
    let layers = with_classes(parse(text).unwrap(), VOCABULARY);
    let mut network = Network::new(&layers, &[IDS.len(), VOCABULARY], 11, &device).unwrap();
    let mut random = Random::new(4, 9);
    for parameter in &mut network.parameters {
        let moved: Vec<f32> = (0..parameter.len()).map(|_| random.uniform(0.4)).collect();
        let moved: Tensor<1> = Tensor::from_data(TensorData::new(moved, [parameter.len()]), &device);
        parameter.value = parameter.value.clone() + moved;
    }
    network
}

fn flows(network: &Network) -> Vec<Value> {
    let tokens = Value::Tokens(Tokens::one(IDS.to_vec(), VOCABULARY, &Device::flex()));
    let mut flows = vec![tokens.clone()];
    network.forward_with(&network.weights(), tokens, |flow| flows.push(flow.clone())).unwrap();
    flows
}

fn passage(network: &Network, flows: &[Value], place: Position) -> UnitIo {
    let at = [place.layer.unwrap(), place.map, place.row];
    block_on(unit_io::of(network, 7, flows, at)).unwrap().unwrap()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-5 * (1.0 + a.abs().max(b.abs()))
}

/// Every number of every layer with its passage.
fn each(network: &Network, mut visit: impl FnMut(Position, &UnitIo)) {
    let flows = flows(network);
    for (layer, info) in network.layers.iter().enumerate() {
        for (row, map) in (0..IDS.len()).flat_map(|row| (0..info.output[1]).map(move |map| (row, map))) {
            let mut place = Position { layer: Some(layer), inside: false, gate: None, map, row, column: 0 };
            let passage = passage(network, &flows, place);
            visit(place, &passage);
            for name in passage.names.iter().skip(1) {
                place.gate = Some(GATES.into_iter().find(|gate| gate == name).unwrap());
                visit(place, &passage);
            }
        }
    }
}

const GATES: [&str; 8] = ["input", "forget", "candidate", "output", "cell", "reset", "update", "recurrent"];

#[test]
fn sums_add_up_to_what_the_network_has() {
    let mut seen = std::collections::BTreeSet::new();
    for text in NETWORKS {
        let network = network(text);
        each(&network, |place, passage| {
            let found = unrolled(&network.layers, passage, place).unwrap();
            let Derivation { steps, value, .. } = &found;
            let out = steps.last().unwrap().out();
            assert!(near(out, *value), "{text}, {place:?}: worked out as {out}, the network has {value}");
            for step in steps {
                let Step::Weighted { cells, weights, sums, bias, out, .. } = step else { continue };
                assert_eq!([weights.len(), sums.len()], [cells.len(); 2], "{text}, {place:?}");
                assert!(near(sums.iter().sum::<f64>() + bias.unwrap_or(0.0), *out), "{text}, {place:?}");
            }
            let word = network.layers[place.layer.unwrap()].layer.kind().word;
            seen.insert((word, place.gate.unwrap_or("hidden")));
        });
    }
    let cells = |word| seen.iter().filter(|(of, _)| *of == word).count();
    assert_eq!(["rnn", "lstm", "gru"].map(cells), [1, 6, 5], "every number of every cell: {seen:?}");
}

#[test]
fn a_gate_weighs_what_comes_in_and_what_was_kept() {
    let network = network(NETWORKS[0]);
    let all = flows(&network);
    let forget = Position { layer: Some(1), inside: false, gate: Some("forget"), map: 2, row: 3, column: 0 };
    let found = unrolled(&network.layers, &passage(&network, &all, forget), forget).unwrap();
    let counts: Vec<usize> = found.steps.iter().map(|step| step.cells().len()).collect();
    assert_eq!(counts, [7, 6, 2, 1], "7 numbers of the embedding, 6 units, both sums, and their squashing");
    // PyTorch's order: input, forget, candidate, output.
    let row = |name: &str, length: usize| -> Vec<f64> {
        let weight = network.parameters.iter().find(|p| p.name == name).unwrap().value.clone();
        let weight = weight.narrow(0, (6 + 2) * length, length).into_data();
        weight.iter::<f32>().map(f64::from).collect()
    };
    assert_eq!(found.steps[0].weights(), row("1.weight_ih_l0", 7));
    assert_eq!(found.steps[1].weights(), row("1.weight_hh_l0", 6));
    // Nothing was kept before the first token.
    let first = Position { row: 0, ..forget };
    let found = unrolled(&network.layers, &passage(&network, &all, first), first).unwrap();
    assert!(found.steps[1].cells().is_empty(), "{:?}", found.steps[1]);
}

#[test]
fn every_number_is_the_one_that_it_is_said_to_come_from() {
    for text in NETWORKS {
        let network = network(text);
        let all = flows(&network);
        each(&network, |place, io| {
            let found = unrolled(&network.layers, io, place).unwrap();
            for cell in found.steps.iter().flat_map(Step::cells) {
                let Some(from) = cell.from else { continue };
                let there = match from.layer {
                    // A token is a one-hot vector; an embedding looks up a row of its own for it.
                    None if place.layer == Some(0) && text.starts_with("embedding") => {
                        assert_eq!(from.map, IDS[place.row] as usize);
                        continue;
                    }
                    None => f64::from(u8::from(IDS[from.row] as usize == from.map)),
                    Some(_) => unrolled(&network.layers, &passage(&network, &all, from), from).unwrap().value,
                };
                assert!((there - cell.x).abs() < 1e-6, "{text}: {place:?} from {from:?}");
            }
        });
    }
}

#[test]
fn what_is_not_there_is_not_told() {
    let network = network("embedding3-lstm4-last-dense");
    let all = flows(&network);
    let there = |place| block_on(unit_io::of(&network, 0, &all, place)).unwrap().is_some();
    assert!(there([0, 2, 4]) && there([1, 3, 4]));
    for place in [[1, 4, 0], [1, 0, 5], [2, 0, 0], [3, 0, 0], [4, 0, 0]] {
        assert!(!there(place), "{place:?}");
    }
}
