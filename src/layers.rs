//! The layers that networks are made of, as data: shapes and parameter counts, without any tensor.
//! `engine::network` gives each its arithmetic; a test holds the two against each other.

use serde::{Deserialize, Serialize};

/// The shape of one example between layers, without the batch: `[channels, height, width]` or `[features]`.
pub type Shape = Vec<usize>;

/// One layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LayerSpec {
    /// `filters` kernels of `kernel × kernel`, stride 1, zero-padded so that height and width stay.
    Conv { filters: usize, kernel: usize },
    /// max(0, x)
    Relu,
    /// The largest of each 2 × 2 window, stride 2; an odd last row or column is dropped.
    MaxPool,
    /// `[channels, height, width]` → `[channels · height · width]`
    Flatten,
    /// Every output is a weighted sum of every input, plus a bias.
    Dense { units: usize },
}

/// A layer as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerInfo {
    pub layer: LayerSpec,
    pub output: Shape,
    pub parameters: usize,
    /// Multiply-adds for one example.
    pub multiply_adds: usize,
}

impl LayerSpec {
    /// The layer's output for an input of `input` shape, or why it does not fit, in words.
    fn info(self, input: &[usize]) -> Result<LayerInfo, String> {
        let flat = |what: &str| match *input {
            [features] => Ok(features),
            _ => Err(format!("{what} takes a list of numbers, but gets {}", words(input))),
        };
        let picture = |what: &str| match *input {
            [channels, height, width] => Ok((channels, height, width)),
            _ => Err(format!("{what} takes a picture, but gets {}", words(input))),
        };
        let (output, parameters, multiply_adds) = match self {
            Self::Conv { filters, kernel } => {
                let (channels, height, width) = picture("Convolution")?;
                let weights = filters * channels * kernel * kernel;
                (vec![filters, height, width], weights + filters, weights * height * width)
            }
            Self::MaxPool => {
                let (channels, height, width) = picture("Max pooling")?;
                if height < 2 || width < 2 {
                    return Err(format!("Max pooling needs at least 2 × 2, but gets {}", words(input)));
                }
                (vec![channels, height / 2, width / 2], 0, 0)
            }
            Self::Dense { units } => {
                let features = flat("A dense layer")?;
                (vec![units], features * units + units, features * units)
            }
            Self::Flatten => (vec![input.iter().product()], 0, 0),
            Self::Relu => (input.to_vec(), 0, 0),
        };
        Ok(LayerInfo { layer: self, output, parameters, multiply_adds })
    }

    /// What the layer is called in the field, with its size, e.g. “Convolution 5 × 5”.
    pub fn title(self) -> String {
        match self {
            Self::Conv { kernel, .. } => format!("Convolution {kernel} × {kernel}"),
            Self::Relu => "ReLU".into(),
            Self::MaxPool => "Max pooling 2 × 2".into(),
            Self::Flatten => "Flatten".into(),
            Self::Dense { .. } => "Dense".into(),
        }
    }
}

/// Every layer's output shape and parameter count for inputs of `input` shape.
pub fn describe(layers: &[LayerSpec], input: &[usize]) -> Result<Vec<LayerInfo>, String> {
    let mut shape = input.to_vec();
    layers
        .iter()
        .map(|layer| {
            let info = layer.info(&shape)?;
            shape.clone_from(&info.output);
            Ok(info)
        })
        .collect()
}

/// `[8, 14, 14]` as “8 × 14 × 14”.
pub fn words(shape: &[usize]) -> String {
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}
