//! The numbers that a parameter begins with, the same for the same stream of random numbers on every engine.

use crate::layers::kind::Init;
use crate::random::Random;

/// In the order of `shape`. With a `bound` they are uniform between −bound and bound, however they would be drawn else.
pub fn values(init: Init, shape: &[usize], bound: Option<f32>, random: &mut Random) -> Vec<f32> {
    let length = shape.iter().product();
    match (init, bound) {
        (_, Some(bound)) => (0..length).map(|_| random.uniform(bound)).collect(),
        (Init::One, None) => vec![1.0; length],
        (Init::Normal { thousandths }, None) => {
            let deviation = thousandths as f32 / 1000.0;
            (0..length).map(|_| deviation * random.normal()).collect()
        }
        (Init::Orthogonal { blocks, per_cent }, None) => {
            let side = length / shape[0].max(1);
            let block = |_| orthogonal(side, per_cent as f64 / 100.0, random);
            (0..blocks).flat_map(block).collect()
        }
        (Init::Bias { blocks, values }, None) => {
            let block = length / blocks.max(1);
            let of = |at: usize| values.get(at / block.max(1)).map_or(0.0, |number| f32::from(*number));
            (0..length).map(of).collect()
        }
        (Init::Zero | Init::Random { .. }, None) => vec![0.0; length],
    }
}

/// A matrix `[side, side]` whose rows stand at right angles and have this length: normal numbers, of each row of which the
/// rows before it are taken away (Gram–Schmidt; Saxe et al. 2014 begin networks so).
fn orthogonal(side: usize, length: f64, random: &mut Random) -> Vec<f32> {
    let mut rows = vec![0.0_f64; side * side];
    for at in 0..side {
        let (before, rest) = rows.split_at_mut(at * side);
        let row = &mut rest[..side];
        row.fill_with(|| f64::from(random.normal()));
        for other in before.chunks_exact(side) {
            let share = dot(row, other);
            row.iter_mut().zip(other).for_each(|(x, y)| *x -= share * y);
        }
        let size = dot(row, row).sqrt().max(f64::MIN_POSITIVE);
        row.iter_mut().for_each(|x| *x /= size);
    }
    rows.into_iter().map(|x| (x * length) as f32).collect()
}

/// Added up four at a time: each sum need not wait for the one before.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, rest_a) = a.as_chunks::<4>();
    let (b, rest_b) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a.iter().zip(b) {
        (0..4).for_each(|at| sums[at] += a[at] * b[at]);
    }
    sums.iter().sum::<f64>() + rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum::<f64>()
}
