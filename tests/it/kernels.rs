//! The CPU engine's own kernels against Burn's operations, forward and backward, on shapes at every edge, and
//! against finite differences.

use burn::tensor::activation::relu;
use burn::tensor::module::{batch_norm, batch_norm_train, conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};
use intab::engine::classify;
use intab::engine::kernels::conv::{Conv, DEAD, Tail};
use intab::engine::kernels::dense::Dense;
use intab::engine::kernels::hook;
use intab::engine::kernels::norm::Norm;
use intab::engine::kernels::pool::Pool;
use intab::engine::layers::{Training, Walk};
use intab::engine::network::{Network, Parameter};
use intab::engine::optimizer::Optimizer;
use intab::layers::{EPSILON, LayerSpec};
use intab::random::Random;

const TAILS: [Tail; 3] = [Tail::Nothing, Tail::Relu, Tail::ReluPool];

/// batch, channels, height, width, filters, kernel, stride
const CONVOLUTIONS: [[usize; 7]; 17] = [
    [4, 1, 28, 28, 8, 5, 1],
    [3, 8, 14, 14, 16, 5, 1],
    [1, 1, 5, 7, 3, 3, 1],
    [2, 3, 9, 6, 5, 3, 1],
    [5, 3, 32, 32, 7, 5, 1],
    [2, 2, 2, 2, 1, 1, 1],
    [1, 4, 3, 3, 9, 3, 1],
    [3, 5, 7, 8, 12, 5, 1],
    [2, 6, 4, 11, 8, 7, 1],
    [1, 1, 2, 3, 17, 5, 1],
    [2, 9, 6, 6, 2, 1, 1],
    [1, 13, 5, 5, 10, 3, 1],
    [2, 16, 8, 8, 32, 3, 2],
    [2, 16, 8, 6, 9, 1, 2],
    [3, 2, 7, 9, 4, 3, 2],
    [1, 5, 14, 4, 3, 5, 3],
    [2, 1, 3, 5, 2, 3, 2],
];

/// batch, channels and what a channel has
const NORMS: [([usize; 2], &[usize]); 5] =
    [([5, 3], &[4, 7]), ([6, 9], &[1, 1]), ([64, 2], &[3, 3]), ([7, 6], &[]), ([2, 1], &[8, 8])];

/// batch, features, units
const DENSES: [[usize; 3]; 9] = [
    [64, 784, 64],
    [1, 1, 1],
    [1, 784, 10],
    [5, 7, 3],
    [3, 9, 11],
    [6, 64, 10],
    [7, 33, 2],
    [2, 8, 5],
    [9, 130, 17],
];

fn numbers(random: &mut Random, count: usize) -> Vec<f32> {
    (0..count).map(|_| random.uniform(1.0)).collect()
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

/// Equal up to rounding: the difference is small next to the largest number.
fn assert_close(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    let size = theirs.iter().fold(1e-3_f32, |size, v| size.max(v.abs()));
    for (at, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((a - b).abs() <= 2e-5 * size, "{what}: {a} is not {b} at {at}");
    }
}

/// A convolution of Burn's operations, weights flat.
fn composed(x: Tensor<4>, weight: Tensor<1>, bias: Tensor<1>, conv: &Conv) -> Tensor<4> {
    let weight = weight.reshape([conv.filters, conv.channels, conv.kernel, conv.kernel]);
    let padding = conv.kernel / 2;
    let y = conv2d(x, weight, Some(bias), ConvOptions::new([conv.stride; 2], [padding; 2], [1, 1], 1));
    match conv.tail {
        Tail::Nothing => y,
        Tail::Relu => relu(y),
        Tail::ReluPool => max_pool2d(relu(y), MaxPoolOptions::new([2, 2]).with_stride([2, 2])),
    }
}

#[test]
fn convolutions_are_burns() {
    let device = Device::flex().autodiff();
    let mut random = Random::new(1, 0);
    for [batch, channels, height, width, filters, kernel, stride] in CONVOLUTIONS {
        for tail in TAILS {
            let conv = Conv { batch, channels, height, width, filters, kernel, stride, tail };
            let [picture, taps, area] = conv.sizes();
            let x = tensor(&numbers(&mut random, batch * picture), [batch, channels, height, width], &device)
                .require_grad();
            let weight =
                tensor(&numbers(&mut random, filters * taps), [filters * taps], &device).require_grad();
            let bias = tensor(&numbers(&mut random, filters), [filters], &device).require_grad();
            let [out_height, out_width] = conv.out();
            let share = tensor(
                &numbers(&mut random, batch * filters * area),
                [batch, filters, out_height, out_width],
                &device,
            );
            let ours = hook::conv(x.clone(), weight.clone(), bias.clone(), [kernel, stride], tail);
            let theirs = composed(x.clone(), weight.clone(), bias.clone(), &conv);
            let name = |part: &str| format!("{part} of {conv:?}");
            assert_eq!(ours.dims(), theirs.dims(), "{conv:?}");
            same([ours, theirs], share, &x, [&weight, &bias], name);
        }
    }
}

/// Both outputs, and the gradients of what they came from when `share` of each output counts.
fn same<const D: usize, const E: usize>(
    [ours, theirs]: [Tensor<D>; 2],
    share: Tensor<D>,
    x: &Tensor<E>,
    [weight, bias]: [&Tensor<1>; 2],
    name: impl Fn(&str) -> String,
) {
    assert_close(&values(ours.clone()), &values(theirs.clone()), &name("output"));
    let gradients = [(ours * share.clone()).sum().backward(), (theirs * share).sum().backward()];
    let pair = gradients.each_ref().map(|g| values(x.grad(g).unwrap()));
    assert_close(&pair[0], &pair[1], &name("input's gradient"));
    for (of, what) in [(weight, "weights' gradient"), (bias, "bias's gradient")] {
        let pair = gradients.each_ref().map(|g| values(of.grad(g).unwrap()));
        assert_close(&pair[0], &pair[1], &name(what));
    }
}

#[test]
fn dense_layers_are_burns() {
    let device = Device::flex().autodiff();
    let mut random = Random::new(2, 0);
    for [batch, features, units] in DENSES {
        for active in [false, true] {
            let x =
                tensor(&numbers(&mut random, batch * features), [batch, features], &device).require_grad();
            let weight =
                tensor(&numbers(&mut random, units * features), [units * features], &device).require_grad();
            let bias = tensor(&numbers(&mut random, units), [units], &device).require_grad();
            let share = tensor(&numbers(&mut random, batch * units), [batch, units], &device);
            let ours = hook::dense(x.clone(), weight.clone(), bias.clone(), active);
            let product = x.clone().matmul(weight.clone().reshape([units, features]).transpose());
            let theirs = product + bias.clone().unsqueeze::<2>();
            let theirs = if active { relu(theirs) } else { theirs };
            let name = |part: &str| format!("{part} of {batch} × {features} → {units}, ReLU {active}");
            same([ours, theirs], share, &x, [&weight, &bias], name);
        }
    }
}

#[test]
fn normalisations_are_burns() {
    let mut random = Random::new(6, 0);
    for ([batch, channels], area) in NORMS {
        match *area {
            [height, width] => norms_are_burns([batch, channels, height, width], &mut random),
            _ => norms_are_burns([batch, channels], &mut random),
        }
    }
}

fn norms_are_burns<const D: usize>(shape: [usize; D], random: &mut Random) {
    let device = Device::flex().autodiff();
    let count = shape.iter().product();
    for (active, by_batch) in [(false, false), (true, false), (false, true), (true, true)] {
        let x = tensor(&numbers(random, count), shape, &device).require_grad();
        let mut per_channel = || tensor(&numbers(random, shape[1]), [shape[1]], &device);
        let [beta, gamma] = [per_channel().require_grad(), per_channel().require_grad()];
        let running = [per_channel().inner(), (per_channel() * 0.5 + 1.0).inner()];
        let share = tensor(&numbers(random, count), shape, &device);
        let both = [beta.clone(), gamma.clone()];
        let (theirs, moments) = if by_batch {
            let batch = batch_norm_train(x.clone(), gamma.clone(), beta.clone(), EPSILON);
            let ours = hook::moments(x.clone().inner());
            assert_close(&values(ours[0].clone()), &values(batch.mean), &format!("means of {shape:?}"));
            assert_close(
                &values(ours[1].clone()),
                &values(batch.variance),
                &format!("variances of {shape:?}"),
            );
            (batch.output, ours)
        } else {
            let [mean, variance] = running.clone().map(Tensor::from_inner);
            (batch_norm(x.clone(), gamma.clone(), beta.clone(), mean, variance, EPSILON), running)
        };
        let ours = hook::norm(x.clone(), both, moments.map(Tensor::from_inner), active, by_batch);
        let theirs = if active { relu(theirs) } else { theirs };
        let name = |part: &str| format!("{part} of {shape:?}, ReLU {active}, by the batch {by_batch}");
        same([ours, theirs], share, &x, [&gamma, &beta], name);
    }
}

#[test]
fn poolings_are_burns() {
    let device = Device::flex().autodiff();
    let mut random = Random::new(8, 0);
    for [batch, channels, height, width] in [[3, 2, 4, 6], [2, 3, 7, 5], [1, 1, 2, 2], [2, 1, 3, 9]] {
        let mut of =
            |shape: [usize; 4]| tensor(&numbers(&mut random, shape.iter().product()), shape, &device);
        let x = of([batch, channels, height, width]).require_grad();
        let share = of([batch, channels, height / 2, width / 2]);
        let ours = hook::pool(x.clone());
        let theirs = max_pool2d(x.clone(), MaxPoolOptions::new([2, 2]).with_stride([2, 2]));
        assert_close(&values(ours.clone()), &values(theirs.clone()), "output");
        let pair = [ours, theirs]
            .map(|y| values(x.grad(&(y * share.clone()).sum().backward()).expect("a gradient")));
        assert_close(&pair[0], &pair[1], &format!("input's gradient of {height} × {width}"));
    }
    let pool = Pool { planes: 1, height: 2, width: 4 };
    let (output, winners) = pool.forward(&[f32::NAN, 1.0, 5.0, 5.0, 2.0, 3.0, 5.0, 5.0]);
    assert!(output[0].is_nan(), "not a number stays so");
    assert_eq!((output[1], winners[1]), (5.0, 0), "of equal numbers the first");
}

/// Strided views, as a transposition leaves them, are read in their own order.
#[test]
fn views_are_read_in_order() {
    let device = Device::flex();
    let mut random = Random::new(3, 0);
    let x = tensor(&numbers(&mut random, 6 * 4), [6, 4], &device).transpose();
    let weight = tensor(&numbers(&mut random, 3 * 6), [18], &device);
    let bias = tensor(&numbers(&mut random, 3), [3], &device);
    let copied = tensor(&values(x.clone()), [4, 6], &device);
    let ours = hook::dense(x, weight.clone(), bias.clone(), false);
    assert_eq!(values(ours), values(hook::dense(copied, weight, bias, false)));
}

/// Of equal pixels the first wins, a pooled zero is dead, and a gradient reaches the winner alone.
#[test]
fn ties_go_to_the_first_pixel() {
    let conv = Conv {
        batch: 1,
        channels: 1,
        height: 2,
        width: 4,
        filters: 1,
        kernel: 1,
        stride: 1,
        tail: Tail::ReluPool,
    };
    let pictures = [1.0, 1.0, -1.0, -2.0, 1.0, 1.0, -3.0, 0.0];
    let done = conv.forward(&pictures, &[1.0], &[0.0]);
    assert_eq!(done.output, [1.0, 0.0]);
    assert_eq!(done.winners, [0, DEAD]);
    let found = conv.gradients(&pictures, &[1.0], &done.winners, &[5.0, 7.0], true);
    assert_eq!(found.input.unwrap(), [5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!((found.weight, found.bias), (vec![5.0], vec![5.0]));
}

/// A diverged run must look diverged: what is not a number stays so through every kernel.
#[test]
fn not_a_number_stays_so() {
    for tail in TAILS {
        let conv =
            Conv { batch: 1, channels: 1, height: 4, width: 4, filters: 2, kernel: 3, stride: 1, tail };
        let done = conv.forward(&[f32::NAN; 16], &[0.1; 18], &[0.0; 2]);
        assert!(done.output.iter().all(|v| v.is_nan()), "{tail:?}");
    }
    for relu in [false, true] {
        let dense = Dense { batch: 2, features: 5, units: 3, relu };
        assert!(dense.forward(&[f32::NAN; 10], &[0.1; 15], &[0.0; 3]).iter().all(|v| v.is_nan()));
        let norm = Norm { batch: 2, channels: 1, area: 5, epsilon: 1e-5, relu, by_batch: false };
        let normed = norm.forward(&[f32::NAN; 10], &[0.0], &[1.0], [&[0.0], &[1.0]]);
        assert!(normed.iter().all(|v| v.is_nan()));
    }
}

/// The gradient in its own right: central differences of a weighted sum of the outputs. Few inputs are near a
/// kink of ReLU or pooling, so the error over all is small though one may be off.
#[test]
fn gradients_are_slopes() {
    let mut random = Random::new(4, 0);
    let conv = Conv {
        batch: 2,
        channels: 3,
        height: 7,
        width: 6,
        filters: 5,
        kernel: 3,
        stride: 1,
        tail: Tail::ReluPool,
    };
    let [picture, taps, area] = conv.sizes();
    let [x, weight, bias, share] =
        [2 * picture, 5 * taps, 5, 2 * 5 * area].map(|count| numbers(&mut random, count));
    let sum = |x: &[f32], weight: &[f32], bias: &[f32]| -> f64 {
        let output = conv.forward(x, weight, bias).output;
        output.iter().zip(&share).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    let winners = conv.forward(&x, &weight, &bias).winners;
    let found = conv.gradients(&x, &weight, &winners, &share, true);
    assert_slopes(&x, &found.input.unwrap(), |x| sum(x, &weight, &bias));
    assert_slopes(&weight, &found.weight, |weight| sum(&x, weight, &bias));
    assert_slopes(&bias, &found.bias, |bias| sum(&x, &weight, bias));

    let dense = Dense { batch: 3, features: 10, units: 7, relu: true };
    let [x, weight, bias, share] = [30, 70, 7, 21].map(|count| numbers(&mut random, count));
    let sum = |x: &[f32], weight: &[f32], bias: &[f32]| -> f64 {
        let output = dense.forward(x, weight, bias);
        output.iter().zip(&share).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    let output = dense.forward(&x, &weight, &bias);
    let found = dense.gradients(&x, &weight, &output, &share, true);
    assert_slopes(&x, &found.input.unwrap(), |x| sum(x, &weight, &bias));
    assert_slopes(&weight, &found.weight, |weight| sum(&x, weight, &bias));
    assert_slopes(&bias, &found.bias, |bias| sum(&x, &weight, bias));
}

fn assert_slopes(at: &[f32], gradient: &[f32], sum: impl Fn(&[f32]) -> f64) {
    let step = 1e-3;
    let (mut error, mut size) = (0.0, 0.0);
    for index in 0..at.len() {
        let moved = |by: f32| {
            let mut moved = at.to_vec();
            moved[index] += by;
            sum(&moved)
        };
        let slope = (moved(step) - moved(-step)) / f64::from(2.0 * step);
        error += (slope - f64::from(gradient[index])).powi(2);
        size += slope.powi(2);
    }
    assert!(size > 0.0 && (error / size).sqrt() < 0.01, "relative error {}", (error / size).sqrt());
}

/// Layers in every order that can be fused or not, against the same network layer by layer.
#[test]
fn fused_networks_are_their_layers() {
    use LayerSpec::*;
    let conv = |filters| Conv { filters, kernel: 3 };
    let block = |filters, stride| Residual { filters, stride };
    let networks = [
        vec![
            conv(4),
            Relu,
            MaxPool,
            conv(6),
            Relu,
            MaxPool,
            Flatten,
            Dense { units: 9 },
            Relu,
            Dense { units: 5 },
        ],
        vec![conv(3), MaxPool, Relu, conv(5), Relu, conv(2), Flatten, Relu, Dense { units: 5 }],
        vec![MaxPool, Flatten, Dense { units: 7 }, Dense { units: 6 }, Relu],
        vec![Relu, conv(9), Relu, Relu, Flatten],
        vec![
            conv(4),
            BatchNorm,
            Relu,
            conv(3),
            Relu,
            MaxPool,
            Dropout { percent: 30 },
            Flatten,
            Dense { units: 5 },
        ],
        vec![block(2, 1), block(4, 2), block(4, 1), GlobalAvgPool, Tanh, Dense { units: 6 }, BatchNorm],
        vec![conv(3), Gelu, AvgPool, LeakyRelu, Flatten, Dense { units: 4 }, Sigmoid, Dropout { percent: 0 }],
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
        let mut training = Training::new(3, 5);
        let logits = match (fused, trained) {
            (true, true) => network.train(&leaves, x, &mut training),
            (true, false) => network.fused(&leaves, x),
            (false, true) => network.walk(Walk::new(network, &leaves, Some(&mut training)), x, |_| ()),
            (false, false) => network.forward_with(&leaves, x, |_| ()),
        };
        assert_eq!(training.statistics.len(), if trained { network.statistics.len() } else { 0 });
        // Each example counts otherwise: of what a batch normalisation gives, the squares always add up to the same.
        let share = Tensor::<2>::from_data([[1.0], [0.4], [-1.3]], &device);
        let gradients = (logits.clone() * share).powi_scalar(2).sum().backward();
        let mut found = vec![values(logits)];
        found.extend(leaves.iter().map(|leaf| values(leaf.grad(&gradients).unwrap())));
        found.extend(training.statistics.into_iter().map(values));
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
    use LayerSpec::{Conv, Dense, Flatten, MaxPool, Relu};
    let conv = |filters| Conv { filters, kernel: 5 };
    let hidden = [Dense { units: 24 }, Relu, Dense { units: 10 }];
    let layers = [&[conv(8), Relu, MaxPool, conv(16), Relu, MaxPool, Flatten], &hidden[..]].concat();
    let device = Device::flex();
    let training = device.clone().autodiff();
    let mut random = Random::new(7, 0);
    let pictures = numbers(&mut random, 12 * 3 * 14 * 14);
    let losses = [true, false].map(|fused| {
        let mut network = Network::new(&layers, &[3, 14, 14], 8, &device).unwrap();
        let mut optimizer = Optimizer::new("adam", 0.0, &network.parameters).unwrap();
        let mut step = || {
            let weights = network.weights().into_iter();
            let leaves: Vec<_> = weights.map(|w| Tensor::from_inner(w).require_grad()).collect();
            let x = tensor(&pictures, [12, 3, 14, 14], &training);
            let logits =
                if fused { network.fused(&leaves, x) } else { network.forward_with(&leaves, x, |_| ()) };
            let loss =
                classify::loss(logits, classify::one_hot((0..12).map(|i| i as u8 % 10), 10, &training));
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
    let device = Device::flex();
    let mut random = Random::new(9, 0);
    let start = numbers(&mut random, 37);
    let mut network = Network::new(&[LayerSpec::Flatten], &[1, 1, 1], 1, &device).unwrap();
    network.parameters.push(Parameter::new("0.weight".into(), vec![37], start.clone(), &device));
    let held = network.parameters[0].value.clone();
    let (rate, decay) = (0.01, 0.1);
    let mut optimizer = Optimizer::new("adamw", decay, &network.parameters).unwrap();
    let mut expected: Vec<[f64; 3]> = start.iter().map(|&v| [f64::from(v), 0.0, 0.0]).collect();
    for step in 1..=5 {
        let gradient = numbers(&mut random, 37);
        optimizer.step(rate, &mut network.parameters, [Some(tensor(&gradient, [37], &device))]);
        for ([value, first, second], gradient) in
            expected.iter_mut().zip(gradient.iter().map(|&g| f64::from(g)))
        {
            *first = 0.9 * *first + 0.1 * gradient;
            *second = 0.999 * *second + 0.001 * gradient * gradient;
            let [first, second] =
                [*first / (1.0 - 0.9_f64.powi(step)), *second / (1.0 - 0.999_f64.powi(step))];
            *value = *value * (1.0 - rate * decay) - rate * first / (second.sqrt() + 1e-8);
        }
    }
    let expected: Vec<f32> = expected.iter().map(|[value, ..]| *value as f32).collect();
    assert_close(&values(network.parameters[0].value.clone()), &expected, "weights");
    assert_eq!(values(held), start);
}
