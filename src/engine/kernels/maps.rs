//! What pretrained networks do to maps without any weights. Channels last: `[height, width, channels]`.

use super::simd::F4;

/// Each 2 × 2 pixels become one of four times the channels: upper left, lower left, upper right, lower right.
pub fn space_to_depth(input: &[f32], [height, width, channels]: [usize; 3], output: &mut [f32]) {
    let (rows, columns) = (height / 2, width / 2);
    assert_eq!((input.len(), output.len()), (height * width * channels, rows * columns * 4 * channels));
    for (at, to) in output.chunks_exact_mut(4 * channels).enumerate() {
        let (y, x) = (at / columns * 2, at % columns * 2);
        for (to, (dy, dx)) in to.chunks_exact_mut(channels).zip([(0, 0), (1, 0), (0, 1), (1, 1)]) {
            to.copy_from_slice(&input[((y + dy) * width + x + dx) * channels..][..channels]);
        }
    }
}

/// Each pixel becomes 2 × 2 like it.
pub fn upsample(input: &[f32], [height, width, channels]: [usize; 3], output: &mut [f32]) {
    assert_eq!((input.len(), output.len()), (height * width * channels, height * width * channels * 4));
    let row = width * channels;
    for (from, to) in input.chunks_exact(row).zip(output.chunks_exact_mut(4 * row)) {
        let (upper, lower) = to.split_at_mut(2 * row);
        for (pixel, two) in from.chunks_exact(channels).zip(upper.chunks_exact_mut(2 * channels)) {
            two[..channels].copy_from_slice(pixel);
            two[channels..].copy_from_slice(pixel);
        }
        lower.copy_from_slice(upper);
    }
}

/// The channels of one map at every pixel of a wider one, from its channel `first` on.
pub fn put_channels(input: &[f32], channels: usize, output: &mut [f32], all: usize, first: usize) {
    assert!(first + channels <= all && input.len() / channels == output.len() / all);
    for (from, to) in input.chunks_exact(channels).zip(output.chunks_exact_mut(all)) {
        to[first..first + channels].copy_from_slice(from);
    }
}

/// The largest of each window of `kernel × kernel`, an odd number, around every pixel. The largest of a square is the
/// largest of its rows' largest, so each direction is a pass of its own.
pub fn max_pool(input: &[f32], [height, width, channels]: [usize; 3], kernel: usize, output: &mut [f32]) {
    assert_eq!((input.len(), output.len()), (height * width * channels, height * width * channels));
    let mut rows = vec![0.0; input.len()];
    for (from, to) in input.chunks_exact(width * channels).zip(rows.chunks_exact_mut(width * channels)) {
        largest(from, width, channels, kernel, to);
    }
    largest(&rows, height, width * channels, kernel, output);
}

/// Of `count` vectors of `length` numbers each, the largest within `kernel / 2` of each.
fn largest(input: &[f32], count: usize, length: usize, kernel: usize, output: &mut [f32]) {
    for (at, to) in output.chunks_exact_mut(length).enumerate() {
        let (first, end) = (at.saturating_sub(kernel / 2), (at + kernel / 2 + 1).min(count));
        to.copy_from_slice(&input[first * length..][..length]);
        for other in input[first * length..end * length].chunks_exact(length).skip(1) {
            let (fours, rest) = to.as_chunks_mut::<4>();
            let (others, rest_of_other) = other.as_chunks::<4>();
            for (four, other) in fours.iter_mut().zip(others) {
                // SAFETY: both are four numbers.
                unsafe { F4::load(four.as_ptr()).max(F4::load(other.as_ptr())).store(four.as_mut_ptr()) };
            }
            rest.iter_mut().zip(rest_of_other).for_each(|(a, b)| *a = a.max(*b));
        }
    }
}
