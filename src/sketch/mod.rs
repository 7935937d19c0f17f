//! Networks that draw: Sketch-RNN's published decoders (Ha & Eck 2017, arXiv:1704.03477), a row each. What a drawing is
//! to them, how a visitor's strokes become that, and how their drawings become strokes again.

pub mod moves;
pub mod simplify;
pub mod spread;

use crate::pretrained::{HALF, WeightFiles};

/// The kinds of drawings that can be finished. Adding one is one row.
pub const SKETCHERS: &[Sketcher] = &[
    Sketcher {
        id: "sketch_bird",
        title: "Bird",
        file: "bird.gen.json",
        sha256: "d0b3085fa5dd12c194e395c8c04dd924f1b6e20ca5165a5bf4bfed5e44da82ce",
        scale: 71.3754,
        longest: 129,
    },
    Sketcher {
        id: "sketch_dog",
        title: "Dog",
        file: "dog.gen.json",
        sha256: "911cbbf38bdeea3c2487ec22c2855718862c41fa59312c29072f1805510a004e",
        scale: 60.1839,
        longest: 164,
    },
    Sketcher {
        id: "sketch_bicycle",
        title: "Bicycle",
        file: "bicycle.gen.json",
        sha256: "cc99844c4d2ba7f88695065d3a541e00ab454587577c77a0cccfc81e67e7ef52",
        scale: 86.8476,
        longest: 139,
    },
    Sketcher {
        id: "sketch_rabbit",
        title: "Rabbit",
        file: "rabbit.gen.json",
        sha256: "a2a0663c4a2eedeee096986a214534990312a8168f8d386e21a633ea3cbfdac1",
        scale: 61.0124,
        longest: 155,
    },
];

/// One that draws one kind of thing.
#[derive(Debug)]
pub struct Sketcher {
    pub id: &'static str,
    pub title: &'static str,
    /// The publisher's file, in the mirror's folder and at each of `ADDRESSES`.
    pub file: &'static str,
    pub sha256: &'static str,
    /// The deviation of the training drawings' offsets: what the network calls 1 is so many units of a drawing.
    pub scale: f32,
    /// Moves of the longest training drawing; no drawing is allowed more.
    pub longest: usize,
}

/// Where the publisher keeps the files, the likelier place first. The checksum says which file it must be.
pub const ADDRESSES: [&str; 2] = [
    "https://storage.googleapis.com/quickdraw-models/sketchRNN/large_models",
    "https://storage.googleapis.com/quickdraw-models/sketchRNN/models",
];

pub const HOMEPAGE: &str = "https://magenta.tensorflow.org/sketch-rnn-demo";
pub const CITATION: &str = "Ha, Eck: A Neural Representation of Sketch Drawings (2017)";
/// Of Google's code; the drawings that they learned from are Quick, Draw!'s.
pub const LICENCE: &str = "Apache-2.0; drawings of Quick, Draw!: CC BY 4.0";

/// The decoder's memory, its inputs (`moves::PenMove::encoded`), its Gaussians, and all of its outputs: three logits of
/// the pen, then six numbers of every Gaussian.
pub const UNITS: usize = 512;
pub const INPUTS: usize = 5;
pub const MIXTURE: usize = 20;
pub const OUTPUTS: usize = 3 + 6 * MIXTURE;
/// The gates of an LSTM.
pub const GATES: usize = 4;

/// In the path of the files: raised when their bytes change.
const VERSION: u32 = 1;

/// The tensors of a file of ours, in its order, with PyTorch's shapes: input, forget, candidate and output gate. The
/// forget gates' bias has the published “+ 1” in it.
pub const TENSORS: [(&str, &[usize]); 5] = [
    ("lstm.weight_ih", &[GATES * UNITS, INPUTS]),
    ("lstm.weight_hh", &[GATES * UNITS, UNITS]),
    ("lstm.bias", &[GATES * UNITS]),
    ("output.weight", &[OUTPUTS, UNITS]),
    ("output.bias", &[OUTPUTS]),
];

impl Sketcher {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        SKETCHERS.iter().find(|sketcher| sketcher.id == id)
    }

    pub fn parameters() -> usize {
        TENSORS.iter().map(|(_, shape)| shape.iter().product::<usize>()).sum()
    }

    /// Where its files lie, relative to the page.
    pub fn folder(&self) -> String {
        format!("weights/{}/v{VERSION}", self.id)
    }

    pub fn files(&self) -> WeightFiles {
        WeightFiles {
            id: self.id,
            version: VERSION,
            folder: self.folder(),
            bytes: HALF * Self::parameters() as u64,
            classes: 0,
        }
    }
}
