//! Attention and what stands around it in a Transformer, against Burn's modules and operations, and against slopes.

use super::{assert_close, assert_slopes, numbers, tensor, values};
use burn::nn::{LayerNormConfig, RmsNormConfig};
use burn::tensor::activation::softmax;
use burn::tensor::{Bool, Device, Tensor, TensorData};
use intab::engine::attention::{Attention, HeadRows, turns};
use intab::engine::kernels::attention_ext;
use intab::random::Random;

/// batch, heads, width, queries, keys; causal, sloped; how many keys are no padding
type Shape = ([usize; 5], [bool; 2], &'static [usize]);

const SHAPES: [Shape; 7] = [
    ([1, 1, 1, 1, 1], [true, false], &[]),
    ([2, 2, 8, 5, 5], [true, false], &[]),
    ([3, 1, 5, 9, 9], [true, true], &[]),
    ([2, 3, 12, 7, 11], [false, false], &[4, 11]),
    ([1, 4, 16, 1, 6], [true, false], &[]),
    ([2, 2, 20, 13, 13], [false, true], &[13, 2]),
    ([1, 2, 64, 65, 65], [true, false], &[]),
];

fn attention(([batch, heads, width, queries, keys], [causal, sloped], lengths): Shape) -> Attention {
    Attention { batch, heads, width, queries, keys, causal, sloped, lengths: lengths.into() }
}

/// softmax(q kᵀ / √d + what hides and slopes) v, of Burn's operations; the output and the weights.
fn composed(of: &Attention, [q, k, v]: [Tensor<3>; 3]) -> (Tensor<3>, Tensor<4>) {
    let Attention { batch, heads, width, queries, keys, .. } = *of;
    let device = q.device();
    let split =
        |x: Tensor<3>, time| x.reshape([batch, time, heads, width / heads]).swap_dims(1, 2) as Tensor<4>;
    let (q, k, v) = (split(q, queries), split(k, keys), split(v, keys));
    let places = || {
        let all = (0..batch).flat_map(|b| (0..heads).map(move |h| (b, h)));
        all.flat_map(|(b, h)| (0..queries * keys).map(move |at| (b, h, at / keys, at % keys)))
    };
    let slopes: Vec<f32> =
        places().map(|(_, h, i, j)| -of.slope(h) * (i + keys - queries).abs_diff(j) as f32).collect();
    let hidden: Vec<bool> = places().map(|(b, _, i, j)| j >= of.seen(b, i)).collect();
    let shape = [batch, heads, queries, keys];
    let slopes: Tensor<4> = tensor(&slopes, shape, &device);
    let hidden: Tensor<4, Bool> = Tensor::from_data(TensorData::new(hidden, shape), &device);
    let scores = q.matmul(k.transpose()) * of.scale() + slopes;
    let weights = softmax(scores.mask_fill(hidden, f32::NEG_INFINITY), 3);
    let output = weights.clone().matmul(v).swap_dims(1, 2).reshape([batch, queries, width]);
    (output, weights)
}

#[test]
fn attention_is_what_it_is_composed_of() {
    let mut random = Random::new(21, 0);
    let device = Device::flex().autodiff();
    for shape in SHAPES {
        let of = attention(shape);
        let Attention { batch, width, queries, keys, .. } = of;
        let inputs = [queries, keys, keys].map(|time| {
            tensor(&numbers(&mut random, batch * time * width), [batch, time, width], &device).require_grad()
        });
        let [q, k, v] = inputs.clone();
        let ours = attention_ext::attention(of.clone(), q, k, v);
        let (theirs, weights) = composed(&of, inputs.clone());
        assert_close(&values(ours.clone()), &values(theirs.clone()), &format!("output of {shape:?}"));
        let [q, k, _] = inputs.clone().map(Tensor::inner);
        let looked = attention_ext::attention_weights(of.clone(), q, k);
        assert_close(&values(looked), &values(weights), &format!("weights of {shape:?}"));
        let share = tensor(&numbers(&mut random, batch * queries * width), [batch, queries, width], &device);
        let gradients = [ours, theirs].map(|output| (output * share.clone()).sum().backward());
        for (input, name) in inputs.iter().zip(["queries", "keys", "values"]) {
            let [ours, theirs] = gradients.each_ref().map(|all| values(input.grad(all).unwrap()));
            assert_close(&ours, &theirs, &format!("{name}' gradient of {shape:?}"));
        }
    }
}

#[test]
fn rows_are_normalised_as_burn_does_it() {
    let mut random = Random::new(22, 0);
    let device = Device::flex();
    for (rows, width) in [(1, 1), (5, 3), (7, 64)] {
        let x: Tensor<2> = tensor(&numbers(&mut random, rows * width), [rows, width], &device) * 3.0 + 1.0;
        let [ones, zeros] = [Tensor::ones([width], &device), Tensor::zeros([width], &device)];
        let ours = attention_ext::row_norm(x.clone(), [ones.clone(), zeros.clone()], true, 1e-5);
        let theirs = LayerNormConfig::new(width).with_epsilon(1e-5).init(&device).forward(x.clone());
        assert_close(&values(ours), &values(theirs), "layer normalisation");
        let ours = attention_ext::row_norm(x.clone(), [ones, zeros], false, 1e-5);
        let theirs = RmsNormConfig::new(width).with_epsilon(1e-5).init(&device).forward(x);
        assert_close(&values(ours), &values(theirs), "RMS normalisation");
    }
}

#[test]
fn turned_queries_and_keys_meet_by_how_far_they_are_apart() {
    let mut random = Random::new(23, 0);
    let (time, size) = (9, 6);
    let of = HeadRows { time, heads: 1, size, normalised: false, rotary: true };
    let [q, k] = [0, 1].map(|_| numbers(&mut random, size));
    let everywhere = |row: &[f32]| tensor(&row.repeat(time), [1, time, size], &Device::flex());
    let [q, k] = [q, k].map(|row| values(attention_ext::head_rows(of, everywhere(&row))));
    let meet = |i: usize, j: usize| -> f32 { (0..size).map(|x| q[i * size + x] * k[j * size + x]).sum() };
    for apart in 0..5 {
        for at in 0..time - apart {
            assert!((meet(at + apart, at) - meet(apart, 0)).abs() < 1e-5, "{apart} apart, at {at}");
        }
    }
    assert!((meet(4, 0) - meet(0, 0)).abs() > 1e-3, "and the distance matters");
    // The first pair turns by an angle of 1 with each place, the last most slowly.
    let turns = turns(time, size);
    assert!((turns[3][0] - 1f32.cos()).abs() < 1e-6 && (turns[3][1] - 1f32.sin()).abs() < 1e-6);
    assert!(turns[5][0] > turns[4][0]);
}

/// With a gradient, if it is asked for.
fn leaf(values: &[f32], tracked: bool) -> Tensor<1> {
    let device = Device::flex();
    let leaf = tensor(values, [values.len()], &if tracked { device.autodiff() } else { device });
    if tracked { leaf.require_grad() } else { leaf }
}

/// The gradients in their own right: central differences of a weighted sum of the outputs.
#[test]
fn gradients_are_slopes() {
    let mut random = Random::new(24, 0);
    let device = Device::flex();
    let sum = |output: Vec<f32>, share: &[f32]| -> f64 {
        output.iter().zip(share).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    let (x, share) = (numbers(&mut random, 48), numbers(&mut random, 48));
    let [gamma, beta] = [0, 1].map(|_| numbers(&mut random, 6));
    for centred in [true, false] {
        let run = |x: &[f32], gamma: &[f32], tracked: bool| {
            let [x, gamma, beta] = [x, gamma, &beta].map(|of| leaf(of, tracked));
            let rows = x.clone().reshape([8, 6]);
            (attention_ext::row_norm(rows, [gamma.clone(), beta], centred, 1e-5), x, gamma)
        };
        let (output, x_leaf, gamma_leaf) = run(&x, &gamma, true);
        let share_there = tensor(&share, [8, 6], &device.clone().autodiff());
        let gradients = (output * share_there).sum().backward();
        let found = values(x_leaf.grad(&gradients).unwrap());
        assert_slopes(&x, &found, |x| sum(values(run(x, &gamma, false).0), &share));
        let found = values(gamma_leaf.grad(&gradients).unwrap());
        assert_slopes(&gamma, &found, |gamma| sum(values(run(&x, gamma, false).0), &share));
    }
    let taps = numbers(&mut random, 24);
    let run = |x: &[f32], taps: &[f32], tracked: bool| {
        let [x, taps] = [x, taps].map(|of| leaf(of, tracked));
        (attention_ext::shift(x.clone().reshape([2, 4, 6]), taps.clone()), x, taps)
    };
    let (output, x_leaf, taps_leaf) = run(&x, &taps, true);
    let gradients = (output * tensor(&share, [2, 4, 6], &device.clone().autodiff())).sum().backward();
    let found = values(x_leaf.grad(&gradients).unwrap());
    assert_slopes(&x, &found, |x| sum(values(run(x, &taps, false).0), &share));
    let found = values(taps_leaf.grad(&gradients).unwrap());
    assert_slopes(&taps, &found, |taps| sum(values(run(&x, taps, false).0), &share));
    for (normalised, rotary) in [(true, true), (false, true), (true, false)] {
        let of = HeadRows { time: 4, heads: 2, size: 6, normalised, rotary };
        let found = of.gradient(&x, &share);
        assert_slopes(&x, &found, |x| sum(of.forward(x), &share));
    }
}

/// A diverged run must look diverged.
#[test]
fn not_a_number_stays_so() {
    let of = attention(([1, 1, 2, 3, 3], [true, false], &[]));
    let attended = of.forward(&[f32::NAN; 6], &[0.1; 6], &[0.2; 6]);
    assert!(attended.output.iter().all(|x| x.is_nan()));
}
