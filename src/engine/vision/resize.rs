//! From a picture of any size to what a network sees: the short side to a given length, then the middle; or all of it.
//! The arithmetic is Pillow's, to the bit, because reference results were made with it: a filter that widens
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
    let columns = Axis::middle(width, short, resize, side);
    let rows = Axis::middle(height, short, resize, side);
    passes(rgb, width, &columns, &rows)
}

/// The whole picture in another size, by a linear filter; Pillow calls it bilinear. Nothing for a picture without pixels or
/// with other than `width × height × 3` bytes.
pub fn scaled(rgb: &[u8], [width, height]: [usize; 2], to: [usize; 2]) -> Vec<u8> {
    if width * height == 0 || to.contains(&0) || rgb.len() != width * height * 3 {
        return Vec::new();
    }
    passes(rgb, width, &Axis::whole(width, to[0]), &Axis::whole(height, to[1]))
}

/// First every row that a row of the result looks at, narrowed; then the columns.
fn passes(rgb: &[u8], width: usize, columns: &Axis, rows: &Axis) -> Vec<u8> {
    let needed = rows.needed();
    let wide = columns.taps.len() * 3;
    let mut narrow = Vec::with_capacity(needed.len() * wide);
    for row in needed.clone() {
        let row = &rgb[row * width * 3..][..width * 3];
        for taps in &columns.taps {
            for channel in 0..3 {
                narrow.push(taps.sum(|at| row[at * 3 + channel]));
            }
        }
    }
    let mut result = Vec::with_capacity(rows.taps.len() * wide);
    for taps in &rows.taps {
        for column in 0..wide {
            result.push(taps.sum(|at| narrow[(at - needed.start) * wide + column]));
        }
    }
    result
}

/// How much a source pixel counts by how far it is, and how far that goes.
#[derive(Clone, Copy)]
struct Filter {
    reach: f64,
    weight: fn(f64) -> f64,
}

const CUBIC: Filter = Filter { reach: 2.0, weight: cubic };
const LINEAR: Filter = Filter { reach: 1.0, weight: |x| (1.0 - x.abs()).max(0.0) };

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
    fn middle(length: usize, short: usize, resize: usize, side: usize) -> Self {
        // Long panoramas times 256 do not fit into a browser's usize.
        let target = (length as u64 * resize as u64 / short as u64) as usize;
        let scale = length as f64 / target as f64;
        let first = (target - side) / 2;
        Self { taps: (first..first + side).map(|at| Taps::new(at, scale, length, CUBIC)).collect() }
    }

    /// All of a side of `length` pixels, made `target` long.
    fn whole(length: usize, target: usize) -> Self {
        let scale = length as f64 / target as f64;
        Self { taps: (0..target).map(|at| Taps::new(at, scale, length, LINEAR)).collect() }
    }

    /// The source positions that are looked at.
    fn needed(&self) -> std::ops::Range<usize> {
        let start = self.taps.iter().map(|taps| taps.start).min().unwrap_or(0);
        let end = self.taps.iter().map(|taps| taps.start + taps.shares.len()).max().unwrap_or(0);
        start..end
    }
}

impl Taps {
    fn new(at: usize, scale: f64, length: usize, filter: Filter) -> Self {
        // Making smaller, the filter is as much wider as the pixels are, so that none is passed over.
        let widened = scale.max(1.0);
        let reach = filter.reach * widened;
        let centre = (at as f64 + 0.5) * scale;
        let start = (centre - reach + 0.5).max(0.0) as usize;
        let end = ((centre + reach + 0.5) as usize).min(length);
        let weights = (start..end).map(|source| (filter.weight)((source as f64 - centre + 0.5) / widened));
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
