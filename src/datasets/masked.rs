//! Hidden tokens, which a network learns to name from what stands before and behind them (Devlin et al. 2019, section 3.1).
//! Every hidden token is read as `[MASK]`: none is replaced by another or left as it is, as some are in BERT.

use super::target::{IGNORE_INDEX, TargetField};
use super::tokens::{TokenData, TokenSplit, Window};
use crate::random::Random;
use crate::tokenizer::{Encoded, Token, Tokenizer, UNKNOWN};

/// What a hidden token is read as, and how a visitor writes it.
pub const MASK: &str = "[MASK]";
/// Of an example's tokens so many are hidden, at least one.
const SHARE: f64 = 0.15;
/// The purposes of the streams of chances: what is held out is hidden always in the same way, what is learned from anew at
/// every step.
const HELD_OUT: u64 = 2 << 40;
const STEP: u64 = 3 << 40;

/// A text's tokens, where `[MASK]` is the token `mask`. A blank before it is a part of the hidden word where words have one.
pub fn encode(tokenizer: &Tokenizer, mask: u32, text: &str) -> Encoded {
    let words = tokenizer.kind() != "characters";
    let mut found = Encoded::default();
    let mut from = 0;
    for (at, hidden) in
        text.match_indices(MASK).map(|(at, hidden)| (at, at + hidden.len())).chain([(text.len(), 0)])
    {
        let before = &text[from..at];
        let kept = if words && hidden > 0 { before.strip_suffix(' ').unwrap_or(before) } else { before };
        let part = tokenizer.encode(kept);
        found.ids.extend(part.ids);
        found.spans.extend(part.spans.into_iter().map(|span| span.start + from..span.end + from));
        if hidden > 0 {
            found.ids.push(mask);
            found.spans.push(from + kept.len()..hidden);
            from = hidden;
        }
    }
    found
}

impl Window {
    /// Without the end of the line before, which only tells where the first letter would be.
    pub(super) fn without_begin(self) -> Option<Self> {
        let rest = Self { start: self.start + 1, length: self.length - 1, ..self };
        (rest.length > 0).then_some(rest)
    }
}

impl TokenData {
    /// Hidden tokens are asked for instead of the next ones. `[MASK]` is the vocabulary's last token.
    pub(super) fn mask_tokens(&mut self) {
        let mask = self.info.vocabulary.len() as u32;
        self.info.vocabulary.push(Token { text: MASK.into(), count: 0 });
        // It knows one neighbour, where this network knows both.
        self.info.bigram = None;
        let counts = self.train.counts(mask as usize + 1);
        self.test.hide(mask);
        self.train.hide(mask);
        self.info.unigram = self.test.unigram(&counts);
        self.carry = false;
        self.mask = Some(mask);
        let vocabulary = self.info.vocabulary.iter().map(|token| token.text.clone()).collect();
        self.target = TargetField::Masked { vocabulary, unigram: self.info.unigram };
    }
}

impl TokenSplit {
    /// Hides tokens of every example, the same ones each time.
    pub fn hide(&mut self, mask: u32) {
        self.hidden = self.tokens.clone();
        for index in 0..self.examples.len() {
            let places = self.places(index, &mut Random::new(0, HELD_OUT + index as u64));
            let start = self.examples[index].start as usize;
            places.into_iter().for_each(|place| self.hidden[start + place] = mask);
        }
    }

    /// What is read and what is asked for of example `index` at a step.
    pub fn hidden_anew(&self, index: usize, mask: u32, [seed, step]: [u32; 2]) -> (Vec<u32>, Vec<u32>) {
        let mut random = Random::new(seed, STEP + (u64::from(step) << 20) + index as u64);
        let window = self.examples[index];
        let mut read = self.tokens[window.start as usize..(window.start + window.length) as usize].to_vec();
        let mut asked = vec![IGNORE_INDEX; read.len()];
        for place in self.places(index, &mut random) {
            asked[place] = std::mem::replace(&mut read[place], mask);
        }
        (read, asked)
    }

    /// Which tokens of an example are hidden. An unknown one is not: nobody could name it.
    fn places(&self, index: usize, random: &mut Random) -> Vec<usize> {
        let window = self.examples[index];
        let start = window.start as usize;
        let known = |place: &u32| self.tokens[start + *place as usize] != UNKNOWN;
        let mut places: Vec<u32> = (0..window.length).filter(known).collect();
        random.shuffle(&mut places);
        let count = (f64::from(window.length) * SHARE).round().max(1.0) as usize;
        places.into_iter().take(count).map(|place| place as usize).collect()
    }
}
