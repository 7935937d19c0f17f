//! What a layer makes of a shape, what that costs, and why it may not fit.

use super::{Expected, LayerInfo, LayerSpec, ParamSpec, Shape, format_shape};
use std::fmt;

/// Why a layer does not fit behind the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// Counted from 1.
    pub layer: usize,
    /// The layer's title.
    pub title: String,
    pub takes: Expected,
    pub got: Shape,
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { layer, title, got, .. } = self;
        let got = format_shape(got);
        match self.takes {
            Expected::List => {
                write!(f, "layer {layer}: {title} takes a list of numbers, but gets a picture of {got}")?;
                write!(f, "; put Flatten before it")
            }
            Expected::Picture => {
                write!(f, "layer {layer}: {title} takes a picture, but gets a list of {got}")
            }
            Expected::TwoByTwo => {
                write!(f, "layer {layer}: {title} needs at least 2 × 2 pixels, but gets {got}")
            }
            Expected::Larger => write!(f, "layer {layer}: {title} leaves nothing of {got}"),
        }
    }
}

impl LayerSpec {
    /// The layer's output for an input of `input` shape, or what it would need.
    fn info(self, input: &[usize]) -> Result<LayerInfo, Expected> {
        let output = (self.kind().output)(self, input)?;
        let parameters = self.parameters(input).iter().filter(|p| p.trained).map(ParamSpec::len).sum();
        Ok(LayerInfo {
            layer: self,
            output,
            parameters,
            multiply_adds: (self.kind().multiply_adds)(self, input),
        })
    }
}

/// Every layer's output shape and parameter count for inputs of `input` shape.
pub fn describe(layers: &[LayerSpec], input: &[usize]) -> Result<Vec<LayerInfo>, ShapeError> {
    match describe_until(layers, input) {
        (infos, None) => Ok(infos),
        (_, Some(misfit)) => Err(misfit),
    }
}

/// The same up to the first layer that does not fit.
pub fn describe_until(layers: &[LayerSpec], input: &[usize]) -> (Vec<LayerInfo>, Option<ShapeError>) {
    let mut shape = input.to_vec();
    let mut infos = Vec::with_capacity(layers.len());
    for (index, layer) in layers.iter().enumerate() {
        match layer.info(&shape) {
            Ok(info) => {
                shape.clone_from(&info.output);
                infos.push(info);
            }
            Err(takes) => {
                let misfit = ShapeError { layer: index + 1, title: layer.title(), takes, got: shape };
                return (infos, Some(misfit));
            }
        }
    }
    (infos, None)
}
