//! The whole test set, a batch for each core at a time, so that commands are heard in between.

use super::data_parallel::WorkerPool;
use super::dataset_store::Loaded;
use super::layers::Memory;
use super::microbatch::Batch;
use super::network::Network;
use super::platform_now;
use super::tasks::{Scores, TargetTask};
use super::trainer::read_sums;
use crate::datasets::target::{Prediction, Targets};
use crate::protocol::{Evaluation, Failure};
use crate::tasks::TaskKind;
use burn::tensor::Device;

/// Test examples in one forward pass of one core.
const BATCH: usize = 250;
/// Sequences in one forward pass; a text whose state is carried is cut into as many streams.
const STREAMS: usize = 32;
/// Seconds between two readings of commands.
const SLICE: f64 = 0.03;

/// A pass over the test set that is going on.
pub struct Evaluating {
    step: u32,
    task: TargetTask,
    sums: Vec<f64>,
    /// `Evaluation::confusion`
    confusion: Vec<u32>,
    /// None of sequences, which are only counted.
    predictions: Vec<Prediction>,
    /// Batches of sequences that are done, and where those that are carried stand.
    batches: usize,
    memory: Memory,
    seconds: f64,
}

/// What a finished pass leaves behind.
pub struct Evaluated {
    pub evaluation: Evaluation,
    /// One per test example.
    pub predictions: Vec<Prediction>,
}

impl Evaluating {
    pub fn new(step: u32, task: &TargetTask) -> Self {
        let classes = task.field.classes().len();
        Self {
            step,
            task: task.clone(),
            sums: Vec::new(),
            confusion: vec![0; classes * classes],
            predictions: Vec::new(),
            batches: 0,
            memory: Memory::default(),
            seconds: 0.0,
        }
    }

    /// A batch more for each core; the result when it was the last.
    pub async fn go_on(
        &mut self,
        network: &Network,
        data: &Loaded,
        team: &mut WorkerPool,
        device: &Device,
    ) -> Result<Option<Evaluated>, Failure> {
        if data.tokens.is_some() {
            return self.go_on_with_sequences(network, data, device).await;
        }
        let began = platform_now();
        let start = self.predictions.len();
        let none = self.task.field.empty();
        let mut batch = Batch { network, task: &self.task, data, samples: Vec::new(), targets: &none };
        let parts = team.parts(&batch, BATCH);
        let end = (start + BATCH * parts).min(data.test.len());
        // The last batch is filled up with the first examples: one shape, one compiled kernel.
        let rows = start..start + BATCH * parts;
        batch.samples = rows.map(|i| data.sample(&data.test, if i < end { i } else { i % end })).collect();
        let outputs = team.outputs(&batch, parts, device).await?;
        let outputs = &outputs[..(end - start) * self.task.outputs()];
        self.add(outputs, &data.test.targets.range(start..end));
        self.seconds += platform_now() - began;
        Ok((end == data.test.len()).then(|| self.finish(end)))
    }

    /// As many batches of sequences as fit between two readings of commands.
    async fn go_on_with_sequences(
        &mut self,
        network: &Network,
        data: &Loaded,
        device: &Device,
    ) -> Result<Option<Evaluated>, Failure> {
        let began = platform_now();
        let all = data.test.len();
        let streams = STREAMS.min(all);
        let batches = if data.carries() { all / streams } else { all.div_ceil(STREAMS) };
        while self.batches < batches && platform_now() - began < SLICE {
            let at = self.batches;
            let examples: Vec<usize> = match data.carries() {
                true => (0..streams).map(|stream| stream * batches + at).collect(),
                false => (at * STREAMS..((at + 1) * STREAMS).min(all)).collect(),
            };
            if !data.carries() {
                self.memory = Memory::default();
            }
            let samples = examples.iter().map(|example| data.sample(&data.test, *example));
            let targets = data.test.select(examples.iter().copied());
            let (asked, targets) = match self.task.few_asked(&targets) {
                Some((steps, targets)) => (Some(steps), targets),
                None => (None, targets),
            };
            let outputs = network.forward_on(&mut self.memory, data.batch(samples, device), asked)?;
            let sums = self.task.sums_of(outputs, &targets);
            let sums = read_sums(std::iter::once(&sums)).await?.concat();
            self.sums.resize(sums.len(), 0.0);
            self.sums.iter_mut().zip(sums).for_each(|(sum, term)| *sum += term);
            self.batches += 1;
        }
        self.seconds += platform_now() - began;
        Ok((self.batches == batches).then(|| self.finish(all)))
    }

    fn add(&mut self, outputs: &[f32], targets: &Targets) {
        let sums = self.task.sums(outputs, targets);
        self.sums.resize(sums.len(), 0.0);
        self.sums.iter_mut().zip(sums).for_each(|(sum, term)| *sum += term);
        let classes = self.task.field.classes().len();
        for (at, row) in outputs.chunks_exact(self.task.outputs()).enumerate() {
            let prediction = self.task.decode(row);
            if let (Some(truth), Some((class, _))) = (targets.get(at).class(), prediction.class())
                && let Some(cell) = self.confusion.get_mut(truth as usize * classes + class as usize)
            {
                *cell += 1;
            }
            self.predictions.push(prediction);
        }
    }

    fn finish(&mut self, examples: usize) -> Evaluated {
        let Scores { loss, score } = self.task.scores(&self.sums, examples);
        let count = self.task.count(&self.sums, examples);
        Evaluated {
            evaluation: Evaluation {
                step: self.step,
                count: count as u32,
                task: TaskKind::of(&self.task.field).id.into(),
                loss: loss as f32,
                score,
                seconds: self.seconds,
                confusion: std::mem::take(&mut self.confusion),
            },
            predictions: std::mem::take(&mut self.predictions),
        }
    }
}
