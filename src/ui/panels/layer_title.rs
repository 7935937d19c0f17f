//! What a layer is called.

use crate::layers::LayerSpec;
use crate::ui::language::{known, tr};

/// What the layer is called, in the page's language.
pub fn layer_title(layer: LayerSpec) -> String {
    match layer {
        LayerSpec::Conv { kernel, .. } => tr!("Convolution {0} × {0}", kernel),
        LayerSpec::Dropout { percent } => tr!("Dropout {} %", percent),
        other => known(&other.title()),
    }
}
