//! The tokens of a network that talks, from its file: byte pairs (Gage 1994; Sennrich et al. 2016) over bytes, as GPT-2 has
//! them, so that every text can be written.

use super::gguf::Head;
use super::pieces::pieces;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// The kind of a token that stands for no text.
const CONTROL: f64 = 3.0;
/// Bytes of a character in UTF-8, at most.
const LONGEST_CHARACTER: usize = 4;
/// No token.
const NONE: u32 = u32::MAX;

/// A vocabulary and the pairs that become one token.
pub struct Tokens {
    /// The bytes of all tokens, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// Which of them stand for no text.
    control: Vec<bool>,
    /// Of each byte by itself.
    of_byte: [u32; 256],
    /// Two tokens → when they are joined, the earlier the sooner, and what they become.
    merges: HashMap<[u32; 2], [u32; 2]>,
}

impl Tokens {
    /// An error says what the file lacks.
    pub fn read(head: &Head) -> Result<Self, String> {
        for (key, expected) in [("tokenizer.ggml.model", "gpt2"), ("tokenizer.ggml.pre", "smollm")] {
            let found = head.text(key)?;
            if found != expected {
                return Err(format!("its “{key}” is “{found}”, which is not known here"));
            }
        }
        let texts = head.texts("tokenizer.ggml.tokens")?;
        let kinds = head.numbers("tokenizer.ggml.token_type")?;
        if kinds.len() != texts.len() {
            return Err("it does not say of every token what it is".into());
        }
        let control: Vec<bool> = kinds.iter().map(|kind| *kind == CONTROL).collect();
        let ids: HashMap<&str, u32> = texts.iter().copied().zip(0..).collect();
        let letters = letters();
        let mut of_byte = [NONE; 256];
        for (letter, byte) in &letters {
            of_byte[usize::from(*byte)] = ids.get(letter.to_string().as_str()).copied().unwrap_or(NONE);
        }
        let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(texts.len()));
        for (text, control) in texts.iter().zip(&control) {
            if *control {
                bytes.extend(text.as_bytes());
            } else {
                // What is written otherwise is none of the letters, and stands for itself.
                let known = text.chars().map(|letter| letters.get(&letter).copied());
                match known.collect::<Option<Vec<u8>>>() {
                    Some(known) => bytes.extend(known),
                    None => bytes.extend(text.as_bytes()),
                }
            }
            ends.push(bytes.len() as u32);
        }
        let mut merges = HashMap::with_capacity(head.texts("tokenizer.ggml.merges")?.len());
        for (pair, rank) in head.texts("tokenizer.ggml.merges")?.iter().zip(0..) {
            let joined = pair.split_once(' ').and_then(|(left, right)| {
                let merged = ids.get(format!("{left}{right}").as_str())?;
                Some(([*ids.get(left)?, *ids.get(right)?], [rank, *merged]))
            });
            let (pair, becomes) = joined.ok_or_else(|| format!("its pair “{pair}” is of no tokens"))?;
            merges.entry(pair).or_insert(becomes);
        }
        Ok(Self { bytes, ends, control, of_byte, merges })
    }

    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// It stands for no text.
    pub fn is_control(&self, id: u32) -> bool {
        self.control.get(id as usize).copied().unwrap_or(true)
    }

    /// The bytes that a token stands for: a character may be shared by several. Of one that stands for no text, its name.
    pub fn bytes(&self, id: u32) -> &[u8] {
        let end = self.ends.get(id as usize).map_or(0, |end| *end as usize);
        let start = (id as usize).checked_sub(1).and_then(|before| self.ends.get(before));
        self.bytes.get(start.map_or(0, |start| *start as usize)..end).unwrap_or_default()
    }

    /// The text that a token adds to those before it. A character that is not whole yet is added by the token that ends it.
    pub fn text_behind(&self, before: &[u32], id: u32) -> String {
        let few = &before[before.len().saturating_sub(LONGEST_CHARACTER - 1)..];
        let written = few.iter().flat_map(|id| self.bytes(*id)).copied().collect::<Vec<u8>>();
        let begun = &written[written.len() - unfinished(&written)..];
        let mut bytes = [begun, self.bytes(id)].concat();
        bytes.truncate(bytes.len() - unfinished(&bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The id of a token that stands for no text.
    pub fn control(&self, name: &str) -> Option<u32> {
        let named = |id: &u32| self.control[*id as usize] && self.bytes(*id) == name.as_bytes();
        (0..self.count() as u32).find(named)
    }

    /// The tokens of a text. A byte that has none is left out, as in the published tokenizer.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut found = Vec::new();
        for piece in pieces(text) {
            let bytes = piece.bytes().map(|byte| self.of_byte[usize::from(byte)]);
            self.join(bytes.filter(|id| *id != NONE).collect(), &mut found);
        }
        found
    }

    /// Joins neighbours, the pair that was learned first before all others and of equal ones the left one.
    fn join(&self, mut ids: Vec<u32>, found: &mut Vec<u32>) {
        let count = ids.len();
        // The neighbours of each place that is still there.
        let mut after: Vec<usize> = (1..=count).collect();
        let mut before: Vec<usize> = (0..count).map(|at| at.wrapping_sub(1)).collect();
        let mut queue = BinaryHeap::new();
        let offer = |ids: &[u32], left: usize, right: usize, queue: &mut BinaryHeap<_>| {
            if let (Some(a), Some(b)) = (ids.get(left), ids.get(right))
                && let Some([rank, merged]) = self.merges.get(&[*a, *b])
            {
                queue.push(Reverse((*rank, left, right, [*a, *b], *merged)));
            }
        };
        (1..count).for_each(|right| offer(&ids, right - 1, right, &mut queue));
        while let Some(Reverse((_, left, right, pair, merged))) = queue.pop() {
            // What was joined meanwhile is passed over.
            if after[left] != right || [ids[left], ids[right]] != pair {
                continue;
            }
            ids[left] = merged;
            ids[right] = NONE;
            after[left] = after[right];
            if let Some(next) = before.get_mut(after[left]) {
                *next = left;
            }
            offer(&ids, before[left], left, &mut queue);
            offer(&ids, left, after[left], &mut queue);
        }
        found.extend(ids.into_iter().filter(|id| *id != NONE));
    }
}

/// Bytes at the end that begin a character and do not end it.
fn unfinished(bytes: &[u8]) -> usize {
    let tail = bytes.iter().rev().take(LONGEST_CHARACTER - 1);
    let Some(back) = tail.clone().position(|byte| *byte & 0xc0 != 0x80) else { return 0 };
    let length = match bytes[bytes.len() - 1 - back] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    if length > back + 1 { back + 1 } else { 0 }
}

/// GPT-2's letters for bytes: those that can be shown stand for themselves, the others for what follows Latin-1.
fn letters() -> HashMap<char, u8> {
    let mut others = 256..;
    let letter = |byte: u8| {
        let shown = matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
        let code = if shown { Some(u32::from(byte)) } else { others.next() };
        Some((code.and_then(char::from_u32)?, byte))
    };
    (0..=255).filter_map(letter).collect()
}
