//! IDX, the format of MNIST's files: a magic number, the sizes, the bytes; all big-endian.
//! Reads strictly: every number in the header is checked and nothing may follow the data.

use super::Result;

const LABELS: u32 = 2049;
const PICTURES: u32 = 2051;

/// Grey pictures of one size, one after another.
#[derive(Debug, PartialEq, Eq)]
pub struct Pictures {
    pub count: usize,
    pub height: usize,
    pub width: usize,
    /// `[count, height, width]`
    pub pixels: Vec<u8>,
}

/// Reads a picture file.
pub fn pictures(bytes: &[u8]) -> Result<Pictures> {
    let ([count, height, width], pixels) = read(bytes, PICTURES, "a picture file")?;
    Ok(Pictures { count, height, width, pixels: pixels.to_vec() })
}

/// Reads a label file whose labels are 0 to `classes - 1`.
pub fn labels(bytes: &[u8], classes: usize) -> Result<Vec<u8>> {
    let ([_], labels) = read(bytes, LABELS, "a label file")?;
    match labels.iter().position(|&label| usize::from(label) >= classes) {
        Some(at) => Err(format!("label {at} is {}, and there are only {classes} classes", labels[at])),
        None => Ok(labels.to_vec()),
    }
}

/// The sizes and the data of a file that must begin with `magic`.
fn read<'a, const N: usize>(bytes: &'a [u8], magic: u32, what: &str) -> Result<([usize; N], &'a [u8])> {
    let number = |at: usize| -> Result<u32> {
        let four = bytes.get(at * 4..at * 4 + 4).and_then(|four| four.try_into().ok());
        four.map(u32::from_be_bytes).ok_or_else(|| "it ends within its header".to_string())
    };
    let found = number(0)?;
    if found != magic {
        return Err(format!("it is not {what}: its magic number is {found}, not {magic}"));
    }
    let mut sizes = [0; N];
    for (at, size) in sizes.iter_mut().enumerate() {
        *size = number(at + 1)? as usize;
    }
    let data = &bytes[4 + 4 * N..];
    // Three u32 overflow a usize, and a file that claims so much is refused like any other wrong length.
    let expected: u128 = sizes.iter().map(|&size| size as u128).product();
    if data.len() as u128 != expected {
        return Err(format!("it has {} bytes of data where its header says {expected}", data.len()));
    }
    Ok((sizes, data))
}
