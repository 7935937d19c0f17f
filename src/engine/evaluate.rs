//! The whole test set, a batch for each core at a time, so that commands are heard in between.

use super::data_parallel::WorkerPool;
use super::dataset_store::Loaded;
use super::microbatch::Batch;
use super::network::Network;
use super::platform_now;
use super::task::{Score, Task};
use crate::protocol::{Evaluation, Failure, Guess};
use burn::tensor::Device;

/// Test examples in one forward pass of one core.
const BATCH: usize = 250;

/// A pass over the test set that is going on.
pub struct Evaluating {
    step: u32,
    task: Task,
    score: Score,
    /// Numbers that the network gives for an example.
    outputs: usize,
    /// 0 where numbers are told.
    classes: usize,
    confusion: Vec<u32>,
    guesses: Vec<Guess>,
    seconds: f64,
}

/// What a finished pass leaves behind.
pub struct Evaluated {
    pub evaluation: Evaluation,
    /// One per test example.
    pub guesses: Vec<Guess>,
}

impl Evaluating {
    pub fn new(step: u32, task: &Task) -> Self {
        let classes = if let Task::Class(classes) = task { *classes } else { 0 };
        Self {
            step,
            task: task.clone(),
            score: Score::new(task),
            outputs: task.outputs(),
            classes,
            confusion: vec![0; classes * classes],
            guesses: Vec::new(),
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
        let began = platform_now();
        let start = self.guesses.len();
        let mut batch = Batch { network, task: &self.task, data, samples: Vec::new(), truths: &[] };
        let parts = team.parts(&batch, BATCH);
        let end = (start + BATCH * parts).min(data.test.len());
        // The last batch is filled up with the first examples: one shape, one compiled kernel.
        let rows = start..start + BATCH * parts;
        batch.samples = rows.map(|i| data.sample(&data.test, if i < end { i } else { i % end })).collect();
        let logits = team.outputs(&batch, parts, device).await?;
        for (row, &truth) in logits.chunks_exact(self.outputs).zip(&data.test.truths[start..end]) {
            let guess = self.score.add(row, truth);
            if let Some(cell) =
                self.confusion.get_mut(truth as usize * self.classes + usize::from(guess.class))
            {
                *cell += 1;
            }
            self.guesses.push(guess);
        }
        self.seconds += platform_now() - began;
        Ok((end == data.test.len()).then(|| self.finish()))
    }

    fn finish(&mut self) -> Evaluated {
        Evaluated {
            evaluation: Evaluation {
                step: self.step,
                count: self.score.classes.count,
                correct: self.score.classes.correct,
                r_squared: self.score.r_squared(),
                loss: self.score.mean_loss(),
                seconds: self.seconds,
                confusion: std::mem::take(&mut self.confusion),
            },
            guesses: std::mem::take(&mut self.guesses),
        }
    }
}
