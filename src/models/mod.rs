//! What can learn: one file each, one row here. A model is a recipe from its sizes to a list of layers;
//! the arithmetic is the engine's.

mod cnn;
mod mlp;

use crate::layers::LayerSpec;
use crate::spec::ModelSpec;

/// All models. Adding one is one file and one row.
pub const MODELS: &[Model] = &[cnn::MODEL, mlp::MODEL];

/// A network's description and recipe.
pub struct Model {
    pub id: &'static str,
    pub title: &'static str,
    pub blurb: &'static str,
    pub sizes: &'static [Size],
    /// The layers for these sizes (in the order of `sizes`) and this many classes.
    pub layers: fn(sizes: &[usize], classes: usize) -> Vec<LayerSpec>,
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

    /// The layers that the spec asks for; sizes that it leaves out have their defaults.
    pub fn layers_of(&self, spec: &ModelSpec, classes: usize) -> Vec<LayerSpec> {
        let size = |s: &Size| spec.sizes.get(s.key).map_or(s.default, |v| (*v as usize).clamp(s.min, s.max));
        let sizes: Vec<usize> = self.sizes.iter().map(size).collect();
        (self.layers)(&sizes, classes)
    }
}
