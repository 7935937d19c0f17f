//! A publisher's file: from the mirror, kept from an earlier download, or fetched.

use super::pypi::checked;
use crate::tools::{Result, paths};
use std::path::Path;

/// Where a published file may lie already, and what it must be.
pub struct PublishedBytes<'a> {
    /// As it is called where it is not the right one.
    pub name: &'a str,
    pub sha256: &'a str,
    /// Below a mirror.
    pub mirrored: &'a Path,
    /// Where a download is kept; its folder is made.
    pub kept: &'a Path,
}

impl PublishedBytes<'_> {
    /// Its bytes. `download` puts the file where downloads are kept, if it is needed.
    pub fn read(&self, mirror: Option<&Path>, download: impl FnOnce() -> Result<()>) -> Result<Vec<u8>> {
        let read = |file: &Path| checked(paths::read(file)?, self.sha256, self.name);
        let mirrored = mirror.map(|mirror| mirror.join(self.mirrored));
        if let Some(file) = mirrored.filter(|file| file.is_file()) {
            return read(&file);
        }
        if let Some(folder) = self.kept.parent() {
            paths::make_folder(folder)?;
        }
        // A download that was damaged is fetched again rather than refused for ever.
        if let Ok(kept) = read(self.kept) {
            return Ok(kept);
        }
        download()?;
        read(self.kept)
    }
}
