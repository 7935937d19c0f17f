//! Max pooling.

use super::{assert_close, numbers, tensor, values};
use burn::tensor::Device;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use intab::engine::kernels::backend_ext;
use intab::engine::kernels::pool::Pool;
use intab::random::Random;

/// batch, channels, height, width
const SHAPES: [[usize; 4]; 7] =
    [[3, 2, 4, 6], [2, 3, 7, 5], [1, 1, 2, 2], [2, 1, 3, 9], [2, 2, 6, 11], [1, 3, 8, 8], [1, 1, 2, 1]];

#[test]
fn poolings_are_burns() {
    let device = Device::flex().autodiff();
    let mut random = Random::new(8, 0);
    for [batch, channels, height, width] in SHAPES {
        let mut of =
            |shape: [usize; 4]| tensor(&numbers(&mut random, shape.iter().product()), shape, &device);
        let x = of([batch, channels, height, width]).require_grad();
        let share = of([batch, channels, height / 2, width / 2]);
        let ours = backend_ext::pool(x.clone());
        let theirs = max_pool2d(x.clone(), MaxPoolOptions::new([2, 2]).with_stride([2, 2]));
        assert_close(&values(ours.clone()), &values(theirs.clone()), "output");
        let pair = [ours, theirs]
            .map(|y| values(x.grad(&(y * share.clone()).sum().backward()).expect("a gradient")));
        assert_close(&pair[0], &pair[1], &format!("input's gradient of {height} × {width}"));
    }
}

#[test]
fn windows_have_one_winner() {
    // The same windows alone and four at a time, which has code of its own.
    for times in [1, 4] {
        let of = |line: [f32; 4]| line.repeat(times);
        let x = [of([f32::NAN, 1.0, 5.0, 5.0]), of([2.0, 3.0, 5.0, 5.0])].concat();
        let x = [x, of([1.0, 2.0, -4.0, -3.0]), of([9.0, f32::NAN, -1.0, -2.0])].concat();
        let (output, winners) = Pool { planes: 1, height: 4, width: 4 * times }.forward(&x);
        let (upper, lower) = output.split_at(2 * times);
        for (nan, number) in [(upper[0], upper[1]), (lower[0], lower[1])] {
            assert!(nan.is_nan() && !number.is_nan(), "not a number stays so: {output:?}");
        }
        assert_eq!((upper[1], winners[1]), (5.0, 0), "of equal numbers the first");
        assert_eq!((lower[1], winners[2 * times + 1]), (-1.0, 2), "the largest");
    }
}
