//! The CPU engine's own kernels against Burn's operations, forward and backward, on shapes at every edge, and
//! against finite differences.

mod attention;
mod convolution;
mod dense;
mod gelu;
mod norm;
mod pooling;
mod recurrent;
mod tokens;
mod training;

use burn::tensor::{Device, Tensor, TensorData};
use intab::random::Random;

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

fn assert_slopes(at: &[f32], gradient: &[f32], sum: impl Fn(&[f32]) -> f64) {
    let step = 1e-4;
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
