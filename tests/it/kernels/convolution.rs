//! Convolutions with what follows them.

use super::{assert_slopes, numbers, same, tensor};
use burn::tensor::activation::relu;
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor};
use intab::engine::kernels::backend_ext;
use intab::engine::kernels::conv::{Conv, DEAD, Tail};
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
            let ours = backend_ext::conv(x.clone(), weight.clone(), bias.clone(), [kernel, stride], tail);
            let theirs = composed(x.clone(), weight.clone(), bias.clone(), &conv);
            let name = |part: &str| format!("{part} of {conv:?}");
            assert_eq!(ours.dims(), theirs.dims(), "{conv:?}");
            same([ours, theirs], share, &x, [&weight, &bias], name);
        }
    }
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

/// The gradient in its own right: central differences of a weighted sum of the outputs. Few inputs are near a
/// kink of ReLU or pooling, so the error over all is small though one may be off.
#[test]
fn gradients_are_slopes() {
    let mut random = Random::new(4, 0);
    for tail in TAILS {
        for stride in [1, 2] {
            let conv =
                Conv { batch: 2, channels: 3, height: 7, width: 6, filters: 5, kernel: 3, stride, tail };
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
        }
    }
}

/// A diverged run must look diverged.
#[test]
fn not_a_number_stays_so() {
    for tail in TAILS {
        let conv =
            Conv { batch: 1, channels: 1, height: 4, width: 4, filters: 2, kernel: 3, stride: 1, tail };
        let done = conv.forward(&[f32::NAN; 16], &[0.1; 18], &[0.0; 2]);
        assert!(done.output.iter().all(|v| v.is_nan()), "{tail:?}");
    }
}
