//! What is in the archives among a visitor's files.

use super::{File, Notes, says};
use crate::archive::{self, Broken, Entry};

/// The files themselves, those of archives under the archive's name; nothing hidden, and no archives in archives.
pub async fn unpacked(files: Vec<File>, notes: &mut Notes) -> Vec<File> {
    let mut out = Vec::new();
    for file in files {
        if !file.bytes.starts_with(b"PK") {
            out.push(file);
        } else if one(&file, &mut out).await.is_err() {
            notes.add(says("Archives"), says("are damaged, encrypted or too large."), &file.name);
        }
    }
    out
}

async fn one(file: &File, out: &mut Vec<File>) -> Result<(), Broken> {
    let bytes = &file.bytes;
    let part = |range: std::ops::Range<u64>| {
        let range = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
        range.and_then(|(start, end)| bytes.get(start..end)).ok_or(Broken::Damaged)
    };
    let tail = bytes.len().saturating_sub(archive::TAIL as usize);
    let list = archive::directory(&bytes[tail..], bytes.len() as u64)?;
    let hidden =
        |entry: &Entry| entry.name.split('/').any(|folder| folder.starts_with('.') || folder == "__MACOSX");
    for entry in archive::entries(part(list)?)?.into_iter().filter(|entry| !hidden(entry)) {
        let data = entry.data(part(entry.header())?)?;
        let bytes = entry.unpack(part(data)?.to_vec()).await?;
        out.push(File { name: format!("{}/{}", file.name, entry.name), bytes });
    }
    Ok(())
}
