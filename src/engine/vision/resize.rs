//! From a picture of any size to the square that a network sees: the short side to a given length, then the middle.
//! The arithmetic is Pillow's, to the bit, because reference results were made with it: a cubic filter that widens
//! with the scale, eight-bit fixed point, rounded to bytes between the two directions. Only what the middle needs
//! is computed. Never touches a page or Burn.

/// Bits behind the point: eight for a byte, two for what overshoots, the rest.
const PRECISION: u32 = 32 - 8 - 2;

/// The middle `side × side` of the picture (RGB bytes, row by row) after its short side became `resize` long; the
/// long one and the offsets are rounded down. `side` is not more than `resize`. Nothing for a picture without pixels
/// or with other than `width × height × 3` bytes.
pub fn prepare(rgb: &[u8], width: usize, height: usize, resize: usize, side: usize) -> Vec<u8> {
    let short = width.min(height);
    if short == 0 || rgb.len() != width * height * 3 || side > resize {
        return Vec::new();
    }
    let columns = Axis::new(width, short, resize, side);
    let rows = Axis::new(height, short, resize, side);
    // First every row that a row of the result looks at, narrowed; then the columns.
    let needed = rows.needed();
    let mut narrow = Vec::with_capacity(needed.len() * side * 3);
    for row in needed.clone() {
        let row = &rgb[row * width * 3..][..width * 3];
        for taps in &columns.taps {
            for channel in 0..3 {
                narrow.push(taps.sum(|at| row[at * 3 + channel]));
            }
        }
    }
    let mut middle = Vec::with_capacity(side * side * 3);
    for taps in &rows.taps {
        for column in 0..side * 3 {
            middle.push(taps.sum(|at| narrow[(at - needed.start) * side * 3 + column]));
        }
    }
    middle
}

/// One direction: for each position of the result, what it is made of.
struct Axis {
    taps: Vec<Taps>,
}

/// The source positions from `start` on, each with its share.
struct Taps {
    start: usize,
    shares: Vec<i32>,
}

impl Axis {
    /// A side of `length` pixels where the picture's short one has `short`.
    fn new(length: usize, short: usize, resize: usize, side: usize) -> Self {
        // Long panoramas times 256 do not fit into a browser's usize.
        let target = (length as u64 * resize as u64 / short as u64) as usize;
        let scale = length as f64 / target as f64;
        let first = (target - side) / 2;
        Self { taps: (first..first + side).map(|at| Taps::new(at, scale, length)).collect() }
    }

    /// The source positions that are looked at.
    fn needed(&self) -> std::ops::Range<usize> {
        let start = self.taps.iter().map(|taps| taps.start).min().unwrap_or(0);
        let end = self.taps.iter().map(|taps| taps.start + taps.shares.len()).max().unwrap_or(0);
        start..end
    }
}

impl Taps {
    fn new(at: usize, scale: f64, length: usize) -> Self {
        // Making smaller, the filter is as much wider as the pixels are, so that none is passed over.
        let widened = scale.max(1.0);
        let reach = 2.0 * widened;
        let centre = (at as f64 + 0.5) * scale;
        let start = (centre - reach + 0.5).max(0.0) as usize;
        let end = ((centre + reach + 0.5) as usize).min(length);
        let weights = (start..end).map(|source| cubic((source as f64 - centre + 0.5) / widened));
        let weights: Vec<f64> = weights.collect();
        let sum: f64 = weights.iter().sum();
        let fixed = |weight: &f64| (weight / sum * f64::from(1 << PRECISION)).round() as i32;
        Self { start, shares: weights.iter().map(fixed).collect() }
    }

    /// The weighted sum of the source's bytes, rounded, as a byte.
    fn sum(&self, source: impl Fn(usize) -> u8) -> u8 {
        let add = |sum: i32, (at, share): (usize, &i32)| sum + i32::from(source(self.start + at)) * share;
        let sum = self.shares.iter().enumerate().fold(1 << (PRECISION - 1), add);
        (sum >> PRECISION).clamp(0, 255) as u8
    }
}

/// Keys' cubic convolution (1981) with a = −½: 1 at 0, 0 at every other whole number and from 2 on.
fn cubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    match x.abs() {
        x if x < 1.0 => ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0,
        x if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * A,
        _ => 0.0,
    }
}
