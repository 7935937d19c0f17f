//! GELU against x Φ(x) that is computed here, to many digits, and its slope against finite differences of that.

use super::{numbers, tensor, values};
use burn::tensor::{Device, Tensor, activation};
use intab::engine::kernels::attention_ext;
use intab::engine::layers::{ForwardPass, StepContext, Training};
use intab::engine::network::Network;
use intab::engine::tasks::cross_entropy;
use intab::layers::syntax::{parse, with_classes};
use intab::random::Random;
use std::time::Instant;

/// x Φ(x), with Φ(x) − ½ = φ(x) (x + x³/3 + x⁵/(3·5) + …), whose terms all have one sign.
fn exact(x: f64) -> f64 {
    let (mut term, mut sum, mut odd) = (x, 0.0, 1.0);
    while sum + term != sum {
        sum += term;
        odd += 2.0;
        term *= x * x / odd;
    }
    x * (0.5 + sum * (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt())
}

#[test]
fn gelu_is_x_times_the_share_below_x() {
    assert!((exact(1.0) - 0.841_344_746_068_543).abs() < 1e-14, "the reference: Φ(1) of the tables");
    assert!((exact(-2.0) + 2.0 * 0.022_750_131_948_179_2).abs() < 1e-14, "and Φ(−2)");
    let device = Device::flex().autodiff();
    // Not a multiple of four, and both sides of every place where another branch could be.
    let places: Vec<f32> = (-8_001..=8_001_i16).map(|at| f32::from(at) / 1000.0).collect();
    let x = tensor(&places, [places.len()], &device).require_grad();
    let y = attention_ext::gelu(x.clone());
    let slopes = values(x.grad(&(y.clone() * -3.0).sum().backward()).unwrap());
    for ((at, y), slope) in places.iter().zip(values(y)).zip(slopes) {
        let place = f64::from(*at);
        let error = (f64::from(y) - exact(place)).abs();
        // Half of what the formula of the error function may be off, and two roundings.
        assert!(error <= 2e-7 * place.abs().max(1.0), "GELU of {at} is not {y}: {error}");
        let step = 1e-4;
        let expected = -3.0 * (exact(place + step) - exact(place - step)) / (2.0 * step);
        assert!((f64::from(slope) - expected).abs() <= 2e-6, "the slope at {at} is not {slope}: {expected}");
    }
}

#[test]
fn gelu_far_out_is_nothing_or_x() {
    let device = Device::flex();
    let far = [-1e30, -100.0, -20.0, -0.0, 0.0, 20.0, 100.0, 1e30, f32::INFINITY];
    let found = values(attention_ext::gelu(tensor(&far, [3, 3], &device)));
    assert_eq!(found, [0.0, 0.0, 0.0, 0.0, 0.0, 20.0, 100.0, 1e30, f32::INFINITY]);
    assert!(values(attention_ext::gelu(tensor(&[f32::NAN], [1], &device)))[0].is_nan());
    // A view that has its numbers in another order.
    let turned = tensor(&[-1.0, 0.5, 2.0, 3.0, -2.0, 0.1], [2, 3], &device).swap_dims(0, 1);
    let by_hand: Vec<f32> = [-1.0, 3.0, 0.5, -2.0, 2.0, 0.1].map(|x: f64| exact(x) as f32).into();
    super::assert_close(&values(attention_ext::gelu(turned)), &by_hand, "a turned view");
}

/// The middle of nine times, in milliseconds.
fn milliseconds(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let begun = Instant::now();
            (0..10).for_each(|_| work());
            begun.elapsed().as_secs_f64() * 100.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[4]
}

/// `CARGO_PROFILE_TEST_OPT_LEVEL=3 CARGO_PROFILE_TEST_OVERFLOW_CHECKS=false cargo test --features tools,cpu --test it gelu_takes -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn gelu_takes_less_than_burns() {
    let device = Device::flex().autodiff();
    let mut random = Random::new(3, 0);
    let x = tensor(&numbers(&mut random, 32 * 16 * 128), [32, 16, 128], &device).require_grad();
    let all: [fn(Tensor<3>) -> Tensor<3>; 3] = [activation::gelu, attention_ext::gelu, |x| x];
    let there = all.map(|of| milliseconds(|| drop(of(x.clone().inner()))));
    let back = all.map(|of| milliseconds(|| drop(of(x.clone()).sum().backward())));
    for (what, [burns, ours, nothing]) in [("forward", there), ("forward, sum and gradient", back)] {
        println!(
            "GELU of 32 × 16 × 128, {what}: Burn {burns:.3} ms, ours {ours:.3} ms, nothing {nothing:.3} ms"
        );
    }
    let pictures = numbers(&mut random, 32 * 784);
    for (name, feed) in [("GELU", 0), ("ReLU²", 1)] {
        let text = format!(
            "patches64x7-positions-block4f2a{feed}b1-block4f2a{feed}b1-block4f2a{feed}b1-layernorm-mean-dense"
        );
        let network =
            Network::new(&with_classes(parse(&text).unwrap(), 10), &[1, 28, 28], 3, &Device::flex());
        let network = network.unwrap();
        let step = || {
            let leaves: Vec<_> =
                network.weights().into_iter().map(|w| Tensor::from_inner(w).require_grad()).collect();
            let mut training = Training::at(StepContext { seed: 3, step: 5, ..StepContext::default() });
            let logits = ForwardPass::new(&network, &leaves, Some(&mut training))
                .run(tensor(&pictures, [32, 1, 28, 28], &device).into(), |_| ())
                .unwrap()
                .flat();
            drop(cross_entropy(logits, (0..32).map(|at| at % 10).collect(), 0.0).backward());
        };
        println!("a ViT's step with {name}: {:.2} ms", milliseconds(step));
    }
}
