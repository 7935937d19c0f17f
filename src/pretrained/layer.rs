//! A layer of a network that comes trained: what it computes, what it reads, and its sizes.

/// One layer with its batch normalisation folded in. Its weights are called `<name>.weight` and `<name>.bias` and
/// have PyTorch's shapes.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    pub name: String,
    /// The part of the network that it belongs to, for people: “Stem”, “Block 3”.
    pub part: String,
    pub op: Op,
    pub padding: Padding,
    pub activation: Activation,
    /// The output of the layer with this index is added to this one's, after the activation.
    pub adds: Option<usize>,
    /// The layers whose outputs it reads, by index, all before it; the picture where there are none.
    pub inputs: Vec<usize>,
    /// `[channels, height, width]`, of all its inputs together.
    pub from: [usize; 3],
    /// `[channels, height, width]`
    pub to: [usize; 3],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Every filter sees every channel. `[filters, channels, kernel, kernel]`
    Conv { kernel: usize, stride: usize },
    /// One filter for each channel. `[channels, 1, kernel, kernel]`
    Depthwise { kernel: usize, stride: usize },
    /// A convolution of 1 × 1. `[filters, channels, 1, 1]`
    Pointwise,
    /// The mean of every channel; no weights.
    GlobalAverage,
    /// `[units, features]`
    Dense,
    /// Each 2 × 2 pixels become one of four times the channels: the upper left one's, the lower left one's, the upper
    /// right one's, the lower right one's (YOLOX's “focus”).
    SpaceToDepth,
    /// The largest of each window that is moved by one; what is off the picture does not count.
    MaxPool { kernel: usize },
    /// Each pixel becomes 2 × 2 like it.
    Upsample,
    /// The channels of its inputs, one after the other.
    Concat,
}

/// Where windows begin that look beyond the edge: what is there is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// TensorFlow's “SAME”: only as much as the last window needs, and where that is odd, one more at the end.
    Same,
    /// PyTorch's `kernel / 2` on every side.
    Centred,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    Nothing,
    /// min(max(0, x), 6)
    Relu6,
    /// x / (1 + e⁻ˣ) (Hendrycks & Gimpel 2016; Ramachandran et al. 2017)
    Silu,
    /// 1 / (1 + e⁻ˣ)
    Sigmoid,
}

impl Padding {
    /// How many values before the first of `length` a window of `kernel` values, moved by `stride`, begins.
    pub fn before(self, length: usize, kernel: usize, stride: usize) -> usize {
        match self {
            Self::Same => ((length.div_ceil(stride) - 1) * stride + kernel).saturating_sub(length) / 2,
            Self::Centred => kernel / 2,
        }
    }
}

impl Op {
    /// The height or width that it makes of one; odd kernels are meant.
    pub fn length(self, from: usize) -> usize {
        match self {
            Self::Conv { stride, .. } | Self::Depthwise { stride, .. } => from.div_ceil(stride),
            Self::Pointwise | Self::MaxPool { .. } | Self::Concat => from,
            Self::GlobalAverage | Self::Dense => 1,
            Self::SpaceToDepth => from / 2,
            Self::Upsample => from * 2,
        }
    }
}

impl Layer {
    /// The shape of its weight in the file; none if it has no weights. Its bias has the first length.
    pub fn weight(&self) -> Option<Vec<usize>> {
        let ([channels, ..], [filters, ..]) = (self.from, self.to);
        match self.op {
            Op::Conv { kernel, .. } => Some(vec![filters, channels, kernel, kernel]),
            Op::Depthwise { kernel, .. } => Some(vec![channels, 1, kernel, kernel]),
            Op::Pointwise => Some(vec![filters, channels, 1, 1]),
            Op::Dense => Some(vec![filters, channels]),
            Op::GlobalAverage | Op::SpaceToDepth | Op::MaxPool { .. } | Op::Upsample | Op::Concat => None,
        }
    }

    pub fn parameters(&self) -> usize {
        self.weight().map_or(0, |shape| shape.iter().product::<usize>() + shape[0])
    }

    /// Multiply-adds for one picture.
    pub fn multiply_adds(&self) -> usize {
        let pixels = self.to[1] * self.to[2];
        self.weight().map_or(0, |shape| shape.iter().product::<usize>() * pixels)
    }

    /// What the layer is called in the field, e.g. “Depthwise 5 × 5, stride 2”.
    pub fn title(&self) -> String {
        let sized = |what: &str, kernel: usize, stride: usize| match stride {
            1 => format!("{what} {kernel} × {kernel}"),
            _ => format!("{what} {kernel} × {kernel}, stride {stride}"),
        };
        match self.op {
            Op::Conv { kernel, stride } => sized("Convolution", kernel, stride),
            Op::Depthwise { kernel, stride } => sized("Depthwise", kernel, stride),
            Op::Pointwise => "Pointwise 1 × 1".into(),
            Op::GlobalAverage => "Global average".into(),
            Op::Dense => "Dense".into(),
            Op::SpaceToDepth => "Space to depth 2 × 2".into(),
            Op::MaxPool { kernel } => sized("Max pooling", kernel, 1),
            Op::Upsample => "Upsampling 2 × 2".into(),
            Op::Concat => "Concatenation".into(),
        }
    }
}
