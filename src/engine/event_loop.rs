//! The engine's closed loop: commands, arriving data, a slice of work. It answers the page and gives way to it
//! after every slice, so that Pause is heard.

use super::data_parallel::WorkerPool;
use super::dataset_store::Loaded;
use super::loader::{self, LoadEvent};
use super::resolved_dataset::{self, ResolvedDataset};
use super::session::Session;
use super::trainer::Trainer;
use super::{platform_now, requests, weights};
use crate::platform;
use crate::protocol::{
    Catalogue, Command, EngineInfo, Event, Failure, FailureKind, Picture, Request, RequestId, RunId,
    RunState, WatchRequest,
};
use crate::spec::RunSpec;
use crate::table::Given;
use burn::tensor::Device;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use std::collections::BTreeMap;

/// Inputs of the event loop.
pub enum Input {
    Command(Command),
    Arrived { dataset: &'static str, arrival: LoadEvent },
}

pub struct EngineLoop<S: Fn(Event)> {
    pub(super) device: Device,
    pub(super) team: WorkerPool,
    pub(super) send: S,
    /// For the loaders' arrivals.
    feedback: UnboundedSender<Input>,
    /// By `ground::key`.
    pub(super) library: BTreeMap<String, Loaded>,
    /// What the visitor made of a dataset's table, and how many times before.
    tables: BTreeMap<String, (Given, u32)>,
    pub(super) session: Option<Session>,
    pub(super) watch: WatchRequest,
    pub(super) seen_due: bool,
    pub(super) last_seen: f64,
    pub(super) last_loading: f64,
    /// Questions about examples that have not arrived.
    pub(super) waiting: Vec<(RequestId, Request)>,
    /// The range test that was asked for.
    pub(super) search: Option<super::rate::LrFinder>,
    #[cfg(feature = "cpu")]
    pub(super) vision: super::vision::Vision,
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
        feedback,
        library: BTreeMap::new(),
        tables: BTreeMap::new(),
        session: None,
        watch: WatchRequest::default(),
        seen_due: false,
        last_seen: 0.0,
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
            Command::Table { id, given } => {
                let revision = self.tables.get(&id).map_or(1, |(_, before)| before + 1);
                self.tables.insert(id, (given, revision));
            }
            Command::Ask { id, question } => self.ask(id, question).await,
            Command::Ping => (self.send)(Event::Pong { memory: platform::memory() }),
        }
    }

    fn open(&mut self, id: RunId, spec: &RunSpec, checkpoint: Option<&[u8]>) {
        self.end_search();
        self.session = None;
        let opened = self.ground(spec).and_then(|ground| {
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
        self.load(&key);
        if let Some(data) = self.library.get(&key) {
            run.set_shards(data.shards());
        }
        self.session = Some(Session::new(id, run));
        self.opened();
        if let Some(session) = &self.session {
            (self.send)(Event::State { run: session.id, state: session.state });
        }
        self.tell_loading(&key);
        self.seen_due = true;
        // Of restored weights: panels ask about the last evaluation.
        self.start_evaluation();
    }

    /// What a run of this spec stands on; rows are made or read now if they are not there.
    pub(super) fn ground(&mut self, spec: &RunSpec) -> Result<ResolvedDataset, Failure> {
        Catalogue::of_tables(|_| true).check(spec).map_err(|why| {
            let what = format!("This run cannot be opened: {why}.");
            Failure::new(FailureKind::Input, what, "Choose other settings.")
        })?;
        let table = self.tables.get(&spec.data.id);
        let revision = table.map_or(0, |(_, revision)| *revision);
        let key = resolved_dataset::key(spec, revision);
        if let Some(loaded) = self.library.get(&key) {
            return Ok(loaded.ground.clone());
        }
        let loaded = resolved_dataset::open(spec, table.map(|(given, _)| given), revision)?;
        let ground = loaded.ground.clone();
        // Rows are made again in no time; only those of the run that is shown stay.
        let shown = self.session.as_ref().map(|s| s.run.ground.key.clone());
        self.library.retain(|key, old| old.ground.pictures.is_some() || Some(key) == shown.as_ref());
        self.library.insert(key, loaded);
        Ok(ground)
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

    /// Starts the loader where something is missing and nobody is fetching it.
    pub(super) fn load(&mut self, key: &str) {
        let Some(loaded) = self.library.get_mut(key) else { return };
        let Some(dataset) = loaded.ground.pictures.filter(|_| !loaded.loading && !loaded.complete()) else {
            return;
        };
        loaded.loading = true;
        loaded.failure = None;
        let have = [loaded.train.len(), loaded.test.len()];
        let feedback = self.feedback.clone();
        platform::spawn_local(loader::load(dataset, have, move |arrival| {
            // Fails only when the host is gone.
            let _ = feedback.unbounded_send(Input::Arrived { dataset: dataset.about.id, arrival });
        }));
    }

    fn play(&mut self, id: RunId, count: Option<u32>) {
        let Some(session) = self.session.as_mut().filter(|s| s.id == id) else { return };
        if session.is_over() && session.end > 0 {
            session.end = session.run.step + session.run.steps_per_epoch();
        }
        session.steps_left = count;
        session.pace = (platform_now(), session.run.step);
        let key = session.run.ground.key.clone();
        // A step or Play is also how a failed download is tried again.
        self.load(&key);
        self.set_state(RunState::Loading);
        self.data_or_loading();
    }

    async fn pause(&mut self, id: RunId) {
        let Some(session) = self.session.as_mut().filter(|s| s.id == id) else { return };
        // A run that is over is only being tried on the test set.
        let over = session.is_over() && session.end > 0 && session.state == RunState::Playing;
        if matches!(session.state, RunState::Playing | RunState::Loading) && !over {
            self.stop(RunState::Paused).await;
        }
    }

    /// Playing or counted steps end: the last numbers, an evaluation and a checkpoint follow. A run is done when its last
    /// evaluation is: until then it comes here again.
    pub(super) async fn stop(&mut self, state: RunState) {
        if let Err(failure) = self.read(true).await {
            return self.fail(failure);
        }
        self.start_evaluation();
        let waits = |s: &Session| state == RunState::Done && s.evaluating.is_some();
        if self.session.as_ref().is_some_and(waits) {
            return;
        }
        // Who hears that it stands still may end it: by then it is kept.
        self.checkpoint().await;
        let Some(session) = self.session.as_mut().filter(|s| s.state != RunState::Failed) else { return };
        session.steps_left = None;
        self.set_state(state);
        self.seen_due = true;
    }

    pub(super) fn set_state(&mut self, state: RunState) {
        let Some(session) = &mut self.session else { return };
        if session.state != state {
            session.state = state;
            (self.send)(Event::State { run: session.id, state });
        }
    }

    /// Playing if the next step's data is there, loading otherwise.
    pub(super) fn data_or_loading(&mut self) {
        let Some(session) = &mut self.session else { return };
        let Some(data) = self.library.get(&session.run.ground.key) else { return };
        if session.run.can_step(data) {
            self.set_state(RunState::Playing);
        } else if let Some(failure) = data.failure.clone() {
            self.fail(failure);
        } else {
            self.set_state(RunState::Loading);
        }
    }

    pub(super) fn fail(&mut self, failure: Failure) {
        let Some(session) = &mut self.session else { return };
        session.evaluating = None;
        let run = session.id;
        self.set_state(RunState::Failed);
        (self.send)(Event::Failed { run, failure });
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
                self.seen_due = true;
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
        self.watch = watch;
        self.seen_due = true;
        self.last_seen = 0.0;
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
