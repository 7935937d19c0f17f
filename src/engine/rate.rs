//! The search for a learning rate. First a range test (Smith 2017, “Cyclical learning rates for training neural networks”):
//! a fresh network like the run's takes steps on the run's own data while the learning rate grows, and the loss tells how
//! far it may grow. Then fresh networks take some steps each at a few of these rates, and the one that gets lowest is
//! suggested: a hundred steps of a range test are too few to see small networks learn at the rates that suit them. The
//! run itself is not touched; where it plays, it goes on between the slices.

use super::data_parallel::WorkerPool;
use super::dataset_store::Loaded;
use super::event_loop::EngineLoop;
use super::platform_now;
use super::trainer::Trainer;
use crate::protocol::{
    Event, Failure, FailureKind, RateTest, Request, RequestId, Response, Trial, TriedRate,
};
use crate::tasks::TaskKind;
use burn::tensor::Device;

const STEPS: u32 = 100;
/// The first and the last learning rate; each step's is the same factor above the one before.
const RATES: [f64; 2] = [1e-5, 10.0];
/// How much of the smoothed loss stays at every step.
const FORGET: f64 = 0.85;
/// The range test is over when the smoothed loss is this many times what it was at first.
const DIVERGED: f64 = 2.0;
/// At first: after this many steps.
const FIRST: usize = 10;
/// So many steps of the range test, at its lowest rates, say what the loss is before anything is learned.
const BEFORE: usize = 20;
/// Around the rate at which the smoothed loss of pictures had come half of its way down, about where it falls fastest.
const AROUND: [f64; 3] = [0.1, 0.3, 1.0];
/// Steps of points and rows cost so little that all of these are tried.
const GRID: [f64; 9] = [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0];
/// Steps of a trial, of pictures and of anything else.
const TRIAL: [u32; 2] = [60, 400];
/// So many standard errors below what it was, the loss has clearly fallen.
const CLEAR: f64 = 3.0;
/// Seconds between two readings of messages.
const SLICE: f64 = 0.03;

/// A search that is going on.
pub(super) struct LrFinder {
    asked: RequestId,
    /// The network that takes steps now.
    run: Trainer,
    device: Device,
    tried: Vec<TriedRate>,
    /// Of the losses, and of what they weigh.
    sums: [f64; 2],
    trials: Vec<Trial>,
    /// Rates of trials that are still to come, the next one last; none while the range test goes on.
    left: Option<Vec<f64>>,
    /// Of the trial that goes on.
    losses: Vec<f64>,
}

impl LrFinder {
    fn new(asked: RequestId, like: &Trainer, data: &Loaded, device: &Device) -> Result<Self, Failure> {
        let run = fresh(like, data, device)?;
        let (tried, trials, losses) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { asked, run, device: device.clone(), tried, sums: [0.0; 2], trials, left: None, losses })
    }

    /// The examples of all its steps have arrived.
    fn is_ready(&mut self, data: &Loaded) -> bool {
        let there = (0..STEPS).all(|step| {
            self.run.step = step;
            self.run.can_step(data)
        });
        self.run.step = 0;
        there
    }

    /// A slice of it; true when it is over.
    async fn go_on(&mut self, data: &Loaded, team: &mut WorkerPool) -> Result<bool, Failure> {
        let began = platform_now();
        while platform_now() - began < SLICE {
            let rate = match &self.left {
                None => rate_of(self.run.step),
                Some(left) => match left.last() {
                    Some(rate) => *rate,
                    None => return Ok(true),
                },
            };
            let loss = self.step(rate, data, team).await?;
            let over = if self.left.is_none() { self.ranged(rate, loss) } else { self.trained(rate, loss) };
            if over {
                self.run = fresh(&self.run, data, &self.device)?;
            }
        }
        Ok(false)
    }

    /// The loss before a step at this rate; none where it is no number any more.
    async fn step(
        &mut self,
        rate: f64,
        data: &Loaded,
        team: &mut WorkerPool,
    ) -> Result<Option<f64>, Failure> {
        self.run.spec.train.learning_rate = rate;
        self.run.train_step(data, team).await?;
        match self.run.read().await {
            Ok(points) => Ok(points.last().map(|p| f64::from(p.loss)).filter(|loss| loss.is_finite())),
            Err(failure) if failure.kind == FailureKind::Diverged => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// A step of the range test was taken; whether it is over.
    fn ranged(&mut self, rate: f64, loss: Option<f64>) -> bool {
        let diverged = loss.is_none_or(|loss| {
            self.sums = [self.sums[0] * FORGET + loss, self.sums[1] * FORGET + 1.0];
            let smooth = self.sums[0] / self.sums[1];
            self.tried.push(TriedRate { rate, loss, smooth });
            self.tried.get(FIRST).is_some_and(|first| smooth > first.smooth * DIVERGED)
        });
        let over = diverged || self.run.step >= STEPS;
        if over {
            self.left = Some(self.rates());
        }
        over
    }

    /// What is worth a trial, the lowest rate last.
    fn rates(&self) -> Vec<f64> {
        let highest = self.tried.last().map_or(0.0, |t| t.rate);
        let mut rates: Vec<f64> = if self.of_pictures() {
            let first = self.tried.get(FIRST).map_or(0.0, |t| t.smooth);
            let least = self.tried.iter().map(|t| t.smooth).fold(first, f64::min);
            let half = self.tried.iter().skip(FIRST).find(|t| t.smooth <= f64::midpoint(first, least));
            let half = half.map_or(highest, |t| t.rate);
            AROUND.iter().map(|share| one_digit(half * share)).collect()
        } else {
            GRID.into_iter().filter(|rate| *rate <= highest).collect()
        };
        rates.reverse();
        rates
    }

    /// A step of a trial was taken; whether it is over.
    fn trained(&mut self, rate: f64, loss: Option<f64>) -> bool {
        self.losses.extend(loss);
        let steps = TRIAL[usize::from(!self.of_pictures())];
        let over = loss.is_none() || self.run.step >= steps;
        if over {
            let losses = std::mem::take(&mut self.losses);
            let end = &losses[losses.len() - losses.len() / 4..];
            let (mean, error) = mean_and_error(end);
            self.trials.push(Trial { rate, steps: self.run.step, loss: loss.map(|_| mean), error });
            self.left.as_mut().map(Vec::pop);
        }
        over
    }

    fn of_pictures(&self) -> bool {
        self.run.ground.pictures.is_some()
    }

    fn result(self) -> RateTest {
        let before: Vec<f64> = self.tried.iter().take(BEFORE).map(|t| t.loss).collect();
        let (mean, error) = mean_and_error(&before);
        // To learn to guess is not yet to learn.
        // What a network that has learned nothing reaches.
        let field = &self.run.ground.info.target;
        let chance = (TaskKind::of(field).loss.chance)(field);
        let before = chance.map_or(mean, |guessing| mean.min(guessing));
        let ended = self.trials.iter().filter_map(|trial| Some((trial, trial.loss?)));
        let lowest = ended.min_by(|a, b| a.1.total_cmp(&b.1));
        let clear = |(trial, loss): &(&Trial, f64)| before - loss > CLEAR * error.hypot(trial.error);
        let suggested = lowest.filter(clear).map(|(trial, _)| trial.rate);
        RateTest { tried: self.tried, trials: self.trials, suggested }
    }
}

/// A network like the run's that has learned nothing.
fn fresh(like: &Trainer, data: &Loaded, device: &Device) -> Result<Trainer, Failure> {
    let mut spec = like.spec.clone();
    spec.train.schedule = "constant".into();
    let mut run = Trainer::new(&spec, like.ground.clone(), device)?;
    run.set_order(data);
    Ok(run)
}

/// Of a step of the range test.
fn rate_of(step: u32) -> f64 {
    let [low, high] = RATES;
    low * (high / low).powf(f64::from(step) / f64::from(STEPS - 1))
}

/// The search cannot tell more.
fn one_digit(rate: f64) -> f64 {
    format!("{rate:.0e}").parse().unwrap_or(rate)
}

/// The mean, and how far off it may be by chance.
fn mean_and_error(losses: &[f64]) -> (f64, f64) {
    let count = losses.len().max(1) as f64;
    let mean = losses.iter().sum::<f64>() / count;
    let variance = losses.iter().map(|loss| (loss - mean).powi(2)).sum::<f64>() / count;
    (mean, (variance / count).sqrt())
}

impl<S: Fn(Event)> EngineLoop<S> {
    /// Begins a range test for the run that is shown, in place of one that is going on.
    pub(super) fn begin_search(&mut self, id: RequestId) {
        self.end_search();
        let began = match (&self.session, self.data()) {
            (Some(session), Some(data)) => LrFinder::new(id, &session.run, data, &self.device)
                .map(|mut search| search.is_ready(data).then_some(search)),
            _ => Err(Self::no_run()),
        };
        match began {
            Ok(Some(search)) => self.search = Some(search),
            Ok(None) => self.waiting.push((id, Request::Rates)),
            Err(failure) => (self.send)(Event::Refused { id, failure }),
        }
    }

    /// Another run is open, or another test was asked for.
    pub(super) fn end_search(&mut self) {
        if let Some(search) = self.search.take() {
            let what = "The settings have changed, so the search for a learning rate was ended.";
            let failure = Failure::new(FailureKind::Input, what, "Start it again.");
            (self.send)(Event::Refused { id: search.asked, failure });
        }
    }

    /// A slice of the range test that is going on, if there is one.
    pub(super) async fn search_some(&mut self) {
        let Some(mut search) = self.search.take() else { return };
        let shown = self.session.as_ref().map(|session| &session.run.ground.key);
        let Some(data) = shown.and_then(|key| self.library.get(key)) else { return };
        let id = search.asked;
        match search.go_on(data, &mut self.team).await {
            Ok(false) => self.search = Some(search),
            Ok(true) => (self.send)(Event::Response { id, answer: Response::Rates(search.result()) }),
            Err(failure) => (self.send)(Event::Refused { id, failure }),
        }
    }
}
