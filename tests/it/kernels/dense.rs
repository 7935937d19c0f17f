//! Dense layers.

use super::{assert_slopes, numbers, same, tensor, values};
use burn::tensor::Device;
use burn::tensor::activation::relu;
use intab::engine::kernels::backend_ext;
use intab::engine::kernels::dense::Dense;
use intab::random::Random;

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
            let ours = backend_ext::dense(x.clone(), weight.clone(), bias.clone(), active);
            let product = x.clone().matmul(weight.clone().reshape([units, features]).transpose());
            let theirs = product + bias.clone().unsqueeze::<2>();
            let theirs = if active { relu(theirs) } else { theirs };
            let name = |part: &str| format!("{part} of {batch} × {features} → {units}, ReLU {active}");
            same([ours, theirs], share, &x, [&weight, &bias], name);
        }
    }
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
    let ours = backend_ext::dense(x, weight.clone(), bias.clone(), false);
    assert_eq!(values(ours), values(backend_ext::dense(copied, weight, bias, false)));
}

/// The gradient in its own right: central differences of a weighted sum of the outputs.
#[test]
fn gradients_are_slopes() {
    let mut random = Random::new(4, 0);
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

/// A diverged run must look diverged.
#[test]
fn not_a_number_stays_so() {
    for relu in [false, true] {
        let dense = Dense { batch: 2, features: 5, units: 3, relu };
        assert!(dense.forward(&[f32::NAN; 10], &[0.1; 15], &[0.0; 3]).iter().all(|v| v.is_nan()));
    }
}
