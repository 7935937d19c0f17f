//! Batch normalisation.

use super::{assert_close, numbers, same, tensor, values};
use burn::tensor::activation::relu;
use burn::tensor::module::{batch_norm, batch_norm_train};
use burn::tensor::{Device, Tensor};
use intab::engine::kernels::backend_ext;
use intab::engine::kernels::norm::Norm;
use intab::layers::EPSILON;
use intab::random::Random;

/// batch, channels and what a channel has
const NORMS: [([usize; 2], &[usize]); 5] =
    [([5, 3], &[4, 7]), ([6, 9], &[1, 1]), ([64, 2], &[3, 3]), ([7, 6], &[]), ([2, 1], &[8, 8])];

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
            let ours = backend_ext::moments(x.clone().inner());
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
        let ours = backend_ext::norm(x.clone(), both, moments.map(Tensor::from_inner), active, by_batch);
        let theirs = if active { relu(theirs) } else { theirs };
        let name = |part: &str| format!("{part} of {shape:?}, ReLU {active}, by the batch {by_batch}");
        same([ours, theirs], share, &x, [&gamma, &beta], name);
    }
}

/// A diverged run must look diverged.
#[test]
fn not_a_number_stays_so() {
    for relu in [false, true] {
        let norm = Norm { batch: 2, channels: 1, area: 5, epsilon: 1e-5, relu, by_batch: false };
        let normed = norm.forward(&[f32::NAN; 10], &[0.0], &[1.0], [&[0.0], &[1.0]]);
        assert!(normed.iter().all(|v| v.is_nan()));
    }
}
