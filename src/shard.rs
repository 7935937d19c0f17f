//! The shard file: a header and a run of labelled pictures, as plain bytes.
//!
//! Layout, little-endian: magic `INTABSH1` · version u16 · channels u16 · height u16 · width u16 ·
//! count u32 · CRC-32 of everything after the header u32 · `count` labels (u8) ·
//! `count` pictures, each `[channels, height, width]` u8: as they are (version 1), or the same number of bytes as
//! `cosine` writes them (version 2).
//! On disk a shard is gzip-compressed; this module sees the unpacked bytes and knows nothing else.

mod dct;

use std::fmt;

const MAGIC: &[u8; 8] = b"INTABSH1";
/// Pictures as they are.
const PLAIN: u16 = 1;
/// Colour pictures as sums of cosines: an eighth of the bytes, and a little off.
const COSINE: u16 = 2;
const HEADER: usize = 8 + 2 * 4 + 4 + 4;

/// Labelled pictures that travel together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shard {
    /// `[channels, height, width]` of every picture.
    pub shape: [usize; 3],
    /// One class index per picture.
    pub labels: Vec<u8>,
    /// `labels.len()` pictures of `[channels, height, width]` bytes.
    pub pixels: Vec<u8>,
}

/// Why bytes are not a shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShardError {
    /// The bytes do not begin as a shard does.
    NotAShard,
    /// Written by another version of the tool.
    Version(u16),
    /// Shorter or longer than its header says, in bytes.
    Length { expected: usize, found: usize },
    /// The right length, but not the bytes that were written.
    Checksum,
}

impl fmt::Display for ShardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAShard => write!(f, "it is not a data file of this page"),
            Self::Version(v) => write!(f, "it has format {v}, this page reads formats {PLAIN} and {COSINE}"),
            Self::Length { expected, found } => {
                write!(f, "it has {found} bytes where {expected} were expected")
            }
            Self::Checksum => write!(f, "its checksum does not match"),
        }
    }
}

impl std::error::Error for ShardError {}

impl Shard {
    /// The file's bytes, uncompressed. Labels and pixels must agree in count. Colour pictures of a fitting size are
    /// written as sums of cosines and come back a little off; everything else comes back as it is.
    pub fn encode(&self) -> Vec<u8> {
        let picture: usize = self.shape.iter().product();
        debug_assert_eq!(self.pixels.len(), self.labels.len() * picture);
        let mut body = Vec::with_capacity(self.labels.len() + self.pixels.len());
        body.extend_from_slice(&self.labels);
        let version = if dct::fits(self.shape) {
            body.extend(dct::encode(&self.pixels, self.shape));
            COSINE
        } else {
            body.extend_from_slice(&self.pixels);
            PLAIN
        };
        let mut out = Vec::with_capacity(HEADER + body.len());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&version.to_le_bytes());
        for side in self.shape {
            out.extend_from_slice(&(side as u16).to_le_bytes());
        }
        out.extend_from_slice(&(self.labels.len() as u32).to_le_bytes());
        out.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
        out.extend_from_slice(&body);
        out
    }

    /// Bytes of a file of so many pictures of this shape; none where no machine can count them.
    pub fn length(count: usize, shape: [usize; 3]) -> Option<usize> {
        let picture = shape.iter().try_fold(1, |product: usize, side| product.checked_mul(*side))?;
        picture.checked_add(1)?.checked_mul(count)?.checked_add(HEADER)
    }

    /// Reads what `encode` wrote and refuses anything else.
    pub fn decode(bytes: &[u8]) -> Result<Self, ShardError> {
        if bytes.len() < HEADER || &bytes[..8] != MAGIC {
            return Err(ShardError::NotAShard);
        }
        let u16_at = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let u32_at = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let version = u16_at(8);
        let shape = [10, 12, 14].map(|at| usize::from(u16_at(at)));
        if version != PLAIN && version != COSINE {
            return Err(ShardError::Version(version));
        }
        if version == COSINE && !dct::fits(shape) {
            return Err(ShardError::NotAShard);
        }
        let count = u32_at(16) as usize;
        let expected = Self::length(count, shape).unwrap_or(usize::MAX);
        if bytes.len() != expected {
            return Err(ShardError::Length { expected, found: bytes.len() });
        }
        let body = &bytes[HEADER..];
        if crc32fast::hash(body) != u32_at(20) {
            return Err(ShardError::Checksum);
        }
        let (labels, pixels) = body.split_at(count);
        let pixels = if version == COSINE { dct::decode(pixels, shape) } else { pixels.to_vec() };
        Ok(Self { shape, labels: labels.to_vec(), pixels })
    }
}
