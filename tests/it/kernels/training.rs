//! Whole networks and the optimiser.

use super::{assert_close, numbers, tensor, values};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};
use intab::engine::layers::{ForwardPass, StepContext, Training};
use intab::engine::network::{Network, Parameter};
use intab::engine::optimizer::Optimizer;
use intab::engine::tasks::cross_entropy;
use intab::engine::value::Value;
use intab::layers::{
    self, avg_pool, batch_norm, dense, dropout, flatten, gelu, global_avg_pool, leaky_relu, max_pool, relu,
    residual, sigmoid, tanh,
};
use intab::random::Random;

/// Layers in every order that can be fused or not, against the same network layer by layer.
#[test]
fn fused_networks_are_their_layers() {
    let conv = |filters| layers::conv(filters, 3);
    let networks = [
        vec![conv(4), relu(), max_pool(), conv(6), relu(), max_pool(), flatten(), dense(9), relu(), dense(5)],
        vec![conv(3), max_pool(), relu(), conv(5), relu(), conv(2), flatten(), relu(), dense(5)],
        vec![max_pool(), flatten(), dense(7), dense(6), relu()],
        vec![relu(), conv(9), relu(), relu(), flatten()],
        vec![conv(4), batch_norm(), relu(), conv(3), relu(), max_pool(), dropout(30), flatten(), dense(5)],
        vec![
            residual(2, 1),
            residual(4, 2),
            residual(4, 1),
            global_avg_pool(),
            tanh(),
            dense(6),
            batch_norm(),
        ],
        vec![conv(3), gelu(), avg_pool(), leaky_relu(), flatten(), dense(4), sigmoid(), dropout(0)],
    ];
    let device = Device::flex();
    let mut random = Random::new(5, 0);
    for layers in networks {
        let network = Network::new(&layers, &[2, 11, 9], 6, &device).unwrap();
        let pictures = numbers(&mut random, 3 * 2 * 11 * 9);
        for trained in [false, true] {
            same_walk(&network, &pictures, trained);
        }
    }
}

/// Our kernels and Burn's operations, in use and in training: the same logits, gradients and running statistics.
fn same_walk(network: &Network, pictures: &[f32], trained: bool) {
    let device = Device::flex().autodiff();
    let name = |part: &str| format!("{part} of {:?}, training {trained}", network.layers);
    let results = [true, false].map(|fused| {
        let weights = network.weights().into_iter();
        let leaves: Vec<_> = weights.map(|w| Tensor::from_inner(w).require_grad()).collect();
        let x = tensor(pictures, [3, 2, 11, 9], &device);
        let mut training = Training::at(StepContext { seed: 3, step: 5, ..StepContext::default() });
        let logits = match (fused, trained) {
            (true, true) => network.train(&leaves, x, &mut training),
            (true, false) => network.forward_by(&leaves, x),
            (false, true) => {
                let pass = ForwardPass::new(network, &leaves, Some(&mut training)).observed();
                pass.run(x.into(), |_| ()).map(Value::flat)
            }
            (false, false) => network.forward_with(&leaves, x, |_| ()),
        };
        let logits = logits.unwrap();
        assert_eq!(training.statistics.len(), if trained { network.statistics.len() } else { 0 });
        // Each example counts otherwise: of what a batch normalisation gives, the squares always add up to the same.
        let share = Tensor::<2>::from_data([[1.0], [0.4], [-1.3]], &device);
        let gradients = (logits.clone() * share).powi_scalar(2).sum().backward();
        let mut found = vec![values(logits)];
        found.extend(leaves.iter().map(|leaf| values(leaf.grad(&gradients).unwrap())));
        found.extend(training.statistics.into_iter().map(|(_, value)| values(value)));
        found
    });
    let [ours, theirs] = results;
    for (index, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        assert_near(ours, theirs, &name(&format!("result {index}")));
    }
}

/// As `assert_close`, with room for what sums in another order do through several layers, and for what is 0 but for rounding (a bias
/// before a normalisation).
fn assert_near(ours: &[f32], theirs: &[f32], what: &str) {
    let size = theirs.iter().fold(0.1_f32, |size, v| size.max(v.abs()));
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() <= 5e-4 * size, "{what}: {a} is not {b}");
    }
}

/// The first steps of training, on our kernels and layer by layer on Burn's operations: the same losses.
#[test]
fn training_is_the_same_as_layer_by_layer() {
    let conv = |filters| layers::conv(filters, 5);
    let hidden = [dense(24), relu(), dense(10)];
    let layers =
        [&[conv(8), relu(), max_pool(), conv(16), relu(), max_pool(), flatten()], &hidden[..]].concat();
    let device = Device::flex();
    let training = device.clone().autodiff();
    let mut random = Random::new(7, 0);
    let pictures = numbers(&mut random, 12 * 3 * 14 * 14);
    let losses = [true, false].map(|fused| {
        let mut network = Network::new(&layers, &[3, 14, 14], 8, &device).unwrap();
        let mut optimizer = Optimizer::new("adam", [0.0, 0.999], &network.parameters).unwrap();
        let mut step = || {
            let weights = network.weights().into_iter();
            let leaves: Vec<_> = weights.map(|w| Tensor::from_inner(w).require_grad()).collect();
            let x = tensor(&pictures, [12, 3, 14, 14], &training);
            let logits =
                if fused { network.forward_by(&leaves, x) } else { network.forward_with(&leaves, x, |_| ()) };
            let logits = logits.unwrap();
            let loss = if fused { cross_entropy } else { composed_loss };
            let loss = loss(logits, (0..12).map(|i| i % 10).collect(), 0.0);
            let gradients = loss.backward();
            let gradients: Vec<_> = leaves.into_iter().map(|leaf| leaf.grad(&gradients)).collect();
            optimizer.step(0.003, &mut network.parameters, gradients);
            values(loss)[0]
        };
        (0..8).map(|_| step()).collect::<Vec<_>>()
    });
    let [ours, theirs] = &losses;
    assert!(ours[7] < ours[0], "it learns: {ours:?}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() <= 1e-4 * b.abs(), "{ours:?} is not {theirs:?}");
    }
}

/// Algorithm 1 of Kingma & Ba, and a tensor that has another owner stays as it is for that owner.
#[test]
fn adam_is_adam() {
    for (beta2, seed) in [(0.999, 9), (0.99, 10), (0.0, 11)] {
        is_adam(beta2, seed);
    }
}

fn is_adam(beta2: f64, seed: u32) {
    let device = Device::flex();
    let mut random = Random::new(seed, 0);
    let start = numbers(&mut random, 37);
    let mut network = Network::new(&[flatten()], &[1, 1, 1], 1, &device).unwrap();
    network.parameters.push(Parameter::new("0.weight".into(), vec![37], start.clone(), &device));
    let held = network.parameters[0].value.clone();
    let (rate, decay) = (0.01, 0.1);
    let mut optimizer = Optimizer::new("adamw", [decay, beta2], &network.parameters).unwrap();
    let mut expected: Vec<[f64; 3]> = start.iter().map(|&v| [f64::from(v), 0.0, 0.0]).collect();
    for step in 1..=5 {
        let gradient = numbers(&mut random, 37);
        optimizer.step(rate, &mut network.parameters, [Some(tensor(&gradient, [37], &device))]);
        for ([value, first, second], gradient) in
            expected.iter_mut().zip(gradient.iter().map(|&g| f64::from(g)))
        {
            *first = 0.9 * *first + 0.1 * gradient;
            *second = beta2 * *second + (1.0 - beta2) * gradient * gradient;
            let [first, second] = [*first / (1.0 - 0.9_f64.powi(step)), *second / (1.0 - beta2.powi(step))];
            *value = *value * (1.0 - rate * decay) - rate * first / (second.sqrt() + 1e-8);
        }
    }
    let expected: Vec<f32> = expected.iter().map(|[value, ..]| *value as f32).collect();
    assert_close(&values(network.parameters[0].value.clone()), &expected, &format!("weights, β₂ {beta2}"));
    assert_eq!(values(held), start);
}

/// The loss in Burn's operations.
fn composed_loss(logits: Tensor<2>, labels: Vec<u32>, smoothing: f32) -> Tensor<1> {
    let [count, classes] = logits.dims();
    let mut truth = vec![smoothing / classes as f32; count * classes];
    for (row, label) in truth.chunks_exact_mut(classes).zip(labels) {
        row[label as usize] += 1.0 - smoothing;
    }
    let truth = Tensor::<2>::from_data(TensorData::new(truth, [count, classes]), &logits.device());
    (log_softmax(logits, 1) * truth).sum() * (-1.0 / count as f64)
}

/// Also where one logit is far above the others, and where the loss counts more than once.
#[test]
fn cross_entropy_is_burns() {
    let device = Device::flex().autodiff();
    let mut random = Random::new(10, 0);
    for ([count, classes], smoothing) in
        [([1, 1], 0.0), ([5, 3], 0.0), ([64, 10], 0.0), ([7, 17], 0.0), ([64, 10], 0.1), ([7, 17], 0.3)]
    {
        let mut logits = numbers(&mut random, count * classes);
        logits[0] = 80.0;
        let labels: Vec<u32> = (0..count).map(|_| random.below(classes) as u32).collect();
        let logits = tensor(&logits, [count, classes], &device).require_grad();
        let results = [cross_entropy, composed_loss].map(|loss| {
            let loss = loss(logits.clone(), labels.clone(), smoothing) * 3.0;
            [values(logits.grad(&loss.backward()).unwrap()), values(loss)]
        });
        for (ours, theirs) in results[0].iter().zip(&results[1]) {
            assert_close(ours, theirs, &format!("loss or gradient of {count} × {classes}"));
        }
    }
    let diverged = cross_entropy(tensor(&[f32::NAN, 0.0], [1, 2], &device), vec![1], 0.0);
    assert!(values(diverged)[0].is_nan());
}
