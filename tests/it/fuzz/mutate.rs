//! Damage by chance: to bytes, and to JSON that stays JSON.

use intab::random::Random;
use serde_json::{Map, Value, json};

/// Chances of one case, the same for the same seed.
pub struct Chance(Random);

/// What programs trip over, as text.
const ODD: [&[u8]; 16] = [
    b"18446744073709551616",
    b"-1",
    b"1e999",
    b"NaN",
    b"4294967295",
    b"\0",
    b"\xff\xfe",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"{}",
    b"null",
    b"\"",
    b"\r\n",
    b"%",
    b"../",
    "\u{202e}é\u{a0}日".as_bytes(),
];

/// What programs trip over, as numbers.
fn number(chance: &mut Chance) -> Value {
    let whole =
        [0, 1, 2, 255, 65_536, 1 << 31, u64::from(u32::MAX), 1 << 40, u64::MAX / 2, u64::MAX - 1, u64::MAX];
    match chance.below(4) {
        0 => json!(-1),
        1 => json!(*chance.pick(&[0.5, -0.0, 1e-300, 1e300, -1e300, f64::MAX])),
        2 => json!(i64::MIN),
        _ => json!(*chance.pick(&whole)),
    }
}

impl Chance {
    pub fn new(seed: u32) -> Self {
        Self(Random::new(seed, 0xF0_22))
    }

    /// Uniform in 0..n; 0 where n is 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.below(n)
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.below(256) as u8).collect()
    }

    /// A range of a list of this length, short ones more often.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        let most = if self.one_in(4) { length } else { 16.min(length) };
        start..(start + 1 + self.below(most)).min(length)
    }

    /// Some damage, up to five times.
    pub fn damaged(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        for _ in 0..1 + self.below(5) {
            let at = self.below(bytes.len());
            let range = self.range(bytes.len());
            match self.below(9) {
                _ if bytes.is_empty() => bytes = self.bytes(8),
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = self.below(256) as u8,
                2 => bytes.truncate(at),
                3 => drop(bytes.drain(range)),
                4 => {
                    let piece = bytes[range].to_vec();
                    let times = if self.one_in(8) { 200 } else { 1 };
                    bytes.splice(at..at, piece.repeat(times));
                }
                5 => {
                    let piece: Vec<u8> = bytes.drain(range).collect();
                    let at = self.below(bytes.len() + 1);
                    bytes.splice(at..at, piece);
                }
                6 => drop(bytes.splice(at..at, self.pick(&ODD).iter().copied())),
                // A count or a length that is not what it was.
                7 => {
                    let extreme =
                        *self.pick(&[0_u64, 1, 0x7fff_ffff, 0xffff_ffff, u64::MAX, 1 << 63, 1 << 20]);
                    let width = *self.pick(&[1, 2, 4, 8]);
                    let end = (at + width).min(bytes.len());
                    bytes[at..end].copy_from_slice(&extreme.to_le_bytes()[..end - at]);
                }
                _ => {
                    let deep = *self.pick(&[3, 100, 5_000]);
                    let mark = *self.pick(b"[{(\"-,");
                    bytes.splice(at..at, std::iter::repeat_n(mark, deep));
                }
            }
        }
        bytes
    }

    pub fn damaged_text(&mut self, text: &str) -> String {
        String::from_utf8_lossy(&self.damaged(text.as_bytes().to_vec())).into_owned()
    }

    /// Some damage to one or more places of a JSON value, which stays one.
    pub fn damaged_json(&mut self, value: &mut Value) {
        for _ in 0..1 + self.below(3) {
            self.damage_somewhere(value);
        }
    }

    fn damage_somewhere(&mut self, value: &mut Value) {
        let down = !self.one_in(6);
        match value {
            Value::Object(fields) if down && !fields.is_empty() => self.damage_fields(fields),
            Value::Array(items) if down && !items.is_empty() => {
                let (at, other) = (self.below(items.len()), self.below(items.len()));
                match self.below(6) {
                    0 => drop(items.remove(at)),
                    1 => items.swap(at, other),
                    2 => items.insert(other, items[at].clone()),
                    _ => self.damage_somewhere(&mut items[at]),
                }
            }
            _ => *value = self.another(value),
        }
    }

    fn damage_fields(&mut self, fields: &mut Map<String, Value>) {
        let names: Vec<String> = fields.keys().cloned().collect();
        let (name, other) = (self.pick(&names).clone(), self.pick(&names).clone());
        match self.below(8) {
            0 => drop(fields.remove(&name)),
            1 => {
                let taken = fields[&other].clone();
                fields.insert(name, taken);
            }
            2 => drop(fields.insert(format!("{name}x"), json!(1))),
            _ => self.damage_somewhere(&mut fields[&name]),
        }
    }

    /// Something else in place of a value, of the same type more often than not.
    fn another(&mut self, value: &Value) -> Value {
        match (value, self.below(8)) {
            (Value::Number(_), 0..=4) => number(self),
            (Value::String(text), 0..=4) => self.damaged_text(text).into(),
            (_, 0) => Value::Null,
            (_, 1) => json!([]),
            (_, 2) => json!({}),
            (_, 3) => json!(true),
            (_, 4) => (0..100).fold(json!(0), |inner, _| json!([inner])),
            (_, 5) => json!("x".repeat(10_000)),
            _ => number(self),
        }
    }
}
