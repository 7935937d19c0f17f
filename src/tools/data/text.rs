//! Texts: the publisher's file, checked by its SHA-256, split, and written as packed UTF-8.

use super::fetch::{self, Address};
use super::published::PublishedBytes;
use super::write::pack;
use super::{coco, unzip};
use crate::text::{Published, TEXTS, TextDataset, TextManifest, TextShard, parts};
use crate::tools::format::size;
use crate::tools::{Result, paths};
use std::path::Path;

/// Of downloads.
const FOLDER: &str = "text";

/// Writes `folder` unless it is there and whole.
pub fn prepare(text: &TextDataset, public: &Path, mirror: Option<&Path>, downloads: &Path) -> Result<()> {
    let folder = public.join(text.folder());
    if let Some(there) = complete(&folder, text) {
        println!("{}: there already, {}", text.about.id, size(there.bytes()));
        return Ok(());
    }
    let bytes = publishers(text, mirror, downloads)?;
    let whole = match text.published {
        Published::Text => String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8", text.mirrored))?,
        Published::CocoCaptions { .. } => coco::captions(&bytes)?,
    };
    let manifest = write(&folder, text, &text.held_out.split(&whole))?;
    println!("{}: written, {}", text.about.id, size(manifest.bytes()));
    Ok(())
}

/// The publisher's bytes, from the mirror or fetched once.
fn publishers(text: &TextDataset, mirror: Option<&Path>, downloads: &Path) -> Result<Vec<u8>> {
    let TextDataset { mirrored, sha256, address, .. } = *text;
    let last = |path: &'static str| path.rsplit('/').next().unwrap_or_default();
    let folder = downloads.join(FOLDER);
    let kept = folder.join(last(mirrored));
    PublishedBytes { name: mirrored, sha256, mirrored: Path::new(mirrored), kept: &kept }.read(mirror, || {
        let Published::CocoCaptions { inside } = text.published else {
            return fetch::download(&Address::checked(address.into(), sha256), &kept);
        };
        let archive = folder.join(last(address));
        fetch::download(&Address::https(address.into())?, &archive)?;
        paths::write(&kept, &unzip::file(&paths::read(&archive)?, inside)?)
    })
}

/// Writes the training and the held-out text, replacing what is there.
pub fn write(folder: &Path, text: &TextDataset, splits: &[String; 2]) -> Result<TextManifest> {
    let part = folder.with_file_name(".part");
    paths::remove_folder(&part)?;
    paths::make_folder(&part)?;
    let shards = |name: &str, split: &str| -> Result<Vec<TextShard>> {
        let one = |(at, text): (usize, &str)| {
            let packed = pack(text.as_bytes())?;
            // The checksum in the name keeps apart, in a visitor's cache, what two versions call the first shard.
            let file = format!("{name}-{at:03}-{:08x}.shard", crc32fast::hash(text.as_bytes()));
            paths::write(&part.join(&file), &packed)?;
            Ok(TextShard { file, length: text.len(), bytes: packed.len() as u64 })
        };
        parts(split).enumerate().map(one).collect()
    };
    let (train, test) = (shards("train", &splits[0])?, shards("test", &splits[1])?);
    let manifest = TextManifest { id: text.about.id.into(), version: text.version, train, test };
    let json = serde_json::to_vec(&manifest).map_err(|e| e.to_string())?;
    paths::write(&part.join("manifest.json"), &json)?;
    paths::replace_folder(&part, folder)?;
    Ok(manifest)
}

/// The manifest of a text that is there, with every shard at its right size.
pub fn complete(folder: &Path, text: &TextDataset) -> Option<TextManifest> {
    let bytes = std::fs::read(folder.join("manifest.json")).ok()?;
    let manifest: TextManifest = serde_json::from_slice(&bytes).ok()?;
    let whole = |shard: &TextShard| {
        std::fs::metadata(folder.join(&shard.file)).is_ok_and(|file| file.len() == shard.bytes)
    };
    let there = manifest.check(text).is_ok() && manifest.train.iter().chain(&manifest.test).all(whole);
    there.then_some(manifest)
}

/// The ids of the texts that the page can offer.
pub fn there(public: &Path) -> impl Iterator<Item = &'static str> {
    let there = |text: &&TextDataset| complete(&public.join(text.folder()), text).is_some();
    TEXTS.iter().filter(there).map(|text| text.about.id)
}
