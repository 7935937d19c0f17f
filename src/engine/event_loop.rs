//! The engine's closed loop: commands, arriving data, a slice of work. It answers the page and gives way to it
//! after every slice, so that Pause is heard.

use super::data_library::DataLibrary;
use super::data_parallel::WorkerPool;
use super::dataset_store::Loaded;
use super::live::Watching;
use super::loader::LoadEvent;
use super::resolved_dataset::ResolvedDataset;
use super::session::{RunResources, Session, TrainingSlice};
use super::trainer::Trainer;
use super::{platform_now, requests, weights};
use crate::platform;
use crate::protocol::{
    Catalogue, Command, EngineInfo, Event, Failure, Picture, Request, RequestId, RunId, RunState,
    WatchRequest,
};
use crate::spec::RunSpec;
use burn::tensor::Device;
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;

/// Inputs of the event loop.
pub enum Input {
    Command(Command),
    Arrived { dataset: &'static str, arrival: LoadEvent },
}

pub struct EngineLoop<S: Fn(Event)> {
    pub(super) device: Device,
    pub(super) team: WorkerPool,
    pub(super) send: S,
    pub(super) library: DataLibrary,
    pub(super) session: Option<Session>,
    /// A run whose text is still to come.
    pub(super) pending: Option<PendingRun>,
    pub(super) watching: Watching,
    pub(super) last_loading: f64,
    /// Questions about examples that have not arrived.
    pub(super) waiting: Vec<(RequestId, Request)>,
    /// The range test that was asked for.
    pub(super) search: Option<super::rate::LrFinder>,
    #[cfg(feature = "cpu")]
    pub(super) vision: super::vision::Vision,
}

/// A run that is to be opened.
pub(super) struct PendingRun {
    pub run: RunId,
    pub spec: RunSpec,
    pub checkpoint: Option<Vec<u8>>,
    /// It is to play then, or to take so many steps.
    pub play: Option<Option<u32>>,
}

/// Runs until the page is gone. `inbox` must be fed from the page's messages.
pub async fn serve(
    (device, team): (Device, WorkerPool),
    engine: EngineInfo,
    has_dataset: impl Fn(&str) -> bool,
    mut inbox: UnboundedReceiver<Command>,
    send: impl Fn(Event),
) {
    let (feedback, mut arrivals) = unbounded();
    send(Event::Ready { engine, catalogue: Catalogue::of_tables(has_dataset) });
    let mut host = EngineLoop {
        device,
        team,
        send,
        library: DataLibrary::new(feedback),
        session: None,
        pending: None,
        watching: Watching::default(),
        last_loading: 0.0,
        waiting: Vec::new(),
        search: None,
        #[cfg(feature = "cpu")]
        vision: super::vision::Vision::default(),
    };
    loop {
        while let Ok(arrival) = arrivals.try_recv() {
            host.input(arrival).await;
        }
        match inbox.try_recv() {
            Ok(command) => host.input(Input::Command(command)).await,
            Err(error) if error.is_closed() => return,
            Err(_) if host.has_work() => host.work().await,
            Err(_) => {
                let next = futures_util::future::select(inbox.next(), arrivals.next()).await;
                match next {
                    futures_util::future::Either::Left((None, _)) => return,
                    futures_util::future::Either::Left((Some(command), _)) => {
                        host.input(Input::Command(command)).await;
                    }
                    futures_util::future::Either::Right((Some(arrival), _)) => host.input(arrival).await,
                    futures_util::future::Either::Right((None, _)) => {}
                }
            }
        }
    }
}

impl<S: Fn(Event)> EngineLoop<S> {
    async fn input(&mut self, input: Input) {
        match input {
            Input::Command(command) => self.command(command).await,
            Input::Arrived { dataset, arrival } => self.arrived(dataset, arrival).await,
        }
    }

    async fn command(&mut self, command: Command) {
        match command {
            Command::Open { run, spec, checkpoint } => {
                self.open(run, &spec, checkpoint.as_ref().map(|b| b.as_slice()))
            }
            Command::Play { run } => self.play(run, None),
            Command::Step { run, count } => self.play(run, Some(count)),
            Command::Pause { run } => self.pause(run).await,
            Command::Change { run, key, value } => self.change(run, &key, value),
            Command::WatchRequest { watch, .. } => self.watch(watch).await,
            Command::SetWeight { run, name, at, value } => self.set_weight(run, &name, at, value).await,
            Command::Cores { most } => self.team.set_cores(most.map(|most| most as usize)),
            Command::Table { id, given } => self.library.set_table(id, given),
            Command::Text { text } => self.library.set_own_text(text),
            Command::Ask { id, question } => self.ask(id, question).await,
            Command::Ping => (self.send)(Event::Pong { memory: platform::memory() }),
        }
    }

    pub(super) fn open(&mut self, id: RunId, spec: &RunSpec, checkpoint: Option<&[u8]>) {
        self.end_search();
        self.session = None;
        self.pending = None;
        let ground = match self.ground(spec) {
            Ok(Some(ground)) => Ok(ground),
            Ok(None) => {
                let (spec, checkpoint) = (spec.clone(), checkpoint.map(Into::into));
                // It is opened, and says so, when the text is there.
                self.pending = Some(PendingRun { run: id, spec, checkpoint, play: None });
                return;
            }
            Err(failure) => Err(failure),
        };
        let opened = ground.and_then(|ground| {
            let mut run = Trainer::new(spec, ground, &self.device)?;
            if let Some(bytes) = checkpoint {
                weights::restore(&mut run, bytes, &self.device)?;
            }
            Ok(run)
        });
        let mut run = match opened {
            Ok(run) => run,
            Err(failure) => return (self.send)(Event::Failed { run: id, failure }),
        };
        let key = run.ground.key.clone();
        self.library.load(&key);
        if let Some(data) = self.library.get(&key) {
            run.set_order(data);
        }
        self.session = Some(Session::new(id, run));
        self.opened();
        if let Some(session) = &self.session {
            (self.send)(Event::State { run: session.id, state: session.state });
        }
        self.tell_loading(&key);
        self.watching.due = true;
        // Of restored weights: panels ask about the last evaluation.
        self.start_evaluation();
    }

    /// What a run of this spec learns from; none if its text is still to come.
    pub(super) fn ground(&mut self, spec: &RunSpec) -> Result<Option<ResolvedDataset>, Failure> {
        let shown = self.session.as_ref().map(|s| s.run.ground.key.as_str());
        self.library.resolve(spec, shown)
    }

    /// The data of the run that is shown.
    pub(super) fn data(&self) -> Option<&Loaded> {
        self.library.get(&self.session.as_ref()?.run.ground.key)
    }

    /// Says what the run is; again when the manifest tells how long an epoch is.
    pub(super) fn opened(&mut self) {
        let Some(session) = &mut self.session else { return };
        session.end = session.run.steps_total();
        let manifest = self.library.get(&session.run.ground.key).and_then(|l| l.manifest.clone());
        (self.send)(Event::Opened {
            run: session.id,
            dataset: Box::new(session.run.ground.info.clone()),
            network: session.run.network.layers.clone(),
            manifest,
            step: session.run.step,
            steps_per_epoch: session.run.steps_per_epoch(),
            steps_total: session.end,
        });
    }

    pub(super) fn play(&mut self, id: RunId, count: Option<u32>) {
        if let Some(pending) = self.pending.as_mut().filter(|pending| pending.run == id) {
            pending.play = Some(count);
            return;
        }
        let Some(session) = self.session.as_mut().filter(|s| s.id == id) else { return };
        if session.is_over() && session.end > 0 {
            session.end = session.run.step + session.run.steps_per_epoch();
        }
        session.steps_left = count;
        session.pace = (platform_now(), session.run.step);
        // A step or Play is also how a failed download is tried again.
        self.library.load(&session.run.ground.key);
        session.set_state(RunState::Loading, &self.send);
        self.play_or_wait();
    }

    async fn pause(&mut self, id: RunId) {
        if let Some(pending) = self.pending.as_mut().filter(|pending| pending.run == id) {
            pending.play = None;
            return;
        }
        let Some(session) = self.session.as_mut().filter(|s| s.id == id) else { return };
        // A run that is over is only being tried on the test set.
        let over = session.is_over() && session.end > 0 && session.state == RunState::Playing;
        if matches!(session.state, RunState::Playing | RunState::Loading) && !over {
            self.stop(RunState::Paused).await;
        }
    }

    pub(super) async fn stop(&mut self, state: RunState) {
        let Some(session) = &mut self.session else { return };
        let data = self.library.get(&session.run.ground.key);
        match session.stop(state, data, &self.send).await {
            Ok(stands) => self.watching.due |= stands,
            Err(failure) => session.fail(failure, &self.send),
        }
    }

    pub(super) fn play_or_wait(&mut self) {
        let Some(session) = &mut self.session else { return };
        if let Some(data) = self.library.get(&session.run.ground.key) {
            session.play_or_wait(data, &self.send);
        }
    }

    pub(super) fn start_evaluation(&mut self) {
        let Some(session) = &mut self.session else { return };
        if let Some(data) = self.library.get(&session.run.ground.key) {
            session.start_evaluation(data);
        }
    }

    pub(super) async fn finish_evaluation(&mut self) -> Result<(), Failure> {
        let Some(session) = &mut self.session else { return Ok(()) };
        let Some(data) = self.library.get(&session.run.ground.key) else { return Ok(()) };
        let (team, device, send) = (&mut self.team, &self.device, &self.send);
        session.finish_evaluation(&mut RunResources { data, team, device, send }).await
    }

    fn has_work(&self) -> bool {
        let works = |s: &Session| s.evaluating.is_some() || s.state == RunState::Playing || self.watching.due;
        self.search.is_some() || self.session.as_ref().is_some_and(works)
    }

    /// One slice: a batch of the evaluation, or training steps up to the next reading; what is watched; and one of a range
    /// test.
    async fn work(&mut self) {
        let mut done = self.run_some().await;
        if let (Ok(()), Some(session)) = (&done, &self.session) {
            let data = self.library.get(&session.run.ground.key);
            done = self.watching.show(session, data, &self.device, &self.send).await;
        }
        if let (Err(failure), Some(session)) = (done, &mut self.session) {
            session.fail(failure, &self.send);
        }
        self.search_some().await;
        platform::yield_now().await;
    }

    async fn run_some(&mut self) -> Result<(), Failure> {
        let Some(session) = &mut self.session else { return Ok(()) };
        let Some(data) = self.library.get(&session.run.ground.key) else { return Ok(()) };
        let (team, device, send) = (&mut self.team, &self.device, &self.send);
        let mut resources = RunResources { data, team, device, send };
        if session.evaluating.is_some() {
            return session.evaluate_some(&mut resources).await;
        }
        if session.state != RunState::Playing {
            return Ok(());
        }
        match session.train_some(&mut resources).await? {
            TrainingSlice::WentOn => (),
            TrainingSlice::Ends(state) => self.stop(state).await,
            TrainingSlice::LacksData => session.play_or_wait(data, send),
        }
        Ok(())
    }

    fn change(&mut self, id: RunId, key: &str, value: f64) {
        let Some(session) = self.session.as_mut().filter(|s| s.id == id) else { return };
        if let Ok(spec) = session.run.spec.with_key(key, &value.into()) {
            session.run.spec = spec;
        }
    }

    async fn set_weight(&mut self, id: RunId, name: &str, at: u32, value: f32) {
        let Some(session) = self.session.as_mut().filter(|s| s.id == id) else { return };
        match weights::set(&mut session.run, name, at as usize, value, &self.device).await {
            Ok(()) => {
                // What was tested were other weights.
                session.evaluated = None;
                self.watching.due = true;
                self.start_evaluation();
            }
            Err(failure) => (self.send)(Event::Failed { run: id, failure }),
        }
    }

    async fn watch(&mut self, mut watch: WatchRequest) {
        let dataset = self.session.as_ref().and_then(|s| s.run.ground.pictures);
        // Decoded and prepared once, not five times a second.
        if let Some(picture) = watch.look.take_if(|p| matches!(p, Picture::File(_) | Picture::Drawing { .. }))
        {
            match requests::prepared(picture, dataset).await {
                Ok(bytes) => watch.look = Some(Picture::Exact(bytes)),
                Err(failure) => {
                    if let Some(session) = &self.session {
                        (self.send)(Event::Failed { run: session.id, failure });
                    }
                }
            }
        }
        self.watching.set(watch);
    }

    pub(super) async fn ask(&mut self, id: RequestId, question: Request) {
        if question == Request::Rates {
            return self.begin_search(id);
        }
        match self.answer(&question).await {
            Ok(Some(answer)) => (self.send)(Event::Response { id, answer }),
            Ok(None) => self.waiting.push((id, question)),
            Err(failure) => (self.send)(Event::Refused { id, failure }),
        }
    }
}
