//! One file out of a ZIP archive, as Python's wheels are. Knows what wheels use: no encryption, no parts, files
//! stored or deflated. Whether the bytes are the right ones is for the caller's checksum to say.

use crate::tools::Result;
use flate2::read::DeflateDecoder;
use std::io::Read;

const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
const FILE: &[u8] = b"PK\x03\x04";

/// How long the end's and an entry's and a file's fixed parts are.
const END_LENGTH: usize = 22;
const ENTRY_LENGTH: usize = 46;
const FILE_LENGTH: usize = 30;

const STORED: usize = 0;
const DEFLATED: usize = 8;

/// No file of ours is nearly as long, and what unpacks to more than this is not worth waiting for.
const MAX_BYTES: u64 = 256 << 20;

/// The unpacked bytes of the file called `name`.
pub fn file(archive: &[u8], name: &str) -> Result<Vec<u8>> {
    let end = end(archive).ok_or("it is not a ZIP archive")?;
    let broken = || "its list of files is damaged".to_string();
    let mut at = number(archive, end + 16, 4).ok_or_else(broken)?;
    for _ in 0..number(archive, end + 10, 2).ok_or_else(broken)? {
        if archive.get(at..at + 4) != Some(ENTRY) {
            return Err(broken());
        }
        let field = |offset, bytes| number(archive, at + offset, bytes).ok_or_else(broken);
        let length = field(28, 2)?;
        let start = at + ENTRY_LENGTH;
        let found = archive.get(start..start + length).ok_or_else(broken)?;
        if found == name.as_bytes() {
            return unpack(archive, field(42, 4)?, field(10, 2)?, field(20, 4)?, name);
        }
        at = start + length + field(30, 2)? + field(32, 2)?;
    }
    Err(format!("it has no file {name}"))
}

/// Where the archive's last record begins; only a comment may follow it.
fn end(archive: &[u8]) -> Option<usize> {
    let last = archive.len().checked_sub(END_LENGTH)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find(|&at| archive.get(at..at + 4) == Some(END))
}

fn unpack(archive: &[u8], at: usize, method: usize, packed: usize, name: &str) -> Result<Vec<u8>> {
    let broken = || format!("its file {name} is damaged");
    let field = |offset| number(archive, at + offset, 2).ok_or_else(broken);
    if archive.get(at..at + 4) != Some(FILE) {
        return Err(broken());
    }
    let start = at + FILE_LENGTH + field(26)? + field(28)?;
    let packed = archive.get(start..start + packed).ok_or_else(broken)?;
    let mut bytes = Vec::new();
    match method {
        STORED => bytes.extend_from_slice(packed),
        DEFLATED => {
            let unpacked = DeflateDecoder::new(packed).take(MAX_BYTES + 1).read_to_end(&mut bytes);
            unpacked.map_err(|_| broken())?;
        }
        method => {
            return Err(format!("its file {name} is packed in a way ({method}) that is not known here"));
        }
    }
    if bytes.len() as u64 > MAX_BYTES { Err(format!("its file {name} is too long")) } else { Ok(bytes) }
}

/// A little-endian number of two or four bytes.
fn number(archive: &[u8], at: usize, bytes: usize) -> Option<usize> {
    let bytes = archive.get(at..at + bytes)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}
