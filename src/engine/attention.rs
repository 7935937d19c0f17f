//! Attention as it is for every engine: its sizes, and what a query may see.

use std::sync::Arc;

/// The sizes of an attention.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attention {
    pub batch: usize,
    pub heads: usize,
    /// Numbers of a token, shared out among the heads.
    pub width: usize,
    /// Tokens that ask, and tokens that are asked; where it is causal or sloped, those that ask are the last of these.
    pub queries: usize,
    pub keys: usize,
    /// No query sees a key that comes after it.
    pub causal: bool,
    /// Scores fall with the distance, in each head by a slope of its own (ALiBi: Press et al. 2022).
    pub sloped: bool,
    /// How many keys of each example are no padding; all where it is empty.
    pub lengths: Arc<[usize]>,
}

impl Attention {
    /// How many keys, from the first on, a query sees.
    pub fn seen(&self, example: usize, query: usize) -> usize {
        let real = self.lengths.get(example).copied().unwrap_or(self.keys).clamp(1, self.keys);
        if self.causal { usize::min(real, query + 1 + self.keys - self.queries) } else { real }
    }

    /// 1 / √(numbers of a head)
    pub fn scale(&self) -> f32 {
        1.0 / ((self.width / self.heads) as f32).sqrt()
    }

    /// How much a score falls with each token between query and key.
    pub fn slope(&self, head: usize) -> f32 {
        if !self.sloped {
            return 0.0;
        }
        (-8.0 * (head + 1) as f32 / self.heads as f32).exp2()
    }
}

/// Added to a head's mean square before it is divided by.
pub const EPSILON: f32 = 1e-6;
/// Of the slowest turn (Su et al. 2021, section 3.4.3; Vaswani et al. 2017, section 3.5).
const SLOWEST: f64 = 10_000.0;

/// Queries or keys, `[batch, time, heads · size]`, before they meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HeadRows {
    pub time: usize,
    pub heads: usize,
    pub size: usize,
    /// Every head's numbers are divided by their root mean square.
    pub normalised: bool,
    /// Pairs of numbers, one of each half of a head, are turned by an angle that grows with the place.
    pub rotary: bool,
}

/// Cosine and sine of t · 10000^(−2i / size), `[time, size / 2]`.
pub fn turns(time: usize, size: usize) -> Vec<[f32; 2]> {
    let half = size / 2;
    let angle = |at: usize| {
        let (place, pair) = ((at / half) as f64, (at % half) as f64);
        place * SLOWEST.powf(-2.0 * pair / size as f64)
    };
    (0..time * half).map(|at| angle(at).sin_cos()).map(|(sin, cos)| [cos as f32, sin as f32]).collect()
}
