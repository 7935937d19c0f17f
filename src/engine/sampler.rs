//! In which order the examples are learned: a permutation from (seed, epoch), so the same link sees the same
//! batches however fast its data arrives.

use crate::random::Random;

/// The batches of a run.
pub struct Order {
    seed: u32,
    batch: usize,
    /// Examples per shard of the training set, in file order.
    shards: Vec<usize>,
    examples: usize,
    /// The examples follow each other, and so do those at one place of successive batches.
    streams: bool,
    /// These are learned from; all if there are none.
    chosen: Vec<u32>,
    epoch: Option<u32>,
    permutation: Vec<u32>,
}

impl Order {
    /// `batch` is cut to the size of the training set.
    pub fn new(seed: u32, batch: usize, shards: Vec<usize>) -> Self {
        let examples = shards.iter().sum();
        Self {
            seed,
            batch: batch.clamp(1, usize::max(examples, 1)),
            shards,
            examples,
            streams: false,
            chosen: Vec::new(),
            epoch: None,
            permutation: vec![],
        }
    }

    /// Of these examples alone.
    pub fn of(seed: u32, batch: usize, chosen: Vec<u32>) -> Self {
        let all = Self::new(seed, batch, vec![chosen.len()]);
        Self { chosen, ..all }
    }

    /// A text's examples in its order: it is cut into as many streams as a batch has examples, and each batch goes on with
    /// all of them.
    pub fn streams(batch: usize, examples: usize) -> Self {
        Self { streams: true, ..Self::new(0, batch, vec![examples]) }
    }

    /// Whether step `step` begins the sequences anew.
    pub fn begins(&self, step: u32) -> bool {
        step.is_multiple_of(self.steps_per_epoch().max(1))
    }

    pub fn batch_size(&self) -> usize {
        self.batch
    }

    /// The ragged rest of an epoch is left out: batches of one size compile one kernel.
    pub fn steps_per_epoch(&self) -> u32 {
        (self.examples / self.batch) as u32
    }

    /// The examples of step `step`, counted from 0. The first epoch goes shard by shard, shuffled within each,
    /// so that training can start when the first shard is there; later epochs shuffle everything.
    pub fn batch(&mut self, step: u32) -> &[u32] {
        let steps = self.steps_per_epoch().max(1);
        let epoch = step / steps;
        if self.streams {
            let at = step % steps;
            self.permutation = (0..self.batch as u32).map(|stream| stream * steps + at).collect();
            return &self.permutation;
        }
        if self.epoch != Some(epoch) {
            self.epoch = Some(epoch);
            self.permutation = (0..self.examples as u32).collect();
            let mut random = Random::new(self.seed, 1 << 20 | u64::from(epoch));
            if epoch == 0 {
                let mut rest = &mut self.permutation[..];
                for &shard in &self.shards {
                    let (here, later) = rest.split_at_mut(shard);
                    random.shuffle(here);
                    rest = later;
                }
            } else {
                random.shuffle(&mut self.permutation);
            }
            if !self.chosen.is_empty() {
                self.permutation.iter_mut().for_each(|place| *place = self.chosen[*place as usize]);
            }
        }
        let start = (step % steps) as usize * self.batch;
        &self.permutation[start..start + self.batch]
    }
}
