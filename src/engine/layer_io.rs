//! One example's passage through one layer: what goes in, what comes out, and the weights in between, for one map.

use super::dataset_store::{Loaded, Sample};
use super::layers::inside;
use super::lost;
use super::network::Parameter;
use super::trainer::Trainer;
use super::value::Value;
use crate::explain::maps;
use crate::protocol::{Failure, Floats, LayerIo, ParamValues};
use burn::tensor::{Device, Tensor};

/// The passage, or none if there is no such layer or map.
pub async fn of(
    run: &Trainer,
    data: &Loaded,
    sample: Sample<'_>,
    (layer, map): (usize, usize),
    device: &Device,
) -> Result<Option<LayerIo>, Failure> {
    let network = &run.network;
    let Some(info) = network.layers.get(layer) else { return Ok(None) };
    if map >= maps(&info.output)[0] {
        return Ok(None);
    }
    let input = data.batch([sample].into_iter(), device);
    let mut flows = vec![input.clone()];
    network.forward_with(&network.weights(), input, |flow| flows.push(flow.clone()))?;
    let before = flows[layer].clone();
    let after = by_map(flows[layer + 1].clone());
    let after = match maps(&info.output) {
        [_, height, width] if height * width > 1 => after.narrow(0, map * height * width, height * width),
        _ => after,
    };
    // What a layer has for each token or gate is not by its output's maps.
    let own = network.parameters.iter().chain(&network.statistics);
    let own = own.filter(|p| p.is_of(layer) && p.shape.first().is_some_and(|&maps| map < maps));
    let rows = own.map(|parameter| row(parameter, map)).collect::<Vec<_>>();
    let is_picture = info.output.len() == 3;
    let middle = if is_picture { inside(network, layer, before.clone())? } else { None };

    let mut flat = vec![by_map(before), after];
    flat.extend(rows.iter().map(|(_, values)| values.clone()));
    flat.extend(middle.map(|x| x.flat().flatten(0, 1)));
    let lengths: Vec<usize> = flat.iter().map(|t| t.dims()[0]).collect();
    let read = Tensor::cat(flat, 0).into_data_async().await.map_err(lost)?;
    let numbers: Vec<f32> = read.iter::<f32>().collect();

    let mut rest = &numbers[..];
    let mut parts = lengths.into_iter().map(|length| {
        let (head, tail) = rest.split_at(length);
        rest = tail;
        head.to_vec()
    });
    let mut next = || parts.next().unwrap_or_default();
    let (input, output) = (Floats(next()), Floats(next()));
    let weights = rows.into_iter().map(|(weights, _)| ParamValues { values: next(), ..weights }).collect();
    Ok(Some(LayerIo { step: run.step, input, output, weights, inside: Floats(next()) }))
}

/// A value's numbers map after map, as `explain::maps` has them.
fn by_map(value: Value) -> Tensor<1> {
    match value {
        Value::Sequence(x) => x.swap_dims(1, 2).flatten(0, 2),
        other => other.flat().flatten(0, 1),
    }
}

/// What belongs to one map of a parameter, whose first dimension is the layer's maps: its description, and its values.
fn row(parameter: &Parameter, map: usize) -> (ParamValues, Tensor<1>) {
    let shape = parameter.shape.get(1..).unwrap_or_default().to_vec();
    let length: usize = shape.iter().product();
    let name = parameter.local_name().to_string();
    let values = parameter.value.clone().narrow(0, map * length, length);
    (ParamValues { name, shape, values: Vec::new() }, values)
}
