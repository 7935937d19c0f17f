//! One file out of a ZIP archive, as Python's wheels are. Whether the bytes are the right ones is for the caller's
//! checksum to say.

use crate::tools::Result;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// No file of ours is nearly as long, and what unpacks to more than this is not worth waiting for.
const MAX_BYTES: u64 = 256 << 20;

/// The unpacked bytes of the file called `name`.
pub fn file(archive: &[u8], name: &str) -> Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|_| "it is not a whole ZIP archive")?;
    let file = archive.by_name(name).map_err(|error| match error {
        ZipError::FileNotFound => format!("it has no file {name}"),
        other => format!("its file {name} cannot be read: {other}"),
    })?;
    let mut bytes = Vec::new();
    let unpacked = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    unpacked.map_err(|_| format!("its file {name} is damaged"))?;
    if bytes.len() as u64 > MAX_BYTES { Err(format!("its file {name} is too long")) } else { Ok(bytes) }
}
