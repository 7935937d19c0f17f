//! Random numbers that are the same on every engine and every machine.

/// SplitMix64 (Steele, Lea, Flood 2014): small, fast, and any seed is a good one.
pub struct Random(u64);

/// What the state grows by for every number.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Random {
    /// A stream of its own for every (seed, purpose).
    pub fn new(seed: u32, purpose: u64) -> Self {
        let mut mixed = Self(u64::from(seed) << 32 ^ purpose);
        Self(mixed.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Passes over as many numbers.
    pub fn skip(&mut self, numbers: usize) {
        self.0 = self.0.wrapping_add(STEP.wrapping_mul(numbers as u64));
    }

    /// Uniform in [-bound, bound).
    pub fn uniform(&mut self, bound: f32) -> f32 {
        let unit = (self.next() >> 40) as f32 / (1u64 << 24) as f32;
        (unit * 2.0 - 1.0) * bound
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * (self.uniform(0.5) + 0.5)
    }

    /// Normal with mean 0 and deviation 1 (Box & Muller 1958).
    pub fn normal(&mut self) -> f32 {
        let radius = (-2.0 * self.between(f32::MIN_POSITIVE, 1.0).ln()).sqrt();
        radius * (std::f32::consts::TAU * self.between(0.0, 1.0)).cos()
    }

    /// Uniform in 0..n, by multiplication (Lemire 2019); the bias is below n / 2³².
    pub fn below(&mut self, n: usize) -> usize {
        (((self.next() >> 32) * n as u64) >> 32) as usize
    }

    /// Fisher–Yates.
    pub fn shuffle(&mut self, items: &mut [u32]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}
