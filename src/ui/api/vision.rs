//! `intab.ask({ kind, … })` about pictures, of the network that comes trained: on any page, without a run.

use super::values::{Outcome, picture_bytes, sentence, to_js, unexpected};
use crate::detection::coco::CATEGORIES;
use crate::detection::suppression::{IOU, SCORE, kept};
use crate::platform::now;
use crate::pretrained::{DETECTORS, PRETRAINED, Pretrained};
use crate::protocol::FeatureMaps;
use crate::protocol::vision::{Area, Classified, Milliseconds, Photo, VisionAnswer, VisionQuestion};
use crate::ui::client::vision::VisionClient;
use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_bytes::ByteBuf;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::ImageData;

pub const KINDS: [&str; 5] = ["classify", "occlude", "inside", "detect", "convert"];

#[derive(Serialize)]
struct Label {
    id: u16,
    name: String,
    probability: f32,
}

#[derive(Serialize)]
struct Classification {
    labels: Vec<Label>,
    logits: Vec<f32>,
    milliseconds: Milliseconds,
    size: [u32; 2],
    seconds: f64,
    input: ByteBuf,
    heat: Vec<Vec<f32>>,
}

#[derive(Serialize)]
struct Inside {
    name: String,
    title: String,
    #[serde(flatten)]
    plane: FeatureMaps,
}

pub async fn ask(reader: VisionClient, kind: &str, question: JsValue) -> Outcome {
    let asked = Asked { reader, question, network: &PRETRAINED[0] };
    match kind {
        "classify" => asked.classify().await,
        "occlude" => asked.occlude().await,
        "detect" => asked.detect().await,
        "convert" => super::convert::ask(asked.question).await,
        _ => asked.inside().await,
    }
}

struct Asked {
    reader: VisionClient,
    question: JsValue,
    network: &'static Pretrained,
}

impl Asked {
    fn get<T: DeserializeOwned>(&self, name: &str) -> Result<T, String> {
        let value = Reflect::get(&self.question, &name.into()).unwrap_or(JsValue::UNDEFINED);
        serde_wasm_bindgen::from_value(value).map_err(|_| format!("{name} is missing or does not fit"))
    }

    async fn answer(&self, question: VisionQuestion) -> Result<VisionAnswer, String> {
        self.reader.ask(question).await.map_err(sentence)
    }

    async fn photo(&self) -> Result<Photo, String> {
        let input = Reflect::get(&self.question, &"input".into()).unwrap_or(JsValue::UNDEFINED);
        if let Some(bytes) = input.dyn_ref::<Uint8Array>() {
            return Ok(Photo::Exact(ByteBuf::from(bytes.to_vec())));
        }
        if let Some(image) = input.dyn_ref::<ImageData>() {
            let rgba = ByteBuf::from(image.data().to_vec());
            return Ok(Photo::Frame { width: image.width(), height: image.height(), rgba });
        }
        match picture_bytes(input).await {
            Some(bytes) => Ok(Photo::File(ByteBuf::from(bytes?))),
            None => Err("input is a Blob or ImageData of any picture, or a Uint8Array of exactly what the network takes".into()),
        }
    }

    async fn classified(&self) -> Result<Classified, String> {
        let (network, photo) = (self.network.id.into(), self.photo().await?);
        match self.answer(VisionQuestion::Classify { network, photo }).await? {
            VisionAnswer::Classified(answer) => Ok(answer),
            _ => Err(unexpected()),
        }
    }

    /// Exactly what the network takes; of other pictures, what becomes of them.
    async fn input(&self) -> Result<ByteBuf, String> {
        match self.photo().await? {
            Photo::Exact(bytes) => Ok(bytes),
            _ => Ok(self.classified().await?.input),
        }
    }

    async fn classify(&self) -> Outcome {
        let began = now();
        let answer = self.classified().await?;
        let label = |t: crate::protocol::vision::Named| Label {
            id: t.class,
            name: t.name,
            probability: t.probability,
        };
        to_js(&Classification {
            labels: answer.top.into_iter().map(label).collect(),
            logits: answer.logits,
            milliseconds: answer.milliseconds,
            size: answer.size,
            seconds: now() - began,
            input: answer.input,
            heat: answer.heat,
        })
    }

    async fn detect(&self) -> Outcome {
        let score = self.get::<Option<f32>>("score")?.unwrap_or(SCORE);
        let iou = self.get::<Option<f32>>("iou")?.unwrap_or(IOU);
        let (network, photo) = (DETECTORS[0].id.into(), self.photo().await?);
        let VisionAnswer::Detected(answer) = self.answer(VisionQuestion::Detect { network, photo }).await?
        else {
            return Err(unexpected());
        };
        let objects = kept(&answer.found, score, iou).into_iter().map(|found| {
            let area = found.area;
            serde_json::json!({
                "class": CATEGORIES.get(usize::from(found.class)).map(|category| category.name),
                "score": found.score,
                "box": [area.left, area.top, area.width(), area.height()],
            })
        });
        let objects: Vec<_> = objects.collect();
        to_js(
            &serde_json::json!({ "size": answer.size, "objects": objects, "milliseconds": answer.milliseconds }),
        )
    }

    async fn occlude(&self) -> Outcome {
        let boxes: Vec<Area> = self.get("boxes")?;
        let classes: Vec<u16> = self.get("classes")?;
        let (network, input) = (self.network.id.into(), self.input().await?);
        let across = classes.len().max(1);
        match self.answer(VisionQuestion::Occlude { network, input, boxes, classes }).await? {
            VisionAnswer::Occluded(values) => {
                let rows: Vec<&[f32]> = values.chunks(across).collect();
                to_js(&serde_json::json!({ "probabilities": rows }))
            }
            _ => Err(unexpected()),
        }
    }

    async fn inside(&self) -> Outcome {
        let index: u16 = self.get("layer")?;
        let layers = (self.network.layers)();
        let layer = layers.get(usize::from(index));
        let layer = layer.ok_or_else(|| format!("layer is 0 to {}", layers.len() - 1))?;
        let (network, input) = (self.network.id.into(), self.input().await?);
        match self.answer(VisionQuestion::Inside { network, input, layer: index }).await? {
            VisionAnswer::Inside(plane) => {
                to_js(&Inside { name: layer.name.clone(), title: layer.title(), plane })
            }
            _ => Err(unexpected()),
        }
    }
}
