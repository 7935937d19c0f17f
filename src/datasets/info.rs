//! A dataset as the page shows it, whatever it is made of.

use super::target::TargetField;
use crate::spec::{NumberInfo, WordInfo};
use crate::table::Input;
use crate::tokenizer::Token;
use serde::{Deserialize, Serialize};

/// What a person can read about a dataset, whatever it is made of.
pub struct About {
    pub id: &'static str,
    pub title: &'static str,
    /// What one example is, in the plural, e.g. “digits”.
    pub noun: &'static str,
    pub blurb: &'static str,
    /// Where it is described.
    pub homepage: &'static str,
    pub licence: &'static str,
    pub citation: &'static str,
}

impl About {
    /// Where the files of this version lie, relative to the page: the version is in the path, so they may be kept for ever.
    pub fn folder(&self, version: u32) -> String {
        format!("datasets/{}/v{version}", self.id)
    }

    /// Of a dataset of this form; the rest is the dataset's to say.
    pub fn info(&self, form: Form) -> DatasetInfo {
        DatasetInfo {
            id: self.id.into(),
            title: self.title.into(),
            noun: self.noun.into(),
            blurb: self.blurb.into(),
            homepage: self.homepage.into(),
            licence: self.licence.into(),
            citation: self.citation.into(),
            form,
            augments: Vec::new(),
            target: TargetField::default(),
            shape: Vec::new(),
            mean: Vec::new(),
            std: Vec::new(),
            features: Vec::new(),
            columns: Vec::new(),
            numbers: Vec::new(),
            words: Vec::new(),
            text: None,
            series: None,
            model: String::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetInfo {
    pub id: String,
    pub title: String,
    pub noun: String,
    pub blurb: String,
    pub homepage: String,
    pub licence: String,
    pub citation: String,
    pub form: Form,
    /// How its training pictures may be changed by chance: ids of rows of `spec::AUGMENTS`.
    pub augments: Vec<String>,
    /// What its examples are to be learned as; without names before the data is open.
    pub target: TargetField,
    /// What the network takes: `[channels, height, width]` or `[features]`.
    pub shape: Vec<usize>,
    /// Per channel of pictures, of the training split; none of rows.
    pub mean: Vec<f32>,
    pub std: Vec<f32>,
    /// What the numbers of a row are called; none for pictures.
    pub features: Vec<String>,
    /// How a table's columns become the rows' numbers; none of pictures and points, nor before the run is open.
    pub columns: Vec<Input>,
    /// Its own settings, with keys `data.…`.
    pub numbers: Vec<NumberInfo>,
    pub words: Vec<WordInfo>,
    /// Of texts and sequences of tokens; known when the run is open.
    pub text: Option<Box<TextInfo>>,
    /// Of windows of a series; known when the run is open.
    pub series: Option<Box<SeriesInfo>>,
    /// The model that comes with it when the one that is there does not fit.
    pub model: String,
}

/// What one example is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// `[channels, height, width]` bytes.
    Picture,
    /// A row of a table.
    Row,
    /// A point of the plane, −6…6 both ways.
    Point,
    /// Tokens of a text, or of a sequence that is made here.
    Text,
    /// The last steps of a series of numbers, of which the next one is to be said.
    Series,
}

/// What there is to say of a series and of how windows are cut from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesInfo {
    /// Steps that are read before each prediction.
    pub window: u32,
    pub steps: u32,
    /// The first step that is held out: all from here on are.
    pub cut: u32,
    /// Numbers of a step that do not follow from the predicted number: where a network goes on by itself, they are read
    /// from the data, and behind its end they stay as they are.
    pub given: Vec<String>,
    /// Held-out steps to predict, and what saying the last value again reaches on them.
    pub held_out: u32,
    pub persistence: SeriesScores,
}

/// How good predictions of a series are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SeriesScores {
    /// 1 − Σ error² ÷ Σ (truth − mean truth)²; 0 where all truths are the same.
    pub r2: f64,
    /// Mean absolute error, in the unit of the number.
    pub mae: f64,
}

/// What there is to say of a text and of how it was cut into tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextInfo {
    /// As BCP 47 has it; empty where it is not known.
    pub language: String,
    /// The tokenizer's id; empty of sequences that are made here, whose tokens are letters.
    pub tokenizer: String,
    /// A token's id is its place; with how often it is in the training text.
    pub vocabulary: Vec<Token>,
    /// The pairs of tokens that were merged, in their order, and the token that each became.
    pub merges: Vec<([u32; 2], u32)>,
    /// Every example is a line of the text, from its beginning to its end.
    pub lines: bool,
    /// Lines that belong together, such as the captions of a picture, are held out together.
    pub grouped: bool,
    /// Characters and tokens of the training text, and of the held-out text.
    pub characters: [u64; 2],
    pub tokens: [u64; 2],
    /// Examples: train, test.
    pub examples: [u32; 2],
    /// How many examples have so many tokens: `lengths[n]`.
    pub lengths: Vec<u32>,
    /// Nats a token on the held-out text of who knows how frequent tokens are, and which follows which (with one
    /// of each pair added); none of answers.
    pub unigram: f32,
    pub bigram: Option<f32>,
}

impl DatasetInfo {
    /// The names of its classes; none of anything else.
    pub fn classes(&self) -> &[String] {
        self.target.classes()
    }
}
