//! Networks that come trained: what they are made of and where their weights come from. One file each, one row
//! here. Plain data: the tool converts weights by it, the engine computes by it, the page shows it.

mod efficientnet_lite0;
mod layer;
pub mod samples;
mod yolox_nano;

pub use layer::{Activation, Layer, Op, Padding};

use serde::{Deserialize, Serialize};

/// All pretrained networks that say what a picture shows. Adding one is one file and one row.
pub const PRETRAINED: &[Pretrained] = &[efficientnet_lite0::NETWORK];

/// All networks that find things in pictures. Adding one is one file and one row.
pub const DETECTORS: &[Detector] = &[yolox_nano::NETWORK];

/// Bytes of a number in half precision.
pub const HALF: u64 = 2;

pub struct Pretrained {
    pub id: &'static str,
    pub title: &'static str,
    pub blurb: &'static str,
    /// What it learned from, with counts.
    pub trained_on: &'static str,
    pub homepage: &'static str,
    pub licence: &'static str,
    pub citation: &'static str,
    pub input: Input,
    /// In the order in which they are computed.
    pub layers: fn() -> Vec<Layer>,
    /// In the path of its files: raised when their bytes change.
    pub version: u32,
    pub weights: PackageFile,
    pub labels: PackageFile,
}

/// How a picture becomes numbers: short side to `resize` (bicubic, antialiased), the middle `side × side`, then
/// (byte − `mean`) / `scale`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Input {
    pub resize: usize,
    pub side: usize,
    pub mean: f32,
    pub scale: f32,
}

/// A file inside a package of Python's registry, with its SHA-256.
#[derive(Debug)]
pub struct PackageFile {
    pub package: &'static str,
    pub version: &'static str,
    pub file: &'static str,
    pub sha256: &'static str,
}

/// A network that finds things in a picture, each with a box around it.
pub struct Detector {
    pub id: &'static str,
    pub title: &'static str,
    pub blurb: &'static str,
    /// What it learned from, with counts.
    pub trained_on: &'static str,
    pub homepage: &'static str,
    pub licence: &'static str,
    pub citation: &'static str,
    /// Its input is `side × side` pixels, which the picture fills from the upper left; the rest is `fill`. Blue, green
    /// and red, 0…255 as they are.
    pub side: usize,
    pub fill: u8,
    /// How many kinds of things it knows: those of `detection::coco`, in that order.
    pub classes: usize,
    /// Pixels of the input between two places of each of its outputs, which are its last `Concat` layers: four numbers of
    /// a box, how sure it is that there is something, and how sure of each kind, at every place.
    pub strides: &'static [usize],
    /// A graph: a layer stands behind those that it reads.
    pub layers: fn() -> Vec<Layer>,
    /// In the path of its files: raised when their bytes change.
    pub version: u32,
    pub weights: PublishedFile,
}

/// A file at its publisher's, with its SHA-256.
#[derive(Debug)]
pub struct PublishedFile {
    /// In a mirror: the folder.
    pub folder: &'static str,
    pub file: &'static str,
    /// Where the publisher keeps it.
    pub address: &'static str,
    pub sha256: &'static str,
}

impl Detector {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        DETECTORS.iter().find(|n| n.id == id)
    }

    /// Where its files lie, relative to the page.
    pub fn folder(&self) -> String {
        folder(self.id, self.version)
    }

    pub fn files(&self) -> WeightFiles {
        WeightFiles {
            id: self.id,
            version: self.version,
            folder: self.folder(),
            bytes: bytes(&(self.layers)()),
            classes: 0,
        }
    }
}

/// Where a network's files lie, relative to the page.
fn folder(id: &str, version: u32) -> String {
    format!("weights/{id}/v{version}")
}

/// Of all weights of these layers, at most.
fn bytes(layers: &[Layer]) -> u64 {
    HALF * layers.iter().map(Layer::parameters).sum::<usize>() as u64
}

impl Pretrained {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        PRETRAINED.iter().find(|n| n.id == id)
    }

    /// Where its files lie, relative to the page.
    pub fn folder(&self) -> String {
        folder(self.id, self.version)
    }

    pub fn files(&self) -> WeightFiles {
        let layers = (self.layers)();
        WeightFiles {
            id: self.id,
            version: self.version,
            folder: self.folder(),
            bytes: bytes(&layers),
            classes: layers.last().map_or(0, |layer| layer.to[0]),
        }
    }
}

/// What the site's files of a network that comes trained must be.
pub struct WeightFiles {
    pub id: &'static str,
    /// In the path of its files: raised when their bytes change.
    pub version: u32,
    /// Where they lie, relative to the page.
    pub folder: String,
    /// Of all its parts together, at most.
    pub bytes: u64,
    /// Names that it has for its outputs, at most.
    pub classes: usize,
}

/// What the tool wrote: `weights/<id>/v<version>/manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightsManifest {
    pub id: String,
    pub version: u32,
    /// The name of the package that the weights were read from.
    pub source: String,
    /// Plain names, by class.
    pub labels: Vec<String>,
    pub tensors: Vec<TensorInfo>,
    /// One after the other they are the values of all tensors, half precision, little-endian; where there are no tensors,
    /// the publisher's file.
    pub parts: Vec<PartInfo>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TensorInfo {
    pub name: String,
    pub shape: Vec<usize>,
    /// Where its values begin, counted in values over all parts.
    pub start: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartInfo {
    pub file: String,
    pub bytes: u64,
    pub crc32: u32,
}

impl TensorInfo {
    /// Where its values end; none where no machine can count them.
    fn end(&self) -> Option<usize> {
        let length = self.shape.iter().try_fold(1, |product: usize, side| product.checked_mul(*side))?;
        self.start.checked_add(length)
    }
}

impl WeightsManifest {
    pub fn bytes(&self) -> u64 {
        self.parts.iter().fold(0, |sum, p| sum.saturating_add(p.bytes))
    }

    /// Whether it can be of this network, or why not: memory is made ready for what a manifest promises, so it must not
    /// promise more than the network has.
    pub fn check(&self, of: &WeightFiles) -> Result<(), String> {
        if self.id != of.id || self.version != of.version {
            return Err("it describes another network or version".into());
        }
        if self.bytes() > of.bytes {
            return Err(format!("it lists more bytes than the network’s {}", of.bytes));
        }
        if self.labels.len() > of.classes {
            return Err("it has more names than the network has classes".into());
        }
        let there = self.bytes() / HALF;
        if !self.tensors.iter().all(|t| t.end().is_some_and(|end| end as u64 <= there)) {
            return Err("it lists numbers that are not in its files".into());
        }
        Ok(())
    }
}
