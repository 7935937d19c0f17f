//! Where things lie on this machine: the repository, its outputs, the caches that outlive a clone.

use super::{Result, shell};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders that the commands work in.
pub struct Places {
    /// The repository.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// What several clones share: downloads and tools.
    pub cache: PathBuf,
}

impl Places {
    pub fn find() -> Result<Self> {
        // `cargo run` says which clone it is; the compiled-in path serves a binary that is started by hand.
        let root = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let metadata = shell::read(
            shell::command("cargo", ["metadata", "--no-deps", "--offline", "--format-version", "1"])
                .current_dir(&root),
        )?;
        let metadata: serde_json::Value =
            serde_json::from_str(&metadata).map_err(|e| format!("cargo metadata said something odd: {e}"))?;
        let target =
            metadata["target_directory"].as_str().ok_or("cargo metadata names no target folder")?.into();
        Ok(Self { root, target, cache: cache()? })
    }

    /// Files that the site serves byte for byte.
    pub fn public(&self) -> PathBuf {
        self.root.join("public")
    }

    /// The finished site.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// What tests leave for people to read; CI may keep it.
    pub fn reports(&self) -> PathBuf {
        self.root.join("reports")
    }

    /// A program that npm installed for this repository.
    pub fn npm_bin(&self, name: &str) -> PathBuf {
        self.root.join("node_modules/.bin").join(name)
    }

    /// The mirror that was asked for, which must be there.
    pub fn mirror(&self, asked: Option<PathBuf>) -> Result<Option<PathBuf>> {
        match asked {
            Some(folder) if !folder.is_dir() => {
                Err(format!("the mirror {} is not a folder", folder.display()))
            }
            asked => Ok(asked),
        }
    }

    /// The mirror that was asked for, or the one beside the repository.
    pub fn mirror_or_default(&self, asked: Option<PathBuf>) -> Result<Option<PathBuf>> {
        let beside = self.root.join("../shared/mirror");
        if asked.is_some() || !beside.is_dir() {
            return self.mirror(asked);
        }
        println!("using the mirror beside the repository: ../shared/mirror");
        Ok(Some(beside))
    }
}

fn cache() -> Result<PathBuf> {
    let folder = match (env::var_os("XDG_CACHE_HOME"), env::var_os("HOME")) {
        (Some(folder), _) if !folder.is_empty() => PathBuf::from(folder),
        (_, Some(home)) => PathBuf::from(home).join(".cache"),
        _ => {
            return Err(
                "neither HOME nor XDG_CACHE_HOME is set, so there is nowhere to keep downloads".into()
            );
        }
    };
    Ok(folder.join("intab"))
}

/// A sentence for a file operation that failed.
pub fn cannot(do_what: &str, path: &Path, error: &std::io::Error) -> String {
    format!("cannot {do_what} {}: {error}", path.display())
}

pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| cannot("read", path, &e))
}

pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|e| cannot("read", path, &e))
}

/// Writes a file, making its folder where there is none.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    fs::write(path, bytes).map_err(|e| cannot("write", path, &e))
}

pub fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|e| cannot("make", folder, &e))
}

/// Removes a file that is there.
pub fn remove_file(file: &Path) -> Result<()> {
    fs::remove_file(file).map_err(|e| cannot("remove", file, &e))
}

/// Removes a folder with all that is in it; one that is not there is fine.
pub fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| cannot("remove", folder, &e))
    } else {
        Ok(())
    }
}

/// Puts a finished folder in the place of another, so that a reader finds the old one or the new one whole.
pub fn replace_folder(new: &Path, place: &Path) -> Result<()> {
    remove_folder(place)?;
    fs::rename(new, place).map_err(|e| cannot("rename", new, &e))
}

/// All files under `folder` but the hidden ones (an editor's, or unfinished work), sorted, so that whatever is made
/// from the list is the same everywhere.
pub fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).map_err(|e| cannot("list", folder, &e))?;
    for entry in entries {
        let path = entry.map_err(|e| cannot("list", folder, &e))?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            files.extend(files_under(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
