//! A file in a ZIP archive that the visitor opened. It is read when its turn comes: all at once could be more than the
//! memory holds.

use super::directory::hidden;
use crate::archive::{self, Broken, Entry, TAIL};
use crate::ui::language::tr;
use js_sys::Uint8Array;
use std::ops::Range;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

#[derive(Clone)]
pub struct Packed {
    archive: File,
    entry: Entry,
}

/// By its name, as the systems' own file dialogs do.
pub fn is_zip(file: &File) -> bool {
    file.name().to_lowercase().ends_with(".zip")
}

/// The files in it, without what systems put there for themselves; why not, as a sentence.
pub async fn list(archive: &File) -> Result<Vec<Packed>, String> {
    let length = archive.size() as u64;
    let tail = piece(archive, length.saturating_sub(TAIL)..length).await?;
    let place = archive::directory(&tail, length).map_err(sentence)?;
    let entries = archive::entries(&piece(archive, place).await?).map_err(sentence)?;
    let visible = |entry: &Entry| !entry.name.split('/').any(hidden);
    Ok(entries.into_iter().filter(visible).map(|entry| Packed { archive: archive.clone(), entry }).collect())
}

impl Packed {
    /// Its name, with the folders that it lies in.
    pub fn path(&self) -> &str {
        &self.entry.name
    }

    pub fn name(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }

    /// The name of the folder that it lies in; empty for none.
    pub fn folder(&self) -> &str {
        self.path().rsplit('/').nth(1).unwrap_or_default()
    }

    /// The whole file; why not, as a sentence.
    pub async fn read(&self) -> Result<Vec<u8>, String> {
        let header = piece(&self.archive, self.entry.header()).await?;
        let place = self.entry.data(&header).map_err(sentence)?;
        self.entry.unpack(piece(&self.archive, place).await?).await.map_err(sentence)
    }
}

/// As much of the bytes as the file has.
async fn piece(file: &File, place: Range<u64>) -> Result<Vec<u8>, String> {
    let read = async {
        let blob = file.slice_with_f64_and_f64(place.start as f64, place.end as f64).ok()?;
        let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
        Some(Uint8Array::new(&buffer).to_vec())
    };
    read.await.ok_or_else(|| tr!("The browser could not read it. Was it moved or is it still online only?"))
}

fn sentence(broken: Broken) -> String {
    match broken {
        Broken::NotZip => tr!("It is not a ZIP file, or it is cut short."),
        Broken::Damaged => tr!("It is cut short or damaged."),
        Broken::Encrypted => tr!("It is locked with a password. Unpack it and add the folders."),
        Broken::Method => {
            tr!("It is packed in a way that browsers cannot unpack. Unpack it and add the folders.")
        }
        Broken::TooLarge => tr!("It is too large for this page. Unpack it and add the folders."),
    }
}
