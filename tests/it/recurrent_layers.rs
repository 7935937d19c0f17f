//! Layers of sequences: shapes, names and counts; each cell as it is composed of single steps; a memory that goes on;
//! how they begin; and which networks fit what is asked.

use burn::tensor::{Device, Tensor, TensorData};
use intab::datasets::info::Form;
use intab::engine::layers::{ForwardPass, Memory, StepContext, Training};
use intab::engine::network::Network;
use intab::engine::recurrent::{Cell, composed};
use intab::engine::value::{Tokens, Value};
use intab::layers::syntax::{parse, print, with_classes};
use intab::layers::{AnswerError, LayerSpec, check_answer, describe};
use intab::models::{Model, SEQUENCE};
use intab::protocol::Catalogue;
use intab::random::Random;
use intab::spec::PRESETS;
use serde_json::{Value as Json, json};

const CELLS: [(&str, Cell); 3] = [("rnn6g80", Cell::Rnn), ("lstm6f2c3", Cell::Lstm), ("gru6k4", Cell::Gru)];

fn list(text: &str) -> Vec<LayerSpec> {
    with_classes(parse(text).unwrap(), 5)
}

fn network(text: &str, input: &[usize]) -> Network {
    Network::new(&list(text), input, 3, &Device::flex()).unwrap()
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

fn parameter(network: &Network, name: &str) -> Tensor<1> {
    network.parameters.iter().find(|p| p.name == name).unwrap().value.clone()
}

fn near(a: &[f32], b: &[f32], what: &str) {
    assert_eq!(a.len(), b.len(), "{what}");
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() < 2e-5 * (1.0 + b.abs()), "{what}: {a} is not {b}");
    }
}

fn sequence(shape: [usize; 3], seed: u32) -> Tensor<3> {
    let mut random = Random::new(seed, 5);
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| random.uniform(1.0)).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

fn tokens(ids: &[u32], time: usize, vocabulary: usize) -> Value {
    Value::Tokens(Tokens {
        ids: ids.to_vec(),
        time,
        lengths: None,
        borders: None,
        vocabulary,
        device: Device::flex(),
    })
}

#[test]
fn shapes_names_and_counts_are_pytorchs() {
    let text = "embedding7-rnn6-dropout20-layernorm-lstm5-gru4-tanh-dense3-last-dense";
    let infos = describe(&list(text), &[9, 11]).unwrap();
    let outputs: Vec<_> = infos.iter().map(|info| info.output.clone()).collect();
    let sequences = [7, 6, 6, 6, 5, 4, 4, 3].map(|features| vec![9, features]);
    assert_eq!(outputs, sequences.into_iter().chain([vec![3], vec![5]]).collect::<Vec<_>>());
    let counts: Vec<_> = infos.iter().map(|info| info.parameters).collect();
    assert_eq!(counts, [77, 6 * (7 + 6 + 2), 0, 12, 4 * 5 * (6 + 5 + 2), 3 * 4 * (5 + 4 + 2), 0, 15, 0, 20]);
    let network = network(text, &[9, 11]);
    let shape = |name: &str| network.parameters.iter().find(|p| p.name == name).unwrap().shape.clone();
    assert_eq!(shape("0.weight"), [11, 7]);
    for (layer, gates, features, units) in [(1, 1, 7, 6), (4, 4, 6, 5), (5, 3, 5, 4)] {
        let wide = gates * units;
        assert_eq!(shape(&format!("{layer}.weight_ih_l0")), [wide, features]);
        assert_eq!(shape(&format!("{layer}.weight_hh_l0")), [wide, units]);
        assert_eq!(shape(&format!("{layer}.bias_ih_l0")), [wide]);
        assert_eq!(shape(&format!("{layer}.bias_hh_l0")), [wide]);
    }
    let ids: Vec<u32> = (0..18).map(|at| at * 7 % 11).collect();
    let mut seen = Vec::new();
    let answers =
        network.forward_with(&network.weights(), tokens(&ids, 9, 11), |x| seen.push(x.clone().flat().dims()));
    assert_eq!(answers.unwrap().dims(), [2, 5]);
    let expected: Vec<_> = outputs.iter().map(|output| [2, output.iter().product()]).collect();
    assert_eq!(seen, expected, "the engine's shapes are those that are described");
}

/// The first layer's parameters by their names.
fn cell_of(network: &Network) -> [Tensor<1>; 4] {
    ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
        .map(|name| parameter(network, &format!("0.{name}")))
}

#[test]
fn a_layer_is_what_it_is_composed_of() {
    let (batch, time, features, units) = (3, 7, 4, 6);
    for (word, cell) in CELLS {
        let mut network = network(&format!("{word}-dense"), &[time, features]);
        // Biases that begin at 0 would hide where they are added.
        for parameter in &mut network.parameters {
            let random = sequence([1, 1, parameter.len()], 8).reshape([parameter.len()]);
            parameter.value = parameter.value.clone() + random * 0.3;
        }
        let [weight_ih, weight_hh, bias_ih, bias_hh] = cell_of(&network);
        let x = sequence([batch, time, features], 4);
        let wide = cell.gates() * units;
        let flat = x.clone().reshape([batch * time, features]);
        let projected = flat.matmul(weight_ih.reshape([wide, features]).transpose()) + bias_ih.unsqueeze();
        let zeros = vec![Tensor::zeros([batch, units], &Device::flex()); cell.states()];
        let (hidden, _) = composed(cell, projected.reshape([batch, time, wide]), weight_hh, bias_hh, zeros);
        let mut outputs = Vec::new();
        let weights = network.weights();
        network.forward_with(&weights, Value::Sequence(x), |x| outputs.push(x.clone().sequence())).unwrap();
        near(&numbers(outputs[0].clone()), &numbers(hidden.clone()), word);
        let [weight, bias] = ["1.weight", "1.bias"].map(|name| parameter(&network, name));
        let flat = hidden.reshape([batch * time, units]);
        let dense = flat.matmul(weight.reshape([5, units]).transpose()) + bias.unsqueeze();
        near(&numbers(outputs[1].clone()), &numbers(dense), "the same dense layer at every step");
    }
}

#[test]
fn two_halves_with_a_memory_are_the_whole() {
    for text in ["rnn6-dense", "lstm6-dense", "gru6-dense", "gru5-dropout10-lstm4-dense"] {
        let network = network(text, &[8, 4]);
        let weights = network.weights();
        let x = sequence([3, 8, 4], 6);
        let run = |x: Tensor<3>, memory: Option<&mut Memory>| {
            let pass = ForwardPass::new(&network, &weights, None).carrying(memory);
            pass.run(Value::Sequence(x), |_| ()).unwrap().sequence()
        };
        let whole = run(x.clone(), None);
        let mut memory = Memory::default();
        let halves = [0, 4].map(|from| run(x.clone().narrow(1, from, 4), Some(&mut memory)));
        near(&numbers(Tensor::cat(halves.to_vec(), 1)), &numbers(whole), text);
        let alone = run(x.clone().narrow(1, 4, 4), None);
        let carried = run(x.clone().narrow(1, 4, 4), Some(&mut memory));
        assert_ne!(numbers(alone), numbers(carried), "{text}: what was read before matters");
        // A memory of other examples is none.
        let fewer = x.clone().narrow(0, 0, 2);
        near(&numbers(run(fewer.clone(), Some(&mut memory))), &numbers(run(fewer, None)), text);
    }
}

#[test]
fn what_is_kept_in_mind_carries_no_gradient() {
    let device = Device::flex().autodiff();
    let network = Network::new(&list("lstm6-dense"), &[4, 3], 3, &device).unwrap();
    let weights: Vec<_> = network.weights().into_iter().map(Tensor::require_grad).collect();
    let x = Tensor::from_data(sequence([2, 4, 3], 6).into_data(), &device);
    let mut memory = Memory::default();
    for _ in 0..2 {
        let mut training = Training::at(StepContext::default());
        let pass = ForwardPass::new(&network, &weights, Some(&mut training)).carrying(Some(&mut memory));
        let loss = pass.run(Value::Sequence(x.clone()), |_| ()).unwrap().flat().sum();
        // With a graph that reached into the window before, its second backward pass would fail.
        let gradients = loss.backward();
        assert!(weights.iter().all(|weight| weight.grad(&gradients).is_some()));
    }
    assert!(memory.of(0).unwrap().iter().all(|state| !state.is_require_grad()));
}

#[test]
fn recurrent_matrices_begin_orthogonal() {
    for (word, cell) in CELLS {
        let network = network(&format!("{word}-dense"), &[5, 4]);
        let [_, weight_hh, ..] = cell_of(&network);
        let length = if cell == Cell::Rnn { 0.8 } else { 1.0 };
        for block in numbers(weight_hh).chunks(36) {
            for (i, j) in (0..6).flat_map(|i| (0..6).map(move |j| (i, j))) {
                let dot: f32 = (0..6).map(|k| block[6 * i + k] * block[6 * j + k]).sum();
                let expected = if i == j { length * length } else { 0.0 };
                assert!((dot - expected).abs() < 1e-5, "{word}: rows {i} and {j} give {dot}");
            }
        }
    }
    let again = |seed| {
        numbers(
            Network::new(&list("lstm6-dense"), &[5, 4], seed, &Device::flex()).unwrap().weights()[1].clone(),
        )
    };
    assert_eq!(again(3), again(3));
    assert_ne!(again(3), again(4));
}

#[test]
fn biases_begin_where_pytorch_has_the_gates() {
    let expected: [&[f32]; 3] = [&[0.0], &[-3.0, 2.0, 0.0, 0.0], &[0.0, 4.0, 0.0]];
    for ((word, _), gates) in CELLS.into_iter().zip(expected) {
        let [_, _, bias_ih, bias_hh] = cell_of(&network(&format!("{word}-dense"), &[5, 4]));
        let wanted: Vec<f32> = gates.iter().flat_map(|gate| [*gate; 6]).collect();
        assert_eq!(numbers(bias_ih), wanted, "{word}");
        assert!(numbers(bias_hh).iter().all(|bias| *bias == 0.0));
    }
}

#[test]
fn how_a_run_begins_is_asked_of_rows_and_recurrent_matrices_too() {
    let begun = |init: &str| {
        Network::beginning(&list("embedding16-gru8-dense"), &[4, 50], init, 3, &Device::flex()).unwrap()
    };
    let rows = numbers(parameter(&begun("he"), "0.weight"));
    let deviation = (rows.iter().map(|x| x * x).sum::<f32>() / rows.len() as f32).sqrt();
    assert!((0.28..0.32).contains(&deviation), "{deviation}");
    for name in ["0.weight", "1.weight_hh_l0", "1.weight_ih_l0"] {
        assert!(numbers(parameter(&begun("small"), name)).iter().all(|x| x.abs() <= 0.01), "{name}");
        assert!(numbers(parameter(&begun("zeros"), name)).iter().all(|x| *x == 0.0), "{name}");
    }
    for name in ["0.weight", "1.weight_hh_l0"] {
        assert_eq!(numbers(parameter(&begun("xavier"), name)), numbers(parameter(&begun("he"), name)));
    }
}

#[test]
fn tokens_are_one_hot_where_there_is_no_embedding() {
    let ids = [2, 0, 4, 1, 1, 3];
    let network = network("gru6-dense", &[3, 5]);
    let one_hot = tokens(&ids, 3, 5).sequence();
    let by_tokens = numbers(network.forward(tokens(&ids, 3, 5)).unwrap());
    near(&by_tokens, &numbers(network.forward(Value::Sequence(one_hot)).unwrap()), "one-hot");
    let embedded = self::network("embedding4-dense", &[3, 5]);
    assert!(embedded.forward(tokens(&ids, 3, 5)).is_ok());
    let refused = embedded.forward(Value::Sequence(sequence([2, 3, 5], 1))).unwrap_err();
    assert_eq!(refused.what, "An embedding takes tokens, and this data has none.");
}

#[test]
fn an_answer_is_asked_at_every_step_or_once() {
    let check = |text: &str, every_step| check_answer(&describe(&list(text), &[6, 5]).unwrap(), every_step);
    assert_eq!(check("embedding4-lstm6-dense", true), Ok(()));
    assert_eq!(check("embedding4-lstm6-dense", false), Err(AnswerError::OneForEach));
    assert_eq!(check("embedding4-lstm6-last-dense", false), Ok(()));
    assert_eq!(check("lstm6-flatten-dense", true), Err(AnswerError::OneForAll));
}

#[test]
fn a_text_comes_with_a_network_that_reads_it() {
    let catalogue = Catalogue::of_tables(|_| true);
    let text = catalogue.datasets.iter().find(|d| d.form == Form::Text).unwrap();
    let set = |spec: &_, key: &str, value: Json| catalogue.change(spec, key, &value);
    let spec = set(&PRESETS[0].spec(), "data.id", json!(text.id)).unwrap();
    assert_eq!(spec.model.id, "recurrent");
    let layers = |spec: &intab::spec::RunSpec| {
        print(&Model::by_id(&spec.model.id).unwrap().layers_of(&spec.model, 30).unwrap())
    };
    assert_eq!(layers(&spec), "embedding32-lstm128f1c0-dense");
    let cell = set(&spec, "model.cell", json!("gru")).unwrap();
    let deep = set(&set(&cell, "model.layers", json!(2)).unwrap(), "model.dropout", json!(20)).unwrap();
    assert_eq!(layers(&deep), "embedding32-gru128k1-dropout20-gru128k1-dense");
    let rnn = set(&set(&spec, "model.cell", json!("rnn")).unwrap(), "model.gain", json!(58)).unwrap();
    assert_eq!(layers(&rnn), "embedding32-rnn128g58-dense");
    assert_eq!(set(&cell, "model.cell", json!("lstm")).unwrap(), spec, "a default is left out");
    assert!(set(&spec, "model.cell", json!("cnn")).unwrap_err().starts_with("Cell is one of rnn, lstm, gru"));
    let own = set(&spec, "model.id", json!("custom")).unwrap();
    assert_eq!(own.model.options["layers"], SEQUENCE);
    let refused = set(&own, "model.layers", json!("embedding8-gru8-last-dense")).unwrap_err();
    assert!(refused.contains("every step is asked for; leave out Last step and Flatten"), "{refused}");
    assert!(set(&spec, "model.id", json!("mlp")).is_err(), "it gives one answer for all steps");
    assert!(set(&PRESETS[0].spec(), "model.id", json!("recurrent")).is_err(), "pictures are no sequence");
}

/// Behind an embedding the table is weighed once instead of every token's row, where there are fewer rows than tokens.
#[test]
fn a_weighed_table_is_what_weighed_rows_are() {
    let device = Device::flex().autodiff();
    let share = numbers(sequence([3, 9, 5], 7));
    // Some tokens come often, one never; in the second one there are more rows than tokens.
    for (word, vocabulary) in CELLS.iter().flat_map(|(word, _)| [(word, 6), (word, 40)]) {
        let text = format!("embedding4-{word}-dense");
        let network = Network::new(&list(&text), &[9, vocabulary], 3, &device).unwrap();
        let ids: Vec<u32> = (0..27).map(|at| at * at % (vocabulary as u32 - 1)).collect();
        let read = || {
            Value::Tokens(Tokens {
                ids: ids.clone(),
                time: 9,
                lengths: None,
                borders: None,
                vocabulary,
                device: device.clone(),
            })
        };
        let shares = || Tensor::from_data(TensorData::new(share.clone(), [3, 45]), &device);
        let leaves = || network.weights().into_iter().map(Tensor::require_grad).collect::<Vec<_>>();
        let [weighed, plain] = [leaves(), leaves()];
        let ours = network.forward_by(&weighed, read()).unwrap();
        let theirs = network.forward_with(&plain, read(), |_| ()).unwrap();
        near(&numbers(ours.clone()), &numbers(theirs.clone()), &text);
        let [ours, theirs] = [ours, theirs].map(|outputs| (outputs * shares()).sum().backward());
        for ((a, b), parameter) in weighed.iter().zip(&plain).zip(&network.parameters) {
            let [a, b] = [a.grad(&ours).unwrap(), b.grad(&theirs).unwrap()].map(numbers);
            near(&a, &b, &format!("{text}, gradient of {}", parameter.name));
        }
        // The gradient in its own right: the loss along the table's and the input weights' own gradients.
        let inner = Network::new(&list(&text), &[9, vocabulary], 3, &Device::flex()).unwrap();
        let sum = |weights: &[Tensor<1>]| -> f64 {
            let outputs = numbers(inner.forward_by(weights, tokens(&ids, 9, vocabulary)).unwrap());
            outputs.iter().zip(&share).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        for at in [0, 1] {
            let slope = weighed[at].grad(&ours).unwrap();
            let length: f32 = numbers(slope.clone()).iter().map(|x| x * x).sum::<f32>().sqrt();
            let moved = |by: f32| {
                let mut weights = inner.weights();
                weights[at] = weights[at].clone() + slope.clone() * (by / length);
                sum(&weights)
            };
            let found = (moved(1e-2) - moved(-1e-2)) / 2e-2;
            assert!((found / f64::from(length) - 1.0).abs() < 5e-3, "{text}: {found} is not {length}");
        }
    }
}
