//! A classifier of the visitor's own classes: one dense layer on a pretrained network's features, which stay as they
//! are (transfer learning by feature extraction; Donahue et al. 2014).

use super::feature_cache::{Collection, bytes};
use super::split;
use crate::datasets::target::{Prediction, TargetField, Targets};
use crate::engine::device::tensor;
use crate::engine::network::Network;
use crate::engine::optimizer::Optimizer;
use crate::engine::tasks::{Scores, TargetTask, cross_entropy, softmax};
use crate::engine::{lost, platform_now};
use crate::layers::{dense, flatten};
use crate::platform;
use crate::protocol::vision::{HeadGuess, HeadProgress, HeadSpec, TrainedHead};
use crate::protocol::{Failure, FailureKind};
use crate::random::Random;
use crate::spec::BETA2;
use burn::tensor::{Device, Tensor};

/// Examples in a step.
const BATCH: usize = 32;
/// Pulls the weights of features that do not matter to zero: there are more features than pictures.
const WEIGHT_DECAY: f64 = 0.1;

/// More passes over all pictures than this are a slip: the page offers fewer.
const MOST_EPOCHS: u32 = 1_000;

/// Trained weights, ready for features as the network gives them.
pub struct Head {
    pub network: &'static str,
    /// `[classes, features]`
    pub weight: Vec<f32>,
    /// `[classes]`
    pub bias: Vec<f32>,
}

impl Head {
    /// One per class.
    pub fn logits(&self, features: &[f32]) -> Vec<f32> {
        let rows = self.weight.chunks_exact(features.len().max(1));
        let dot = |row: &[f32]| row.iter().zip(features).map(|(w, x)| w * x).sum::<f32>();
        rows.zip(&self.bias).map(|(row, bias)| dot(row) + bias).collect()
    }
}

/// One of the visitor's pictures in a training.
struct Example {
    id: u32,
    class: u8,
    held_out: bool,
    /// Standardised.
    features: Vec<f32>,
}

struct Training<'a> {
    spec: &'a HeadSpec,
    device: &'a Device,
    examples: Vec<Example>,
    network: Network,
    task: TargetTask,
}

/// Trains from scratch; `tell` hears of every epoch.
pub async fn train(
    spec: &HeadSpec,
    network: &'static str,
    collection: &Collection,
    device: &Device,
    tell: impl Fn(HeadProgress),
) -> Result<(Head, TrainedHead), Failure> {
    let began = platform_now();
    let mut examples = gather(spec, collection)?;
    let (mean, scale) = standardise(&mut examples);
    let layers = [flatten(), dense(usize::from(spec.classes))];
    let probe = Network::new(&layers, &[mean.len(), 1, 1], spec.seed, device).map_err(|why| refuse(&why))?;
    let names = vec![String::new(); usize::from(spec.classes)];
    let task = TargetTask::of(&TargetField::Class { names });
    let mut training = Training { spec, device, examples, network: probe, task };
    let curve = training.epochs(tell).await?;
    let values = training.values().await?;
    let (bias, weight) = values.split_at(usize::from(spec.classes));
    // Standardising is folded into the weights: w/σ · x + (b − w/σ · µ).
    let weight: Vec<f32> =
        weight.chunks_exact(mean.len()).flat_map(|row| row.iter().zip(&scale).map(|(w, s)| w * s)).collect();
    let shift = |row: &[f32]| row.iter().zip(&mean).map(|(w, m)| w * m).sum::<f32>();
    let bias = bias.iter().zip(weight.chunks_exact(mean.len())).map(|(b, row)| b - shift(row)).collect();
    let head = Head { network, weight, bias };
    let result = summary(&head, spec, collection, &training.examples, curve, platform_now() - began);
    Ok((head, result))
}

fn refuse(what: &str) -> Failure {
    Failure::new(FailureKind::Input, what, "Add pictures and train again.")
}

/// Which pictures are trained on and which are kept apart: the same ones for the same seed, of every class.
fn gather(spec: &HeadSpec, collection: &Collection) -> Result<Vec<Example>, Failure> {
    if spec.classes < 2 {
        return Err(refuse("A classifier needs at least two classes."));
    }
    if spec.epochs > MOST_EPOCHS || spec.examples.iter().any(|(_, class)| *class >= spec.classes) {
        return Err(refuse("This training has more passes or classes than it can have."));
    }
    // By what is in the picture and not by its id: in a project that was saved and opened ids are others.
    let place = |id: u32| {
        let bytes = bytes(collection.features(id).unwrap_or_default());
        Random::new(spec.seed, u64::from(crc32fast::hash(&bytes))).below(1 << 30)
    };
    let mut examples = Vec::new();
    for class in 0..spec.classes {
        let mut ids: Vec<u32> = spec.examples.iter().filter(|e| e.1 == class).map(|e| e.0).collect();
        ids.retain(|&id| collection.features(id).is_some());
        if ids.is_empty() {
            return Err(refuse("Every class needs at least one picture."));
        }
        ids.sort_by_cached_key(|&id| (place(id), id));
        for id in ids {
            let features = collection.features(id).unwrap_or_default().to_vec();
            examples.push(Example { id, class, held_out: false, features });
        }
    }
    let labelled: Vec<(u32, u8)> = examples.iter().map(|e| (e.id, e.class)).collect();
    let groups = [collection.similar(), spec.recordings.clone()].concat();
    let held_out = split::held_out(&labelled, &groups, spec.held_out, |id| place(id) as u64);
    examples.iter_mut().for_each(|e| e.held_out = held_out.contains(&e.id));
    Ok(examples)
}

/// Every feature to mean 0 and deviation 1 by the training pictures alone; gives the means and 1 / deviations.
fn standardise(examples: &mut [Example]) -> (Vec<f32>, Vec<f32>) {
    let length = examples.first().map_or(0, |e| e.features.len());
    let count = examples.iter().filter(|e| !e.held_out).count().max(1) as f32;
    let average = |of: &dyn Fn(&Example, usize) -> f32| -> Vec<f32> {
        let mut sums = vec![0.0; length];
        for example in examples.iter().filter(|e| !e.held_out) {
            sums.iter_mut().enumerate().for_each(|(i, sum)| *sum += of(example, i));
        }
        sums.iter().map(|sum| sum / count).collect()
    };
    let mean = average(&|e, i| e.features[i]);
    let variance = average(&|e, i| (e.features[i] - mean[i]).powi(2));
    // A feature that hardly changes says nothing, and must not be blown up.
    let scale: Vec<f32> = variance.iter().map(|v| 1.0 / (v.sqrt() + 0.05)).collect();
    for example in examples {
        for ((x, m), s) in example.features.iter_mut().zip(&mean).zip(&scale) {
            *x = (*x - m) * s;
        }
    }
    (mean, scale)
}

impl Training<'_> {
    async fn epochs(&mut self, tell: impl Fn(HeadProgress)) -> Result<Vec<HeadProgress>, Failure> {
        let wrong = |why: String| refuse(&why);
        let mut optimizer =
            Optimizer::new("adamw", [WEIGHT_DECAY, BETA2], &self.network.parameters).map_err(wrong)?;
        let mut order: Vec<u32> =
            (0..self.examples.len() as u32).filter(|&i| !self.examples[i as usize].held_out).collect();
        let mut curve = Vec::new();
        for epoch in 0..self.spec.epochs {
            Random::new(self.spec.seed, 1 << 40 | u64::from(epoch)).shuffle(&mut order);
            // Along a line to zero, so that it ends settled.
            let rate =
                self.spec.learning_rate * f64::from(self.spec.epochs - epoch) / f64::from(self.spec.epochs);
            for batch in order.chunks(BATCH) {
                self.step(batch, rate, &mut optimizer)?;
            }
            let progress = self.score(epoch + 1).await?;
            tell(progress);
            curve.push(progress);
            platform::yield_now().await;
        }
        Ok(curve)
    }

    fn step(&mut self, batch: &[u32], rate: f64, optimizer: &mut Optimizer) -> Result<(), Failure> {
        let device = self.device.clone().autodiff();
        let chosen: Vec<&Example> = batch.iter().map(|&i| &self.examples[i as usize]).collect();
        let input = features(&chosen, &device);
        let labels = chosen.iter().map(|e| u32::from(e.class)).collect();
        let weights = self.network.weights().into_iter();
        let leaves: Vec<Tensor<1>> = weights.map(|w| Tensor::from_inner(w).require_grad()).collect();
        let gradients = cross_entropy(self.network.forward_by(&leaves, input)?, labels, 0.0).backward();
        let gradients: Vec<_> = leaves.into_iter().map(|leaf| leaf.grad(&gradients)).collect();
        optimizer.step(rate, &mut self.network.parameters, gradients);
        Ok(())
    }

    /// Loss and accuracy of both parts.
    async fn score(&self, epoch: u32) -> Result<HeadProgress, Failure> {
        let all: Vec<&Example> = self.examples.iter().collect();
        let logits =
            self.network.forward(features(&all, self.device))?.into_data_async().await.map_err(lost)?;
        let logits: Vec<f32> = logits.iter::<f32>().collect();
        let mut parts = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
        for (example, row) in all.iter().zip(logits.chunks_exact(usize::from(self.spec.classes))) {
            let (logits, classes) = &mut parts[usize::from(example.held_out)];
            logits.extend_from_slice(row);
            classes.push(u32::from(example.class));
        }
        let [train, held_out] = parts.map(|(logits, classes)| {
            let count = classes.len();
            (count, self.task.scores(&self.task.sums(&logits, &Targets::Classes(classes)), count))
        });
        let (_, Scores { loss, score }) = train;
        if !loss.is_finite() {
            let what = "Training diverged: the loss is no longer a number.";
            return Err(Failure::new(FailureKind::Diverged, what, "Choose a smaller learning rate."));
        }
        let held_out = Some(held_out).filter(|(count, _)| *count > 0).map(|(_, scores)| scores);
        Ok(HeadProgress {
            epoch,
            epochs: self.spec.epochs,
            train_loss: loss as f32,
            train_accuracy: score as f32,
            held_out_loss: held_out.map(|s| s.loss as f32),
            held_out_accuracy: held_out.map(|s| s.score as f32),
        })
    }

    /// Bias, then weights.
    async fn values(&self) -> Result<Vec<f32>, Failure> {
        let all = Tensor::cat(self.network.parameters.iter().map(|p| p.value.clone()).collect(), 0);
        Ok(all.into_data_async().await.map_err(lost)?.iter::<f32>().collect())
    }
}

/// `[examples, features, 1, 1]`
fn features(examples: &[&Example], device: &Device) -> Tensor<4> {
    let length = examples.first().map_or(0, |e| e.features.len());
    let values: Vec<f32> = examples.iter().flat_map(|e| e.features.iter().copied()).collect();
    tensor(values, [examples.len(), length, 1, 1], device)
}

/// What the finished head thinks of every picture.
fn summary(
    head: &Head,
    spec: &HeadSpec,
    collection: &Collection,
    examples: &[Example],
    curve: Vec<HeadProgress>,
    seconds: f64,
) -> TrainedHead {
    let classes = usize::from(spec.classes);
    let mut confusion = vec![0; classes * classes];
    let mut guesses = Vec::new();
    for &(id, class) in &spec.examples {
        let Some(features) = collection.features(id) else { continue };
        let said = Prediction::Class(softmax(&head.logits(features)));
        let (said, probability) = said.class().unwrap_or_default();
        let held_out = examples.iter().any(|e| e.id == id && e.held_out);
        if held_out {
            confusion[usize::from(class) * classes + said as usize] += 1;
        }
        guesses.push(HeadGuess { id, class: said as u8, probability, held_out });
    }
    let held_out_count = examples.iter().filter(|e| e.held_out).count() as u32;
    TrainedHead {
        train_count: examples.len() as u32 - held_out_count,
        held_out_count,
        seconds,
        curve,
        confusion,
        guesses,
    }
}
