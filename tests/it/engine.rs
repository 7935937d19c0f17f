//! The engine's arithmetic: shapes, gradients, learning, order, weight files. Loops over the tables, so that a
//! registered model, layer or optimiser is a tested one.

use burn::tensor::{Device, Tensor};
use intab::datasets::{DATASETS, Dataset, Manifest, ShardInfo};
use intab::engine::data_parallel::WorkerPool;
use intab::engine::dataset_store::Loaded;
use intab::engine::network::Network;
use intab::engine::optimizer::schedule;
use intab::engine::resolved_dataset::ResolvedDataset;
use intab::engine::sampler::Order;
use intab::engine::trainer::Trainer;
use intab::engine::weights;
use intab::layers::describe;
use intab::models::{MODELS, Model, vit};
use intab::platform::block_on;
use intab::protocol::FailureKind;
use intab::shard::Shard;
use intab::spec::{OPTIMIZERS, PRESETS, RunSpec, SCHEDULES};

fn mnist() -> &'static Dataset {
    Dataset::by_id("mnist").unwrap()
}

/// `count` pictures that anyone can tell apart: class k has a bright bar at row 2k + 2, in noise.
pub fn pictures(count: usize) -> Shard {
    let mut noise = 1_u32;
    let mut pixels = vec![0; count * 784];
    for (i, picture) in pixels.chunks_exact_mut(784).enumerate() {
        for (at, pixel) in picture.iter_mut().enumerate() {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let bar = at / 28 / 2 == i % 10 + 1;
            *pixel = (if bar { 200 } else { 0 }) + (noise >> 27) as u8;
        }
    }
    Shard { shape: [1, 28, 28], labels: (0..count).map(|i| (i % 10) as u8).collect(), pixels }
}

/// A library of `count` training and `count` test pictures.
pub fn small_library(count: usize) -> Loaded {
    let shards =
        |split: &str| vec![ShardInfo { file: format!("{split}-000.shard"), examples: count, bytes: 1 }];
    let mut data = Loaded::new(ResolvedDataset::of_pictures(mnist()));
    data.set_manifest(Manifest {
        id: "mnist".into(),
        version: 1,
        source: "a test".into(),
        shape: [1, 28, 28],
        train: shards("train"),
        test: shards("test"),
    });
    data.train.push(pictures(count));
    data.test.push(pictures(count));
    data
}

pub fn spec(model: &str, optimizer: &str) -> RunSpec {
    let mut spec = PRESETS[0].spec();
    spec.model.id = model.into();
    let sizes = [("filters_1", 4), ("filters_2", 8), ("hidden", 24), ("hidden_1", 16), ("hidden_2", 12)];
    for (key, value) in sizes.into_iter().chain([("filters", 4), ("dropout", 0)]) {
        spec.model.options.insert(key.into(), f64::from(value).into());
    }
    spec.train.optimizer = optimizer.into();
    spec.train.schedule = "constant".into();
    spec.train.batch_size = 20.0;
    spec.train.learning_rate = match optimizer {
        "sgd" => 0.1,
        "momentum" => 0.03,
        _ => 0.005,
    };
    spec
}

pub fn open(spec: &RunSpec, data: &Loaded) -> Trainer {
    let mut run = Trainer::new(spec, data.ground.clone(), &Device::flex()).unwrap();
    run.set_order(data);
    run
}

pub fn losses(run: &mut Trainer, data: &Loaded, steps: usize) -> Vec<f32> {
    (0..steps)
        .map(|_| {
            block_on(run.train_step(data, &mut WorkerPool::alone())).unwrap();
            block_on(run.read()).unwrap()[0].loss
        })
        .collect()
}

/// The models that take pictures.
pub fn models_of_pictures() -> impl Iterator<Item = &'static Model> {
    MODELS.iter().filter(|model| {
        let layers = model.layers_of(&spec(model.id, "sgd").model, 10).unwrap();
        describe(&layers, &mnist().shape).is_ok()
    })
}

#[test]
fn every_model_is_what_its_description_says() {
    let device = Device::flex();
    assert!(models_of_pictures().count() + 5 >= MODELS.len(), "five take sequences");
    for model in models_of_pictures() {
        for dataset in DATASETS {
            let mut spec = spec(model.id, "sgd").model;
            if let Some(side) = vit::fitting_patch(&dataset.shape).filter(|_| model.id == vit::MODEL.id) {
                spec.options.insert(vit::PATCH.into(), side.into());
            }
            let layers = model.layers_of(&spec, dataset.classes.len()).unwrap();
            let described = describe(&layers, &dataset.shape).unwrap();
            let network = Network::new(&layers, &dataset.shape, 1, &device).unwrap();
            let weights: Vec<_> = network.parameters.iter().map(|p| p.value.clone()).collect();
            let [c, h, w] = dataset.shape;
            let mut outputs = Vec::new();
            let logits = network.forward_with(&weights, Tensor::<4>::zeros([2, c, h, w], &device), |flow| {
                outputs.push(flow.clone().flat().dims()[1]);
            });
            assert_eq!(logits.unwrap().dims(), [2, dataset.classes.len()], "{}", model.id);
            let expected: Vec<usize> = described.iter().map(|l| l.output.iter().product()).collect();
            assert_eq!(outputs, expected, "{}", model.id);
            let parameters: usize = network.parameters.iter().map(|p| p.value.dims()[0]).sum();
            assert_eq!(parameters, described.iter().map(|l| l.parameters).sum::<usize>(), "{}", model.id);
        }
    }
}

#[test]
fn the_default_cnn_has_the_size_it_is_known_by() {
    let model = intab::models::Model::by_id("cnn").unwrap();
    let layers = model.layers_of(&PRESETS[0].spec().model, 10).unwrap();
    let layers = describe(&layers, &[1, 28, 28]).unwrap();
    assert_eq!(layers.iter().map(|l| l.parameters).sum::<usize>(), 54_314);
}

#[test]
fn every_model_learns_a_handful_with_every_optimizer() {
    let data = small_library(40);
    for model in models_of_pictures() {
        for (optimizer, ..) in OPTIMIZERS {
            let mut run = open(&spec(model.id, optimizer), &data);
            // Deep ones take long for a step, and no optimiser knows which network its numbers are of.
            let deep = run.network.layers.len() > 12 || model.id == "resnet";
            if deep && *optimizer != "adam" {
                continue;
            }
            let (steps, most) = if deep { (150, 1.0) } else { (300, 0.1) };
            let losses = losses(&mut run, &data, steps);
            assert!((losses[0] - 10_f32.ln()).abs() < 0.8, "{} begins at {}", model.id, losses[0]);
            let end = losses[steps - 1];
            assert!(end < most, "{} with {optimizer} ends at {end}", model.id);
        }
    }
}

#[test]
fn same_seed_same_losses_other_seed_others() {
    let data = small_library(40);
    let trace = |seed: u32| {
        let spec = RunSpec { seed, ..spec("cnn", "adam") };
        losses(&mut open(&spec, &data), &data, 12)
    };
    assert_eq!(trace(7), trace(7));
    assert_ne!(trace(7), trace(8));
}

#[test]
fn a_run_may_end_within_an_epoch() {
    let data = small_library(40);
    for (epochs, steps) in [(0.1, 1), (1.0, 2), (1.5, 3), (2.0, 4)] {
        let mut spec = spec("mlp", "sgd");
        spec.train.epochs = epochs;
        assert_eq!(open(&spec, &data).steps_total(), steps, "{epochs} epochs");
    }
}

#[test]
fn schedules_begin_and_end_as_they_say() {
    for (id, ..) in SCHEDULES {
        let highest = (0..=100).map(|i| schedule(id, f64::from(i) / 100.0)).fold(0.0, f64::max);
        assert!((highest - 1.0).abs() < 1e-9, "{id} peaks at {highest}");
        let end = schedule(id, 1.0);
        let expected = match *id {
            "constant" => 1.0,
            "step" => 0.01,
            _ => 0.0,
        };
        assert!((end - expected).abs() < 1e-9, "{id} ends at {end}");
    }
}

#[test]
fn order_is_a_permutation_and_the_first_epoch_goes_shard_by_shard() {
    let mut order = Order::new(7, 10, vec![40, 40, 25]);
    assert_eq!(order.steps_per_epoch(), 10);
    let first: Vec<u32> = (0..4).flat_map(|s| order.batch(s).to_vec()).collect();
    let mut sorted = first.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..40).collect::<Vec<_>>(), "the first shard comes first, whole");
    assert_ne!(first, sorted, "and shuffled");
    for epoch in [0, 1, 5] {
        let mut all: Vec<u32> = (0..10).flat_map(|s| order.batch(epoch * 10 + s).to_vec()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 100, "epoch {epoch} takes no example twice");
    }
    assert_eq!(Order::new(7, 1000, vec![40]).batch_size(), 40, "a batch is at most the training set");
}

#[test]
fn a_checkpoint_goes_on_exactly_and_a_weight_file_predicts_the_same() {
    let data = small_library(40);
    for model in models_of_pictures() {
        goes_on_exactly(&data, &spec(model.id, "adam"));
    }
    // What dropout leaves out follows from the step.
    let mut spec = spec("cnn_deep", "adam");
    spec.model.options.insert("dropout".into(), 50.0.into());
    goes_on_exactly(&data, &spec);
}

fn goes_on_exactly(data: &Loaded, spec: &RunSpec) {
    let mut run = open(spec, data);
    losses(&mut run, data, 9);
    let checkpoint = block_on(weights::save(&run, None, true)).unwrap();
    let plain = block_on(weights::save(&run, None, false)).unwrap();
    assert!(plain.len() < checkpoint.len());
    let expected = losses(&mut run, data, 5);
    let device = Device::flex();
    let mut resumed = open(spec, data);
    weights::restore(&mut resumed, &checkpoint, &device).unwrap();
    assert_eq!(resumed.step, 9);
    assert_eq!(losses(&mut resumed, data, 5), expected);

    let info = weights::inspect(&plain).unwrap();
    assert_eq!((info.spec, info.step, info.labels.len()), (spec.clone(), 9, 10));
    let mut loaded = open(spec, data);
    weights::restore(&mut loaded, &plain, &device).unwrap();
    assert_eq!(losses(&mut loaded, data, 1)[0], expected[0], "the first loss is of the loaded weights");
}

#[test]
fn weight_files_that_do_not_fit_are_refused_and_change_nothing() {
    let data = small_library(40);
    let device = Device::flex();
    let run = open(&spec("cnn", "adam"), &data);
    let file = block_on(weights::save(&run, None, true)).unwrap();
    let mut other = open(&spec("mlp", "adam"), &data);
    let before = other.network.parameters[1].value.clone().into_data();
    let mut bad = vec![Vec::new(), b"not a weight file".to_vec(), file.clone()];
    bad.extend((0..file.len()).step_by(file.len() / 40).map(|cut| file[..cut].to_vec()));
    let mut nan = file.clone();
    let end = nan.len();
    nan[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    for (number, bytes) in bad.iter().enumerate() {
        let refused = weights::restore(&mut other, bytes, &device).unwrap_err();
        assert_eq!(refused.kind, FailureKind::Input, "file {number}");
        assert!(refused.what.ends_with('.') && !refused.advice.is_empty(), "file {number}: {refused:?}");
    }
    assert_eq!(other.network.parameters[1].value.clone().into_data(), before);
    assert_eq!(other.step, 0);
}

#[test]
fn a_diverging_run_says_so() {
    let data = small_library(40);
    let mut wild = spec("mlp", "sgd");
    wild.train.learning_rate = 1e9;
    let mut run = open(&wild, &data);
    let failure = (0..50).find_map(|_| {
        block_on(run.train_step(&data, &mut WorkerPool::alone())).unwrap();
        block_on(run.read()).err()
    });
    assert_eq!(failure.unwrap().kind, FailureKind::Diverged);
}
