//! A number's way: what is shown is what the network did, for every kind of layer and at every place; and what a
//! number is said to see is what it sees.

use crate::engine::{models_of_pictures, open, pictures, small_library, spec};
use burn::tensor::{Device, Tensor};
use intab::engine::data_parallel::WorkerPool;
use intab::engine::dataset_store::Sample;
use intab::engine::layer_io;
use intab::engine::trainer::Trainer;
use intab::explain::{Derivation, Position, Step, field, maps_of, pixel, working};
use intab::layers::{KINDS, LayerKind, block, describe, positions};
use intab::models::LAYERS;
use intab::platform::block_on;
use intab::protocol::LayerIo;

/// Every kind of layer that takes pictures or lists is in one of these.
const NETWORKS: [&str; 7] = [
    "crop2-conv3x5-norm-relu-pool-dropout25-residual4s2-residual4-flatten-dense12-norm-tanh-dense",
    "conv4x3-leaky-avgpool-conv3x1-gelu-globalpool-dense8-sigmoid-dense",
    "residual3-conv2x7-pool-pool-pool-avgpool-leaky-flatten-dense",
    "layernorm-flatten-dense20-gelu-layernorm-dropout50-rmsnorm-dense",
    "patches6x7-layernorm-dense5-gelu-mean-layernorm-dense",
    "conv2x3-patches5x4-classtoken-first-dense",
    "patches4x14-classtoken-flatten-dense",
];

/// Trained for a few steps, so that biases and running statistics are more than zeros and ones.
fn run(model: &str, layers: Option<&str>, data: &intab::engine::dataset_store::Loaded) -> Trainer {
    let mut spec = spec(model, "adam");
    if let Some(layers) = layers {
        spec.model.options.insert(LAYERS.into(), layers.into());
    }
    let mut run = open(&spec, data);
    (0..3).for_each(|_| block_on(run.train_step(data, &mut WorkerPool::alone())).unwrap());
    run
}

fn passage_of(
    run: &Trainer,
    data: &intab::engine::dataset_store::Loaded,
    layer: usize,
    map: usize,
) -> LayerIo {
    let picture = &pictures(4).pixels[3 * 784..];
    let sample = Sample::Picture(picture);
    block_on(layer_io::of(run, data, sample, (layer, map), &Device::flex())).unwrap().unwrap()
}

/// The last step gives what the network has; a sum's parts add up to it.
fn holds(working: &Derivation, what: &str) {
    let near = |a: f64, b: f64| (a - b).abs() < 2e-5 * (1.0 + a.abs().max(b.abs()));
    let out = working.steps.last().unwrap().out();
    assert!(near(out, working.value), "{what}: worked out as {out}, the network has {}", working.value);
    for step in &working.steps {
        let Step::Weighted { side, cells, weights, sums, bias, out } = step else { continue };
        assert_eq!([cells.len(), weights.len()], [sums.len() * side * side; 2], "{what}");
        assert!(near(sums.iter().sum::<f64>() + bias.unwrap_or(0.0), *out), "{what}");
    }
}

#[test]
fn what_is_shown_is_what_the_network_did() {
    let data = small_library(20);
    let mut kinds = std::collections::BTreeSet::new();
    let own = "custom";
    let lists = NETWORKS.iter().map(|layers| (own, Some(*layers)));
    for (model, layers) in lists.chain(models_of_pictures().filter(|m| m.id != own).map(|m| (m.id, None))) {
        let run = run(model, layers, &data);
        let (network, input) = (&run.network.layers, &run.network.input);
        for (layer, info) in network.iter().enumerate() {
            kinds.insert(info.layer.kind().word);
            let [maps, height, width] = maps_of(network, input, Some(layer)).unwrap();
            for map in [0, maps / 2, maps - 1] {
                let passage = passage_of(&run, &data, layer, map);
                let inside = [false, true].into_iter().take(1 + usize::from(!passage.inside.is_empty()));
                for (inside, row, column) in
                    inside.flat_map(|i| (0..height).flat_map(move |r| (0..width).map(move |c| (i, r, c))))
                {
                    let place = Position { layer: Some(layer), inside, gate: None, map, row, column };
                    let found = working(network, input, &passage, place).unwrap();
                    // Attention is shown in another way, token by token.
                    if found.steps.is_empty()
                        && [&block::KIND, &positions::KIND].iter().any(|k| info.layer.is(k))
                    {
                        continue;
                    }
                    holds(&found, &format!("{} in {layers:?}, {place:?}", info.layer.title()));
                    let answers = found.chance.map(|[_, _, share]| share);
                    assert_eq!(answers.is_some(), layer + 1 == network.len());
                    assert!(answers.is_none_or(|share| (0.0..=1.0).contains(&share)));
                }
            }
        }
    }
    let takes = |kind: &'static LayerKind, shape: &[usize]| describe(&[kind.standard()], shape).is_ok();
    let wanted: std::collections::BTreeSet<_> =
        KINDS.iter().filter(|kind| takes(kind, &[3, 28, 28]) || takes(kind, &[9])).map(|k| k.word).collect();
    assert!(kinds.is_superset(&wanted), "every kind that takes a picture or a list is tried");
}

#[test]
fn every_input_number_is_the_output_number_that_it_is_said_to_come_from() {
    let data = small_library(20);
    for layers in NETWORKS {
        let run = run("custom", Some(layers), &data);
        let (network, input) = (&run.network.layers, &run.network.input);
        for layer in 1..network.len() {
            let place = Position { layer: Some(layer), inside: false, gate: None, map: 0, row: 0, column: 0 };
            let found = working(network, input, &passage_of(&run, &data, layer, 0), place).unwrap();
            let cells = found.steps.iter().flat_map(Step::cells);
            for (cell, from) in cells.filter_map(|cell| Some((cell, cell.from?))).step_by(7) {
                let before = passage_of(&run, &data, from.layer.unwrap(), from.map);
                let there = working(network, input, &before, from).unwrap();
                assert!((there.value - cell.x).abs() < 1e-6, "{layers}: {place:?} from {from:?}");
            }
        }
    }
}

#[test]
fn a_number_sees_what_changes_it_and_nothing_else() {
    let data = small_library(20);
    for layers in NETWORKS {
        let run = run("custom", Some(layers), &data);
        let (network, input) = (&run.network.layers, &run.network.input);
        for layer in 0..network.len() {
            let [maps, height, width] = maps_of(network, input, Some(layer)).unwrap();
            let place = Position {
                layer: Some(layer),
                inside: false,
                gate: None,
                map: maps / 2,
                row: height / 2,
                column: width / 3,
            };
            let seen = field(network, input, place, None);
            // Only what is outside is certain: inside, a ReLU may let nothing through.
            let at = match network[layer].output.len() {
                2 => place.row * maps + place.map,
                _ => (place.map * height + place.row) * width + place.column,
            };
            let number = |picture: Vec<f32>| {
                let x = Tensor::<1>::from_floats(picture.as_slice(), &Device::flex()).reshape([1, 1, 28, 28]);
                let mut found = f32::NAN;
                let mut index = 0;
                run.network
                    .forward_with(&run.network.weights(), x, |flow| {
                        if index == layer {
                            found = flow.clone().flat().into_data().iter::<f32>().nth(at).unwrap();
                        }
                        index += 1;
                    })
                    .unwrap();
                found
            };
            let picture = |outside: f32| -> Vec<f32> {
                let inside = |at: usize| seen.rows.contains(&(at / 28)) && seen.columns.contains(&(at % 28));
                (0..784).map(|at| if inside(at) { (at as f32).sin() } else { outside }).collect()
            };
            assert_eq!(number(picture(0.0)), number(picture(1.0)), "{layers}, layer {layer}: {seen:?}");
        }
    }
}

#[test]
fn a_stack_of_convolutions_and_pools_sees_as_much_as_it_is_known_to() {
    let data = small_library(20);
    let run = run("cnn", None, &data);
    let (network, input) = (&run.network.layers, &run.network.input);
    // conv 5, pool, conv 5: 5 + 1 + 2 · 4 = 14 pixels each way; at the corner as many as there are.
    let place = |row, column| Position { layer: Some(3), inside: false, gate: None, map: 1, row, column };
    let middle = field(network, input, place(7, 6), None);
    assert_eq!((middle.rows.len(), middle.columns.len()), (14, 14));
    assert_eq!(field(network, input, place(0, 0), None).rows, 0..8);
    assert_eq!(field(network, input, place(7, 6), Some(2)).rows, 5..10);
}

#[test]
fn a_pixel_is_normalised_as_the_engine_does_it() {
    let data = small_library(20);
    let run = run("mlp", None, &data);
    let passage = passage_of(&run, &data, 0, 0);
    let info = &data.ground.info;
    let byte = pictures(4).pixels[3 * 784 + 300];
    let place = Position { layer: None, inside: false, gate: None, map: 0, row: 300 / 28, column: 300 % 28 };
    let shown = pixel(place, byte, info.mean[0], info.std[0]);
    assert!((shown.value - f64::from(passage.input[300])).abs() < 1e-5);
}
