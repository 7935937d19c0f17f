//! A pretrained network that says what a picture shows.

use super::graph::Graph;
use super::weights::Weights;
use crate::pretrained::{Layer, Op, Pretrained};

pub struct Classifier {
    pub about: &'static Pretrained,
    pub labels: Vec<String>,
    graph: Graph,
}

impl Classifier {
    /// An error says what the weights lack.
    pub fn new(about: &'static Pretrained, weights: &Weights) -> Result<Self, String> {
        Ok(Self { about, labels: weights.labels.clone(), graph: Graph::new((about.layers)(), weights)? })
    }

    pub fn layers(&self) -> &[Layer] {
        &self.graph.layers
    }

    /// The network's answer to a picture `[side, side, 3]` of bytes: logits. `each` sees every layer's output,
    /// `[height, width, channels]`, as it is computed.
    pub fn run(&mut self, picture: &[u8], each: impl FnMut(usize, &[f32])) -> Vec<f32> {
        let input = self.about.input;
        let mut values: Vec<f32> =
            picture.iter().map(|&byte| (f32::from(byte) - input.mean) / input.scale).collect();
        values.resize(input.side * input.side * 3, 0.0);
        self.graph.run(&values, each);
        let last = self.graph.last();
        last[..self.labels.len().min(last.len())].to_vec()
    }

    /// The layer whose output is averaged: what the classes are told from, place by place.
    pub fn last_map(&self) -> usize {
        self.graph.layers.iter().position(|l| l.op == Op::GlobalAverage).map_or(0, |at| at.saturating_sub(1))
    }

    /// The mean of every channel of the last map: what the network knows of a picture before it names it.
    pub fn features(&mut self, picture: &[u8]) -> Vec<f32> {
        let average = self.last_map() + 1;
        let mut features = Vec::new();
        self.run(picture, |index, values| {
            if index == average {
                features = values.to_vec();
            }
        });
        features
    }

    /// The classifier's weights of one class, `[features]`.
    pub fn class_weights(&self, class: usize) -> Vec<f32> {
        self.graph.weights_of_unit(class)
    }
}
