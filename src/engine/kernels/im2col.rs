//! Windows of a picture laid out as rows, so that any convolution becomes a dense layer at every pixel. Channels last.

use super::depthwise::Window;

/// One row of windows: for output row `y` of an `input` `[height, width, channels]`, `⌈width / stride⌉` rows of
/// `channels · kernel · kernel` values in the order of a weight's `[channels, kernel, kernel]`; zero off the picture.
pub fn row(
    input: &[f32],
    [height, width, channels]: [usize; 3],
    window: Window,
    y: usize,
    output: &mut [f32],
) {
    let Window { kernel, stride, .. } = window;
    let [top, left] = [height, width].map(|length| window.before(length));
    for (x, window) in output.chunks_exact_mut(channels * kernel * kernel).enumerate() {
        for (channel, plane) in window.chunks_exact_mut(kernel * kernel).enumerate() {
            for (tap, value) in plane.iter_mut().enumerate() {
                let row = (y * stride + tap / kernel).wrapping_sub(top);
                let column = (x * stride + tap % kernel).wrapping_sub(left);
                *value = if row < height && column < width {
                    input[(row * width + column) * channels + channel]
                } else {
                    0.0
                };
            }
        }
    }
}
