//! Several cores train as one would: how a batch is cut, that who computes a part changes nothing, and that helpers may be
//! slow, wrong or gone.

use crate::engine::{open, small_library, spec};
use burn::tensor::Device;
use futures_channel::mpsc::unbounded;
use intab::engine::data_parallel::{Helper, WorkerPool};
use intab::engine::dataset_store::Loaded;
use intab::engine::microbatch::JobServer;
use intab::engine::trainer::Trainer;
use intab::platform::block_on;
use intab::spec::RunSpec;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What is wrong with a helper, from its answer number `after` on.
#[derive(Clone, Copy)]
enum Fault {
    Nothing,
    Dies { after: usize },
    Babbles { after: usize },
    Slow,
}

/// A helper on a thread of its own, ready at once.
fn helper(fault: Fault) -> Helper {
    let (ask, asked) = mpsc::channel::<(String, Vec<f32>)>();
    let (tell, answers) = unbounded();
    tell.unbounded_send(Vec::new()).unwrap();
    std::thread::spawn(move || {
        let mut server = JobServer::new(Device::flex());
        for (number, (head, numbers)) in asked.iter().enumerate() {
            let began = Instant::now();
            let answer = match fault {
                Fault::Dies { after } if number >= after => return,
                Fault::Babbles { after } if number >= after => Vec::new(),
                _ => server.answer(&head, &numbers).unwrap(),
            };
            if let Fault::Slow = fault {
                // However busy the machine is.
                std::thread::sleep(began.elapsed() * 10 + Duration::from_millis(20));
            }
            let _ = tell.unbounded_send(answer);
        }
    });
    let ask = move |head: &str, numbers: &[f32]| {
        // Fails only when the thread is gone, and then nothing answers.
        let _ = ask.send((head.into(), numbers.into()));
    };
    Helper { ask: Box::new(ask), answers }
}

fn with_helpers(cores: usize, fault: Fault) -> WorkerPool {
    WorkerPool::new(cores, Box::new(move || Some(helper(fault))))
}

/// This engine computes all parts.
fn by_itself(cores: usize) -> WorkerPool {
    WorkerPool::new(cores, Box::new(|| None))
}

fn pictures(model: &str) -> RunSpec {
    let mut spec = spec(model, "adam");
    // Large enough that a batch of 64 is cut in three.
    for (key, value) in [("filters", 8), ("filters_1", 8), ("filters_2", 16), ("dropout", 20)] {
        spec.model.options.insert(key.into(), value.into());
    }
    spec.train.batch_size = 64.0;
    spec.train.label_smoothing = 0.1;
    spec.train.augment = "affine".into();
    spec
}

/// Weights and running statistics, to the bit.
fn numbers(run: &Trainer) -> Vec<u32> {
    let tensors = run.network.numbers().into_iter();
    tensors.flat_map(|t| t.into_data().iter::<f32>().collect::<Vec<_>>()).map(f32::to_bits).collect()
}

/// Weights after some steps, the losses on the way, and the cores that trained in each.
fn train(
    spec: &RunSpec,
    data: &Loaded,
    team: &mut WorkerPool,
    steps: usize,
) -> (Vec<u32>, Vec<f32>, Vec<usize>) {
    let mut run = open(spec, data);
    let (mut losses, mut cores) = (Vec::new(), Vec::new());
    for _ in 0..steps {
        block_on(run.train_step(data, team)).unwrap();
        losses.push(block_on(run.read()).unwrap()[0].loss);
        cores.push(run.crew.cores);
    }
    (numbers(&run), losses, cores)
}

#[test]
fn who_computes_a_part_changes_no_bit() {
    let data = small_library(128);
    for model in ["cnn", "cnn_deep", "resnet"] {
        let spec = pictures(model);
        let (alone, losses, cores) = train(&spec, &data, &mut by_itself(3), 4);
        assert_eq!(cores, [1; 4], "{model}");
        let (together, same, cores) = train(&spec, &data, &mut with_helpers(3, Fault::Nothing), 4);
        assert_eq!(cores, [3; 4], "{model}");
        assert!(alone == together, "{model}: other weights");
        assert_eq!(losses, same, "{model}");
    }
}

#[test]
fn a_helper_that_fails_loses_nothing() {
    let data = small_library(128);
    let spec = pictures("cnn");
    let (alone, ..) = train(&spec, &data, &mut by_itself(2), 6);
    for fault in [Fault::Dies { after: 2 }, Fault::Babbles { after: 2 }] {
        let (weights, _, cores) = train(&spec, &data, &mut with_helpers(2, fault), 6);
        assert_eq!(cores, [2, 2, 2, 1, 1, 1]);
        assert!(alone == weights, "other weights");
    }
}

#[test]
fn a_slow_helper_is_not_waited_for() {
    let data = small_library(128);
    let spec = pictures("cnn");
    let (alone, ..) = train(&spec, &data, &mut by_itself(2), 20);
    let (weights, _, cores) = train(&spec, &data, &mut with_helpers(2, Fault::Slow), 20);
    assert_eq!(cores, [[2; 16].as_slice(), &[1; 4]].concat());
    assert!(alone == weights, "other weights");
}

/// Where nothing is normalised by the batch, parts give what the whole does, but for rounding.
#[test]
fn parts_agree_with_the_whole_batch() {
    let data = small_library(128);
    let spec = pictures("cnn");
    let (_, whole, _) = train(&spec, &data, &mut WorkerPool::alone(), 8);
    for cores in [2, 3, 4] {
        let (_, parts, _) = train(&spec, &data, &mut by_itself(cores), 8);
        for (a, b) in whole.iter().zip(&parts) {
            assert!((a - b).abs() < 1e-4 * a, "{cores} cores: {b} instead of {a}");
        }
    }
}

#[test]
fn how_a_batch_is_cut_follows_from_cores_network_and_data() {
    let data = small_library(128);
    let parts = |spec: &RunSpec, cores: usize| {
        let mut run = open(spec, &data);
        block_on(run.train_step(&data, &mut by_itself(cores))).unwrap();
        run.crew.parts
    };
    let mut spec = pictures("cnn");
    spec.train.batch_size = 128.0;
    assert_eq!([1, 2, 3, 4, 64].map(|cores| parts(&spec, cores)), [1, 2, 3, 4, 4]);
    // Few examples cannot be cut often, and little work not at all.
    spec.train.batch_size = 40.0;
    assert_eq!(parts(&spec, 4), 2);
    assert_eq!(parts(&pictures("mlp"), 4), 1);
}
