//! Shards and their manifest, written so that a dataset is there whole or not at all.

use crate::datasets::{Dataset, Manifest, ShardInfo};
use crate::shard::Shard;
use crate::tools::{Result, paths};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;

/// Few enough that the first shard arrives at once, enough that gzip finds something to pack.
pub const EXAMPLES_PER_SHARD: usize = 2_000;

/// Writes `folder`, replacing what is there.
pub fn write(folder: &Path, dataset: &Dataset, source: &str, splits: &[Shard; 2]) -> Result<Manifest> {
    let part = folder.with_file_name(".part");
    paths::remove_folder(&part)?;
    paths::make_folder(&part)?;
    // Packing takes seconds, and there are at least two cores.
    let (train, test) = std::thread::scope(|scope| {
        let test = scope.spawn(|| write_split(&part, "test", &splits[1]));
        (write_split(&part, "train", &splits[0]), test.join())
    });
    let manifest = Manifest {
        id: dataset.about.id.into(),
        version: dataset.version,
        source: source.into(),
        shape: dataset.shape,
        train: train?,
        test: test.map_err(|_| "packing the test set broke off".to_string())??,
    };
    let json = serde_json::to_vec(&manifest).map_err(|e| e.to_string())?;
    paths::write(&part.join("manifest.json"), &json)?;
    paths::replace_folder(&part, folder)?;
    Ok(manifest)
}

fn write_split(folder: &Path, name: &str, split: &Shard) -> Result<Vec<ShardInfo>> {
    let picture: usize = split.shape.iter().product();
    let labels = split.labels.chunks(EXAMPLES_PER_SHARD);
    let pixels = split.pixels.chunks(EXAMPLES_PER_SHARD * picture);
    let mut written = Vec::new();
    for (at, (labels, pixels)) in labels.zip(pixels).enumerate() {
        let shard = Shard { shape: split.shape, labels: labels.to_vec(), pixels: pixels.to_vec() };
        let bytes = shard.encode();
        let packed = pack(&bytes)?;
        // The checksum in the name keeps apart, in a visitor's cache, what two sources call the first shard.
        let file = format!("{name}-{at:03}-{:08x}.shard", crc32fast::hash(&bytes));
        paths::write(&folder.join(&file), &packed)?;
        written.push(ShardInfo { file, examples: labels.len(), bytes: packed.len() as u64 });
    }
    Ok(written)
}

/// gzip without a name or a time, so that the same examples give the same bytes.
pub fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|e| format!("cannot pack a shard: {e}"))
}
