//! What a layer is called, and what is said of it.

use crate::layers::LayerSpec;
use crate::ui::language::t_with;
use std::fmt::Display;

/// What the layer is called, in the page's language.
pub fn layer_title(layer: LayerSpec) -> String {
    in_words(layer.heading(), layer.numbers().iter().map(usize::to_string))
}

/// A sentence of a layer’s in the page’s language, with its values.
pub fn in_words(english: &str, values: impl Iterator<Item = String>) -> String {
    let values: Vec<String> = values.collect();
    let values: Vec<(&str, &dyn Display)> = values.iter().map(|value| ("", value as &dyn Display)).collect();
    t_with(english, &values)
}
