//! Looking inside: one picture's way through the network, and the first layer's weights, as bytes to draw.

use super::dataset_store::{Loaded, Sample};
use super::lost;
use super::network::{Network, Parameter};
use super::tasks::TargetTask;
use super::trainer::Trainer;
use super::value::Value;
use crate::datasets::toy2d::REACH;
use crate::protocol::{
    DecisionSurface, Failure, FeatureMaps, Form, Look, MOST_WEIGHTS, ParamValues, Prediction,
};
use burn::tensor::{Device, Tensor};
use serde_bytes::ByteBuf;

/// Maps that are worth drawing of one layer.
const MOST_MAPS: usize = 64;

/// Pictures to look at together: `look` in depth, the others only for what the network thinks.
pub struct Inspection<'a> {
    pub look: Option<Sample<'a>>,
    pub inside: bool,
    pub others: Vec<Sample<'a>>,
}

impl Inspection<'_> {
    /// One forward pass and one reading for everything.
    pub async fn take(
        &self,
        run: &Trainer,
        data: &Loaded,
        device: &Device,
    ) -> Result<(Option<Look>, Vec<Prediction>), Failure> {
        let network = &run.network;
        let pictures: Vec<Sample> = self.look.iter().copied().chain(self.others.iter().copied()).collect();
        // What a sequence's network says is asked for in other ways.
        if pictures.is_empty() || data.tokens.is_some() {
            return Ok((None, Vec::new()));
        }
        let inside = self.inside && self.look.is_some();
        let mut flat: Vec<Tensor<1>> = Vec::new();
        let input = data.batch(pictures.iter().copied(), device);
        let logits = network.forward_with(&network.weights(), input, |flow| {
            if inside {
                flat.push(flow.clone().flat().slice([0..1]).flatten(0, 1));
            }
        })?;
        flat.push(logits.flatten(0, 1));
        if inside && let Some(first) = network.first_weight() {
            flat.push(first.value.clone());
        }
        let read = Tensor::cat(flat, 0).into_data_async().await.map_err(lost)?;
        let numbers: Vec<f32> = read.iter::<f32>().collect();
        Ok(self.cut(&numbers, network, pictures.len(), inside, &run.task))
    }

    /// Cuts the one long reading into what was asked for.
    fn cut(
        &self,
        numbers: &[f32],
        network: &Network,
        pictures: usize,
        inside: bool,
        task: &TargetTask,
    ) -> (Option<Look>, Vec<Prediction>) {
        let mut rest = numbers;
        let mut cut = |length: usize| {
            let (head, tail) = rest.split_at(length.min(rest.len()));
            rest = tail;
            head
        };
        let activations: Vec<FeatureMaps> = if inside {
            let layers = network.layers.iter();
            layers.map(|layer| plane(cut(layer.output.iter().product()), &layer.output)).collect()
        } else {
            Vec::new()
        };
        let outputs = task.outputs();
        let mut rows = cut(pictures * outputs).chunks_exact(outputs).map(|row| task.decode(row));
        let look = self.look.and_then(|sample| {
            let (input, numbers) = match sample {
                Sample::Picture(bytes) => (ByteBuf::from(bytes), Vec::new()),
                Sample::Row(row) => (ByteBuf::new(), row.to_vec()),
                Sample::Tokens(_) => return None,
            };
            Some(Look { input, numbers, prediction: rows.next()?, activations, filters: None })
        });
        let predictions = rows.collect();
        let filters = inside.then(|| filters(cut(usize::MAX), network)).flatten();
        (look.map(|look| Look { filters, ..look }), predictions)
    }
}

/// The first layer's weights: a convolution's kernels, or for each unit of a dense layer a picture's worth.
fn filters(values: &[f32], network: &Network) -> Option<FeatureMaps> {
    let first = network.layers.iter().find(|l| l.parameters > 0)?;
    let picture = network.input.as_slice().try_into().ok()?;
    first.layer.filter_maps(picture).map(|shape| plane(values, &shape))
}

/// Numbers of `shape` (`[maps, height, width]`, `[time, features]` as one map, or `[features]`) as bytes between their least and greatest.
pub(super) fn plane(values: &[f32], shape: &[usize]) -> FeatureMaps {
    let (maps, height, width) = match *shape {
        [maps, height, width] => (maps.min(MOST_MAPS), height, width),
        [time, features] => (1, time, features),
        _ => (1, 1, shape.iter().product()),
    };
    let values = &values[..(maps * height * width).min(values.len())];
    let min = values.iter().copied().fold(f32::INFINITY, f32::min);
    let max = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scale = if max > min { 255.0 / (max - min) } else { 0.0 };
    let pixels: Vec<u8> = values.iter().map(|v| ((v - min) * scale) as u8).collect();
    FeatureMaps {
        maps: maps as u32,
        height: height as u32,
        width: width as u32,
        min,
        max,
        pixels: ByteBuf::from(pixels),
    }
}

/// More points each way are not computed.
const MOST_POINTS: usize = 200;

/// What the network makes of `side × side` points of the plane; none of data that are no points.
pub async fn surface(
    run: &Trainer,
    data: &Loaded,
    side: usize,
    device: &Device,
) -> Result<Option<DecisionSurface>, Failure> {
    if data.ground.info.form != Form::Point {
        return Ok(None);
    }
    let side = side.clamp(2, MOST_POINTS);
    let at = |index: usize| -REACH + 2.0 * REACH * (index as f32 + 0.5) / side as f32;
    let points: Vec<[f32; 2]> = (0..side * side).map(|index| [at(index % side), -at(index / side)]).collect();
    let input = data.batch(points.iter().map(|point| Sample::Row(point)), device).flat();
    let mut flat = vec![input.clone()];
    let outputs = run.network.forward_with(&run.network.weights(), Value::Flat(input), |flow| {
        flat.push(flow.clone().flat());
    })?;
    let widths: Vec<usize> = flat.iter().map(|t| t.dims()[1]).collect();
    let outputs: Tensor<1> = outputs.flatten(0, 1);
    // `[points, units]` → `[units, points]`: one map a unit.
    let maps = flat.into_iter().map(|t| t.transpose().flatten(0, 1)).chain([outputs]);
    let read = Tensor::cat(maps.collect(), 0).into_data_async().await.map_err(lost)?;
    let numbers: Vec<f32> = read.iter::<f32>().collect();
    let mut rest = &numbers[..];
    let mut cut = |length: usize| {
        let (head, tail) = rest.split_at(length.min(rest.len()));
        rest = tail;
        head
    };
    let mut planes = widths.iter().map(|&width| plane(cut(width * side * side), &[width, side, side]));
    let input = planes.next();
    let layers: Vec<FeatureMaps> = planes.collect();
    let answers = answers(rest, &run.task, side);
    Ok(input.map(|input| DecisionSurface { input, layers, answer: answers }))
}

/// `[points, outputs]` as one map a class, or one of the number.
fn answers(outputs: &[f32], task: &TargetTask, side: usize) -> FeatureMaps {
    let width = task.outputs();
    let said: Vec<Prediction> = outputs.chunks_exact(width).map(|row| task.decode(row)).collect();
    let maps: Vec<f32> =
        (0..width).flat_map(|output| said.iter().map(move |row| row.numbers()[output])).collect();
    plane(&maps, &[width, side, side])
}

/// Every weight, if there are few enough to read.
pub async fn weights(network: &Network) -> Result<Vec<ParamValues>, Failure> {
    if network.parameters.iter().map(Parameter::len).sum::<usize>() > MOST_WEIGHTS {
        return Ok(Vec::new());
    }
    let all = Tensor::cat(network.weights(), 0).into_data_async().await.map_err(lost)?;
    let numbers: Vec<f32> = all.iter::<f32>().collect();
    Ok(named(network, &numbers))
}

/// One long reading, cut into the network's parameters.
pub(super) fn named(network: &Network, mut numbers: &[f32]) -> Vec<ParamValues> {
    let mut cut = |parameter: &Parameter| {
        let (values, rest) = numbers.split_at(parameter.len().min(numbers.len()));
        numbers = rest;
        ParamValues { name: parameter.name.clone(), shape: parameter.shape.clone(), values: values.to_vec() }
    };
    network.parameters.iter().map(&mut cut).collect()
}
