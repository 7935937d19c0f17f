//! What the page asks of an engine, and the answers.

use super::vision::{VisionAnswer, VisionQuestion};
use super::{
    AttentionMaps, Continuation, Example, Excerpt, Filled, FoundDigit, HeadIo, LayerIo, LogitLens, Look,
    Picture, Prediction, Question, RateTest, Reach, SeriesAnswer, SeriesQuestion, States, Trace, UnitIo,
    WeightsInfo, WithoutHeads, Written,
};
use crate::layers::LayerInfo;
use crate::spec::RunSpec;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// The network that a spec asks for, without building it.
    Describe(RunSpec),
    /// Training examples, then test examples, with labels, once they are here; of the run's dataset with its settings.
    Samples {
        dataset: String,
        train: Vec<u32>,
        test: Vec<u32>,
    },
    /// Test examples of one cell of the confusion matrix, surest first; of the last evaluation.
    Cell {
        truth: u32,
        predicted: u32,
        limit: u32,
    },
    /// Wrong answers of the last evaluation, surest first.
    Mistakes {
        limit: u32,
    },
    /// What the network makes of a picture.
    Predict(Picture),
    /// A photograph's bytes: the digits that are in it.
    Digits(ByteBuf),
    /// What it says of many rows.
    PredictRows(Vec<Vec<f32>>),
    /// Forward and backward pass of one example.
    Trace(Picture),
    /// One picture's passage through one layer, with the weights of one of its maps (of a list: of one of its numbers).
    LayerIo {
        picture: Picture,
        layer: u32,
        map: u32,
    },
    /// A part of the run's text, or one of its made questions, as tokens.
    Excerpt(Question),
    /// The network writes on.
    Generate(Continuation),
    /// What recurrent layers have in mind at every token of a text.
    States {
        text: String,
    },
    /// A series of numbers, and how the network continues it.
    Series(SeriesQuestion),
    /// One unit of one layer, at one token of a text, with its weights.
    UnitIo {
        text: String,
        layer: u32,
        unit: u32,
        time: u32,
    },
    /// How far back the loss is felt; with `fresh` also of the three cells as they begin.
    Reach {
        fresh: bool,
    },
    /// What tokens of a text take of each other in Transformer blocks.
    Attention {
        text: String,
    },
    /// What patches of a picture take of each other, and the class token of them.
    PictureAttention(Picture),
    /// One head of the block at a place of the network, and the token that looks; with `crosses` a decoder's, at the question.
    HeadIo {
        text: String,
        layer: u32,
        head: u32,
        at: u32,
        crosses: bool,
    },
    /// What the network would say behind each Transformer block.
    LogitLens {
        text: String,
    },
    /// These heads, as `AttentionMaps::off` has them, give nothing until they are on again; not while it trains or is
    /// evaluated.
    SwitchOff {
        heads: Vec<[u32; 3]>,
    },
    /// What each `[MASK]` of a text hides.
    Fill {
        text: String,
    },
    /// The weight file: safetensors with spec, labels, normalisation, seed and test accuracy.
    Save,
    /// The checkpoint of this moment, optimiser included.
    Checkpoint,
    /// Milliseconds that a training step of this spec takes here, on real data, the run left alone.
    Measure {
        spec: RunSpec,
        steps: u32,
    },
    /// A range test on a fresh network like the run's, which is left alone; refused when another run is opened meanwhile.
    Rates,
    /// What a weight file says of itself.
    Inspect(ByteBuf),
    Vision(VisionQuestion),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    Network(Vec<LayerInfo>),
    Examples(Vec<Example>),
    Predictions(Vec<Prediction>),
    Trace(Box<Trace>),
    LayerIo(Box<LayerIo>),
    Look(Look),
    /// As they are read.
    Digits(Vec<FoundDigit>),
    File(ByteBuf),
    Measured {
        milliseconds_per_step: f64,
        first_step_milliseconds: f64,
    },
    Rates(RateTest),
    Excerpt(Excerpt),
    Written(Written),
    States(States),
    Series(SeriesAnswer),
    UnitIo(Box<UnitIo>),
    Reach(Reach),
    Attention(AttentionMaps),
    LogitLens(LogitLens),
    SwitchedOff(WithoutHeads),
    Filled(Filled),
    HeadIo(Box<HeadIo>),
    Weights(Box<WeightsInfo>),
    Vision(VisionAnswer),
}
