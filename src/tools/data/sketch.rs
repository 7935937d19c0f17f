//! Networks that draw, row by row of `SKETCHERS`: from the publisher's JSON to parts in half precision. The file is numbers
//! as text: a head, the shapes, and each tensor as base64 of 16-bit integers, value / 32767 × 10. Nothing of it is executed.

use super::fetch::{self, Address};
use super::fold::Weights;
use super::published::PublishedBytes;
use super::weights;
use crate::pretrained::{TensorInfo, WeightsManifest};
use crate::sketch::{ADDRESSES, GATES, INPUTS, OUTPUTS, SKETCHERS, Sketcher, TENSORS, UNITS};
use crate::tools::Result;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::path::Path;

/// The mirror's folder.
const FOLDER: &str = "sketch_rnn";

/// What the integers' largest stands for.
const LARGEST: f32 = 10.0;
/// The published gates are input, candidate, forget, output; PyTorch's are input, forget, candidate, output.
const ORDER: [usize; GATES] = [0, 2, 1, 3];
const FORGET: usize = 1;
/// Added to the forget gates' sums wherever the network is run.
const FORGET_BIAS: f32 = 1.0;

/// Head, shapes, tensors.
#[derive(Deserialize)]
struct Published(IgnoredAny, Vec<Vec<usize>>, Vec<String>);

/// Makes the network's files where they are not there and whole.
pub fn prepare(sketcher: &Sketcher, public: &Path, mirror: Option<&Path>, downloads: &Path) -> Result<()> {
    let folder = public.join(sketcher.folder());
    if let Some(there) = complete(&folder, sketcher) {
        println!("{}: there already, {}", sketcher.id, weights::described(&there));
        return Ok(());
    }
    let tensors = read(&publishers(sketcher, mirror, downloads)?)?;
    let source = format!("Sketch-RNN, {}", sketcher.file);
    let manifest = weights::write_files(&folder, &sketcher.files(), source, Vec::new(), &tensors)?;
    println!("{}: written, {}", sketcher.id, weights::described(&manifest));
    Ok(())
}

/// The publisher's bytes, from the mirror or fetched once.
fn publishers(sketcher: &Sketcher, mirror: Option<&Path>, downloads: &Path) -> Result<Vec<u8>> {
    let Sketcher { file: name, sha256, .. } = *sketcher;
    let mirrored = Path::new(FOLDER).join(name);
    let kept = downloads.join(&mirrored);
    PublishedBytes { name, sha256, mirrored: &mirrored, kept: &kept }.read(mirror, || {
        let mut reasons = Vec::new();
        for place in ADDRESSES {
            match fetch::download(&Address::checked(format!("{place}/{name}"), sha256), &kept) {
                Ok(()) => return Ok(()),
                Err(reason) => reasons.push(reason),
            }
        }
        Err(reasons.join("; "))
    })
}

/// The tensors of `TENSORS`, from the publisher's file.
pub fn read(json: &[u8]) -> Result<Vec<Weights>> {
    let Published(_, shapes, texts) =
        serde_json::from_slice(json).map_err(|e| format!("it is not a published network: {e}"))?;
    let expected: [&[usize]; 5] =
        [&[UNITS, OUTPUTS], &[OUTPUTS], &[INPUTS, GATES * UNITS], &[UNITS, GATES * UNITS], &[GATES * UNITS]];
    if shapes != expected || texts.len() != expected.len() {
        return Err(format!("its tensors are {shapes:?} where {expected:?} was expected"));
    }
    let values = |at: usize| {
        let values = numbers(&texts[at]).ok_or_else(|| format!("its tensor {at} is not base64"))?;
        match expected[at].iter().product::<usize>() {
            count if count == values.len() => Ok(values),
            count => Err(format!("its tensor {at} has {} numbers where {count} were expected", values.len())),
        }
    };
    let mut bias = in_order(&values(4)?, 1);
    bias[FORGET * UNITS..][..UNITS].iter_mut().for_each(|bias| *bias += FORGET_BIAS);
    let all = [
        in_order(&transposed(&values(2)?, GATES * UNITS), INPUTS),
        in_order(&transposed(&values(3)?, GATES * UNITS), UNITS),
        bias,
        transposed(&values(0)?, OUTPUTS),
        values(1)?,
    ];
    let named = TENSORS.iter().zip(all);
    Ok(named
        .map(|((name, shape), values)| Weights { name: (*name).into(), shape: shape.to_vec(), values })
        .collect())
}

/// `[rows, columns]` → `[columns, rows]`
fn transposed(values: &[f32], columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| values.iter().skip(column).step_by(columns).copied()).collect()
}

/// Rows of the gates, each `width` numbers wide, in PyTorch's order.
fn in_order(values: &[f32], width: usize) -> Vec<f32> {
    let gate = UNITS * width;
    ORDER.iter().flat_map(|from| &values[from * gate..][..gate]).copied().collect()
}

/// Base64 of little-endian 16-bit integers; none if it is something else.
fn numbers(text: &str) -> Option<Vec<f32>> {
    let bytes = base64(text)?;
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    Some(
        pairs
            .iter()
            .map(|pair| f32::from(i16::from_le_bytes(*pair)) / f32::from(i16::MAX) * LARGEST)
            .collect(),
    )
}

/// RFC 4648, with its padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digit = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let padding = text.len() - text.trim_end_matches('=').len();
    if !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for four in text.as_bytes()[..text.len() - padding].chunks(4) {
        let mut bits = 0;
        for at in 0..4 {
            bits = bits << 6 | u32::from(four.get(at).map_or(Some(0), |letter| digit(*letter))?);
        }
        // Two letters are one byte, three are two.
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    Some(bytes)
}

/// The tensors as they lie in the site's file.
fn tensors() -> Vec<TensorInfo> {
    weights::tensors(TENSORS.iter().map(|(name, shape)| ((*name).into(), shape.to_vec())))
}

/// The manifest of a network that is there and whole.
pub fn complete(folder: &Path, sketcher: &Sketcher) -> Option<WeightsManifest> {
    weights::complete_files(folder, &sketcher.files(), &tensors())
}

/// The ids of the networks that the page can offer.
pub fn there(public: &Path) -> impl Iterator<Item = &'static str> {
    let there = |one: &&Sketcher| complete(&public.join(one.folder()), one).is_some();
    SKETCHERS.iter().filter(there).map(|one| one.id)
}

#[cfg(test)]
mod tests {
    use super::base64;

    /// The examples of RFC 4648, section 10.
    #[test]
    fn base64_is_the_standard_s() {
        let cases = [
            ("", Some("")),
            ("Zg==", Some("f")),
            ("Zm8=", Some("fo")),
            ("Zm9v", Some("foo")),
            ("Zm9vYg==", Some("foob")),
            ("Zm9vYmE=", Some("fooba")),
            ("Zm9vYmFy", Some("foobar")),
            ("Zm9", None),
            ("Zm9*", None),
            ("Z===", None),
            ("Zg==Zg==", None),
        ];
        for (text, expected) in cases {
            assert_eq!(base64(text), expected.map(|text| text.as_bytes().to_vec()), "{text}");
        }
    }
}
