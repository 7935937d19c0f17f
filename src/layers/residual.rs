//! A residual block: relu(bn(conv(relu(bn(conv(x))))) + x), the basic block of He et al. (2016). Both convolutions are
//! 3 × 3; the first has the block's `stride`. Where channels or size change, the shortcut is a 1 × 1 convolution.

use super::conv::FILTERS;
use super::kind::{LayerKind, Number, ParamSpec, channels, kernels, normalisation, picture};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::{Step, Working, activated, around, given, passed};
use super::{LayerSpec, relu};

const STRIDE: Number = Number { label: "Stride", mark: "s", min: 1, max: 2, step: 1, default: 1 };

pub static KIND: LayerKind = LayerKind {
    word: "residual",
    title: "Residual block",
    heading: "",
    numbers: &[FILTERS, STRIDE],
    output: |layer, input| {
        let [_, height, width] = picture(input)?;
        Ok(vec![layer.number(0), shrunk(layer, height), shrunk(layer, width)])
    },
    parameters,
    multiply_adds: |layer, input| {
        let [filters, channels] = [layer.number(0), channels(input)];
        let shortcut = if projects(layer, channels) { channels * filters } else { 0 };
        let size = input.iter().skip(1).map(|side| shrunk(layer, *side)).product::<usize>();
        (9 * filters * (channels + filters) + shortcut) * size
    },
};

pub fn residual(filters: usize, stride: usize) -> LayerSpec {
    LayerSpec::of(&KIND, &[filters, stride])
}

fn shrunk(layer: LayerSpec, side: usize) -> usize {
    side.div_ceil(layer.number(1).max(1))
}

/// What came in must be made to fit before it can be added: other channels, or another size.
pub fn projects(layer: LayerSpec, channels: usize) -> bool {
    layer.number(1) != 1 || layer.number(0) != channels
}

fn parameters(layer: LayerSpec, input: &[usize]) -> Vec<ParamSpec> {
    let [filters, channels] = [layer.number(0), channels(input)];
    let mut all = vec![kernels("conv1.weight", [filters, channels, 3])];
    all.extend(normalisation(["bn1.bias", "bn1.weight", "bn1.running_mean", "bn1.running_var"], filters));
    all.push(kernels("conv2.weight", [filters, filters, 3]));
    all.extend(normalisation(["bn2.bias", "bn2.weight", "bn2.running_mean", "bn2.running_var"], filters));
    if projects(layer, channels) {
        all.push(kernels("downsample.0.weight", [filters, channels, 1]));
        all.extend(normalisation(DOWNSAMPLE, filters));
    }
    all
}

const DOWNSAMPLE: [&str; 4] =
    ["downsample.1.bias", "downsample.1.weight", "downsample.1.running_mean", "downsample.1.running_var"];

pub static PAGE: LayerPage = LayerPage {
    about: |_, _| {
        Sentence::plain(
            "Two 3 × 3 convolutions, each normalised, are added to what came in: the block learns only what to change",
        )
    },
    explain: Explain::Steps(|layer, working| match working.place.inside {
        true => {
            let mut steps = vec![working.weighted(&working.input, ["conv1.weight", ""], 3, layer.number(1))];
            steps.push(working.normalised(given(&steps), "bn1."));
            steps.push(activated(relu(), given(&steps)));
            steps
        }
        false => block(working, layer.number(1)),
    }),
    sees: |layer, view| {
        let stride = layer.number(1);
        view.field.through(view.before, None, |at| match view.inside {
            true => around(at * stride, 1),
            false => {
                let (at, stride) = (at as isize, stride as isize);
                (at - 1) * stride - 1..(at + 1) * stride + 2
            }
        })
    },
    in_torch: |line| format!("Residual({}, {}, {})", line.channels(), line.number(0), line.number(1)),
    in_keras: |line| format!("residual(x, {}, {}, \"{}\")", line.number(0), line.number(1), line.index),
    in_burn: |line| BurnLine::Field {
        kind: "Residual",
        init: format!("Residual::new({}, {}, {}, device)", line.channels(), line.number(0), line.number(1)),
        weights: &["conv1.weight", "conv2.weight"],
    },
    definitions: [TORCH, KERAS, BURN],
};

/// The second half of the block, and the shortcut around both.
fn block(working: &Working, stride: usize) -> Vec<Step> {
    let mut steps = vec![working.weighted(&working.middle, ["conv2.weight", ""], 3, 1)];
    steps.push(working.normalised(given(&steps), "bn2."));
    let branch = given(&steps).x;
    if (working.weights)("downsample.0.weight").is_empty() {
        steps.push(passed(working.same()));
    } else {
        steps.push(working.weighted(&working.input, ["downsample.0.weight", ""], 1, stride));
        steps.push(working.normalised(given(&steps), "downsample.1."));
    }
    let around = given(&steps).x;
    steps.push(Step::Added { branch, around, out: branch + around });
    steps.push(activated(relu(), given(&steps)));
    steps
}

const TORCH: &str = "
class Residual(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.downsample = None
        if stride != 1 or channels != filters:
            shortcut = nn.Conv2d(channels, filters, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(filters))

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


";

const KERAS: &str = "

def residual(x, filters, stride, name):
    def conv(x, kernel, stride, conv, norm):
        conv, norm = f\"{name}.{conv}\", f\"{name}.{norm}\"
        if kernel == 3:
            x = layers.ZeroPadding2D(1)(x)  # on all sides, which \"same\" does not do for a stride of 2
        x = layers.Conv2D(filters, kernel, stride, use_bias=False, name=conv, **start)(x)
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=norm)(x)

    y = layers.ReLU()(conv(x, 3, stride, \"conv1\", \"bn1\"))
    y = conv(y, 3, 1, \"conv2\", \"bn2\")
    if stride != 1 or x.shape[-1] != filters:
        x = conv(x, 1, stride, \"downsample.0\", \"downsample.1\")
    return layers.ReLU()(layers.Add()([x, y]))


";

const BURN: &str = "#[derive(Module, Debug)]
struct Residual {
    conv1: Conv2d,
    norm1: BatchNorm,
    conv2: Conv2d,
    norm2: BatchNorm,
    shortcut: Option<(Conv2d, BatchNorm)>,
}

impl Residual {
    fn new(channels: usize, filters: usize, stride: usize, device: &Device) -> Self {
        let conv = |from: usize, kernel: usize, stride: usize| {
            let padding = kernel / 2;
            Conv2dConfig::new([from, filters], [kernel, kernel])
                .with_stride([stride, stride])
                .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
                .with_bias(false)
                .with_initializer(start(from * kernel * kernel))
                .init(device)
        };
        let norm = || BatchNormConfig::new(filters).init(device);
        let projects = stride != 1 || channels != filters;
        Self {
            conv1: conv(channels, 3, stride),
            norm1: norm(),
            conv2: conv(filters, 3, 1),
            norm2: norm(),
            shortcut: projects.then(|| (conv(channels, 1, stride), norm())),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let y = relu(self.norm1.forward(self.conv1.forward(x.clone())));
        let y = self.norm2.forward(self.conv2.forward(y));
        let x = match &self.shortcut {
            Some((conv, norm)) => norm.forward(conv.forward(x)),
            None => x,
        };
        relu(y + x)
    }
}

";
