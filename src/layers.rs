//! The layers that networks are made of, as data: shapes and parameter counts, without any tensor.
//! `engine::network` gives each its arithmetic; a test holds the two against each other.

pub mod registry;
pub mod shape;
pub mod syntax;

use serde::{Deserialize, Serialize};
pub use shape::{Expected, ShapeError, describe, describe_until};

/// The shape of one example between layers, without the batch: `[channels, height, width]` or `[features]`.
pub type Shape = Vec<usize>;

/// What a leaky ReLU leaves of negative numbers: PyTorch's default.
pub const LEAK: f64 = 0.01;
/// Added to the variance that batch normalisation divides by.
pub const EPSILON: f64 = 1e-5;

/// One layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LayerSpec {
    /// `filters` kernels of `kernel × kernel`, stride 1, zero-padded so that height and width stay.
    Conv { filters: usize, kernel: usize },
    /// Without the outer `border` rows and columns on every side.
    Crop { border: usize },
    /// max(0, x)
    Relu,
    /// x where it is positive, a hundredth of x elsewhere.
    LeakyRelu,
    /// x Φ(x), Φ the normal distribution's (Hendrycks & Gimpel 2016).
    Gelu,
    /// (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)
    Tanh,
    /// 1 / (1 + e⁻ˣ)
    Sigmoid,
    /// The largest of each 2 × 2 window, stride 2; an odd last row or column is dropped.
    MaxPool,
    /// The mean of each 2 × 2 window, stride 2; an odd last row or column is dropped.
    AvgPool,
    /// `[channels, height, width]` → `[channels]`: the mean of each map.
    GlobalAvgPool,
    /// Every channel, or feature, of a batch to mean 0 and variance 1, then times γ plus β (Ioffe & Szegedy 2015).
    BatchNorm,
    /// While training, every number is 0 with this chance in per cent, and the others grow so that the mean stays.
    Dropout { percent: usize },
    /// `[channels, height, width]` → `[channels · height · width]`
    Flatten,
    /// Every output is a weighted sum of every input, plus a bias.
    Dense { units: usize },
    /// Two 3 × 3 convolutions with batch normalisation, added to what came in (He et al. 2016): the first has this
    /// `stride`; where channels or size change, what came in goes through a 1 × 1 convolution.
    Residual { filters: usize, stride: usize },
}

/// A layer as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerInfo {
    pub layer: LayerSpec,
    pub output: Shape,
    /// Numbers that are learned; running statistics are not among them.
    pub parameters: usize,
    /// Multiply-adds for one example.
    pub multiply_adds: usize,
}

impl LayerSpec {
    /// What the layer is called in the field, with its size, e.g. “Convolution 5 × 5”.
    pub fn title(self) -> String {
        match self {
            Self::Conv { kernel, .. } => format!("Convolution {kernel} × {kernel}"),
            Self::Crop { .. } => "Cropping".into(),
            Self::Relu => "ReLU".into(),
            Self::LeakyRelu => "Leaky ReLU".into(),
            Self::Gelu => "GELU".into(),
            Self::Tanh => "Tanh".into(),
            Self::Sigmoid => "Sigmoid".into(),
            Self::MaxPool => "Max pooling 2 × 2".into(),
            Self::AvgPool => "Average pooling 2 × 2".into(),
            Self::GlobalAvgPool => "Global average pooling".into(),
            Self::BatchNorm => "Batch normalisation".into(),
            Self::Dropout { percent } => format!("Dropout {percent} %"),
            Self::Flatten => "Flatten".into(),
            Self::Dense { .. } => "Dense".into(),
            Self::Residual { .. } => "Residual block".into(),
        }
    }

    /// What came in must be made to fit before it can be added: other channels, or another size.
    pub fn projects(self, channels: usize) -> bool {
        matches!(self, Self::Residual { filters, stride } if stride != 1 || filters != channels)
    }
}

/// `[8, 14, 14]` as “8 × 14 × 14”.
pub fn format_shape(shape: &[usize]) -> String {
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}
