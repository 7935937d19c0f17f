//! Scaled dot-product attention of one token in one head (Vaswani et al. 2017, equation 1), done again by hand.

use crate::protocol::HeadIo;

/// How a token is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Query · key.
    pub product: f64,
    /// Divided by the root of the head's size, less what the distance costs.
    pub score: f64,
    /// e to the score.
    pub power: f64,
    /// Of all powers together.
    pub share: f64,
}

/// Of each token that may be looked at.
pub fn looks(head: &HeadIo) -> Vec<Look> {
    let size = head.query.len().max(1);
    let at = f64::from(head.at);
    let look = |(place, key): (usize, &[f32])| {
        let product: f64 = products(head, key).sum();
        let distance = (at - place as f64).abs();
        let score = product / (size as f64).sqrt() - f64::from(head.slope) * distance;
        Look { product, score, power: score.exp(), share: 0.0 }
    };
    let mut all: Vec<Look> =
        head.keys.chunks_exact(size).take(head.seen as usize).enumerate().map(look).collect();
    let highest = all.iter().map(|look| look.score).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = all.iter().map(|look| (look.score - highest).exp()).sum();
    all.iter_mut().for_each(|look| look.share = (look.score - highest).exp() / sum);
    all
}

/// What query and key have in each place, multiplied.
pub fn products<'a>(head: &'a HeadIo, key: &'a [f32]) -> impl Iterator<Item = f64> + 'a {
    head.query.iter().zip(key).map(|(query, key)| f64::from(*query) * f64::from(*key))
}

/// Number `number` of a token's value.
pub fn value(head: &HeadIo, token: usize, number: usize) -> f64 {
    let size = head.query.len();
    head.values.get(token * size + number).copied().map_or(0.0, f64::from)
}

/// Number `number` of what the head finds: each value times its share, added up.
pub fn found(head: &HeadIo, looks: &[Look], number: usize) -> f64 {
    looks.iter().enumerate().map(|(token, look)| look.share * value(head, token, number)).sum()
}
