//! What publishers pack: one file out of a ZIP archive, as Python's wheels are, or a gzip file. Whether the bytes are the
//! right ones is for the caller's checksum to say; that they are not endless is said here.

use crate::tools::Result;
use crate::tools::format::size;
use flate2::read::GzDecoder;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// No file of ours is nearly as long: what is longer would fill the disk or the memory for nothing.
pub const MAX_BYTES: u64 = 256 << 20;

/// The unpacked bytes of the file called `name`.
pub fn file(archive: &[u8], name: &str) -> Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|_| "it is not a whole ZIP archive")?;
    let file = archive.by_name(name).map_err(|error| match error {
        ZipError::FileNotFound => format!("it has no file {name}"),
        other => format!("its file {name} cannot be read: {other}"),
    })?;
    bounded(file, &format!("its file {name}"))
}

/// The unpacked bytes of a gzip file; `name` is what a person knows it by.
pub fn gzip(packed: &[u8], name: &str) -> Result<Vec<u8>> {
    bounded(GzDecoder::new(packed), name)
}

fn bounded(unpacking: impl Read, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = unpacking.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|e| format!("{name} cannot be unpacked: {e}"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("{name} unpacks to more than {}, which no published file does", size(MAX_BYTES)));
    }
    Ok(bytes)
}
