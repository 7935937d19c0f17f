//! Embeddings, and the cross-entropy of tokens.

use super::{assert_close, numbers, tensor, values};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};
use intab::engine::kernels::{backend_ext, sequence_ext};
use intab::engine::recurrent::IGNORE_INDEX;
use intab::random::Random;

fn integers(numbers: &[u32], device: &Device) -> Tensor<1, Int> {
    let numbers: Vec<i32> = numbers.iter().map(|number| *number as i32).collect();
    let length = numbers.len();
    Tensor::from_data(TensorData::new(numbers, [length]), device)
}

/// rows, width, ids
const TABLES: [[usize; 3]; 4] = [[1, 1, 1], [5, 3, 40], [65, 512, 64], [5000, 7, 33]];

#[test]
fn embeddings_are_burns() {
    let device = Device::flex().autodiff();
    let mut random = Random::new(20, 0);
    for [rows, width, count] in TABLES {
        let ids: Vec<u32> = (0..count).map(|_| random.below(rows) as u32).collect();
        let table = tensor(&numbers(&mut random, rows * width), [rows * width], &device).require_grad();
        let share = tensor(&numbers(&mut random, count * width), [count, width], &device);
        let ours = sequence_ext::embedding(table.clone(), ids.clone(), width);
        let theirs = table.clone().reshape([rows, width]).select(0, integers(&ids, &device));
        assert_eq!(values(ours.clone()), values(theirs.clone()), "{rows} × {width}");
        let gradients = [ours, theirs].map(|rows| (rows * share.clone()).sum().backward());
        let [ours, theirs] = gradients.each_ref().map(|g| values(table.grad(g).unwrap()));
        assert_close(&ours, &theirs, &format!("gradient of {rows} × {width}"));
    }
}

#[test]
fn the_loss_of_tokens_is_the_mean_of_those_that_count() {
    let device = Device::flex().autodiff();
    let mut random = Random::new(21, 0);
    for (rows, classes) in [(1, 2), (6, 65), (30, 3), (4, 1000)] {
        let logits = tensor(&numbers(&mut random, rows * classes), [rows, classes], &device).require_grad();
        let mut tokens: Vec<u32> = (0..rows).map(|_| random.below(classes) as u32).collect();
        tokens.iter_mut().skip(1).step_by(3).for_each(|token| *token = IGNORE_INDEX);
        let counted: Vec<u32> =
            (0..).zip(&tokens).filter(|(_, token)| **token != IGNORE_INDEX).map(|(at, _)| at).collect();
        let truths: Vec<u32> = tokens.iter().copied().filter(|token| *token != IGNORE_INDEX).collect();
        let ours = sequence_ext::token_cross_entropy(logits.clone(), tokens, 0.0);
        let logarithms = log_softmax(logits.clone().select(0, integers(&counted, &device)), 1);
        let theirs = logarithms.gather(1, integers(&truths, &device).unsqueeze_dim::<2>(1)).mean().neg();
        assert_close(&values(ours.clone()), &values(theirs.clone()), &format!("loss of {rows} × {classes}"));
        let gradients = [ours * 3.0, theirs * 3.0].map(|loss| loss.backward());
        let [ours, theirs] = gradients.each_ref().map(|g| values(logits.grad(g).unwrap()));
        assert_close(&ours, &theirs, &format!("gradient of {rows} × {classes}"));
    }
}

/// A class and a token of the same number have the same loss, smoothed or not; of nothing there is none.
#[test]
fn tokens_are_classes() {
    let device = Device::flex().autodiff();
    let logits = tensor(&numbers(&mut Random::new(22, 0), 40), [5, 8], &device).require_grad();
    for smoothing in [0.0, 0.1] {
        let classes = backend_ext::cross_entropy(logits.clone(), vec![0, 7, 3, 3, 1], smoothing);
        let tokens = sequence_ext::token_cross_entropy(logits.clone(), vec![0, 7, 3, 3, 1], smoothing);
        assert_eq!(values(classes), values(tokens));
    }
    let nothing = sequence_ext::token_cross_entropy(logits.clone(), vec![IGNORE_INDEX; 5], 0.0);
    assert_eq!(values(nothing.clone()), [0.0]);
    let gradients = nothing.backward();
    assert_eq!(values(logits.grad(&gradients).unwrap()), [0.0; 40]);
}
