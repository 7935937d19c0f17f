//! What can learn: one file each, one row here. A model is a recipe from its sizes to a list of layers;
//! the arithmetic is the engine's.

pub mod bert;
mod cnn;
mod cnn_deep;
mod cnn_quick;
mod custom;
pub mod gpt;
mod many_to_one;
mod mlp;
mod recurrent;
mod resnet;
pub mod seq2seq;
pub mod vit;

use crate::layers::{LayerSpec, syntax};
use crate::spec::ModelSpec;

/// All models. Adding one is one file and one row.
pub const MODELS: &[Model] = &[
    cnn::MODEL,
    mlp::MODEL,
    cnn_quick::MODEL,
    cnn_deep::MODEL,
    resnet::MODEL,
    vit::MODEL,
    recurrent::MODEL,
    many_to_one::MODEL,
    gpt::MODEL,
    bert::MODEL,
    seq2seq::MODEL,
    custom::MODEL,
];

/// A network's description and recipe.
pub struct Model {
    pub id: &'static str,
    pub title: &'static str,
    pub blurb: &'static str,
    pub sizes: &'static [Size],
    pub recipe: Recipe,
}

/// Where a model's layers come from.
pub enum Recipe {
    /// From its sizes, in the order of `sizes`, and the number of classes.
    Sizes(fn(sizes: &[usize], classes: usize) -> Vec<LayerSpec>),
    /// The same, and from words in the order of `words`.
    Choices {
        words: &'static [Word],
        layers: fn(words: &[&str], sizes: &[usize], classes: usize) -> Vec<LayerSpec>,
    },
    /// From the visitor's own text (`layers::syntax`), the setting `LAYERS`; this one at first.
    Text(&'static str),
}

/// The key, after `model.`, of a list of layers as text.
pub const LAYERS: &str = "layers";

/// The list that a row of numbers begins with: what a picture begins with does not fit it.
pub const FLAT: &str = "dense8-tanh-dense8-tanh-dense";

/// The list that a sequence of tokens begins with.
pub const SEQUENCE: &str = "embedding32-lstm128-dense";

/// The list that a window of a series begins with.
pub const WINDOW: &str = "gru16-last-dense";

/// A setting whose value is one of a few words.
pub struct Word {
    /// The spec's key is `model.<key>`.
    pub key: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    /// id, title, one sentence
    pub choices: &'static [(&'static str, &'static str, &'static str)],
    pub default: &'static str,
}

/// A size that a visitor can change.
pub struct Size {
    /// The spec's key is `model.<key>`.
    pub key: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub min: usize,
    pub max: usize,
    pub default: usize,
    pub choices: &'static [usize],
}

impl Model {
    pub fn by_id(id: &str) -> Option<&'static Self> {
        MODELS.iter().find(|m| m.id == id)
    }

    /// The layers that the spec asks for, or why its list is none; sizes that it leaves out have their defaults.
    pub fn layers_of(&self, spec: &ModelSpec, classes: usize) -> Result<Vec<LayerSpec>, String> {
        let number = |s: &Size| spec.options.get(s.key).and_then(serde_json::Value::as_f64);
        let size = |s: &Size| number(s).map_or(s.default, |v| (v as usize).clamp(s.min, s.max));
        let text = |key: &str| spec.options.get(key).and_then(serde_json::Value::as_str);
        let sizes = || self.sizes.iter().map(size).collect::<Vec<_>>();
        match &self.recipe {
            Recipe::Sizes(recipe) => Ok(recipe(&sizes(), classes)),
            Recipe::Choices { words, layers } => {
                let words: Vec<&str> = words.iter().map(|w| text(w.key).unwrap_or(w.default)).collect();
                Ok(layers(&words, &sizes(), classes))
            }
            Recipe::Text(first) => {
                let list = text(LAYERS).unwrap_or(first);
                Ok(syntax::with_classes(syntax::parse(list)?, classes))
            }
        }
    }
}
