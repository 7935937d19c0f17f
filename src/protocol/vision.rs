//! What page and engine say about pictures and networks that come trained.

use super::FeatureMaps;
use super::chat::{ChatQuestion, Said};
use super::sketch::{SketchQuestion, Sketched};
use crate::detection::Found;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A picture of anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Photo {
    /// An image file's bytes, to be decoded and prepared.
    File(ByteBuf),
    /// A camera's frame, `[height, width, 4]` bytes, RGBA, to be prepared.
    Frame { width: u32, height: u32, rgba: ByteBuf },
    /// Exactly what the network takes: `[side, side, 3]` bytes.
    Exact(ByteBuf),
}

/// `network` is the id of a row of `pretrained::PRETRAINED`, to detect of `DETECTORS`; to prepare, of these, of
/// `sketch::SKETCHERS` and `chat::TALKER`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum VisionQuestion {
    /// Fetch the weights if they are not here, and be ready. `Event::Fetching` says how far it is.
    Prepare { network: String },
    /// What is in the picture. The other questions fetch the weights too if they have to.
    Classify { network: String, photo: Photo },
    /// Where all the things are.
    Detect { network: String, photo: Photo },
    /// How likely `classes` remain when a box of the picture is grey: one pass for each box.
    Occlude { network: String, input: ByteBuf, boxes: Vec<Area>, classes: Vec<u16> },
    /// What the layer with this index makes of the picture.
    Inside { network: String, input: ByteBuf, layer: u16 },
    /// Computes the features of one of the visitor's own pictures, keeps both under `id`.
    Collect { network: String, id: u32, photo: Photo },
    /// Takes up a picture with what was computed for it once: from a project's file.
    Keep { id: u32, features: ByteBuf, picture: ByteBuf },
    /// What was computed for these pictures, for a project's file; only `Keep` reads it.
    Features { ids: Vec<u32> },
    /// Groups of pictures that are nearly the same.
    Similar,
    /// Those of an earlier visit that were kept under these ids.
    Recall { ids: Vec<u32> },
    /// Removes them for good.
    Forget { ids: Vec<u32> },
    /// Trains a classifier of the visitor's own classes on the features; `Event::HeadProgress` on the way.
    TrainHead(HeadSpec),
    /// What the visitor's own classifier makes of a picture.
    Guess { network: String, photo: Photo },
    /// The visitor's own classifier as a safetensors file with labels and preprocessing.
    SaveHead { labels: Vec<String> },
    /// Takes such a file up again.
    LoadHead(ByteBuf),
    /// Has a network that draws finish a drawing.
    Sketch(SketchQuestion),
    /// Has the network that talks go on.
    Chat(ChatQuestion),
}

/// In pixels of the network's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    pub left: u16,
    pub top: u16,
    pub width: u16,
    pub height: u16,
}

/// A classifier of the visitor's own: one dense layer on a pretrained network's features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadSpec {
    pub network: String,
    /// Every picture with its class, `0..classes`.
    pub examples: Vec<(u32, u8)>,
    pub classes: u8,
    /// Passes over the training pictures.
    pub epochs: u32,
    pub learning_rate: f64,
    /// Share of every class that is kept out of training, 0…0.5; which ones is decided by the pictures and the seed.
    pub held_out: f64,
    pub seed: u32,
    /// Frames of one recording look alike: each is held out as a whole or not at all.
    pub recordings: Vec<Vec<u32>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum VisionAnswer {
    Ready,
    Classified(Classified),
    Detected(Detected),
    /// `[boxes × classes]` probabilities.
    Occluded(Vec<f32>),
    Inside(FeatureMaps),
    Collected(Vec<Collected>),
    /// In the order of the question; none for a picture that is not there.
    Features(Vec<Option<ByteBuf>>),
    /// Two pictures and more each, the oldest first.
    Similar(Vec<Vec<u32>>),
    Forgotten,
    Trained(TrainedHead),
    /// One probability for each of the visitor's classes, with the milliseconds it took.
    Guessed {
        probabilities: Vec<f32>,
        milliseconds: f64,
    },
    File(ByteBuf),
    /// The labels of the head that was loaded.
    Head(Vec<String>),
    Sketched(Sketched),
    Said(Said),
}

/// One picture's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// What the network sees, `[side, side, 3]` bytes.
    pub input: ByteBuf,
    /// Width and height of the picture as it was given, upright.
    pub size: [u32; 2],
    /// The five likeliest, likeliest first.
    pub top: Vec<Named>,
    /// Class activation maps of those five (Zhou et al. 2016), `[heat_side, heat_side]` each; what adds to the
    /// logit is positive.
    pub heat: Vec<Vec<f32>>,
    pub heat_side: u32,
    /// One per class.
    pub logits: Vec<f32>,
    pub milliseconds: Milliseconds,
}

/// What is in one picture, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detected {
    /// Width and height of the picture as it was given, upright.
    pub size: [u32; 2],
    /// Every box that the network proposes with at least a little certainty, in pixels of the picture, the surest first;
    /// many say the same.
    pub found: Vec<Found>,
    pub milliseconds: Milliseconds,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub class: u16,
    pub name: String,
    pub probability: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Milliseconds {
    /// From the file's bytes to pixels.
    pub decode: f64,
    /// Scaling and cropping.
    pub prepare: f64,
    pub network: f64,
}

/// One of the visitor's own pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collected {
    pub id: u32,
    /// What the network sees, as a JPEG or PNG file.
    pub picture: ByteBuf,
    /// It survives the tab; otherwise the browser's storage is full or shut.
    pub kept: bool,
}

/// How far a training of the visitor's own classifier is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadProgress {
    pub epoch: u32,
    pub epochs: u32,
    /// Mean cross-entropy, nats.
    pub train_loss: f32,
    pub train_accuracy: f32,
    /// None if nothing is held out.
    pub held_out_loss: Option<f32>,
    pub held_out_accuracy: Option<f32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainedHead {
    pub train_count: u32,
    pub held_out_count: u32,
    pub seconds: f64,
    pub curve: Vec<HeadProgress>,
    /// Of the held-out pictures: `confusion[truth * classes + predicted]`, counts.
    pub confusion: Vec<u32>,
    /// What it thinks of every picture, held out or not, in the order of `HeadSpec::examples`.
    pub guesses: Vec<HeadGuess>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadGuess {
    pub id: u32,
    pub class: u8,
    pub probability: f32,
    pub held_out: bool,
}
