//! The learning-rate range test (Smith 2017, “Cyclical learning rates for training neural networks”): a fresh network
//! like the run's takes steps on the run's own data while the learning rate grows, and the loss tells how far it may
//! grow. The run itself is not touched; where it plays, it goes on between the slices.

use super::host::Host;
use super::library::Loaded;
use super::platform_now;
use super::run::Run;
use super::team::Team;
use crate::protocol::{Answer, AskId, Event, Failure, FailureKind, Question, RateTest, TriedRate};

const STEPS: u32 = 100;
/// The first and the last learning rate; each step's is the same factor above the one before.
const RATES: [f64; 2] = [1e-5, 10.0];
/// How much of the smoothed loss stays at every step.
const FORGET: f64 = 0.85;
/// The test is over when the smoothed loss is this many times what it was at first.
const DIVERGED: f64 = 2.0;
/// At first: after this many steps.
const FIRST: usize = 10;
/// No rate is suggested where the smoothed loss never fell below this share of what it was at first.
const FELL: f64 = 0.95;
/// Suggested is the rate at which the smoothed loss had come this share of its way down: about there it falls fastest. That
/// is steadier than the steepest of noisy slopes, and holds where the data is so easy that the loss stays low.
const WAY_DOWN: f64 = 0.5;
/// Seconds between two readings of messages.
const SLICE: f64 = 0.03;

/// A range test that is going on.
pub(super) struct Search {
    asked: AskId,
    run: Run,
    tried: Vec<TriedRate>,
    /// Of the losses, and of what they weigh.
    sums: [f64; 2],
}

impl Search {
    fn new(asked: AskId, like: &Run, data: &Loaded, device: &burn::tensor::Device) -> Result<Self, Failure> {
        let mut spec = like.spec.clone();
        spec.train.schedule = "constant".into();
        let mut run = Run::new(&spec, like.ground.clone(), device)?;
        run.set_shards(data.shards());
        Ok(Self { asked, run, tried: Vec::new(), sums: [0.0; 2] })
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
    async fn go_on(&mut self, data: &Loaded, team: &mut Team) -> Result<bool, Failure> {
        let began = platform_now();
        while platform_now() - began < SLICE {
            let [low, high] = RATES;
            let rate = low * (high / low).powf(f64::from(self.run.step) / f64::from(STEPS - 1));
            self.run.spec.train.learning_rate = rate;
            self.run.train_step(data, team).await;
            let loss = match self.run.read().await {
                Ok(points) => points.last().map_or(f32::NAN, |p| p.loss),
                Err(failure) if failure.kind == FailureKind::Diverged => return Ok(true),
                Err(failure) => return Err(failure),
            };
            self.sums = [self.sums[0] * FORGET + f64::from(loss), self.sums[1] * FORGET + 1.0];
            let smooth = self.sums[0] / self.sums[1];
            self.tried.push(TriedRate { rate, loss: loss.into(), smooth });
            let diverged = self.tried.get(FIRST).is_some_and(|first| smooth > first.smooth * DIVERGED);
            if diverged || self.run.step >= STEPS {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn result(self) -> RateTest {
        let first = self.tried.get(FIRST).map_or(0.0, |t| t.smooth);
        let least = self.tried.iter().min_by(|a, b| a.smooth.total_cmp(&b.smooth));
        let best = least.filter(|t| t.smooth < first * FELL);
        let suggested = best.and_then(|best| {
            let there = first + (best.smooth - first) * WAY_DOWN;
            let half_way = self.tried.iter().skip(FIRST).find(|t| t.smooth <= there)?;
            // To one digit: the test cannot tell more.
            format!("{:.0e}", half_way.rate).parse().ok()
        });
        let best = best.map(|t| t.rate);
        RateTest { best, suggested, tried: self.tried }
    }
}

impl<S: Fn(Event)> Host<S> {
    /// Begins a range test for the run that is shown, in place of one that is going on.
    pub(super) fn begin_search(&mut self, id: AskId) {
        self.end_search();
        let began = match (&self.session, self.data()) {
            (Some(session), Some(data)) => Search::new(id, &session.run, data, &self.device)
                .map(|mut search| search.is_ready(data).then_some(search)),
            _ => Err(Self::no_run()),
        };
        match began {
            Ok(Some(search)) => self.search = Some(search),
            Ok(None) => self.waiting.push((id, Question::Rates)),
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
            Ok(true) => (self.send)(Event::Answer { id, answer: Answer::Rates(search.result()) }),
            Err(failure) => (self.send)(Event::Refused { id, failure }),
        }
    }
}
