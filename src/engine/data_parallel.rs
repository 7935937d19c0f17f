//! The cores that train. A batch is cut into parts by a rule that knows no clock, so that the same seed gives the same
//! losses; who computes a part changes nothing, so helpers may come late, be slow or die at any time, and then this
//! engine computes their parts itself.

use super::device::tensor;
use super::layers::StepContext;
use super::layers::Training;
use super::microbatch::{self, Batch, StepOutput};
use super::tasks::Sums;
use super::{lost, platform_now};
use crate::platform;
use crate::protocol::{Failure, MOST_CORES};
use burn::tensor::Device;
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use std::pin::pin;

/// A part has at least this many examples, so that normalising it by its own mean and variance still makes sense…
const LEAST_EXAMPLES: usize = 16;

/// …and this many multiply-adds forward, below which sending it takes longer than computing it.
const LEAST_WORK: u64 = 12_000_000;

/// A worker's speed is reviewed after this many answers.
const TRIAL: u32 = 16;

/// Back-off after a slow trial, as a multiple of the trial's duration.
const REST: f64 = 20.0;

/// A helper that starts is waited for at most this long, where it is waited for.
const STARTING_SECONDS: f64 = 2.0;

/// Another engine of the same program, which runs `parts::JobServer`.
pub struct Helper {
    /// Sends a question at once, whatever this engine does next.
    pub ask: Ask,
    /// An empty answer when it is ready, then one for each question; empty again if it was not understood. Ends when it dies.
    pub answers: UnboundedReceiver<Vec<f32>>,
}

/// Takes the text and the numbers of a question.
pub type Ask = Box<dyn Fn(&str, &[f32])>;

/// Starts a helper; none where there can be none.
pub type Hire = Box<dyn Fn() -> Option<Helper>>;

/// This engine and its helpers.
pub struct WorkerPool {
    hire: Option<Hire>,
    /// Cores that there are, and that may train.
    there: usize,
    cores: usize,
    /// Lazily as many as are needed; none where one is gone for good.
    members: Vec<Option<Member>>,
}

/// How many cores had a part in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepStats {
    /// Parts of the batch: cores that could have one.
    pub parts: usize,
    pub cores: usize,
}

struct Member {
    helper: Helper,
    ready: bool,
    /// It is not asked before.
    rests_until: f64,
    /// Of the trial that is going on: when it began, answers, and seconds that were waited for them and that this engine
    /// would have taken itself.
    since: f64,
    answers: u32,
    waited: f64,
    alone: f64,
}

impl WorkerPool {
    /// This engine alone.
    pub fn alone() -> Self {
        Self { hire: None, there: 1, cores: 1, members: Vec::new() }
    }

    /// On a machine with as many cores.
    pub fn new(there: usize, hire: Hire) -> Self {
        let there = there.clamp(1, MOST_CORES as usize);
        Self { hire: Some(hire), there, cores: there, members: Vec::new() }
    }

    /// As many may train, or all that there are.
    pub fn set_cores(&mut self, most: Option<usize>) {
        if self.hire.is_some() {
            self.cores = most.unwrap_or(self.there).clamp(1, MOST_CORES as usize);
        }
    }

    /// Waits a moment for helpers that are starting: who measures wants them there.
    pub async fn settle(&mut self) {
        for member in self.members.iter_mut().flatten().filter(|member| !member.ready) {
            let patience = pin!(platform::sleep(STARTING_SECONDS));
            let answer = select(member.helper.answers.next(), patience).await;
            member.ready = matches!(answer, Either::Left((Some(_), _)));
        }
    }

    /// How many parts this network's batches of as many examples are cut into: by cores, network and data alone. Tabular
    /// batches are too small to be worth sending.
    pub fn parts(&self, batch: &Batch<'_>, examples: usize) -> usize {
        if batch.data.ground.pictures.is_none() {
            return 1;
        }
        let work = batch.network.multiply_adds(examples) / LEAST_WORK;
        self.cores.min(examples / LEAST_EXAMPLES).min(work as usize).max(1)
    }

    /// Gradients and sums of a batch.
    pub async fn learn(
        &mut self,
        batch: &Batch<'_>,
        training: &mut Training,
        device: &Device,
    ) -> Result<(StepOutput, StepStats), Failure> {
        let all = batch.samples.len();
        let parts = self.parts(batch, all);
        if parts == 1 {
            return Ok((batch.learn(0..all, training, device)?, StepStats { parts, cores: 1 }));
        }
        let whole = training.place;
        let place = |first| StepContext { first, ..whole };
        let own = |part: usize| {
            let range = batch.range(part, parts);
            let mut apart = Training::at(place(range.start));
            // The running statistics follow the first part.
            let training = if part == 0 { &mut *training } else { &mut apart };
            batch.learn(range, training, device).map(|output| output.numbers(batch.network))
        };
        let (answers, cores) = self.gather(batch, parts, Some(&place), own).await?;
        Ok((sum(batch, &answers, device), StepStats { parts, cores }))
    }

    /// Every example's outputs, from `parts` parts.
    pub async fn outputs(
        &mut self,
        batch: &Batch<'_>,
        parts: usize,
        device: &Device,
    ) -> Result<Vec<f32>, Failure> {
        if parts == 1 {
            let all = batch.outputs(batch.range(0, 1), device)?;
            return Ok(all.into_data_async().await.map_err(lost)?.iter().collect());
        }
        let own = |part| {
            let mut outputs = Vec::new();
            microbatch::add(batch.outputs(batch.range(part, parts), device)?, &mut outputs);
            Ok(outputs)
        };
        Ok(self.gather(batch, parts, None, own).await?.0.concat())
    }

    /// Every part's answer in their order, from helpers who are there, the others by `own`; and how many cores that were.
    async fn gather(
        &mut self,
        batch: &Batch<'_>,
        parts: usize,
        place: Option<&dyn Fn(usize) -> StepContext>,
        mut own: impl FnMut(usize) -> Result<Vec<f32>, Failure>,
    ) -> Result<(Vec<Vec<f32>>, usize), Failure> {
        let asked = self.ask(batch, parts, place);
        let began = platform_now();
        let mut answers = Vec::with_capacity(parts);
        for asked in &asked {
            answers.push(if *asked { Vec::new() } else { own(answers.len())? });
        }
        let cores = 1 + asked.iter().filter(|asked| **asked).count();
        let alone = (platform_now() - began) / (parts + 1 - cores) as f64;
        for part in (1..parts).filter(|part| asked[*part]) {
            let seat = &mut self.members[part - 1];
            let answer = match seat {
                Some(member) => member.answer(alone).await,
                None => None,
            };
            answers[part] = match answer {
                Some(answer) => answer,
                None => {
                    // It is gone, or of no use.
                    *seat = None;
                    own(part)?
                }
            };
        }
        Ok((answers, cores))
    }

    /// Sends the parts from the second on to helpers who are there; says who was asked, by part.
    fn ask(
        &mut self,
        batch: &Batch<'_>,
        parts: usize,
        place: Option<&dyn Fn(usize) -> StepContext>,
    ) -> Vec<bool> {
        while let Some(hire) = self.hire.as_ref().filter(|_| self.members.len() + 1 < parts) {
            self.members.push(hire().map(Member::new));
        }
        let mut asked = vec![false; parts];
        let (mut numbers, mut own) = (Vec::new(), 0);
        for (part, seat) in (1..parts).zip(&mut self.members) {
            let Some(member) = seat else { continue };
            if !member.is_free() {
                continue;
            }
            // The network's are read once, and not at all for nobody.
            if own == 0 {
                batch.network.numbers().into_iter().for_each(|of| microbatch::add(of, &mut numbers));
                own = numbers.len();
            }
            let range = batch.range(part, parts);
            numbers.truncate(own);
            let head = batch.job(range.clone(), place.map(|place| place(range.start)), &mut numbers);
            (member.helper.ask)(&head, &numbers);
            asked[part] = true;
        }
        asked
    }
}

impl Member {
    fn new(helper: Helper) -> Self {
        let (rests_until, since) = (0.0, 0.0);
        Self { helper, ready: false, rests_until, since, answers: 0, waited: 0.0, alone: 0.0 }
    }

    fn is_free(&mut self) -> bool {
        self.ready = self.ready || self.helper.answers.try_recv().is_ok();
        self.ready && platform_now() >= self.rests_until
    }

    /// Its answer to the last question; none if it has none. It pays as long as less is waited for it than the `alone`
    /// seconds that its part would take this engine.
    async fn answer(&mut self, alone: f64) -> Option<Vec<f32>> {
        let began = platform_now();
        let answer = self.helper.answers.next().await.filter(|answer| !answer.is_empty());
        let now = platform_now();
        if self.answers == 0 {
            self.since = began;
        }
        self.answers += 1;
        self.waited += now - began;
        self.alone += alone;
        if self.answers == TRIAL {
            if self.waited > self.alone {
                self.rests_until = now + REST * (now - self.since);
            }
            (self.answers, self.waited, self.alone) = (0, 0.0, 0.0);
        }
        answer
    }
}

/// The gradients of all parts added up in their order, and the sums.
fn sum(batch: &Batch<'_>, answers: &[Vec<f32>], device: &Device) -> StepOutput {
    let mut total = answers.first().cloned().unwrap_or_default();
    for answer in answers.iter().skip(1) {
        total.iter_mut().zip(answer).for_each(|(total, term)| *total += term);
    }
    let mut rest = &total[..];
    let gradients = batch.network.parameters.iter().map(|parameter| {
        let (own, after) = rest.split_at(parameter.len());
        rest = after;
        Some(tensor(own.to_vec(), [own.len()], device))
    });
    let gradients = gradients.collect();
    StepOutput { gradients, sums: Sums::Read(rest.iter().map(|sum| f64::from(*sum)).collect()) }
}
