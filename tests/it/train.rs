//! What training settings and layers with two ways of working do to the arithmetic.

use crate::engine::{losses, open, small_library, spec};
use burn::tensor::{Device, Tensor, TensorData};
use intab::engine::gradients;
use intab::engine::layers::{ForwardPass, MOMENTUM, StepContext, Training};
use intab::engine::network::{Network, Parameter};
use intab::engine::tasks::cross_entropy;
use intab::engine::weights;
use intab::layers::*;
use intab::platform::block_on;
use intab::random::Random;
use intab::spec::{INITS, PRESETS};

fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut random = Random::new(seed, 0);
    (0..count).map(|_| random.uniform(1.0)).collect()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

/// Networks that have every kind of layer between them.
fn networks() -> Vec<Vec<LayerSpec>> {
    vec![
        vec![
            conv(3, 3),
            relu(),
            crop(1),
            max_pool(),
            conv(2, 5),
            relu(),
            flatten(),
            dense(6),
            relu(),
            dense(4),
        ],
        vec![
            conv(3, 3),
            batch_norm(),
            tanh(),
            avg_pool(),
            dropout(30),
            flatten(),
            dense(6),
            batch_norm(),
            gelu(),
            dense(4),
        ],
        vec![residual(2, 1), residual(3, 2), global_avg_pool(), dense(4)],
        vec![layer_norm(), flatten(), dense(8), sigmoid(), layer_norm(), dense(7), leaky_relu(), dense(4)],
    ]
}

/// Central differences of the loss against what the backward pass says, in use and in training.
#[test]
fn gradients_match_finite_differences() {
    for layers in networks() {
        for trained in [false, true] {
            slopes(&layers, trained);
        }
    }
}

fn slopes(layers: &[LayerSpec], trained: bool) {
    let device = Device::flex();
    let network = Network::new(layers, &[2, 8, 8], 3, &device).unwrap();
    let input = numbers(5 * 2 * 8 * 8, 5);
    let labels = [0_u32, 3, 1, 2, 2];
    let loss = |values: &[Tensor<1>], device: &Device| {
        let picture = Tensor::<4>::from_data(TensorData::new(input.clone(), [5, 2, 8, 8]), device);
        let mut training = Training::at(StepContext { seed: 1, step: 2, ..StepContext::default() });
        let pass = ForwardPass::new(&network, values, trained.then_some(&mut training)).observed();
        let logits = pass.run(picture.into(), |_| ()).unwrap().flat();
        cross_entropy(logits, labels.to_vec(), 0.1)
    };
    let training = device.clone().autodiff();
    let leaves: Vec<_> =
        network.parameters.iter().map(|p| Tensor::from_inner(p.value.clone()).require_grad()).collect();
    let gradients = loss(&leaves, &training).backward();
    let step = 1e-3;
    let all = network.weights();
    for (index, (parameter, leaf)) in network.parameters.iter().zip(&leaves).enumerate() {
        let gradient = values(leaf.grad(&gradients).unwrap());
        let start = values(parameter.value.clone());
        let (mut error, mut size) = (0.0_f32, 0.0_f32);
        for at in (0..start.len()).step_by(start.len().div_ceil(12)) {
            let with = |change: f32| {
                let mut moved = start.clone();
                moved[at] += change;
                let mut all = all.clone();
                all[index] = Tensor::from_data(TensorData::new(moved, [start.len()]), &device);
                values(loss(&all, &device))[0]
            };
            let measured = (with(step) - with(-step)) / (2.0 * step);
            error += (measured - gradient[at]).powi(2);
            size += measured.powi(2);
        }
        let name = format!("{} of {layers:?}, training {trained}", parameter.name);
        // A bias before a normalisation by the batch has no effect at all.
        assert!(
            size > 0.0 && (error / size).sqrt() < 0.03 || error.sqrt() < 2e-3,
            "{name}: {error} of {size}"
        );
    }
}

#[test]
fn batch_norm_is_by_the_batch_in_training_and_by_running_statistics_in_use() {
    let device = Device::flex();
    let mut network = Network::new(&[batch_norm(), flatten()], &[2, 3, 4], 1, &device).unwrap();
    let names: Vec<_> = network.statistics.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["0.running_mean", "0.running_var"]);
    let input = numbers(5 * 24, 3);
    let x = || Tensor::<4>::from_data(TensorData::new(input.clone(), [5, 2, 3, 4]), &device);
    let mut training = Training::at(StepContext { seed: 1, step: 0, ..StepContext::default() });
    let trained = values(network.train(&network.weights(), x(), &mut training).unwrap());
    network.keep(training);
    let used = values(network.forward(x()).unwrap());
    for channel in 0..2 {
        let at: Vec<usize> = (0..120).filter(|i| i / 12 % 2 == channel).collect();
        let mean = at.iter().map(|&i| f64::from(input[i])).sum::<f64>() / 60.0;
        let variance = at.iter().map(|&i| (f64::from(input[i]) - mean).powi(2)).sum::<f64>() / 60.0;
        let running_mean = MOMENTUM * mean;
        let running_variance = 1.0 - MOMENTUM + MOMENTUM * variance * 60.0 / 59.0;
        for &i in &at {
            let expect =
                |mean: f64, variance: f64| (f64::from(input[i]) - mean) / (variance + EPSILON).sqrt();
            assert!((f64::from(trained[i]) - expect(mean, variance)).abs() < 1e-4);
            assert!((f64::from(used[i]) - expect(running_mean, running_variance)).abs() < 1e-4);
        }
    }
}

#[test]
fn dropout_leaves_out_its_share_by_seed_and_step() {
    let device = Device::flex();
    let network = Network::new(&[dropout(25), flatten()], &[1, 100, 100], 1, &device).unwrap();
    let ones = || Tensor::<4>::ones([2, 1, 100, 100], &device);
    let left = |seed, step| {
        values(
            network
                .train(&[], ones(), &mut Training::at(StepContext { seed, step, ..StepContext::default() }))
                .unwrap(),
        )
    };
    let first = left(7, 3);
    let zeros = first.iter().filter(|v| **v == 0.0).count();
    assert!((4700..5300).contains(&zeros), "{zeros} of 20,000");
    assert!(first.iter().all(|v| *v == 0.0 || (v - 4.0 / 3.0).abs() < 1e-6));
    assert_eq!(first, left(7, 3));
    assert_ne!(first, left(7, 4));
    assert_ne!(first, left(8, 3));
    assert_eq!(values(network.forward(ones()).unwrap()), [1.0; 20_000], "in use nothing is left out");
}

#[test]
fn weight_files_carry_running_statistics_under_pytorchs_names() {
    let data = small_library(40);
    let mut run = open(&spec("resnet", "adam"), &data);
    losses(&mut run, &data, 2);
    let file = block_on(weights::save(&run, None, false)).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&file).unwrap();
    for name in [
        "1.running_mean",
        "1.running_var",
        "4.bn1.running_var",
        "4.downsample.1.running_mean",
        "4.downsample.0.weight",
    ] {
        assert!(tensors.tensor(name).is_ok(), "{name} is not in {:?}", tensors.names());
    }
    let running = tensors.tensor("1.running_mean").unwrap();
    assert!(running.data().iter().any(|byte| *byte != 0), "training has moved it");
}

#[test]
fn every_init_is_what_it_says_and_reaches_the_run() {
    let device = Device::flex();
    let layers = [flatten(), dense(50), tanh(), dense(10)];
    let mut firsts = Vec::new();
    for (id, ..) in INITS {
        let network = Network::beginning(&layers, &[1, 20, 20], id, 7, &device).unwrap();
        let largest = |at: usize| {
            let weights = values(network.parameters[at].value.clone());
            weights.iter().fold(0.0_f32, |most, w| most.max(w.abs()))
        };
        let bounds: [f32; 2] = match *id {
            "he" => [6.0_f32 / 400.0, 1.0 / 50.0].map(f32::sqrt),
            "xavier" => [6.0_f32 / 450.0, 6.0 / 60.0].map(f32::sqrt),
            "small" => [0.01; 2],
            "zeros" => [0.0; 2],
            other => panic!("{other} has no test"),
        };
        for (at, bound) in [1, 3].into_iter().zip(bounds) {
            assert!(largest(at) <= bound && largest(at) >= 0.95 * bound, "{id}: {} of {bound}", largest(at));
        }
        let mut spec = PRESETS[0].spec();
        spec.train.init = (*id).into();
        let run = open(&spec, &small_library(40));
        firsts.push(values(run.network.parameters[1].value.clone())[0]);
    }
    firsts.sort_by(f32::total_cmp);
    firsts.dedup();
    assert_eq!(firsts.len(), INITS.len(), "each begins otherwise: {firsts:?}");
}

#[test]
fn penalties_and_clipping_do_what_they_say() {
    let device = Device::flex();
    let parameter = |shape: Vec<usize>, values: &[f32]| {
        Parameter::new("0.weight".into(), shape, values.to_vec(), &device)
    };
    let parameters = [parameter(vec![1, 3], &[2.0, -1.0, 0.0]), parameter(vec![2], &[5.0, 5.0])];
    let gradients = || {
        let of = |values: &[f32]| {
            Some(Tensor::<1>::from_data(TensorData::new(values.to_vec(), [values.len()]), &device))
        };
        vec![of(&[1.0, 2.0, 2.0]), of(&[4.0, 0.0])]
    };
    let shaped = |set: fn(&mut intab::spec::TrainSpec)| {
        let mut spec = PRESETS[0].spec().train;
        set(&mut spec);
        let found = gradients::shape(&spec, &parameters, gradients());
        found.into_iter().flat_map(|g| values(g.unwrap())).collect::<Vec<_>>()
    };
    let near = |found: Vec<f32>, expected: [f32; 5]| {
        let close = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5);
        assert!(close, "{found:?} is not {expected:?}");
    };
    assert_eq!(shaped(|_| ()), [1.0, 2.0, 2.0, 4.0, 0.0], "off is off, to the last bit");
    near(shaped(|s| s.l1 = 0.5), [1.5, 1.5, 2.0, 4.0, 0.0]);
    near(shaped(|s| s.l2 = 0.5), [2.0, 1.5, 2.0, 4.0, 0.0]);
    // The norm of all five is 5.
    near(shaped(|s| s.clip = 1.0), [0.2, 0.4, 0.4, 0.8, 0.0]);
    near(shaped(|s| s.clip = 6.0), [1.0, 2.0, 2.0, 4.0, 0.0]);
}

#[test]
fn training_settings_reach_the_run_and_off_changes_nothing() {
    let data = small_library(40);
    let trace = |set: fn(&mut intab::spec::TrainSpec)| {
        let mut spec = spec("cnn", "sgd");
        set(&mut spec.train);
        losses(&mut open(&spec, &data), &data, 6)
    };
    let plain = trace(|_| ());
    assert_eq!(trace(|s| s.clip = 1e6), plain, "a bound that is never reached");
    let changes: [fn(&mut intab::spec::TrainSpec); 5] = [
        |s| s.clip = 0.05,
        |s| s.l1 = 0.01,
        |s| s.l2 = 0.5,
        |s| s.label_smoothing = 0.1,
        |s| s.init = "xavier".into(),
    ];
    for change in changes {
        assert_ne!(trace(change), plain);
    }
}
