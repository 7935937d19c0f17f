//! One unit of a layer at one step of a sequence: what goes in, what comes out, and the weights in between.

use super::inspector::Inspector;
use super::layers::inside;
use super::lost;
use super::network::{Network, Parameter};
use super::recurrent::Cell;
use super::requests::refuse;
use super::value::Value;
use crate::layers::cell::{direction, is_both};
use crate::layers::embedding;
use crate::layers::unrolled::HIDDEN;
use crate::protocol::{Failure, Floats, ParamValues, Response, UnitIo};
use burn::tensor::Tensor;

/// Behind the names of what the direction from the end has.
const REVERSE: &str = "_reverse";

impl Inspector<'_> {
    /// Of a text that begins as it is given: layer, unit and step.
    pub async fn unit(&self, text: &str, place: [usize; 3]) -> Result<Response, Failure> {
        let (_, flows) = self.read(text)?;
        let run = &self.session.run;
        of(&run.network, run.step, &flows, place)
            .await?
            .map(|passage| Response::UnitIo(Box::new(passage)))
            .ok_or_else(|| refuse("The network has no such layer or unit.", "Ask for one that it has."))
    }
}

/// `flows` is what the network and then each of its layers gets or gives along one sequence. None where there is no such
/// layer, unit or step, or where the layer gives no sequence.
pub async fn of(
    network: &Network,
    step: u32,
    flows: &[Value],
    [layer, unit, time]: [usize; 3],
) -> Result<Option<UnitIo>, Failure> {
    let Some(info) = network.layers.get(layer) else { return Ok(None) };
    if info.output.len() != 2 {
        return Ok(None);
    }
    let [input, output] = [&flows[layer], &flows[layer + 1]].map(|flow| flow.clone().sequence());
    let [_, steps, units] = output.dims();
    if unit >= units || time >= steps {
        return Ok(None);
    }
    let (from_end, first) = direction(info.layer, unit);
    // Of both directions, half of the units read as this one does.
    let own = if is_both(info.layer) { units / 2 } else { units };
    let before = if from_end { Some(time + 1).filter(|at| *at < steps) } else { time.checked_sub(1) };
    let cell = Cell::of_word(info.layer.kind().word);
    // Of a plain cell there is nothing but its hidden state.
    let gates = match cell {
        Some(cell) if cell != Cell::Rnn => inside(network, layer, flows[layer].clone())?,
        _ => None,
    };
    let names = gates.iter().flat_map(|_| cell.map_or(&[][..], Cell::activations));
    let names: Vec<String> = [HIDDEN].iter().chain(names).map(|name| (*name).to_string()).collect();

    let rows = rows(network, layer, (from_end, unit - first, own), token(&flows[layer], time));
    let at = |of: &Tensor<3>, step: usize| of.clone().narrow(1, step, 1).flatten::<1>(0, 2);
    let mut flat = vec![at(&input, time), at(&output, time)];
    flat.extend(before.map(|before| at(&output, before).narrow(0, first, own)));
    flat.push(output.narrow(2, unit, 1).flatten(0, 2));
    // `[time, activations]`
    flat.extend(gates.map(|gates| gates.picture().narrow(3, unit, 1).flatten::<1>(0, 3)));
    flat.extend(rows.iter().map(|(_, values)| values.clone()));
    let read = Tensor::cat(flat, 0).into_data_async().await.map_err(lost)?;

    let mut numbers = read.iter::<f32>();
    let mut next = |count: usize| numbers.by_ref().take(count).collect::<Vec<f32>>();
    let (features, activations) = (input.dims()[2], names.len() - 1);
    let (input, output) = (Floats(next(features)), Floats(next(units)));
    let before = Floats(before.map(|_| next(own)).unwrap_or_default());
    let (hidden, gates) = (next(steps), next(steps * activations));
    let of_step = |at: Option<usize>| match at.filter(|at| *at < steps) {
        Some(at) => [&hidden[at..=at], &gates[at * activations..(at + 1) * activations]].concat(),
        None => vec![0.0; names.len()],
    };
    let around = [time.checked_sub(1), Some(time), Some(time + 1)];
    let around = Floats(around.into_iter().flat_map(of_step).collect());
    let weights = rows.into_iter().map(|(row, values)| ParamValues { values: next(values.dims()[0]), ..row });
    let weights = weights.collect();
    Ok(Some(UnitIo { step, input, output, before, names, around, weights }))
}

/// Which token a layer gets at a step, if it gets tokens.
fn token(input: &Value, time: usize) -> Option<usize> {
    match input {
        Value::Tokens(tokens) => tokens.ids.get(time).map(|id| *id as usize),
        _ => None,
    }
}

/// What of each parameter is the unit's: of one with a block of units for each gate, a row of each block. The unit is the
/// `unit`th of as many `units` that read in its direction, whose parameters are named without it.
fn rows(
    network: &Network,
    layer: usize,
    (from_end, unit, units): (bool, usize, usize),
    token: Option<usize>,
) -> Vec<(ParamValues, Tensor<1>)> {
    let of_tokens = network.layers[layer].layer.is(&embedding::KIND);
    let own = network.parameters.iter().chain(&network.statistics).filter(|p| p.is_of(layer));
    let row = |parameter: &Parameter| {
        let (name, of_end) = match parameter.local_name() {
            name if name.ends_with(REVERSE) => (name.trim_end_matches(REVERSE).to_string(), true),
            name => (name.to_string(), false),
        };
        if of_end != from_end {
            return None;
        }
        let (first, rest) = parameter.shape.split_first()?;
        let length: usize = rest.iter().product();
        let (values, shape) = match (of_tokens, token) {
            (true, token) => (parameter.value.clone().narrow(0, token? * length + unit, 1), Vec::new()),
            (false, _) if !first.is_multiple_of(units) => return None,
            (false, _) => {
                let blocks = first / units;
                let all = parameter.value.clone().reshape([blocks, units, length]);
                (all.narrow(1, unit, 1).flatten(0, 2), [&[blocks], rest].concat())
            }
        };
        Some((ParamValues { name, shape, values: Vec::new() }, values))
    };
    own.filter_map(row).collect()
}
