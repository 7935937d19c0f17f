//! ZIP archives, as far as folders of pictures need them: the list of what is in one, one file out of it, and one
//! written. Files are read piece by piece, because an archive of photos may be larger than the memory.

use crate::platform::{self, UnpackError};
use std::ops::Range;

/// The end of an archive is looked for in its last bytes: a record of 22 and a remark of up to 65,535.
pub const TAIL: u64 = 22 + 65_535;
/// The length of a file's own header before its name.
const HEADER: u64 = 30;
/// No picture is longer when it is unpacked.
const MAX_BYTES: u64 = 256 << 20;

const END: &[u8; 4] = b"PK\x05\x06";
const LISTED: &[u8; 4] = b"PK\x01\x02";
const LOCAL: &[u8; 4] = b"PK\x03\x04";
/// What a number is where its true value stands in a 64-bit record.
const IN_ZIP64: u64 = u32::MAX as u64;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const ENCRYPTED: u16 = 1;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// The first of January 1980, the oldest date that there is: the same pictures make the same file.
const DATE: u16 = 1 << 5 | 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    NotZip,
    Damaged,
    Encrypted,
    /// Packed in a way that browsers cannot unpack.
    Method,
    /// Over 4 GB, or a file in it is too long.
    TooLarge,
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// With the folders that it lies in, between slashes.
    pub name: String,
    flags: u16,
    method: u16,
    crc32: u32,
    packed: u64,
    unpacked: u64,
    header: u64,
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Where the list of files is, in an archive of `length` bytes that ends with `tail`.
pub fn directory(tail: &[u8], length: u64) -> Result<Range<u64>, Broken> {
    let at = tail.windows(4).rposition(|w| w == END).ok_or(Broken::NotZip)?;
    let (size, start) = long(tail, at + 12).zip(long(tail, at + 16)).ok_or(Broken::NotZip)?;
    let (size, start) = (u64::from(size), u64::from(start));
    if size == IN_ZIP64 || start == IN_ZIP64 {
        return Err(Broken::TooLarge);
    }
    let end = length - tail.len() as u64 + at as u64;
    if start + size > end { Err(Broken::Damaged) } else { Ok(start..start + size) }
}

/// The files of a list; folders are left out.
pub fn entries(mut list: &[u8]) -> Result<Vec<Entry>, Broken> {
    let mut entries = Vec::new();
    while list.starts_with(LISTED) {
        let (entry, length) = entry(list).ok_or(Broken::Damaged)?;
        list = list.get(length..).ok_or(Broken::Damaged)?;
        if [entry.packed, entry.unpacked, entry.header].contains(&IN_ZIP64) {
            return Err(Broken::TooLarge);
        }
        if !entry.name.ends_with('/') {
            entries.push(entry);
        }
    }
    if list.is_empty() || list.starts_with(END) { Ok(entries) } else { Err(Broken::Damaged) }
}

/// The first of a list, and how many bytes of the list it takes.
fn entry(list: &[u8]) -> Option<(Entry, usize)> {
    let lengths = [short(list, 28)?, short(list, 30)?, short(list, 32)?].map(usize::from);
    let name = list.get(46..46 + lengths[0])?;
    let entry = Entry {
        // Windows writes other slashes now and then.
        name: String::from_utf8_lossy(name).replace('\\', "/"),
        flags: short(list, 8)?,
        method: short(list, 10)?,
        crc32: long(list, 16)?,
        packed: long(list, 20)?.into(),
        unpacked: long(list, 24)?.into(),
        header: long(list, 42)?.into(),
    };
    Some((entry, 46 + lengths.iter().sum::<usize>()))
}

impl Entry {
    /// Where its own header is; its bytes come after that.
    pub fn header(&self) -> Range<u64> {
        self.header..self.header + HEADER
    }

    /// Where its packed bytes are, by its own header.
    pub fn data(&self, header: &[u8]) -> Result<Range<u64>, Broken> {
        let lengths = short(header, 26).zip(short(header, 28)).filter(|_| header.starts_with(LOCAL));
        let (name, extra) = lengths.ok_or(Broken::Damaged)?;
        let start = self.header + HEADER + u64::from(name) + u64::from(extra);
        if self.packed.max(self.unpacked) > MAX_BYTES {
            return Err(Broken::TooLarge);
        }
        Ok(start..start + self.packed)
    }

    /// The file, from its packed bytes; never one that is not whole.
    pub async fn unpack(&self, packed: Vec<u8>) -> Result<Vec<u8>, Broken> {
        if self.flags & ENCRYPTED != 0 {
            return Err(Broken::Encrypted);
        }
        if packed.len() as u64 != self.packed {
            return Err(Broken::Damaged);
        }
        let bytes = match self.method {
            STORED => packed,
            DEFLATED => self.inflate(&packed).await?,
            _ => return Err(Broken::Method),
        };
        let whole = bytes.len() as u64 == self.unpacked && crc32fast::hash(&bytes) == self.crc32;
        if whole { Ok(bytes) } else { Err(Broken::Damaged) }
    }

    /// Browsers unpack gzip, which is the same with another frame around it.
    async fn inflate(&self, packed: &[u8]) -> Result<Vec<u8>, Broken> {
        let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
        gzip.extend(packed);
        gzip.extend(self.crc32.to_le_bytes());
        gzip.extend((self.unpacked as u32).to_le_bytes());
        let unpacked = platform::gunzip(&gzip, self.unpacked as usize).await;
        unpacked.map_err(|why| match why {
            UnpackError::Damaged | UnpackError::TooLong => Broken::Damaged,
        })
    }
}

/// An archive that is being written. Nothing is packed: pictures are packed already.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
    list: Vec<u8>,
    count: usize,
}

impl Writer {
    pub fn add(&mut self, name: &str, file: &[u8]) {
        let crc32 = crc32fast::hash(file).to_le_bytes();
        let size = (file.len() as u32).to_le_bytes();
        let header = (self.bytes.len() as u32).to_le_bytes();
        let length = (name.len() as u16).to_le_bytes();
        let mut common = Vec::new();
        // What a reader must understand, in tenths of versions; then flags, method, time and date.
        [20, UTF8, STORED, 0, DATE].iter().for_each(|number| common.extend(number.to_le_bytes()));
        common.extend([crc32, size, size].concat());
        common.extend([length, [0; 2]].concat());
        self.bytes.extend([LOCAL.as_slice(), &common, name.as_bytes(), file].concat());
        // Written by the same version; no remark, the first disk, no attributes.
        self.list.extend([LISTED.as_slice(), &[20, 0], &common, &[0; 10], &header, name.as_bytes()].concat());
        self.count += 1;
    }

    /// None if there is more than an archive of this kind can hold.
    pub fn finish(mut self) -> Option<Vec<u8>> {
        let count = u16::try_from(self.count).ok()?.to_le_bytes();
        let start = u32::try_from(self.bytes.len()).ok().filter(|start| *start < u32::MAX)?.to_le_bytes();
        let size = u32::try_from(self.list.len()).ok()?.to_le_bytes();
        self.bytes.extend(&self.list);
        self.bytes.extend([END.as_slice(), &[0; 4], &count, &count, &size, &start, &[0; 2]].concat());
        Some(self.bytes)
    }
}
