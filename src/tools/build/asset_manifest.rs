//! `everything.json`: each file of the site with its length and SHA-256, for visitors who take it all along. The page
//! checks a file against it before it keeps it (`ui/offline.rs`).

use super::site::is_copy;
use crate::chat::TALKER;
use crate::tools::Result;
use crate::tools::paths;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::Path;

pub const NAME: &str = "everything.json";

/// Not for keeping: this list, and the worker that keeps.
const LEFT_OUT: [&str; 2] = [NAME, "sw.js"];

#[derive(Serialize)]
struct Everything<'a> {
    build: &'a str,
    files: Vec<Asset>,
}

#[derive(Serialize)]
struct Asset {
    /// As it is asked for: a folder's page by the folder.
    path: String,
    bytes: usize,
    sha256: String,
}

/// The list of what is in `dist`, in the order in which it is best kept: a page after the files that it names, data last.
pub fn json(dist: &Path, build: &str) -> Result<Vec<u8>> {
    let mut files = Vec::new();
    for file in paths::files_under(dist)?.iter().filter(|file| !is_copy(file)) {
        let path = file.strip_prefix(dist).unwrap_or(file).to_string_lossy().replace('\\', "/");
        // Ten times as large as everything else, and kept by itself when somebody fetches it.
        if LEFT_OUT.contains(&path.as_str()) || path.starts_with(&TALKER.folder()) {
            continue;
        }
        let bytes = paths::read(file)?;
        let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let path = path.strip_suffix("index.html").unwrap_or(&path).to_string();
        files.push(Asset { path, bytes: bytes.len(), sha256 });
    }
    let data = |path: &str| ["datasets/", "weights/"].iter().any(|folder| path.starts_with(folder));
    let page = |path: &str| path.is_empty() || path.ends_with('/');
    files.sort_by_cached_key(|file| (data(&file.path), page(&file.path), file.path.clone()));
    serde_json::to_vec(&Everything { build, files }).map_err(|e| e.to_string())
}
