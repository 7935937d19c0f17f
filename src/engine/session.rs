//! A run with what the page knows of it: a slice of training or of an evaluation at a time, and the events that it posts.

use super::data_parallel::WorkerPool;
use super::dataset_store::Loaded;
use super::evaluate::{Evaluated, Evaluating};
use super::trainer::Trainer;
use super::weights;
use super::{EventSink, platform_now};
use crate::protocol::{Evaluation, Event, Failure, Progress, RunId, RunState, TrainPoint};
use burn::tensor::Device;

/// Seconds between two reports, at least. The page draws what it is told, and that takes time from training where there
/// are few cores.
const BETWEEN_PROGRESS: f64 = 0.1;
/// A page can be reloaded at any moment, and a worker or a graphics device lost: no more than this is lost with it…
const BETWEEN_CHECKPOINTS: f64 = 1.0;
/// …unless making a checkpoint would take more than a twentieth of the time.
const CHECKPOINT_SHARE: f64 = 20.0;
/// The first evaluation comes after this many seconds of training, later ones when training has taken this many
/// times as long as the last evaluation; so evaluating costs at most a ninth of the time.
const FIRST_EVALUATION: f64 = 1.0;
const EVALUATION_SHARE: f64 = 8.0;
/// After the end of an epoch there is one anyway, unless the last was this few seconds of training ago, or it is not
/// yet half of the time.
const LEAST_EVALUATION: f64 = 0.2;

/// A run and what the page knows of it.
pub(super) struct Session {
    pub id: RunId,
    pub run: Trainer,
    pub state: RunState,
    /// Steps until a pause, if counted.
    pub steps_left: Option<u32>,
    /// Where the run is done; moves on when Play goes on after that.
    pub end: u32,
    pub evaluating: Option<Evaluating>,
    /// The last evaluation, with a guess for each test example.
    pub evaluated: Option<Evaluated>,
    pub points: Vec<TrainPoint>,
    pub last_progress: f64,
    pub last_checkpoint: f64,
    /// Seconds that the last one took.
    pub checkpoint_cost: f64,
    pub checkpoint_step: u32,
    /// Training seconds at the last evaluation.
    pub evaluated_at: f64,
    /// (time, step) about a second ago, for the speed.
    pub pace: (f64, u32),
    pub speed: f64,
}

impl Session {
    pub fn new(id: RunId, run: Trainer) -> Self {
        Self {
            id,
            state: RunState::Paused,
            steps_left: None,
            end: 0,
            evaluating: None,
            evaluated: None,
            points: Vec::new(),
            last_progress: 0.0,
            last_checkpoint: platform_now(),
            checkpoint_cost: 0.0,
            checkpoint_step: run.step,
            evaluated_at: run.seconds,
            pace: (0.0, run.step),
            speed: 0.0,
            run,
        }
    }

    /// What the weights, as they are now, reached on the test set; none if they were not tried.
    pub fn evaluation(&self) -> Option<&Evaluation> {
        self.evaluated.as_ref().map(|e| &e.evaluation).filter(|e| e.step == self.run.step)
    }

    pub fn is_playing(&self) -> bool {
        self.state == RunState::Playing
    }

    /// All its steps are done.
    pub fn is_over(&self) -> bool {
        self.run.step >= self.end
    }
}

/// What came of a slice of training.
pub(super) enum TrainingSlice {
    WentOn,
    /// All its steps are done, or those that were counted.
    Ends(RunState),
    /// The next step's examples have not arrived.
    LacksData,
}

/// A run's data, the cores that train it, their device, and where its events go.
pub(super) struct RunResources<'a> {
    pub data: &'a Loaded,
    pub team: &'a mut WorkerPool,
    pub device: &'a Device,
    pub send: EventSink<'a>,
}

impl Session {
    /// Training steps up to the next reading.
    pub async fn train_some(&mut self, resources: &mut RunResources<'_>) -> Result<TrainingSlice, Failure> {
        let came_of_it = loop {
            if self.is_over() {
                return Ok(TrainingSlice::Ends(RunState::Done));
            }
            if self.steps_left == Some(0) {
                return Ok(TrainingSlice::Ends(RunState::Paused));
            }
            if !self.run.can_step(resources.data) {
                break TrainingSlice::LacksData;
            }
            self.run.train_step(resources.data, resources.team).await?;
            self.steps_left = self.steps_left.map(|left| left - 1);
            if self.run.should_read() {
                break TrainingSlice::WentOn;
            }
        };
        self.read(false, resources.send).await?;
        self.evaluate_if_due(resources.data);
        let pause = BETWEEN_CHECKPOINTS.max(self.checkpoint_cost * CHECKPOINT_SHARE);
        if platform_now() - self.last_checkpoint > pause {
            self.checkpoint(resources.send).await?;
        }
        Ok(came_of_it)
    }

    /// Reads the steps since the last time, and tells the page if it is time, or at once with `now`.
    pub async fn read(&mut self, now: bool, send: EventSink<'_>) -> Result<(), Failure> {
        self.points.extend(self.run.read().await?);
        let time = platform_now();
        if self.points.is_empty() || (!now && time - self.last_progress < BETWEEN_PROGRESS) {
            return Ok(());
        }
        let steps = f64::from(self.run.step.saturating_sub(self.pace.1));
        if steps > 0.0 && time > self.pace.0 {
            self.speed = steps / (time - self.pace.0);
            if time - self.pace.0 > 1.0 {
                self.pace = (time, self.run.step);
            }
        }
        self.last_progress = time;
        let progress = self.progress();
        send(Event::Progress { run: self.id, progress });
        Ok(())
    }

    /// Where it stands, with the points since the last report.
    fn progress(&mut self) -> Progress {
        let batch = self.run.batch_size() as f64;
        let per_epoch = self.run.steps_per_epoch().max(1);
        Progress {
            step: self.run.step,
            epoch: f64::from(self.run.step) / f64::from(per_epoch),
            examples_seen: (f64::from(self.run.step) * batch) as u64,
            seconds: self.run.seconds,
            examples_per_second: self.speed * batch,
            milliseconds_per_step: if self.speed > 0.0 { 1000.0 / self.speed } else { 0.0 },
            learning_rate: self.run.learning_rate,
            parts: self.run.crew.parts as u32,
            cores: self.run.crew.cores as u32,
            points: std::mem::take(&mut self.points),
        }
    }

    fn evaluate_if_due(&mut self, data: &Loaded) {
        let run = &self.run;
        let left = f64::from(self.end.saturating_sub(run.step));
        let moment = EvalSchedule {
            since: run.seconds - self.evaluated_at,
            left: left * run.seconds / f64::from(run.step.max(1)),
            last: self.evaluated.as_ref().map_or(0.0, |e| e.evaluation.seconds),
            epoch_ends: run.step.is_multiple_of(run.steps_per_epoch().max(1)),
        };
        if moment.is_due() {
            self.start_evaluation(data);
        }
    }

    /// If the whole test set is here and has not seen these weights yet.
    pub fn start_evaluation(&mut self, data: &Loaded) {
        let known = self.evaluated.as_ref().is_some_and(|e| e.evaluation.step == self.run.step);
        let knows = self.run.step > 0 || self.run.restored;
        if data.test.complete() && !known && knows {
            self.evaluating = Some(Evaluating::new(self.run.step, &self.run.task));
        }
    }

    /// A batch more of the evaluation that is going on.
    pub async fn evaluate_some(&mut self, resources: &mut RunResources<'_>) -> Result<(), Failure> {
        let Some(evaluating) = &mut self.evaluating else { return Ok(()) };
        let (data, team) = (resources.data, &mut *resources.team);
        let finished = evaluating.go_on(&self.run.network.whole(), data, team, resources.device).await?;
        if let Some(evaluated) = finished {
            (resources.send)(Event::Evaluated { run: self.id, evaluation: evaluated.evaluation.clone() });
            self.evaluating = None;
            self.evaluated = Some(evaluated);
            self.evaluated_at = self.run.seconds;
            // An evaluation is no training: it must not look like a slow step.
            self.pace = (platform_now(), self.run.step);
            // What was seen to be reached is what is kept, also where these weights are kept already without it.
            self.checkpoint_step = 0;
            self.checkpoint(resources.send).await?;
        }
        Ok(())
    }

    /// The rest of the evaluation that is due, if one is: of what is about to be saved.
    pub async fn finish_evaluation(&mut self, resources: &mut RunResources<'_>) -> Result<(), Failure> {
        self.start_evaluation(resources.data);
        while self.evaluating.is_some() {
            self.evaluate_some(resources).await?;
        }
        Ok(())
    }

    /// Unless these weights are kept already.
    pub async fn checkpoint(&mut self, send: EventSink<'_>) -> Result<(), Failure> {
        self.last_checkpoint = platform_now();
        if self.checkpoint_step == self.run.step {
            return Ok(());
        }
        // What is kept is never ahead of what the page was told.
        self.read(true, send).await?;
        let bytes = weights::save(&self.run, self.evaluation(), true).await?;
        self.checkpoint_cost = platform_now() - self.last_checkpoint;
        self.checkpoint_step = self.run.step;
        send(Event::Checkpoint { run: self.id, step: self.run.step, bytes: bytes.into() });
        Ok(())
    }

    pub fn set_state(&mut self, state: RunState, send: EventSink<'_>) {
        if self.state != state {
            self.state = state;
            send(Event::State { run: self.id, state });
        }
    }

    pub fn fail(&mut self, failure: Failure, send: EventSink<'_>) {
        self.evaluating = None;
        self.set_state(RunState::Failed, send);
        send(Event::Failed { run: self.id, failure });
    }

    /// Playing if the next step's data is there, loading otherwise.
    pub fn play_or_wait(&mut self, data: &Loaded, send: EventSink<'_>) {
        if self.run.can_step(data) {
            self.set_state(RunState::Playing, send);
        } else if let Some(failure) = data.failure.clone() {
            self.fail(failure, send);
        } else {
            self.set_state(RunState::Loading, send);
        }
    }

    /// Playing or counted steps end: the last numbers, an evaluation and a checkpoint follow. A run is done when its last
    /// evaluation is: until then this is called again. Whether it stands still now.
    pub async fn stop(
        &mut self,
        state: RunState,
        data: Option<&Loaded>,
        send: EventSink<'_>,
    ) -> Result<bool, Failure> {
        self.read(true, send).await?;
        if let Some(data) = data {
            self.start_evaluation(data);
        }
        if state == RunState::Done && self.evaluating.is_some() {
            return Ok(false);
        }
        // Who hears that it stands still may end it: by then it is kept.
        self.checkpoint(send).await?;
        self.steps_left = None;
        self.set_state(state, send);
        Ok(true)
    }
}

/// Where a run stands between two evaluations.
struct EvalSchedule {
    /// Seconds of training since the last evaluation, and until the run ends.
    since: f64,
    left: f64,
    /// Seconds that the last one took, 0 before there was one.
    last: f64,
    epoch_ends: bool,
}

impl EvalSchedule {
    /// The end of a run has an evaluation of its own: one shortly before it would only make the visitor wait for it.
    fn is_due(&self) -> bool {
        let wait = self.last * EVALUATION_SHARE;
        // An epoch of a few hundred rows is over in milliseconds.
        let epoch_ends = self.epoch_ends && self.since > LEAST_EVALUATION.max(wait / 2.0);
        let ends_soon = self.left > 0.0 && self.left < wait / 2.0;
        !ends_soon && (epoch_ends || self.since > wait.max(FIRST_EVALUATION))
    }
}

#[cfg(test)]
mod tests {
    use super::EvalSchedule;

    /// After these seconds of training; the last evaluation took 0.7 s.
    fn is_due(since: f64, left: f64, epoch_ends: bool) -> bool {
        EvalSchedule { since, left, last: 0.7, epoch_ends }.is_due()
    }

    #[test]
    fn evaluations_cost_a_ninth_and_none_delays_the_last() {
        assert!(!is_due(5.5, 60.0, false) && is_due(5.7, 60.0, false));
        assert!(!is_due(2.7, 60.0, true) && is_due(2.9, 60.0, true), "an epoch's end comes at half the time");
        assert!(!is_due(5.7, 2.7, false) && !is_due(5.7, 2.7, true), "the run ends soon");
        assert!(is_due(5.7, 0.0, true), "the end itself");
        let first = |since, epoch_ends| EvalSchedule { since, left: 0.1, last: 0.0, epoch_ends }.is_due();
        assert!(first(1.1, false) && first(0.3, true) && !first(0.1, true) && !first(0.9, false));
    }
}
