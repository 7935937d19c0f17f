//! The next token from a network's logits: temperature, then the likeliest k, then the likeliest that have a share p.
//! `stroke` has the next move of a pen.

pub mod stroke;

use crate::random::Random;

/// The likeliest tokens with their logits, at most so many, the likeliest first and of equals the smaller id; none that is no
/// number.
pub fn likeliest(logits: &[f32], most: usize) -> Vec<(u32, f32)> {
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    let mut found: Vec<(u32, f32)> =
        (0..).zip(logits.iter().copied()).filter(|(_, logit)| !logit.is_nan()).collect();
    // Of a large vocabulary only the few that are wanted are sorted.
    if most < found.len() {
        found.select_nth_unstable_by(most, order);
        found.truncate(most);
    }
    found.sort_unstable_by(order);
    found
}

/// How tokens are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// 0 takes the likeliest always; 1 draws as the network says.
    pub temperature: f32,
    /// Only so many of the likeliest, where it is not 0.
    pub top_k: usize,
    /// Only the likeliest that together have this probability (Holtzman et al. 2020); 1 leaves all.
    pub top_p: f32,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { temperature: 1.0, top_k: 0, top_p: 1.0 }
    }
}

impl Sampling {
    /// What can be drawn and how likely, the likeliest first and of equals the smaller id. At temperature 0 that is one
    /// token. Logits that are no numbers are never drawn; empty only if there is no other.
    pub fn candidates(&self, logits: &[f32]) -> Vec<(u32, f32)> {
        let most = match self.top_k {
            _ if self.temperature <= 0.0 => 1,
            0 => logits.len(),
            some => some,
        };
        let mut found = likeliest(logits, most);
        let Some(&(likeliest, highest)) = found.first() else { return found };
        // One that is infinite leaves no room for others.
        if self.temperature <= 0.0 || !highest.is_finite() {
            return vec![(likeliest, 1.0)];
        }
        for (_, logit) in &mut found {
            *logit = ((*logit - highest) / self.temperature).exp();
        }
        if self.top_p < 1.0 {
            let all: f32 = found.iter().map(|(_, power)| power).sum();
            let mut share = 0.0;
            let wanted = found.iter().position(|(_, power)| {
                share += power / all;
                share >= self.top_p
            });
            found.truncate(wanted.map_or(found.len(), |last| last + 1));
        }
        let all: f32 = found.iter().map(|(_, power)| power).sum();
        found.iter_mut().for_each(|(_, power)| *power /= all);
        found
    }

    /// One of them by chance, where there is any.
    pub fn draw(&self, logits: &[f32], random: &mut Random) -> Option<u32> {
        let candidates = self.candidates(logits);
        let mut rest = random.between(0.0, 1.0);
        for (token, probability) in &candidates {
            rest -= probability;
            if rest < 0.0 {
                return Some(*token);
            }
        }
        // Rounding may leave a little.
        candidates.last().map(|(token, _)| *token)
    }
}
