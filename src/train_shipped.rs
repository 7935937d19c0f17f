//! Trains the networks that ship with their weights (`trained`), natively, on the engine that visitors have: the tool
//! says to it what the page would. The weights are kept in half precision and tried on the whole test set as they ship.

use crate::engine::data_parallel::WorkerPool;
use crate::engine::{device, event_loop, weights};
use crate::platform;
use crate::protocol::{Command, Evaluation, Event, Request, Response, RunId, RunState, WeightsInfo};
use crate::shipped_weights::{Made, TRAINED, Trained};
use crate::spec::RunSpec;
use crate::tools::data::half;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_bytes::ByteBuf;
use std::path::Path;
use std::process::ExitCode;

type Result<T> = std::result::Result<T, String>;

/// Where the site's files are taken from.
const FOLDER: &str = "public/trained";

/// Trains the network whose id is the first argument; with a second, a weight file of that run, it does what follows.
pub fn main() -> ExitCode {
    let id = std::env::args().nth(1).unwrap_or_default();
    let trained = TRAINED.iter().find(|t| t.id == id).ok_or_else(|| {
        let known: Vec<_> = TRAINED.iter().map(|t| t.id).collect();
        format!("there is no “{id}”; there is {}", known.join(", "))
    });
    match trained.and_then(|trained| platform::block_on(train(trained))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn train(trained: &Trained) -> Result<()> {
    let spec = trained.spec();
    let mut engine = Engine::start().await?;
    let file = match std::env::args().nth(2) {
        Some(path) => std::fs::read(&path).map_err(|e| format!("{path} cannot be read: {e}"))?,
        None => {
            engine.open(1, &spec, None);
            engine.send(Command::Play { run: 1 });
            engine.finished(1).await?;
            engine.file(Request::Save).await?
        }
    };
    let mut info = weights::inspect(&file).map_err(|f| f.what)?;
    let (steps, seconds) = (info.step, info.seconds);
    // Who opens it begins a run of his own.
    (info.spec, info.step, info.seconds) = (trained.next_spec(), 0, 0.0);
    engine.open(2, &info.spec, Some(&halved(&file, &info)?));
    let evaluation = engine.evaluated(2).await?;
    println!("in half precision {:.2} % of {}", 100.0 * evaluation.score, evaluation.count);
    info.test_accuracy = Some(evaluation.score);
    info.test_count = Some(evaluation.count);
    let file = halved(&file, &info)?;
    let made = Made {
        command: format!("cargo intab train-shipped {}", trained.id),
        link: trained.link.into(),
        steps,
        seconds,
        source: engine.source,
        engine: "Burn Flex on our kernels, natively, one core".into(),
        bytes: file.len(),
        info,
    };
    write(trained.id, &file, &made)
}

fn write(id: &str, file: &[u8], made: &Made) -> Result<()> {
    let folder = Path::new(FOLDER);
    let put = |name: String, bytes: &[u8]| {
        std::fs::write(folder.join(&name), bytes).map_err(|e| format!("{name} cannot be written: {e}"))
    };
    std::fs::create_dir_all(folder).map_err(|e| format!("{FOLDER} cannot be made: {e}"))?;
    put(format!("{id}.safetensors"), file)?;
    let text = serde_json::to_string_pretty(made).map_err(|e| e.to_string())?;
    put(format!("{id}.json"), (text + "\n").as_bytes())
}

/// The weight file in half precision, saying this of itself.
fn halved(file: &[u8], info: &WeightsInfo) -> Result<Vec<u8>> {
    let metadata = weights::metadata(info).map_err(|f| f.what)?;
    let file = SafeTensors::deserialize(file).map_err(|e| e.to_string())?;
    // A checkpoint's optimiser stays behind.
    let halves: Vec<(String, Vec<usize>, Vec<u8>)> = file
        .tensors()
        .into_iter()
        .filter(|(name, _)| !name.starts_with(weights::STATE))
        .map(|(name, view)| {
            (name, view.shape().to_vec(), view.data().chunks_exact(4).flat_map(in_half).collect())
        })
        .collect();
    let views = halves
        .iter()
        .map(|(name, shape, bytes)| Ok((name, TensorView::new(Dtype::F16, shape.clone(), bytes)?)))
        .collect::<std::result::Result<Vec<_>, safetensors::SafeTensorError>>();
    safetensors::serialize(views.map_err(|e| e.to_string())?, Some(metadata)).map_err(|e| e.to_string())
}

fn in_half(bytes: &[u8]) -> [u8; 2] {
    half::from_f32(f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).to_le_bytes()
}

/// An engine as the page has it.
struct Engine {
    commands: UnboundedSender<Command>,
    events: UnboundedReceiver<Event>,
    /// Of the data, as its manifest has it.
    source: String,
}

impl Engine {
    async fn start() -> Result<Self> {
        let (commands, inbox) = unbounded();
        let (send, events) = unbounded();
        let (device, info) = device::open().await.map_err(|failure| failure.what)?;
        platform::spawn_local(event_loop::serve(
            // On any machine the same numbers.
            (device, WorkerPool::alone()),
            info,
            |_| true,
            inbox,
            move |event| {
                // Fails only when nobody listens any more.
                let _ = send.unbounded_send(event);
            },
        ));
        Ok(Self { commands, events, source: String::new() })
    }

    fn send(&self, command: Command) {
        // Fails only when the engine is gone, and then `next` says so.
        let _ = self.commands.unbounded_send(command);
    }

    fn open(&self, run: RunId, spec: &RunSpec, checkpoint: Option<&[u8]>) {
        let checkpoint = checkpoint.map(ByteBuf::from);
        self.send(Command::Open { run, spec: spec.clone(), checkpoint });
    }

    /// The next event but failures, which end everything; shows how far training is.
    async fn next(&mut self) -> Result<Event> {
        let event = self.events.next().await.ok_or("the engine is gone")?;
        match &event {
            Event::Opened { manifest: Some(manifest), .. } => self.source.clone_from(&manifest.source),
            Event::Evaluated { evaluation: e, .. } => {
                println!("step {}: {:.2} % of {}, loss {:.4}", e.step, 100.0 * e.score, e.count, e.loss);
            }
            Event::Failed { failure, .. } | Event::Refused { failure, .. } => {
                return Err(failure.what.clone());
            }
            _ => (),
        }
        Ok(event)
    }

    /// Until a run has played to its end.
    async fn finished(&mut self, id: RunId) -> Result<()> {
        let mut shown = 0.0;
        loop {
            match self.next().await? {
                Event::Progress { run, progress: p } if run == id && p.seconds > shown + 20.0 => {
                    shown = p.seconds;
                    let loss = p.points.last().map_or(f32::NAN, |p| p.loss);
                    let pace = p.milliseconds_per_step;
                    println!("epoch {:.2}, {shown:.0} s, {pace:.0} ms a step, loss {loss:.3}", p.epoch);
                }
                Event::State { run, state: RunState::Done } if run == id => return Ok(()),
                _ => (),
            }
        }
    }

    async fn evaluated(&mut self, id: RunId) -> Result<Evaluation> {
        loop {
            match self.next().await? {
                Event::Evaluated { run, evaluation } if run == id => return Ok(evaluation),
                _ => (),
            }
        }
    }

    async fn file(&mut self, question: Request) -> Result<Vec<u8>> {
        self.send(Command::Ask { id: 1, question });
        loop {
            if let Event::Response { answer: Response::File(bytes), .. } = self.next().await? {
                return Ok(bytes.into_vec());
            }
        }
    }
}
