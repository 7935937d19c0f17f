//! One run: a network, its optimiser and where it stands. Takes steps; knows nothing of messages.

use super::augment::{self, Augmented};
use super::data_parallel::{StepStats, WorkerPool};
use super::dataset_store::Loaded;
use super::gradients;
use super::layers::{Memory, StepContext, Training};
use super::microbatch::Batch;
use super::network::Network;
use super::optimizer::{Optimizer, schedule};
use super::resolved_dataset::ResolvedDataset;
use super::sampler::Order;
use super::tasks::{Scores, Sums, TargetTask};
use super::{lost, platform_now};
use crate::datasets::{TokenDataset, amount};
use crate::layers::{check_answer, check_directions};
use crate::models::Model;
use crate::protocol::{Failure, FailureKind, TrainPoint};
use crate::spec::RunSpec;
use burn::tensor::{Device, Tensor};

/// Steps, or seconds, between two readings of the sums. That await is the only back-pressure on a GPU, and
/// between two readings no command is heard.
const STEPS_UNREAD: usize = 20;
const SECONDS_UNREAD: f64 = 0.03;

pub struct Trainer {
    pub spec: RunSpec,
    pub ground: ResolvedDataset,
    pub task: TargetTask,
    pub network: Network,
    pub optimizer: Optimizer,
    device: Device,
    /// Known once it is known how many examples there are.
    order: Option<Order>,
    /// Steps taken.
    pub step: u32,
    /// It began with a file's weights.
    pub restored: bool,
    /// Seconds spent training.
    pub seconds: f64,
    /// The learning rate of the last step.
    pub learning_rate: f64,
    /// Of the last step.
    pub crew: StepStats,
    /// Where a text's streams stand after the last step.
    pub memory: Memory,
    unread: Vec<Unread>,
    /// When the first unread step began.
    unread_since: f64,
}

/// A step whose scores have not been read.
struct Unread {
    step: u32,
    examples: usize,
    sums: Sums,
}

impl Trainer {
    pub fn new(spec: &RunSpec, ground: ResolvedDataset, device: &Device) -> Result<Self, Failure> {
        let unfit = |what: String| Failure::new(FailureKind::Input, what, "Choose other settings.");
        let model = Model::by_id(&spec.model.id)
            .ok_or_else(|| unfit(format!("There is no model “{}” here.", spec.model.id)))?;
        let task = ground.task();
        let misfit = |why: String| unfit(format!("This network does not fit: {why}."));
        let layers = model.layers_of(&spec.model, task.outputs()).map_err(misfit)?;
        let network = Network::beginning(&layers, &ground.info.shape, &spec.train.init, spec.seed, device)
            .map_err(misfit)?;
        let is_read = TokenDataset::asks_for_what_is_read(&spec.data);
        let has_questions = TokenDataset::has_questions(&spec.data);
        check_answer(&network.layers, ground.info.target.is_sequence())
            .and_then(|()| check_directions(&network.layers, is_read, has_questions))
            .map_err(|why| misfit(why.to_string()))?;
        let optimizer = Optimizer::new(
            &spec.train.optimizer,
            [spec.train.weight_decay, spec.train.beta2],
            &network.parameters,
        )
        .map_err(|why| unfit(format!("This run cannot start: {why}.")))?;
        Ok(Self {
            spec: spec.clone(),
            ground,
            task,
            network,
            optimizer,
            device: device.clone(),
            order: None,
            step: 0,
            restored: false,
            seconds: 0.0,
            learning_rate: spec.train.learning_rate,
            crew: StepStats { parts: 1, cores: 1 },
            memory: Memory::default(),
            unread: Vec::new(),
            unread_since: 0.0,
        })
    }

    /// Once it is known how many training examples each file has.
    pub fn set_order(&mut self, data: &Loaded) {
        let (shards, batch) = (data.shards(), self.spec.train.batch_size as usize);
        if shards.is_empty() {
            return;
        }
        self.order = match amount::per_class(&self.spec.data) {
            // Which they are is known when all are there.
            Some(count) => data.train.complete().then(|| {
                let chosen = amount::chosen(&data.train.targets, count, self.spec.seed);
                Order::of(self.spec.seed, batch, chosen)
            }),
            None if data.carries() => Some(Order::streams(batch, data.train.total)),
            None => Some(Order::new(self.spec.seed, batch, shards)),
        };
    }

    /// 0 until it is known how many examples there are.
    pub fn steps_per_epoch(&self) -> u32 {
        self.order.as_ref().map_or(0, Order::steps_per_epoch)
    }

    /// At least one, once it is known how many examples there are.
    pub fn steps_total(&self) -> u32 {
        let epoch = self.steps_per_epoch();
        ((f64::from(epoch) * self.spec.train.epochs).round() as u32).max(epoch.min(1))
    }

    pub fn batch_size(&self) -> usize {
        self.order.as_ref().map_or(self.spec.train.batch_size as usize, Order::batch_size)
    }

    /// The data of the next step has arrived.
    pub fn can_step(&mut self, data: &Loaded) -> bool {
        let step = self.step;
        let there = data.train.len();
        self.order.as_mut().is_some_and(|o| o.batch(step).iter().all(|&example| (example as usize) < there))
    }

    /// One training step: forward, loss, backward, update. Its sums stay on the device until `read`.
    pub async fn train_step(&mut self, data: &Loaded, team: &mut WorkerPool) -> Result<(), Failure> {
        let Some(order) = &mut self.order else { return Ok(()) };
        let began = platform_now();
        if self.unread.is_empty() {
            self.unread_since = began;
        }
        let begins = order.begins(self.step);
        let batch = order.batch(self.step);
        let examples = batch.len();
        let (changed, targets) = if let Some(mask) = data.mask() {
            augment::masked(&self.spec, self.step, &data.train.tokens, mask, batch)
        } else {
            let samples = batch.iter().map(|&i| data.sample(&data.train, i as usize));
            let changed = augment::batch(&self.spec, self.step, &self.ground.info.shape, samples);
            let targets = data.train.select(batch.iter().map(|&i| i as usize));
            let classes = self.task.field.classes().len();
            (changed, amount::mislabelled(targets, batch, classes, &self.spec.data, self.spec.seed))
        };
        let samples = changed.iter().map(Augmented::sample).collect();
        let batch = Batch { network: &self.network, task: &self.task, data, samples, targets: &targets };
        let mut training = Training::at(StepContext {
            seed: self.spec.seed,
            step: self.step,
            first: 0,
            batch: examples,
            smoothing: self.spec.train.label_smoothing as f32,
        });
        if data.carries() {
            let before = std::mem::take(&mut self.memory);
            training.memory = Some(if begins { Memory::default() } else { before });
        }
        let (learned, crew) = team.learn(&batch, &mut training, &self.device).await?;

        let total = f64::from(self.steps_total().max(1));
        let factor = schedule(&self.spec.train.schedule, f64::from(self.step) / total);
        self.learning_rate = self.spec.train.learning_rate * factor;
        let gradients = gradients::shape(&self.spec.train, &self.network.parameters, learned.gradients);
        self.optimizer.step(self.learning_rate, &mut self.network.parameters, gradients);
        self.memory = training.memory.take().unwrap_or_default();
        self.network.keep(training);
        self.step += 1;
        self.crew = crew;
        self.unread.push(Unread { step: self.step, examples, sums: learned.sums });
        self.seconds += platform_now() - began;
        Ok(())
    }

    /// It is time to wait for the device.
    pub fn should_read(&self) -> bool {
        self.unread.len() >= STEPS_UNREAD
            || (!self.unread.is_empty() && platform_now() - self.unread_since > SECONDS_UNREAD)
    }

    /// Loss and accuracy of the steps since the last reading.
    pub async fn read(&mut self) -> Result<Vec<TrainPoint>, Failure> {
        let unread = std::mem::take(&mut self.unread);
        if unread.is_empty() {
            return Ok(Vec::new());
        }
        let began = platform_now();
        let read = read_sums(unread.iter().map(|step| &step.sums)).await?;
        self.seconds += platform_now() - began;
        let points: Vec<TrainPoint> = unread
            .iter()
            .zip(read)
            .map(|(step, sums)| {
                let Scores { loss, score } = self.task.scores(&sums, step.examples);
                TrainPoint { step: step.step, loss: loss as f32, score: score as f32 }
            })
            .collect();
        if points.iter().any(|p| !p.loss.is_finite()) {
            return Err(Failure::new(
                FailureKind::Diverged,
                format!("Training diverged before step {}: the loss is no longer a number.", self.step),
                "Choose a smaller learning rate and start again with Reset.",
            ));
        }
        Ok(points)
    }
}

/// Each step's sums; those that are still on the device in one reading.
pub(super) async fn read_sums(all: impl Iterator<Item = &Sums> + Clone) -> Result<Vec<Vec<f64>>, Failure> {
    let there = all.clone().filter_map(|sums| match sums {
        Sums::Device(sums) => Some((**sums).clone()),
        Sums::Read(_) => None,
    });
    let there: Vec<Tensor<1>> = there.collect();
    let mut numbers = Vec::new();
    if !there.is_empty() {
        let data = Tensor::cat(there, 0).into_data_async().await.map_err(lost)?;
        numbers = data.iter::<f64>().collect();
    }
    let mut numbers = numbers.into_iter();
    Ok(all
        .map(|sums| match sums {
            Sums::Read(sums) => sums.clone(),
            Sums::Device(sums) => numbers.by_ref().take(sums.dims()[0]).collect(),
        })
        .collect())
}
