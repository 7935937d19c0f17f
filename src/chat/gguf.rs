//! The head of a GGUF file, version 3 (github.com/ggml-org/ggml, docs/gguf.md): what its publisher says of the network, and
//! where each tensor lies. A file may say anything, so every length is checked before it is believed.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The file begins with these, and its version.
const MAGIC: &[u8; 4] = b"GGUF";
const VERSION: u32 = 3;
/// Tensors begin at multiples of this, counted from the first, unless the file says otherwise.
const ALIGNMENT: usize = 32;

/// Weights of a quantised tensor share a scale in runs of so many.
pub const BLOCK: usize = 32;

/// How the numbers of a tensor are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    F32,
    /// Blocks of a scale d and a least value m in half precision, and 32 numbers q of 4 bits: d q + m.
    Q4_1,
    /// Blocks of a scale d in half precision and 32 numbers q of 8 bits: d q.
    Q8_0,
}

impl Encoding {
    fn of(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::F32),
            3 => Some(Self::Q4_1),
            8 => Some(Self::Q8_0),
            _ => None,
        }
    }

    /// Bytes of a block, and numbers in it.
    pub const fn block(self) -> [usize; 2] {
        match self {
            Self::F32 => [4, 1],
            Self::Q4_1 => [4 + BLOCK / 2, BLOCK],
            Self::Q8_0 => [2 + BLOCK, BLOCK],
        }
    }
}

/// Where a tensor lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorPlace {
    pub encoding: Encoding,
    /// As PyTorch has it: one row after the other. A vector has one row.
    pub shape: [usize; 2],
    /// In the file.
    pub bytes: Range<usize>,
}

/// What is said about the network.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Number(f64),
    Text(&'a str),
    Texts(Vec<&'a str>),
    Numbers(Vec<f64>),
}

/// All that stands before the numbers.
#[derive(Debug)]
pub struct Head<'a> {
    values: HashMap<&'a str, Value<'a>>,
    pub tensors: BTreeMap<String, TensorPlace>,
}

impl<'a> Head<'a> {
    /// An error says what is wrong with the file.
    pub fn read(file: &'a [u8]) -> Result<Self, String> {
        let mut reader = Reader { rest: file };
        if reader.take(4)? != MAGIC {
            return Err("it is no GGUF file".into());
        }
        match reader.u32()? {
            VERSION => (),
            other => return Err(format!("it is GGUF of version {other}, not {VERSION}")),
        }
        let [tensors, values] = [reader.count()?, reader.count()?];
        let mut said = HashMap::new();
        for _ in 0..values {
            let name = reader.text()?;
            let kind = reader.u32()?;
            said.insert(name, reader.value(kind)?);
        }
        let mut places = BTreeMap::new();
        for _ in 0..tensors {
            let (name, place) = reader.tensor()?;
            places.insert(name.to_owned(), place);
        }
        let alignment = match said.get("general.alignment") {
            Some(Value::Number(bytes)) if (1.0..=65536.0).contains(bytes) => *bytes as usize,
            _ => ALIGNMENT,
        };
        let start = (file.len() - reader.rest.len()).next_multiple_of(alignment);
        for (name, place) in &mut places {
            let end = start.checked_add(place.bytes.end).filter(|end| *end <= file.len());
            let end = end.ok_or_else(|| format!("its “{name}” is cut short"))?;
            place.bytes = start + place.bytes.start..end;
        }
        Ok(Self { values: said, tensors: places })
    }

    pub fn number(&self, key: &str) -> Result<f64, String> {
        match self.values.get(key) {
            Some(Value::Number(number)) => Ok(*number),
            _ => Err(lacks(key)),
        }
    }

    /// A number that counts something.
    pub fn count(&self, key: &str) -> Result<usize, String> {
        let number = self.number(key)?;
        let counts = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
        if counts { Ok(number as usize) } else { Err(format!("its “{key}” is no count")) }
    }

    pub fn text(&self, key: &str) -> Result<&'a str, String> {
        match self.values.get(key) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(lacks(key)),
        }
    }

    pub fn texts(&self, key: &str) -> Result<&[&'a str], String> {
        match self.values.get(key) {
            Some(Value::Texts(texts)) => Ok(texts),
            _ => Err(lacks(key)),
        }
    }

    pub fn numbers(&self, key: &str) -> Result<&[f64], String> {
        match self.values.get(key) {
            Some(Value::Numbers(numbers)) => Ok(numbers),
            _ => Err(lacks(key)),
        }
    }

    /// The place of a tensor, which must have this shape; an error says what is wrong with it.
    pub fn tensor(&self, name: &str, shape: [usize; 2]) -> Result<TensorPlace, String> {
        let place = self.tensors.get(name).ok_or_else(|| format!("it has no “{name}”"))?;
        if place.shape != shape {
            return Err(format!("its “{name}” is {:?} where {shape:?} was expected", place.shape));
        }
        Ok(place.clone())
    }
}

fn lacks(key: &str) -> String {
    format!("it does not say its “{key}”")
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or("it is cut short")?;
        self.rest = rest;
        Ok(taken)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], String> {
        self.take(N)?.try_into().map_err(|_| "it is cut short".into())
    }

    fn u32(&mut self) -> Result<u32, String> {
        self.bytes().map(u32::from_le_bytes)
    }

    /// A length: no more than bytes are left.
    fn count(&mut self) -> Result<usize, String> {
        let count = u64::from_le_bytes(self.bytes()?);
        let there = usize::try_from(count).ok().filter(|count| *count <= self.rest.len());
        there.ok_or_else(|| "it promises more than it has".into())
    }

    fn text(&mut self) -> Result<&'a str, String> {
        let length = self.count()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| "a text in it is no text".into())
    }

    fn value(&mut self, kind: u32) -> Result<Value<'a>, String> {
        const TEXT: u32 = 8;
        const LIST: u32 = 9;
        match kind {
            TEXT => self.text().map(Value::Text),
            LIST => {
                let kind = self.u32()?;
                let count = self.count()?;
                if kind == TEXT {
                    return (0..count).map(|_| self.text()).collect::<Result<_, _>>().map(Value::Texts);
                }
                (0..count).map(|_| self.number(kind)).collect::<Result<_, _>>().map(Value::Numbers)
            }
            _ => self.number(kind).map(Value::Number),
        }
    }

    fn number(&mut self, kind: u32) -> Result<f64, String> {
        Ok(match kind {
            0 | 7 => f64::from(u8::from_le_bytes(self.bytes()?)),
            1 => f64::from(i8::from_le_bytes(self.bytes()?)),
            2 => f64::from(u16::from_le_bytes(self.bytes()?)),
            3 => f64::from(i16::from_le_bytes(self.bytes()?)),
            4 => f64::from(u32::from_le_bytes(self.bytes()?)),
            5 => f64::from(i32::from_le_bytes(self.bytes()?)),
            6 => f64::from(f32::from_le_bytes(self.bytes()?)),
            10 => u64::from_le_bytes(self.bytes()?) as f64,
            11 => i64::from_le_bytes(self.bytes()?) as f64,
            12 => f64::from_le_bytes(self.bytes()?),
            _ => return Err(format!("it has a value of kind {kind}, which is not known here")),
        })
    }

    /// Its bytes are counted from where the numbers begin.
    fn tensor(&mut self) -> Result<(&'a str, TensorPlace), String> {
        let name = self.text()?;
        let dimensions = self.u32()?;
        if !(1..=2).contains(&dimensions) {
            return Err(format!("its “{name}” has {dimensions} dimensions"));
        }
        // The innermost comes first.
        let mut shape = [1; 2];
        for side in shape.iter_mut().rev().take(dimensions as usize) {
            *side = usize::try_from(u64::from_le_bytes(self.bytes()?)).unwrap_or(usize::MAX);
        }
        let kind = self.u32()?;
        let encoding = Encoding::of(kind)
            .ok_or_else(|| format!("its “{name}” is written in way {kind}, which is not known here"))?;
        let [bytes, numbers] = encoding.block();
        if !shape[1].is_multiple_of(numbers) {
            return Err(format!("a row of its “{name}” is not whole blocks"));
        }
        let size = (shape[1] / numbers).checked_mul(bytes).and_then(|row| row.checked_mul(shape[0]));
        let start = usize::try_from(u64::from_le_bytes(self.bytes()?)).ok();
        let end = start.zip(size).and_then(|(start, size)| start.checked_add(size));
        let (Some(start), Some(end)) = (start, end) else {
            return Err(format!("its “{name}” is cut short"));
        };
        Ok((name, TensorPlace { encoding, shape, bytes: start..end }))
    }
}
