//! A pretrained network that finds things in a picture: the picture's way into its square, and from what it says at every
//! place to boxes on the picture.

use super::graph::Graph;
use super::preprocess;
use super::resize::scaled;
use super::weights::Weights;
use crate::detection::letterbox::Letterbox;
use crate::detection::outputs::decode;
use crate::detection::suppression;
use crate::engine::platform_now;
use crate::pretrained::Op;
use crate::protocol::Failure;
use crate::protocol::vision::{Detected, Milliseconds, Photo};

/// Boxes that are less sure are not told: there are thousands.
pub const LEAST: f32 = 0.05;

pub struct Detector {
    pub about: &'static crate::pretrained::Detector,
    graph: Graph,
    /// The layers that say what is where, one for each of the strides.
    outputs: Vec<usize>,
}

impl Detector {
    /// An error says what the weights lack.
    pub fn new(about: &'static crate::pretrained::Detector, weights: &Weights) -> Result<Self, String> {
        let layers = (about.layers)();
        let read = |index: usize| layers.iter().any(|layer| layer.inputs.contains(&index));
        let output = |&index: &usize| layers[index].op == Op::Concat && !read(index);
        let outputs = (0..layers.len()).filter(output).collect();
        Ok(Self { about, outputs, graph: Graph::new(layers, weights)? })
    }

    /// What the network says of a square `[side, side, 3]`, RGB: for each stride `[places, 5 + classes]`.
    pub fn run(&mut self, square: &[u8]) -> Vec<Vec<f32>> {
        // It learned from pictures whose blue comes first.
        let mut values: Vec<f32> =
            square.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [b, g, r].map(f32::from)).collect();
        values.resize(self.about.side * self.about.side * 3, f32::from(self.about.fill));
        let mut outputs = Vec::with_capacity(self.outputs.len());
        let wanted = &self.outputs;
        self.graph.run(&values, |index, values| {
            if wanted.contains(&index) {
                outputs.push(values.to_vec());
            }
        });
        outputs
    }
}

/// The square that the network sees of a picture `[height, width, 3]` of that size.
pub fn square(about: &crate::pretrained::Detector, rgb: &[u8], size: [usize; 2]) -> (Letterbox, Vec<u8>) {
    let letterbox = Letterbox::of(size, about.side);
    (letterbox, letterbox.filled(&scaled(rgb, size, letterbox.size), about.fill))
}

pub async fn detect(detector: &mut Detector, photo: &Photo) -> Result<Detected, Failure> {
    let picture = preprocess::pixels(photo).await?;
    let began = platform_now();
    let about = detector.about;
    let (letterbox, square) = square(about, &picture.rgb, picture.decoded);
    let prepared = platform_now();
    let outputs = detector.run(&square);
    let mut found = Vec::new();
    for (rows, &stride) in outputs.iter().zip(about.strides) {
        found.extend(decode(rows, about.side / stride, stride, about.classes, LEAST));
    }
    let size = picture.size.map(|length| length as f32);
    let decoded = picture.decoded.map(|length| length as f32);
    for one in &mut found {
        let area = letterbox.back(&one.area).scaled([size[0] / decoded[0], size[1] / decoded[1]]);
        one.area = area.within(size);
    }
    suppression::sort(&mut found);
    let network = (platform_now() - prepared) * 1000.0;
    let prepare = (prepared - began) * 1000.0;
    let milliseconds = Milliseconds { decode: picture.milliseconds, prepare, network };
    Ok(Detected { size: picture.size, found, milliseconds })
}
