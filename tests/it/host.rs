//! The engine as the page meets it: messages in, messages out, data from files, and what happens when they are bad.

use crate::engine::pictures;
use burn::tensor::Device;
use flate2::{Compression, write::GzEncoder};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use intab::datasets::{Manifest, ShardInfo};
use intab::engine::data_parallel::WorkerPool;
use intab::engine::{device, event_loop};
use intab::platform::{self, block_on};
use intab::protocol::{Command, Event, FailureKind, Picture, Request, Response, RunState, WatchRequest};
use intab::spec::{PRESETS, RunSpec};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A site with 120 training and 50 test pictures in shards of 40 and 25.
pub fn site(name: &str) -> PathBuf {
    let root = std::env::temp_dir().join(format!("intab-host-{}-{name}", std::process::id()));
    let folder = root.join("datasets/mnist/v1");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |split: &str, number: usize, count: usize| {
        let file = format!("{split}-{number:03}.shard");
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&pictures(count).encode()).unwrap();
        let bytes = gzip.finish().unwrap();
        std::fs::write(folder.join(&file), &bytes).unwrap();
        ShardInfo { file, examples: count, bytes: bytes.len() as u64 }
    };
    let manifest = Manifest {
        id: "mnist".into(),
        version: 1,
        source: "a test".into(),
        shape: [1, 28, 28],
        train: (0..3).map(|n| write("train", n, 40)).collect(),
        test: (0..2).map(|n| write("test", n, 25)).collect(),
    };
    std::fs::write(folder.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
    root
}

pub fn spec() -> RunSpec {
    let mut spec = PRESETS[0].spec();
    spec.model.id = "mlp".into();
    spec.train.batch_size = 20.0;
    spec.train.epochs = 10.0;
    spec
}

/// The page's side of the conversation.
pub struct Page {
    commands: UnboundedSender<Command>,
    events: UnboundedReceiver<Event>,
}

impl Page {
    pub fn send(&self, command: Command) {
        self.commands.unbounded_send(command).unwrap();
    }

    /// Passes over events until `pick` takes one.
    pub async fn next<T>(&mut self, what: &str, mut pick: impl FnMut(Event) -> Option<T>) -> T {
        for _ in 0..100_000 {
            match self.events.next().await {
                Some(event) => {
                    if let Some(found) = pick(event) {
                        return found;
                    }
                }
                None => break,
            }
        }
        panic!("waited in vain for {what}")
    }

    async fn state(&mut self, wanted: RunState) {
        self.next(&format!("{wanted:?}"), |e| {
            matches!(e, Event::State { state, .. } if state == wanted).then_some(())
        })
        .await;
    }

    async fn failure(&mut self) -> intab::protocol::Failure {
        self.next("a failure", |e| match e {
            Event::Failed { failure, .. } => Some(failure),
            _ => None,
        })
        .await
    }

    pub async fn ask(&mut self, question: Request) -> Result<Response, intab::protocol::Failure> {
        self.send(Command::Ask { id: 9, question });
        self.next("an answer", |e| match e {
            Event::Response { id: 9, answer } => Some(Ok(answer)),
            Event::Refused { id: 9, failure } => Some(Err(failure)),
            _ => None,
        })
        .await
    }
}

/// Runs an engine on `root` and a page's script against it.
pub fn with_engine(root: &Path, script: impl AsyncFnOnce(&mut Page)) {
    platform::set_root(root);
    block_on(async {
        let (commands, inbox) = unbounded();
        let (send, events) = unbounded();
        let (device, info): (Device, _) = device::open().await.unwrap();
        platform::spawn_local(async move {
            event_loop::serve(
                (device, WorkerPool::alone()),
                info,
                |_| true,
                inbox,
                move |event| {
                    let _ = send.unbounded_send(event);
                },
            )
            .await;
        });
        let mut page = Page { commands, events };
        page.next("the first word", |e| matches!(e, Event::Ready { .. }).then_some(())).await;
        script(&mut page).await;
    });
    let _ = std::fs::remove_dir_all(root);
}

pub fn open(page: &Page, run: u32) {
    page.send(Command::Open { run, spec: spec(), checkpoint: None });
}

#[test]
fn a_run_plays_to_its_end_and_tells_everything() {
    with_engine(&site("plays"), async |page| {
        open(page, 1);
        page.send(Command::Play { run: 1 });
        let mut steps = Vec::new();
        let mut last = None;
        let done = |e: Event| match e {
            Event::Progress { run: 1, progress } => {
                steps.extend(progress.points.iter().map(|p| p.step));
                None
            }
            Event::Evaluated { evaluation, .. } => {
                last = Some(evaluation);
                None
            }
            Event::State { state: RunState::Done, .. } => Some(()),
            _ => None,
        };
        page.next("the end", done).await;
        assert_eq!(steps, (1..=60).collect::<Vec<_>>(), "every step is told once, in order");
        // An epoch's end is evaluated before the run is done, so it may have been told already.
        let evaluation = match last.filter(|e| e.step == 60) {
            Some(evaluation) => evaluation,
            None => {
                page.next("the last evaluation", |e| match e {
                    Event::Evaluated { evaluation, .. } if evaluation.step == 60 => Some(evaluation),
                    _ => None,
                })
                .await
            }
        };
        assert_eq!(evaluation.count, 50, "of the whole test set");
        assert!(evaluation.score >= 0.96, "{} of 50", evaluation.score);
        assert_eq!(evaluation.confusion.iter().sum::<u32>(), 50);
        page.send(Command::WatchRequest {
            run: 1,
            watch: WatchRequest {
                grid: vec![0, 1, 2],
                look: Some(Picture::Test(3)),
                inside: true,
                ..WatchRequest::default()
            },
        });
        let seen = page.next("what is watched", |e| match e {
            Event::LiveView { seen, .. } if seen.step == 60 && !seen.grid.is_empty() => Some(seen),
            _ => None,
        });
        let seen = seen.await;
        assert_eq!(seen.grid.len(), 3);
        let look = seen.look.unwrap();
        assert_eq!(look.activations.len(), 6, "one plane per layer");
        assert!((look.prediction.numbers().iter().sum::<f32>() - 1.0).abs() < 1e-4);
        assert_eq!(look.filters.unwrap().maps, 64);
        // Play after the end goes on for one more epoch.
        page.send(Command::Play { run: 1 });
        page.state(RunState::Playing).await;
        page.state(RunState::Done).await;
    });
}

#[test]
fn pause_means_paused_and_step_means_steps() {
    with_engine(&site("pause"), async |page| {
        open(page, 1);
        page.send(Command::Step { run: 1, count: 3 });
        page.state(RunState::Playing).await;
        // A busy machine tells of them one by one.
        let step = page.next("three steps", |e| match e {
            Event::Progress { progress, .. } => (progress.step >= 3).then_some(progress.step),
            _ => None,
        });
        assert_eq!(step.await, 3);
        page.state(RunState::Paused).await;
        page.send(Command::Pause { run: 1 });
        // A question after it is answered without any progress in between: nothing moves.
        page.send(Command::Ask { id: 1, question: Request::Mistakes { limit: 5 } });
        let answered = page.next("an answer", |e| match e {
            Event::Progress { .. } => Some(false),
            Event::Response { .. } => Some(true),
            _ => None,
        });
        assert!(answered.await, "a paused run trained");
    });
}

#[test]
fn a_checkpoint_opens_where_it_was_taken() {
    with_engine(&site("checkpoint"), async |page| {
        open(page, 1);
        page.send(Command::Step { run: 1, count: 7 });
        let bytes = page.next("a checkpoint", |e| match e {
            Event::Checkpoint { step: 7, bytes, .. } => Some(bytes),
            _ => None,
        });
        let bytes = bytes.await;
        page.send(Command::Open { run: 2, spec: spec(), checkpoint: Some(bytes) });
        let step = page.next("the run", |e| match e {
            Event::Opened { run: 2, step, .. } => Some(step),
            _ => None,
        });
        assert_eq!(step.await, 7);
        let mut other = spec();
        other.model.id = "cnn".into();
        let Ok(Response::File(weights)) = page.ask(Request::Save).await else { panic!("no weights") };
        page.send(Command::Open { run: 3, spec: other, checkpoint: Some(weights) });
        assert_eq!(page.failure().await.kind, FailureKind::Input);
    });
}

/// The shard that training needs is missing, cut short, or damaged in one byte.
#[test]
fn bad_shards_end_in_words_and_a_retry_goes_on() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 4] = [
        ("missing", |file| std::fs::remove_file(file).unwrap()),
        ("cut", |file| {
            let bytes = std::fs::read(file).unwrap();
            std::fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("damaged", |file| {
            let mut bytes = std::fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x55;
            std::fs::write(file, bytes).unwrap();
        }),
        ("empty", |file| std::fs::write(file, []).unwrap()),
    ];
    for (name, damage) in damages {
        let root = site(name);
        let file = root.join("datasets/mnist/v1/train-001.shard");
        let good = std::fs::read(&file).unwrap();
        damage(&file);
        with_engine(&root, async |page| {
            open(page, 1);
            page.send(Command::Play { run: 1 });
            let failure = page.failure().await;
            assert_eq!(failure.kind, FailureKind::Data, "{name}");
            assert!(failure.what.contains("train-001.shard"), "{name}: {}", failure.what);
            assert!(failure.advice.contains("Play"), "{name}: {}", failure.advice);
            std::fs::write(&file, &good).unwrap();
            page.send(Command::Play { run: 1 });
            page.state(RunState::Done).await;
        });
    }
}

#[test]
fn bad_pictures_and_questions_are_refused_in_words() {
    with_engine(&site("refused"), async |page| {
        open(page, 1);
        let Ok(Response::Examples(some)) =
            page.ask(Request::Samples { dataset: "mnist".into(), train: vec![0, 119], test: vec![49] }).await
        else {
            panic!("no samples")
        };
        assert_eq!(some.len(), 3, "waits until the last shard is there");
        let refused = [
            Request::Predict(Picture::File(Vec::new().into())),
            Request::Predict(Picture::Exact(vec![0; 3].into())),
            Request::Predict(Picture::Drawing { width: 28, height: 28, ink: vec![0; 784].into() }),
            Request::Predict(Picture::Drawing { width: 99, height: 28, ink: vec![9; 784].into() }),
            // A PNG header that promises 100 megapixels.
            Request::Predict(Picture::File(
                [
                    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(),
                    &[0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10, 8, 6, 0, 0, 0],
                    &[0; 20],
                ]
                .concat()
                .into(),
            )),
            Request::Samples { dataset: "mnist".into(), train: vec![120], test: vec![] },
            Request::Samples { dataset: "unknown".into(), train: vec![0], test: vec![] },
            Request::Inspect(vec![1, 2, 3].into()),
        ];
        for (number, question) in refused.into_iter().enumerate() {
            let failure = page.ask(question).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Input, "question {number}");
            assert!(failure.what.ends_with('.'), "question {number}: {}", failure.what);
        }
        let measured = page.ask(Request::Measure { spec: spec(), steps: 3 }).await;
        assert!(
            matches!(measured, Ok(Response::Measured { milliseconds_per_step, .. }) if milliseconds_per_step > 0.0)
        );
    });
}
