//! Networks that come trained: what they are made of and where their weights come from. One file each, one row
//! here. Plain data: the tool converts weights by it, the engine computes by it, the page shows it.

mod efficientnet_lite0;
pub mod samples;

use serde::{Deserialize, Serialize};

/// All pretrained networks. Adding one is one file and one row.
pub const PRETRAINED: &[Pretrained] = &[efficientnet_lite0::NETWORK];

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
pub struct PackageFile {
    pub package: &'static str,
    pub version: &'static str,
    pub file: &'static str,
    pub sha256: &'static str,
}

/// One layer with its batch normalisation folded in. Its weights are called `<name>.weight` and `<name>.bias` and
/// have PyTorch's shapes.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    pub name: String,
    /// The part of the network that it belongs to, for people: “Stem”, “Block 3”.
    pub part: String,
    pub op: Op,
    /// min(max(0, x), 6) follows.
    pub relu6: bool,
    /// The output of the layer with this index is added to this one's.
    pub adds: Option<usize>,
    /// `[channels, height, width]`
    pub from: [usize; 3],
    /// `[channels, height, width]`
    pub to: [usize; 3],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Every filter sees every channel. Padded as TensorFlow's “SAME”: where the padding is odd, one more at the
    /// end. `[filters, channels, kernel, kernel]`
    Conv { kernel: usize, stride: usize },
    /// One filter for each channel, padded alike. `[channels, 1, kernel, kernel]`
    Depthwise { kernel: usize, stride: usize },
    /// A convolution of 1 × 1. `[filters, channels, 1, 1]`
    Pointwise,
    /// The mean of every channel; no weights.
    GlobalAverage,
    /// `[units, features]`
    Dense,
}

impl Pretrained {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        PRETRAINED.iter().find(|n| n.id == id)
    }

    /// Where its files lie, relative to the page.
    pub fn folder(&self) -> String {
        format!("weights/{}/v{}", self.id, self.version)
    }
}

impl Layer {
    /// The shape of its weight in the file; none if it has no weights. Its bias has the first length.
    pub fn weight(&self) -> Option<Vec<usize>> {
        let ([channels, ..], [filters, ..]) = (self.from, self.to);
        match self.op {
            Op::Conv { kernel, .. } => Some(vec![filters, channels, kernel, kernel]),
            Op::Depthwise { kernel, .. } => Some(vec![channels, 1, kernel, kernel]),
            Op::Pointwise => Some(vec![filters, channels, 1, 1]),
            Op::Dense => Some(vec![filters, channels]),
            Op::GlobalAverage => None,
        }
    }

    pub fn parameters(&self) -> usize {
        self.weight().map_or(0, |shape| shape.iter().product::<usize>() + shape[0])
    }

    /// Multiply-adds for one picture.
    pub fn multiply_adds(&self) -> usize {
        let pixels = self.to[1] * self.to[2];
        self.weight().map_or(0, |shape| shape.iter().product::<usize>() * pixels)
    }

    /// What the layer is called in the field, e.g. “Depthwise 5 × 5, stride 2”.
    pub fn title(&self) -> String {
        let sized = |what: &str, kernel: usize, stride: usize| match stride {
            1 => format!("{what} {kernel} × {kernel}"),
            _ => format!("{what} {kernel} × {kernel}, stride {stride}"),
        };
        match self.op {
            Op::Conv { kernel, stride } => sized("Convolution", kernel, stride),
            Op::Depthwise { kernel, stride } => sized("Depthwise", kernel, stride),
            Op::Pointwise => "Pointwise 1 × 1".into(),
            Op::GlobalAverage => "Global average".into(),
            Op::Dense => "Dense".into(),
        }
    }
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
    /// One after the other they are the values of all tensors, half precision, little-endian.
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
    pub fn check(&self, network: &Pretrained) -> Result<(), String> {
        if self.id != network.id || self.version != network.version {
            return Err("it describes another network or version".into());
        }
        let layers = (network.layers)();
        let numbers: usize = layers.iter().map(Layer::parameters).sum();
        // Half precision.
        if self.bytes() > 2 * numbers as u64 {
            return Err(format!("it lists more bytes than the network’s {numbers} numbers have"));
        }
        if self.labels.len() > layers.last().map_or(0, |layer| layer.to[0]) {
            return Err("it has more names than the network has classes".into());
        }
        let there = self.bytes() / 2;
        if !self.tensors.iter().all(|t| t.end().is_some_and(|end| end as u64 <= there)) {
            return Err("it lists numbers that are not in its files".into());
        }
        Ok(())
    }
}
