//! The weights of a pretrained network: fetched in parts, checked, kept in the browser, and made whole numbers
//! again from half precision.

use crate::engine::loader;
use crate::engine::weights::half;
use crate::platform;
use crate::pretrained::{PartInfo, WeightFiles, WeightsManifest};
use crate::protocol::{Failure, FailureKind};
use std::collections::HashMap;

/// How often a part that arrives damaged is fetched again.
const TRIES: u32 = 3;

/// Every tensor by its name, flat.
pub struct Weights {
    values: Vec<f32>,
    /// Shape, and where the values begin.
    tensors: HashMap<String, (Vec<usize>, usize)>,
    /// Plain names of the classes.
    pub labels: Vec<String>,
}

impl Weights {
    /// From tensors in full precision: the tool's, before they are made half as large.
    pub fn from_tensors(tensors: impl IntoIterator<Item = (String, Vec<usize>, Vec<f32>)>) -> Self {
        let mut weights = Self { values: Vec::new(), tensors: HashMap::new(), labels: Vec::new() };
        for (name, shape, values) in tensors {
            weights.tensors.insert(name, (shape, weights.values.len()));
            weights.values.extend(values);
        }
        weights
    }

    /// The values of a tensor, which must have this shape.
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<&[f32], String> {
        let (found, start) = self.tensors.get(name).ok_or_else(|| format!("it has no “{name}”"))?;
        if found != shape {
            return Err(format!("its “{name}” has another shape"));
        }
        let end = start + shape.iter().product::<usize>();
        self.values.get(*start..end).ok_or_else(|| format!("its “{name}” is cut short"))
    }
}

/// Fetches what is not kept yet; `progress` hears bytes so far and bytes in all.
pub async fn load(network: &WeightFiles, progress: impl Fn(u64, u64)) -> Result<Weights, Failure> {
    let (manifest, bytes) = fetch(network, progress).await?;
    let values = bytes.chunks_exact(2).map(|b| half(u16::from_le_bytes([b[0], b[1]]))).collect();
    let tensors = manifest.tensors.into_iter().map(|t| (t.name, (t.shape, t.start))).collect();
    Ok(Weights { values, tensors, labels: manifest.labels })
}

/// The same as the bytes that the parts are, one after the other.
pub async fn fetch(
    network: &WeightFiles,
    progress: impl Fn(u64, u64),
) -> Result<(WeightsManifest, Vec<u8>), Failure> {
    let manifest = manifest(network).await?;
    let total = manifest.bytes();
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(total as usize).map_err(|_| no_memory())?;
    progress(0, total);
    for info in &manifest.parts {
        let before = bytes.len() as u64;
        let part = part(network, info, |now| progress(before + now.min(info.bytes), total)).await?;
        bytes.extend(part);
    }
    progress(total, total);
    Ok((manifest, bytes))
}

/// The browser refused.
pub fn no_memory() -> Failure {
    Failure::new(
        FailureKind::Engine,
        "The browser has no memory left for this network.",
        "Close other tabs or programs, then try again.",
    )
}

async fn manifest(network: &WeightFiles) -> Result<WeightsManifest, Failure> {
    let url = format!("{}/manifest.json", network.folder);
    let bytes = loader::fetch_or_kept(&url).await.map_err(again)?;
    read_manifest(&bytes, network).map_err(|why| again(loader::damaged(&url, &why)))
}

/// A manifest that promises what the network can have, or what is wrong with it.
pub fn read_manifest(bytes: &[u8], network: &WeightFiles) -> Result<WeightsManifest, String> {
    let manifest: WeightsManifest = loader::list(bytes)?;
    manifest.check(network)?;
    Ok(manifest)
}

async fn part(network: &WeightFiles, info: &PartInfo, progress: impl Fn(u64)) -> Result<Vec<u8>, Failure> {
    let url = format!("{}/{}", network.folder, info.file);
    for _ in 0..TRIES {
        let bytes = loader::fetch(info.bytes as usize, &url, true, &progress).await.map_err(again)?;
        if bytes.len() as u64 == info.bytes && crc32fast::hash(&bytes) == info.crc32 {
            // A browser that keeps nothing is no reason to stop.
            let _ = platform::store_put(&url, &bytes).await;
            return Ok(bytes);
        }
        platform::store_remove(&url).await;
    }
    Err(again(loader::damaged(&url, "it is cut short or damaged")))
}

/// Nothing plays here: another try is another question.
fn again(failure: Failure) -> Failure {
    let advice = "Try again; if it stays, tell whoever runs this site.";
    Failure { advice: advice.into(), ..failure }
}
