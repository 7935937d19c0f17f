//! Labels from every format and back: real files as they should be read, made-up projects there and back, damaged files.

mod damaged;
mod fitted;
mod real;
mod there_and_back;

use futures_executor::block_on;
use intab::annotation::formats::{Reading, Sizes, read};
use intab::annotation::unpack::unpacked;
use intab::annotation::{File, Note, Notes};
use std::fs;
use std::path::{Path, PathBuf};

/// Absent where there is no mirror, on CI.
fn mirror() -> Option<PathBuf> {
    let folder = Path::new("/work/shared/mirror/annotations");
    let folder =
        std::env::var("INTAB_MIRROR").map_or(folder.into(), |root| Path::new(&root).join("annotations"));
    folder.is_dir().then_some(folder)
}

/// A file, or all in a folder.
fn files(root: &Path, path: &str) -> Vec<File> {
    let whole = root.join(path);
    if whole.is_dir() {
        let entries = fs::read_dir(&whole).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        return names.iter().flat_map(|name| files(root, &format!("{path}/{name}"))).collect();
    }
    vec![File { name: path.into(), bytes: fs::read(whole).unwrap() }]
}

fn open(files: Vec<File>, sizes: Sizes) -> Result<Reading, Note> {
    let mut notes = Notes::default();
    let files = block_on(unpacked(files, &mut notes));
    read(&files, sizes)
}
