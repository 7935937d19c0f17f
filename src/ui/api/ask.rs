//! `intab.ask({ kind, … })`: what the panels show, for scripts.

use super::values::{Outcome, picture_bytes, sentence, to_js, unexpected};
use super::{text, vision};
use crate::datasets::row::{Row, row};
use crate::explain::{self, Position};
use crate::link::{engine_by_name, engine_name};
use crate::platform::now;
use crate::protocol::{
    EngineKind, Evaluation, Example, FeatureMaps, Form, Look, Picture, Prediction, Request, Response, Target,
    TrainPoint,
};
use crate::ui::client::vision::VisionClient;
use crate::ui::controller::Controller;
use js_sys::{Array, Reflect, Uint8Array};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_bytes::ByteBuf;
use wasm_bindgen::{JsCast, JsValue};

const KINDS: &str = "predict, samples, confusion, curve, cell, mistakes, activations, filters, way, describe, measure, classify, occlude, inside, detect, convert, generate, states, attention, fill, translate";

/// `await intab.ask({ kind, … })`, where `kind` is one of
/// - `predict`, `input`: pixels (`number[]` or `Uint8Array`, as the network takes them), a Blob or an ImageData
///   of any picture, a table's row as `{ column: value }` or a point as `{ x, y }` (`row::row`), or `test`: an index
///   → `{ labels: [{ id, name, probability }], seconds }`, most probable first; of a regression `{ value, unit, seconds }`,
///   where `unit` is the target's name; `imputed` names the columns of a row that were `null`
///   of a text, `input`: a string → the ten tokens that are likeliest to come next
/// - `activations`, `test` or `input` → the same with `layers: [{ title, maps, height, width, min, max, pixels }]`
/// - `way`, `test` or `input`, `layer`, `map`, `row`, `column` (0 where not said; a list's number is a map), `inside` of a
///   residual block → `{ value, steps: [{ kind, out, … }], chance }`: how that number came to be, as in `way::Step`
/// - `filters` → the first layer's weights, as one such layer
/// - `samples`, `train: [index, …]`, `test: [index, …]`, `dataset` if another → `{ examples: [{ index, label, name, pixels, guess }] }`
/// - `confusion` → `{ labels, step, count, confusion }`, rows are truths, columns predictions
/// - `curve` → `{ train: [{ step, loss, accuracy }], test: [{ step, loss, correct, count, accuracy, seconds }] }` of this run
/// - `cell`, `truth`, `predicted`, `limit`, and `mistakes`, `limit` → `{ examples }`, surest first
/// - `describe` → `{ layers: [{ title, output, parameters, multiply_adds }], parameters }`
/// - `measure`, `steps`, `engine` if another → `{ engine, milliseconds_per_step, first_step_milliseconds }`
/// - `classify`, `input`: a Blob or an ImageData of any picture, or a Uint8Array of exactly what the pretrained network
///   takes; on any page → `{ labels: [{ id, name, probability }], logits, milliseconds: { decode, prepare, network },
///   size: [width, height], seconds, input, heat }`, the five likeliest first, `input` as such a Uint8Array
/// - `occlude`, `input`, `boxes: [{ left, top, width, height }]`, `classes: [id, …]` → `{ probabilities }`, a row for
///   each box that is covered, a column for each class
/// - `detect`, `input`: a Blob or an ImageData of any picture, `score` and `iou` if others than the page's → `{ size: [width,
///   height], objects: [{ class, score, box: [left, top, width, height] }], milliseconds }`, in pixels of the picture
/// - `convert`, of labels: as `convert::ask` says
/// - `inside`, `input`, `layer` → `{ name, title, maps, height, width, min, max, pixels }`
/// - `generate`, `states` and `attention`, of a run that learns a text: as `text::ask` says
pub async fn ask(lab: Controller, reader: VisionClient, question: JsValue) -> Outcome {
    let asked = Asked { lab, question };
    let kind = asked.get("kind").as_string().unwrap_or_default();
    if vision::KINDS.contains(&kind.as_str()) {
        return vision::ask(reader, &kind, asked.question).await;
    }
    super::wait::ready(lab).await?;
    if text::KINDS.contains(&kind.as_str()) {
        return text::ask(lab, &kind, asked.question).await;
    }
    match kind.as_str() {
        "predict" => asked.predict().await,
        "activations" => asked.activations().await,
        "filters" => asked.filters().await,
        "way" => asked.way().await,
        "samples" => asked.samples().await,
        "confusion" => confusion(lab),
        "curve" => curve(lab),
        "cell" => asked.cell().await,
        "mistakes" => asked.examples(Request::Mistakes { limit: asked.number("limit", Some(20))? }).await,
        "describe" => asked.describe().await,
        "measure" => asked.measure().await,
        other => Err(format!("there is no question “{other}”; there are {KINDS}")),
    }
}

struct Asked {
    lab: Controller,
    question: JsValue,
}

#[derive(Serialize)]
struct Label {
    id: usize,
    name: String,
    probability: f32,
}

#[derive(Serialize)]
struct Predicted {
    labels: Vec<Label>,
    seconds: f64,
    /// Of a regression, instead of labels.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    number: Option<Estimate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    imputed: Vec<String>,
    /// What the network saw.
    input: ByteBuf,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    layers: Vec<Layer>,
}

#[derive(Serialize)]
struct Estimate {
    value: f32,
    unit: String,
}

#[derive(Serialize)]
struct Layer {
    title: String,
    #[serde(flatten)]
    plane: FeatureMaps,
}

#[derive(Serialize)]
struct Shown {
    index: u32,
    label: u32,
    name: String,
    pixels: ByteBuf,
    guess: Option<Guess>,
}

/// The class that the last evaluation took an example for.
#[derive(Serialize)]
struct Guess {
    class: u32,
    probability: f32,
}

impl Asked {
    fn get(&self, name: &str) -> JsValue {
        Reflect::get(&self.question, &name.into()).unwrap_or(JsValue::UNDEFINED)
    }

    /// A field, or `default` where it is not said.
    fn number<T: DeserializeOwned>(&self, name: &str, default: Option<T>) -> Result<T, String> {
        let value = self.get(name);
        match default {
            Some(default) if value.is_undefined() => Ok(default),
            _ => serde_wasm_bindgen::from_value(value)
                .map_err(|_| format!("{name} is missing or does not fit")),
        }
    }

    async fn answer(&self, question: Request) -> Result<Response, String> {
        self.lab.ask(question).await.map_err(sentence)
    }

    async fn look(&self, picture: Picture) -> Result<Look, String> {
        match self.answer(Request::Predict(picture)).await? {
            Response::Look(look) => Ok(look),
            _ => Err(unexpected()),
        }
    }

    /// The picture that is asked about.
    async fn picture(&self) -> Result<Picture, String> {
        let input = self.get("input");
        if input.is_undefined() {
            return self.number("test", None).map(Picture::Test).map_err(|_| {
                "give input (pixels, a Blob or an ImageData) or test (the index of a test example)".into()
            });
        }
        if let Some(bytes) = picture_bytes(input.clone()).await {
            return bytes.map(|bytes| Picture::File(ByteBuf::from(bytes)));
        }
        if self.is_row() {
            return self.row().map(|row| Picture::Row(row.numbers));
        }
        let pixels = Uint8Array::new(&input).to_vec();
        let listed = Array::is_array(&input) || input.is_instance_of::<Uint8Array>();
        let taken: usize = self.shape().iter().product();
        if !listed || pixels.len() != taken {
            return Err(format!("input has {} numbers, and the network takes {taken}", pixels.len()));
        }
        Ok(Picture::Exact(ByteBuf::from(pixels)))
    }

    /// The data is rows, and `input` is one.
    fn is_row(&self) -> bool {
        let rows = self.dataset(None, |d| d.form != Form::Picture).unwrap_or_default();
        rows && self.get("input").is_object()
    }

    fn row(&self) -> Result<Row, String> {
        let input: serde_json::Value = serde_wasm_bindgen::from_value(self.get("input"))
            .map_err(|_| "input is neither { column: value } nor a list of numbers")?;
        let known = self.lab.state.dataset.with_untracked(|d| d.as_ref().map(|info| row(info, &input)));
        known.unwrap_or_else(|| Err("no network is open yet".into()))
    }

    async fn predict(&self) -> Outcome {
        if let Some(prompt) = self.get("input").as_string().filter(|_| text::is_open(self.lab)) {
            return text::next(self.lab, prompt).await;
        }
        to_js(&self.prediction(false).await?)
    }

    async fn activations(&self) -> Outcome {
        to_js(&self.prediction(true).await?)
    }

    async fn prediction(&self, inside: bool) -> Result<Predicted, String> {
        let picture = self.picture().await?;
        let began = now();
        let look = self.look(picture).await?;
        let seconds = now() - began;
        let number = match &look.prediction {
            Prediction::Value(value) => {
                let name = self.dataset(None, |d| d.target.value().map(String::from)).flatten();
                Some(Estimate { value: *value, unit: name.unwrap_or_default() })
            }
            _ => None,
        };
        let imputed = if self.is_row() { self.row()?.imputed } else { Vec::new() };
        let names = self.names(None);
        let mut labels: Vec<Label> = look
            .prediction
            .numbers()
            .iter()
            .enumerate()
            .map(|(id, &probability)| Label {
                id,
                name: names.get(id).cloned().unwrap_or_default(),
                probability,
            })
            .collect();
        labels.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        if number.is_some() {
            labels.clear();
        }
        let titles =
            self.lab.state.network.with_untracked(|n| n.iter().map(|l| l.layer.title()).collect::<Vec<_>>());
        let layers = titles.into_iter().zip(look.activations).map(|(title, plane)| Layer { title, plane });
        let layers = if inside { layers.collect() } else { Vec::new() };
        Ok(Predicted { labels, seconds, number, imputed, input: look.input, layers })
    }

    async fn way(&self) -> Outcome {
        let place = Position {
            layer: Some(self.number("layer", None)?),
            inside: self.number("inside", Some(false))?,
            gate: None,
            map: self.number("map", Some(0))?,
            row: self.number("row", Some(0))?,
            column: self.number("column", Some(0))?,
        };
        let layer = place.layer.unwrap_or_default() as u32;
        let question = Request::LayerIo { picture: self.picture().await?, layer, map: place.map as u32 };
        let Response::LayerIo(passage) = self.answer(question).await? else { return Err(unexpected()) };
        let network = self.lab.state.network.get_untracked();
        let working = explain::working(&network, &self.shape(), &passage, place);
        to_js(&working.ok_or("the layer has no such number")?)
    }

    async fn filters(&self) -> Outcome {
        let look = self.look(Picture::Test(0)).await?;
        let plane = look.filters.ok_or("this network's first layer has no filters")?;
        to_js(&Layer { title: "Filters".into(), plane })
    }

    async fn samples(&self) -> Outcome {
        let shown = self.lab.state.spec.with_untracked(|s| s.data.id.clone());
        let dataset = self.get("dataset").as_string().unwrap_or(shown);
        let train = self.number("train", Some(Vec::new()))?;
        let test = self.number("test", Some(Vec::new()))?;
        self.examples(Request::Samples { dataset, train, test }).await
    }

    async fn cell(&self) -> Outcome {
        let (truth, predicted) = (self.number("truth", None)?, self.number("predicted", None)?);
        self.examples(Request::Cell { truth, predicted, limit: self.number("limit", Some(20))? }).await
    }

    async fn examples(&self, question: Request) -> Outcome {
        let dataset = match &question {
            Request::Samples { dataset, .. } => Some(dataset.clone()),
            _ => None,
        };
        let Response::Examples(found) = self.answer(question).await? else { return Err(unexpected()) };
        let names = self.names(dataset.as_deref());
        let shown = |e: Example| Shown {
            index: e.index,
            label: e.target.class().unwrap_or(0),
            name: name_of(&names, &e.target),
            guess: e
                .prediction
                .as_ref()
                .and_then(Prediction::class)
                .map(|(class, probability)| Guess { class, probability }),
            pixels: e.pixels,
        };
        #[derive(Serialize)]
        struct Examples {
            examples: Vec<Shown>,
        }
        to_js(&Examples { examples: found.into_iter().map(shown).collect() })
    }

    async fn describe(&self) -> Outcome {
        let spec = self.lab.state.spec.get_untracked();
        let Response::Network(network) = self.answer(Request::Describe(spec)).await? else {
            return Err(unexpected());
        };
        let layers: Vec<_> = network
            .iter()
            .map(|l| {
                serde_json::json!({
                    "title": l.layer.title(),
                    "output": l.output,
                    "parameters": l.parameters,
                    "multiply_adds": l.multiply_adds,
                })
            })
            .collect();
        let parameters: usize = network.iter().map(|l| l.parameters).sum();
        to_js(&serde_json::json!({ "layers": layers, "parameters": parameters }))
    }

    async fn measure(&self) -> Outcome {
        let machine = self.lab.machine();
        let kind = match self.get("engine").as_string() {
            Some(name) => engine_by_name(&name)?,
            None => machine.active().unwrap_or(EngineKind::Cpu),
        };
        let steps = self.number("steps", Some(8))?;
        let spec = self.lab.state.spec.get_untracked();
        let answer = machine.ask_engine(kind, Request::Measure { spec, steps }).await;
        let Response::Measured { milliseconds_per_step, first_step_milliseconds } =
            answer.map_err(sentence)?
        else {
            return Err(unexpected());
        };
        to_js(&serde_json::json!({
            "engine": engine_name(kind),
            "milliseconds_per_step": milliseconds_per_step,
            "first_step_milliseconds": first_step_milliseconds,
        }))
    }

    /// The class names of a dataset; of the one that is shown, if none is named.
    fn names(&self, dataset: Option<&str>) -> Vec<String> {
        self.dataset(dataset, |d| d.target.classes().to_vec()).unwrap_or_default()
    }

    fn shape(&self) -> Vec<usize> {
        self.lab.state.dataset.with_untracked(|d| d.as_ref().map(|d| d.shape.clone())).unwrap_or_default()
    }

    fn dataset<T>(&self, id: Option<&str>, read: impl Fn(&crate::protocol::DatasetInfo) -> T) -> Option<T> {
        let shown = self.lab.state.spec.with_untracked(|s| s.data.id.clone());
        let id = id.unwrap_or(&shown);
        let opened = self.lab.state.dataset.with_untracked(|d| d.as_ref().filter(|d| d.id == id).map(&read));
        if opened.is_some() {
            return opened;
        }
        let catalogue = self.lab.state.catalogue;
        catalogue.with_untracked(|c| c.as_ref()?.datasets.iter().find(|d| d.id == id).map(read))
    }
}

/// The name of a target's class, or the number.
fn name_of(names: &[String], target: &Target) -> String {
    match target {
        Target::Class(class) => names.get(*class as usize).cloned().unwrap_or_default(),
        Target::Value(value) => value.to_string(),
        Target::Tokens(_) => String::new(),
    }
}

fn confusion(lab: Controller) -> Outcome {
    let asked = Asked { lab, question: JsValue::UNDEFINED };
    let last = lab.state.evaluations.with_untracked(|all| all.last().cloned());
    let last = last.ok_or("the network has not been tried on the test set yet")?;
    let labels = asked.names(None);
    let rows: Vec<&[u32]> = last.confusion.chunks(labels.len().max(1)).collect();
    to_js(&serde_json::json!({
        "labels": labels,
        "step": last.step,
        "count": last.count,
        "confusion": rows,
    }))
}

fn curve(lab: Controller) -> Outcome {
    let test = lab.state.evaluations.with_untracked(|all| {
        let point = |e: &Evaluation| {
            serde_json::json!({ "step": e.step, "loss": e.loss, "correct": e.right(), "count": e.count, "accuracy": e.score, "seconds": e.seconds })
        };
        all.iter().map(point).collect::<Vec<_>>()
    });
    let train = lab.state.train_curve.with_untracked(|all| {
        let point =
            |p: &TrainPoint| serde_json::json!({ "step": p.step, "loss": p.loss, "accuracy": p.score });
        all.iter().map(point).collect::<Vec<_>>()
    });
    to_js(&serde_json::json!({ "train": train, "test": test }))
}
