//! Looking inside: one picture's way through the network, and the first layer's weights, as bytes to draw.

use super::classify::{guess, softmax};
use super::library::Loaded;
use super::lost;
use super::network::Network;
use crate::layers::LayerSpec;
use crate::protocol::{Failure, Guess, Look, Plane};
use burn::tensor::{Device, Tensor};
use serde_bytes::ByteBuf;

/// Maps that are worth drawing of one layer.
const MOST_MAPS: usize = 64;

/// Pictures to look at together: `look` in depth, the others only for what the network thinks.
pub struct Glimpse<'a> {
    pub look: Option<&'a [u8]>,
    pub inside: bool,
    pub others: Vec<&'a [u8]>,
}

impl Glimpse<'_> {
    /// One forward pass and one reading for everything.
    pub async fn take(
        &self,
        network: &Network,
        data: &Loaded,
        device: &Device,
    ) -> Result<(Option<Look>, Vec<Guess>), Failure> {
        let pictures: Vec<&[u8]> = self.look.iter().copied().chain(self.others.iter().copied()).collect();
        if pictures.is_empty() {
            return Ok((None, Vec::new()));
        }
        let inside = self.inside && self.look.is_some();
        let mut flat: Vec<Tensor<1>> = Vec::new();
        let input = data.normalised(pictures.iter().copied(), device);
        let logits = network.forward_with(&network.weights(), input, |flow| {
            if inside {
                flat.push(flow.clone().flat().slice([0..1]).flatten(0, 1));
            }
        });
        flat.push(logits.flatten(0, 1));
        if inside && let Some(first) = network.first_weight() {
            flat.push(first.value.clone());
        }
        let read = Tensor::cat(flat, 0).into_data_async().await.map_err(lost)?;
        let numbers: Vec<f32> = read.iter::<f32>().collect();
        Ok(self.cut(&numbers, network, pictures.len(), inside, data.dataset.classes.len()))
    }

    /// Cuts the one long reading into what was asked for.
    fn cut(
        &self,
        numbers: &[f32],
        network: &Network,
        pictures: usize,
        inside: bool,
        classes: usize,
    ) -> (Option<Look>, Vec<Guess>) {
        let mut rest = numbers;
        let mut cut = |length: usize| {
            let (head, tail) = rest.split_at(length.min(rest.len()));
            rest = tail;
            head
        };
        let activations: Vec<Plane> = if inside {
            let layers = network.layers.iter();
            layers.map(|layer| plane(cut(layer.output.iter().product()), &layer.output)).collect()
        } else {
            Vec::new()
        };
        let mut rows = cut(pictures * classes).chunks_exact(classes).map(softmax);
        let look = self.look.and_then(|picture| {
            Some(Look {
                input: ByteBuf::from(picture),
                probabilities: rows.next()?,
                activations,
                filters: None,
            })
        });
        let guesses = rows.map(|row| guess(&row)).collect();
        let filters = inside.then(|| filters(cut(usize::MAX), network)).flatten();
        (look.map(|look| Look { filters, ..look }), guesses)
    }
}

/// The first layer's weights: a convolution's kernels, or for each unit of a dense layer a picture's worth.
fn filters(values: &[f32], network: &Network) -> Option<Plane> {
    let first = network.layers.iter().find(|l| l.parameters > 0)?;
    let [channels, height, width] = network.input;
    Some(match first.layer {
        LayerSpec::Conv { filters, kernel } => plane(values, &[filters * channels, kernel, kernel]),
        LayerSpec::Dense { units } => plane(values, &[units * channels, height, width]),
        _ => return None,
    })
}

/// Numbers of `shape` (`[maps, height, width]` or `[features]`) as bytes between their least and greatest.
pub(super) fn plane(values: &[f32], shape: &[usize]) -> Plane {
    let (maps, height, width) = match *shape {
        [maps, height, width] => (maps.min(MOST_MAPS), height, width),
        _ => (1, 1, shape.iter().product()),
    };
    let values = &values[..(maps * height * width).min(values.len())];
    let min = values.iter().copied().fold(f32::INFINITY, f32::min);
    let max = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scale = if max > min { 255.0 / (max - min) } else { 0.0 };
    let pixels: Vec<u8> = values.iter().map(|v| ((v - min) * scale) as u8).collect();
    Plane {
        maps: maps as u32,
        height: height as u32,
        width: width as u32,
        min,
        max,
        pixels: ByteBuf::from(pixels),
    }
}
