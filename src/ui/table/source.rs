//! A visitor's file as it came in.

use crate::platform::Slices;
use crate::table::read::Beginning;
use crate::table::{Bytes, ReadOptions};

/// Bytes whose checksum is taken at once.
const SUMMED: usize = 1 << 20;

/// The visitor's file.
#[derive(Clone, Default)]
pub struct Source {
    pub name: String,
    pub bytes: Bytes,
    pub crc32: u32,
    /// How it is written, where the visitor said so.
    pub written: Option<ReadOptions>,
}

impl Source {
    pub async fn new(name: String, bytes: Bytes, written: Option<ReadOptions>) -> Self {
        let mut slices = Slices::begin();
        let mut sum = crc32fast::Hasher::new();
        for piece in bytes.0.chunks(SUMMED) {
            sum.update(piece);
            slices.pause().await;
        }
        Self { name, bytes, crc32: sum.finalize(), written }
    }
}

/// A file that is no table as it was read.
#[derive(Clone)]
pub struct Refused {
    pub source: Source,
    pub beginning: Beginning,
}
