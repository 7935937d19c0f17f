//! Built files kept under the target folder, one folder per thing, named by what it was made from: what has not
//! changed is not made again, even in a fresh clone.

use crate::tools::paths::{self, Places};
use crate::tools::{Result, shell};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders of one name that are kept: enough to go to and fro between branches.
const KEPT: usize = 6;

/// Writes `<file>.br` and `<file>.gz` beside each file. Node's brotli is compiled C, and Node is there anyway.
const COMPRESS: &str = r#"
const { readFileSync, writeFileSync } = require("fs"), zlib = require("zlib");
const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
for (const path of process.argv.slice(1)) {
  const bytes = readFileSync(path);
  const params = { [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(path + ".br", zlib.brotliCompressSync(bytes, { params }));
  writeFileSync(path + ".gz", zlib.gzipSync(bytes, { level: 9 }));
}"#;

/// The first digits of a SHA-256 in hexadecimal: eight for names that people see, more for keys.
pub fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>, digits: usize) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        // The length goes in too, so that no two lists of parts run together into the same bytes.
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut hex: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    hex.truncate(digits);
    hex
}

/// The folder `<name>-<key>`, made by `make` where it is not there yet. It gets its name when it is whole.
pub fn folder(
    places: &Places,
    name: &str,
    key: &str,
    make: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let site = places.target.join("site");
    let folder = site.join(format!("{name}-{key}"));
    if folder.is_dir() {
        return Ok(folder);
    }
    let part = site.join(format!("part-{name}-{}", std::process::id()));
    paths::remove_folder(&part)?;
    paths::make_folder(&part)?;
    make(&part)?;
    paths::replace_folder(&part, &folder)?;
    forget_oldest(&site, &format!("{name}-"), KEPT)?;
    // What a build left that was stopped; another clone's may be going on.
    forget_oldest(&site, &format!("part-{name}-"), 1)?;
    Ok(folder)
}

/// Compresses the files of a folder as far as it goes, once, so that the server need not and sizes are known.
pub fn compress(folder: &Path) -> Result<()> {
    let files = paths::files_under(folder)?;
    shell::read(shell::command("node", ["--eval", COMPRESS]).args(files)).map(drop)
}

fn forget_oldest(site: &Path, prefix: &str, kept: usize) -> Result<()> {
    let entries = fs::read_dir(site).map_err(|e| paths::cannot("list", site, &e))?;
    let mut folders: Vec<_> = entries
        .filter_map(|entry| entry.ok())
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    folders.sort();
    let surplus = folders.len().saturating_sub(kept);
    folders.iter().take(surplus).try_for_each(|(_, folder)| paths::remove_folder(folder))
}
