//! What the event loop does between two messages: a slice of training or of an evaluation, and the events that it posts.

use super::evaluate::{Evaluated, Evaluating};
use super::event_loop::EngineLoop;
use super::trainer::Trainer;
use super::weights;
use super::{inspect, platform_now};
use crate::platform;
use crate::protocol::{
    Evaluation, Event, Failure, FailureKind, LiveView, Prediction, Progress, RunId, RunState, TrainPoint,
};

/// Seconds between two of each, at least. The page draws what it is told, and that takes time from training where there
/// are few cores.
const BETWEEN_PROGRESS: f64 = 0.1;
const BETWEEN_SEEN: f64 = 0.2;
/// Refresh interval of the decision surface (12 a second).
const BETWEEN_SURFACES: f64 = 0.08;
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

    /// All its steps are done.
    pub fn is_over(&self) -> bool {
        self.run.step >= self.end
    }
}

impl<S: Fn(Event)> EngineLoop<S> {
    pub(super) fn has_work(&self) -> bool {
        let works = |s: &Session| s.evaluating.is_some() || s.state == RunState::Playing || self.seen_due;
        self.search.is_some() || self.session.as_ref().is_some_and(works)
    }

    /// One slice: a batch of the evaluation, or training steps up to the next reading; and one of a range test.
    pub(super) async fn work(&mut self) {
        let evaluating = self.session.as_ref().is_some_and(|s| s.evaluating.is_some());
        let playing = self.session.as_ref().is_some_and(|s| s.state == RunState::Playing);
        let done = if evaluating {
            self.evaluate_some().await
        } else if playing {
            self.train_some().await
        } else {
            Ok(())
        };
        let done = match done {
            Ok(()) => self.show_seen(playing).await,
            Err(failure) => Err(failure),
        };
        if let Err(failure) = done {
            self.fail(failure);
        }
        self.search_some().await;
        platform::yield_now().await;
    }

    async fn train_some(&mut self) -> Result<(), Failure> {
        let Some(session) = &mut self.session else { return Ok(()) };
        let Some(data) = self.library.get(&session.run.ground.key) else { return Ok(()) };
        let mut ends = None;
        loop {
            if session.is_over() {
                ends = Some(RunState::Done);
            } else if session.steps_left == Some(0) {
                ends = Some(RunState::Paused);
            } else if session.run.can_step(data) {
                session.run.train_step(data, &mut self.team).await?;
                session.steps_left = session.steps_left.map(|left| left - 1);
                if !session.run.should_read() {
                    continue;
                }
            } else {
                self.data_or_loading();
            }
            break;
        }
        if let Some(state) = ends {
            self.stop(state).await;
            return Ok(());
        }
        self.read(false).await?;
        self.evaluate_if_due();
        let Some(session) = &self.session else { return Ok(()) };
        let pause = BETWEEN_CHECKPOINTS.max(session.checkpoint_cost * CHECKPOINT_SHARE);
        if platform_now() - session.last_checkpoint > pause {
            self.checkpoint().await;
        }
        Ok(())
    }

    /// Reads the steps since the last time, and tells the page if it is time, or at once with `now`.
    pub(super) async fn read(&mut self, now: bool) -> Result<(), Failure> {
        let Some(session) = &mut self.session else { return Ok(()) };
        session.points.extend(session.run.read().await?);
        let time = platform_now();
        if session.points.is_empty() || (!now && time - session.last_progress < BETWEEN_PROGRESS) {
            return Ok(());
        }
        let steps = f64::from(session.run.step.saturating_sub(session.pace.1));
        if steps > 0.0 && time > session.pace.0 {
            session.speed = steps / (time - session.pace.0);
            if time - session.pace.0 > 1.0 {
                session.pace = (time, session.run.step);
            }
        }
        let batch = session.run.batch_size() as f64;
        let per_epoch = session.run.steps_per_epoch().max(1);
        session.last_progress = time;
        (self.send)(Event::Progress {
            run: session.id,
            progress: Progress {
                step: session.run.step,
                epoch: f64::from(session.run.step) / f64::from(per_epoch),
                examples_seen: (f64::from(session.run.step) * batch) as u64,
                seconds: session.run.seconds,
                examples_per_second: session.speed * batch,
                milliseconds_per_step: if session.speed > 0.0 { 1000.0 / session.speed } else { 0.0 },
                learning_rate: session.run.learning_rate,
                parts: session.run.crew.parts as u32,
                cores: session.run.crew.cores as u32,
                points: std::mem::take(&mut session.points),
            },
        });
        Ok(())
    }

    fn evaluate_if_due(&mut self) {
        let Some(session) = &self.session else { return };
        let run = &session.run;
        let left = f64::from(session.end.saturating_sub(run.step));
        let moment = EvalSchedule {
            since: run.seconds - session.evaluated_at,
            left: left * run.seconds / f64::from(run.step.max(1)),
            last: session.evaluated.as_ref().map_or(0.0, |e| e.evaluation.seconds),
            epoch_ends: run.step.is_multiple_of(run.steps_per_epoch().max(1)),
        };
        if moment.is_due() {
            self.start_evaluation();
        }
    }

    /// If the whole test set is here and has not seen these weights yet.
    pub(super) fn start_evaluation(&mut self) {
        let Some(session) = &mut self.session else { return };
        let complete = self.library.get(&session.run.ground.key).is_some_and(|l| l.test.complete());
        let known = session.evaluated.as_ref().is_some_and(|e| e.evaluation.step == session.run.step);
        let knows = session.run.step > 0 || session.run.restored;
        if complete && !known && knows {
            session.evaluating = Some(Evaluating::new(session.run.step, &session.run.task));
        }
    }

    async fn evaluate_some(&mut self) -> Result<(), Failure> {
        let Some(session) = &mut self.session else { return Ok(()) };
        let Some(data) = self.library.get(&session.run.ground.key) else { return Ok(()) };
        let Some(evaluating) = &mut session.evaluating else { return Ok(()) };
        let finished = evaluating.go_on(&session.run.network, data, &mut self.team, &self.device).await?;
        if let Some(evaluated) = finished {
            (self.send)(Event::Evaluated { run: session.id, evaluation: evaluated.evaluation.clone() });
            session.evaluating = None;
            session.evaluated = Some(evaluated);
            session.evaluated_at = session.run.seconds;
            // An evaluation is no training: it must not look like a slow step.
            session.pace = (platform_now(), session.run.step);
            // What was seen to be reached is what is kept, also where these weights are kept already without it.
            session.checkpoint_step = 0;
            self.checkpoint().await;
        }
        Ok(())
    }

    /// The rest of the evaluation that is due, if one is: of what is about to be saved.
    pub(super) async fn finish_evaluation(&mut self) -> Result<(), Failure> {
        self.start_evaluation();
        while self.session.as_ref().is_some_and(|s| s.evaluating.is_some()) {
            self.evaluate_some().await?;
        }
        Ok(())
    }

    pub(super) async fn checkpoint(&mut self) {
        let Some(session) = &mut self.session else { return };
        session.last_checkpoint = platform_now();
        if session.checkpoint_step == session.run.step {
            return;
        }
        match weights::save(&session.run, session.evaluation(), true).await {
            Ok(bytes) => {
                session.checkpoint_cost = platform_now() - session.last_checkpoint;
                session.checkpoint_step = session.run.step;
                let (run, step) = (session.id, session.run.step);
                (self.send)(Event::Checkpoint { run, step, bytes: bytes.into() });
            }
            Err(failure) => self.fail(failure),
        }
    }

    async fn show_seen(&mut self, playing: bool) -> Result<(), Failure> {
        let watch = &self.watch;
        let anything =
            !watch.grid.is_empty() || watch.look.is_some() || watch.surface.is_some() || watch.weights;
        let pause = if watch.surface.is_some() { BETWEEN_SURFACES } else { BETWEEN_SEEN };
        let due = self.seen_due || (playing && anything);
        if !due || platform_now() - self.last_seen < if playing { pause } else { 0.0 } {
            return Ok(());
        }
        let watch = self.watch.clone();
        self.seen_due = false;
        let Some(session) = &self.session else { return Ok(()) };
        let (run, step) = (session.id, session.run.step);
        let (look, grid): (_, Vec<Prediction>) =
            match self.glimpse(watch.look.as_ref(), watch.inside, &watch.grid).await {
                // The page still watches what fitted the data before; it will say what it wants to see now.
                Err(failure) if failure.kind == FailureKind::Input => (None, Vec::new()),
                seen => seen?,
            };
        let surface = match (watch.surface, self.data()) {
            (Some(side), Some(data)) => {
                inspect::surface(&session.run, data, side as usize, &self.device).await?
            }
            _ => None,
        };
        let weights = if watch.weights { inspect::weights(&session.run.network).await? } else { Vec::new() };
        (self.send)(Event::LiveView { run, seen: LiveView { step, grid, look, surface, weights } });
        self.last_seen = platform_now();
        Ok(())
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
