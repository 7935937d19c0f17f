//! What a layer makes of a shape, what that costs, and why it may not fit.

use super::{LayerInfo, LayerSpec, Shape, format_shape};
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

/// What a layer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `[features]`
    List,
    /// `[channels, height, width]`
    Picture,
    /// A picture of at least 2 × 2.
    TwoByTwo,
    /// A picture of which something is left.
    Larger,
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
        let picture = || match *input {
            [channels, height, width] => Ok((channels, height, width)),
            _ => Err(Expected::Picture),
        };
        let (output, parameters, multiply_adds) = match self {
            Self::Conv { filters, kernel } => {
                let (channels, height, width) = picture()?;
                let weights = filters * channels * kernel * kernel;
                (vec![filters, height, width], weights + filters, weights * height * width)
            }
            Self::Crop { border } => {
                let (channels, height, width) = picture()?;
                let left = |size: usize| size.checked_sub(2 * border).filter(|left| *left > 0);
                let (Some(height), Some(width)) = (left(height), left(width)) else {
                    return Err(Expected::Larger);
                };
                (vec![channels, height, width], 0, 0)
            }
            Self::MaxPool | Self::AvgPool => {
                let (channels, height, width) = picture()?;
                if height < 2 || width < 2 {
                    return Err(Expected::TwoByTwo);
                }
                (vec![channels, height / 2, width / 2], 0, 0)
            }
            Self::GlobalAvgPool => (vec![picture()?.0], 0, 0),
            Self::Dense { units } => {
                let &[features] = input else { return Err(Expected::List) };
                (vec![units], features * units + units, features * units)
            }
            Self::Residual { filters, stride } => {
                let (channels, height, width) = picture()?;
                let [height, width] = [height, width].map(|n| n.div_ceil(stride.max(1)));
                let project = if self.projects(channels) { channels * filters } else { 0 };
                let weights = 9 * filters * (channels + filters) + project;
                // γ and β of every normalisation.
                let norms = 2 * filters * if project > 0 { 3 } else { 2 };
                (vec![filters, height, width], weights + norms, weights * height * width)
            }
            Self::BatchNorm => {
                let channels = input.first().copied().unwrap_or(0);
                (input.to_vec(), 2 * channels, input.iter().product())
            }
            Self::Flatten => (vec![input.iter().product()], 0, 0),
            Self::Relu | Self::LeakyRelu | Self::Gelu | Self::Tanh | Self::Sigmoid | Self::Dropout { .. } => {
                (input.to_vec(), 0, 0)
            }
        };
        Ok(LayerInfo { layer: self, output, parameters, multiply_adds })
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
