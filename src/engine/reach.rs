//! How far back a loss is felt: the gradient of the loss at the last step that asks for something, with respect to what
//! came in some steps before. Where it vanishes, nothing can be learned from that far away (Hochreiter 1991; Bengio, Simard
//! & Frasconi 1994; Pascanu, Mikolov & Bengio 2013).

use super::inspector::Inspector;
use super::layers::ForwardPass;
use super::lost;
use super::network::Network;
use super::requests::refuse;
use super::tasks::TargetTask;
use super::trainer::Trainer;
use super::value::{Tokens, Value};
use crate::datasets::target::{IGNORE_INDEX, Targets};
use crate::layers::cell::{is_both, with_both};
use crate::layers::{LayerKind, LayerSpec, gru, lstm, rnn};
use crate::models::Model;
use crate::protocol::{Failure, Floats, Reach, ReachCurve, Response};
use burn::tensor::{Device, Tensor};

/// Norms are averaged over as many examples.
const EXAMPLES: usize = 16;
/// The cells that are compared as they begin.
static CELLS: [&LayerKind; 3] = [&rnn::KIND, &lstm::KIND, &gru::KIND];

impl Inspector<'_> {
    /// Of the run's network and, with `fresh`, of networks like it with each cell, as they begin.
    pub async fn reach(&self, fresh: bool) -> Result<Response, Failure> {
        let (data, run) = (self.data, &self.session.run);
        let split = if data.test.is_empty() { &data.train } else { &data.test };
        let count = split.len().min(EXAMPLES);
        let chosen = (0..count).map(|at| at * split.len() / count);
        let samples: Vec<_> = chosen.clone().map(|at| data.sample(split, at)).collect();
        let Value::Tokens(tokens) = data.batch(samples.into_iter(), self.device) else {
            return Err(refuse("This run learns from no text.", "Open one that does."));
        };
        let targets = split.select(chosen);
        let (task, tokens) = (&run.task, &tokens);
        let mut curves = Vec::new();
        let norms = norms(&run.network, task, tokens, &targets).await?;
        curves.push(ReachCurve { cell: String::new(), norms: Floats(norms) });
        for kind in CELLS.into_iter().filter(|_| fresh) {
            let network = beginning(run, kind, self.device)?;
            let norms = self::norms(&network, task, tokens, &targets).await?;
            curves.push(ReachCurve { cell: kind.word.into(), norms: Floats(norms) });
        }
        Ok(Response::Reach(Reach { step: run.step, examples: count as u32, curves }))
    }
}

/// Mean norms of the gradient of an example's loss at its last step, by how many steps before that the layer below the
/// first recurrent one gave what the gradient is of: `[distance]`. Of examples of different lengths, as far as a quarter
/// of them reaches.
pub async fn norms(
    network: &Network,
    task: &TargetTask,
    tokens: &Tokens,
    targets: &Targets,
) -> Result<Vec<f32>, Failure> {
    let none = || refuse("This network has no recurrent layer.", "Choose one that has.");
    let first = network.layers.iter().position(|info| is_recurrent(info.layer)).ok_or_else(none)?;
    let (last, targets) = last_asked(targets);
    let mut flows = vec![Value::Tokens(tokens.clone())];
    network.forward_with(&network.weights(), flows[0].clone(), |flow| flows.push(flow.clone()))?;
    let leaf = Tensor::from_inner(flows.swap_remove(first).sequence()).require_grad();
    let weights: Vec<Tensor<1>> = network.weights().into_iter().map(Tensor::from_inner).collect();
    let mut pass = ForwardPass::new(network, &weights, None);
    pass.index = first;
    pass.lengths.clone_from(&tokens.lengths);
    let outputs = pass.run(Value::Sequence(leaf.clone()), |_| ())?.flat();
    // The loss is a mean over the examples; each one's own is wanted.
    let [examples, time, _] = leaf.dims();
    let loss = task.loss(outputs, &targets, 0.0, &tokens.device.clone().autodiff()) * examples as f32;
    let gradients = loss.backward();
    let gradient = leaf.grad(&gradients).unwrap_or_else(|| leaf.clone().inner().zeros_like());
    let squares: Tensor<1> = (gradient.clone() * gradient).sum_dim(2).flatten(0, 2);
    let read = squares.into_data_async().await.map_err(lost)?;
    let lengths: Vec<f32> = read.iter::<f32>().map(f32::sqrt).collect();
    Ok(by_distance(&lengths, time, &last))
}

fn is_recurrent(layer: LayerSpec) -> bool {
    CELLS.iter().any(|kind| layer.is(kind))
}

/// The last step of each example that asks for something, and targets that ask for nothing else.
fn last_asked(targets: &Targets) -> (Vec<usize>, Targets) {
    let Targets::Tokens { time, ids } = targets else { return (Vec::new(), targets.clone()) };
    let mut only = vec![IGNORE_INDEX; ids.len()];
    let mut last = Vec::new();
    for (example, asked) in ids.chunks_exact(*time).enumerate() {
        let at = asked.iter().rposition(|id| *id != IGNORE_INDEX).unwrap_or(0);
        only[example * time + at] = asked[at];
        last.push(at);
    }
    (last, Targets::Tokens { time: *time, ids: only })
}

/// `lengths` are `[examples, time]`.
fn by_distance(lengths: &[f32], time: usize, last: &[usize]) -> Vec<f32> {
    let mut sums = vec![(0.0_f64, 0_usize); time];
    for (lengths, last) in lengths.chunks_exact(time).zip(last) {
        for (sum, length) in sums.iter_mut().zip(lengths[..=*last].iter().rev()) {
            *sum = (sum.0 + f64::from(*length), sum.1 + 1);
        }
    }
    let enough = last.len().div_ceil(4).max(1);
    let kept = sums.into_iter().take_while(|(_, count)| *count >= enough);
    kept.map(|(sum, count)| (sum / count as f64) as f32).collect()
}

/// The run's network with another cell, as a run with its seed would begin.
pub fn beginning(run: &Trainer, kind: &'static LayerKind, device: &Device) -> Result<Network, Failure> {
    let of = |layer: LayerSpec| match is_recurrent(layer) && !layer.is(kind) {
        true => with_both(kind.standard().with_number(0, layer.number(0)), is_both(layer)),
        false => layer,
    };
    let layers: Vec<LayerSpec> = match as_set(run, kind) {
        Some(layers) => layers,
        None => run.network.layers.iter().map(|info| of(info.layer)).collect(),
    };
    Network::beginning(&layers, &run.network.input, &run.spec.train.init, run.spec.seed, device)
        .map_err(|why| refuse(format!("This network does not fit: {why}."), "Choose other sizes."))
}

/// With the biases that the run's settings have for this cell, where its model has a choice of cells.
fn as_set(run: &Trainer, kind: &LayerKind) -> Option<Vec<LayerSpec>> {
    let spec = run.spec.with_key("model.cell", &kind.word.into()).ok()?;
    let layers = Model::by_id(&spec.model.id)?.layers_of(&spec.model, run.task.outputs()).ok()?;
    layers.iter().any(|layer| layer.is(kind)).then_some(layers)
}
