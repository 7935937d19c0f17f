//! Byte pair encoding (Gage 1994; Sennrich et al. 2016): begin with characters, and again and again join the pair
//! of neighbours that is most frequent. Only within words, so that tokens are parts of words.

use super::pieces::pieces;
use super::{Encoded, Kind, Learned, Size, Token, Tokenizer, characters, counted};
use std::collections::{BinaryHeap, HashMap, HashSet};

pub const KIND: Kind = Kind {
    id: "byte_pairs",
    title: "Byte pairs",
    blurb: "Frequent neighbours are joined, pair by pair: common words become one token, rare ones several.",
    size: Some(Size { label: "Merges", min: 0, max: 8000, default: 500 }),
    train,
    encode,
};

/// Two tokens that are neighbours.
type Pair = [u32; 2];

/// A different word of the text, as its tokens.
struct Word {
    tokens: Vec<u32>,
    count: u64,
}

fn train(text: &str, size: usize) -> Learned {
    let mut vocabulary = characters::alphabet(text);
    // Ids count from 1: 0 is the unknown token.
    let ids: HashMap<String, u32> = vocabulary.iter().map(|token| token.text.clone()).zip(1..).collect();
    let mut joining = Joining::new(words(text, &ids));
    let mut merges = Vec::new();
    while merges.len() < size {
        let Some(pair) = joining.most_frequent() else { break };
        let merged = vocabulary.len() as u32 + 1;
        let text = pair.map(|id| vocabulary[id as usize - 1].text.as_str()).concat();
        vocabulary.push(Token { text, count: 0 });
        merges.push(pair);
        joining.join(pair, merged);
    }
    (vocabulary, merges)
}

/// The different words in the order in which they first come.
fn words(text: &str, ids: &HashMap<String, u32>) -> Vec<Word> {
    let word = |(piece, count): (&str, usize)| {
        let mut buffer = [0; 4];
        let tokens = piece.chars().map(|letter| ids[letter.encode_utf8(&mut buffer) as &str]).collect();
        Word { tokens, count: count as u64 }
    };
    counted(pieces(text).map(|(_, piece)| piece)).into_iter().map(word).collect()
}

/// The words while pairs are joined, and how often each pair is there now.
struct Joining {
    words: Vec<Word>,
    counts: HashMap<Pair, u64>,
    /// The words that have, or once had, a pair.
    places: HashMap<Pair, HashSet<usize>>,
    /// Pairs by their count, the most frequent first, and of equal ones the one with the smaller ids. A count that has
    /// changed is pushed again; what is out of date is passed over.
    queue: BinaryHeap<(u64, std::cmp::Reverse<Pair>)>,
}

impl Joining {
    fn new(words: Vec<Word>) -> Self {
        let mut counts: HashMap<Pair, u64> = HashMap::new();
        let mut places: HashMap<Pair, HashSet<usize>> = HashMap::new();
        for (place, word) in words.iter().enumerate() {
            for pair in neighbours(&word.tokens) {
                *counts.entry(pair).or_default() += word.count;
                places.entry(pair).or_default().insert(place);
            }
        }
        let queue = counts.iter().map(|(pair, count)| (*count, std::cmp::Reverse(*pair))).collect();
        Self { words, counts, places, queue }
    }

    /// A pair that comes once is no pattern.
    fn most_frequent(&mut self) -> Option<Pair> {
        while let Some((count, std::cmp::Reverse(pair))) = self.queue.pop() {
            if count > 1 && self.counts.get(&pair) == Some(&count) {
                return Some(pair);
            }
        }
        None
    }

    fn join(&mut self, pair: Pair, merged: u32) {
        let mut changed = HashSet::new();
        for place in self.places.remove(&pair).unwrap_or_default() {
            let word = &mut self.words[place];
            let joined = joined(&word.tokens, pair, merged);
            if joined.len() == word.tokens.len() {
                continue;
            }
            for pair in neighbours(&word.tokens) {
                *self.counts.entry(pair).or_default() -= word.count;
                changed.insert(pair);
            }
            for pair in neighbours(&joined) {
                *self.counts.entry(pair).or_default() += word.count;
                self.places.entry(pair).or_default().insert(place);
                changed.insert(pair);
            }
            word.tokens = joined;
        }
        for pair in changed {
            self.queue.push((self.counts[&pair], std::cmp::Reverse(pair)));
        }
    }
}

fn neighbours(tokens: &[u32]) -> impl Iterator<Item = Pair> {
    tokens.array_windows::<2>().copied()
}

/// With every such pair as one token, from the left.
fn joined(tokens: &[u32], pair: Pair, merged: u32) -> Vec<u32> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let here = tokens[at..].starts_with(&pair);
        out.push(if here { merged } else { tokens[at] });
        at += if here { 2 } else { 1 };
    }
    out
}

fn encode(tokenizer: &Tokenizer, text: &str, found: &mut Encoded) {
    // A text has few different words.
    let mut done: HashMap<&str, Vec<(u32, usize)>> = HashMap::new();
    for (from, piece) in pieces(text) {
        let tokens = done.entry(piece).or_insert_with(|| of_piece(tokenizer, piece));
        let mut at = from;
        for &(id, length) in tokens.iter() {
            found.push(id, at, length);
            at += length;
        }
    }
}

/// The tokens of a word with their bytes: what was learned first is joined first.
fn of_piece(tokenizer: &Tokenizer, piece: &str) -> Vec<(u32, usize)> {
    let mut buffer = [0; 4];
    let mut tokens: Vec<(u32, usize)> =
        piece.chars().map(|c| (characters::id(tokenizer, c, &mut buffer), c.len_utf8())).collect();
    let rank = |two: &[(u32, usize); 2]| tokenizer.ranks.get(&two.map(|(id, _)| id)).copied();
    while let Some(next) = tokens.array_windows().filter_map(rank).min() {
        let pair = tokenizer.merges[next as usize];
        let merged = tokenizer.first_merged() + next;
        let mut at = 0;
        while at + 1 < tokens.len() {
            if [tokens[at].0, tokens[at + 1].0] == pair {
                tokens[at] = (merged, tokens[at].1 + tokens[at + 1].1);
                tokens.remove(at + 1);
            }
            at += 1;
        }
    }
    tokens
}
