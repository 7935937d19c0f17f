//! What the network keeps of the tokens that it has read: their keys and values in every block, so that each is computed once.

use super::network::Sizes;

pub struct Cache {
    /// What was read, in order.
    pub tokens: Vec<u32>,
    /// Tokens that there is room for.
    pub room: usize,
    kept: usize,
    /// `[blocks, room, kept]`
    keys: Vec<f32>,
    values: Vec<f32>,
}

impl Cache {
    /// None where the browser has no memory for it.
    pub fn new(sizes: &Sizes, room: usize) -> Option<Self> {
        let kept = sizes.kept();
        let numbers = sizes.blocks.checked_mul(room)?.checked_mul(kept)?;
        let empty = || {
            let mut all = Vec::new();
            all.try_reserve_exact(numbers).ok()?;
            all.resize(numbers, 0.0);
            Some(all)
        };
        Some(Self { tokens: Vec::new(), room, kept, keys: empty()?, values: empty()? })
    }

    /// Puts `[tokens, kept]` behind what was read, in one block; `tokens` grows when all blocks have theirs. → all of the
    /// block's keys and values, `[time, kept]`.
    pub fn keep(&mut self, block: usize, keys: &[f32], values: &[f32]) -> [&[f32]; 2] {
        let start = block * self.room * self.kept;
        let from = start + self.tokens.len() * self.kept;
        let to = from + keys.len();
        assert!(to <= start + self.room * self.kept, "there is room for what is read");
        self.keys[from..to].copy_from_slice(keys);
        self.values[from..to].copy_from_slice(values);
        [&self.keys[start..to], &self.values[start..to]]
    }

    /// Forgets what comes behind the first so many tokens.
    pub fn truncate(&mut self, tokens: usize) {
        self.tokens.truncate(tokens);
    }
}
