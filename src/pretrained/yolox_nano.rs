//! YOLOX-Nano: a detector of 0.9 million weights. A backbone makes maps of three sizes, a pyramid passes what they know up
//! and down, and at every place of each a head says whether something is there, what, and how large.

use super::{Activation, Detector, Layer, Op, Padding, PublishedFile};

pub const NETWORK: Detector = Detector {
    id: "yolox_nano",
    title: "YOLOX-Nano",
    blurb: "It looks at the whole picture once: a backbone makes maps of three sizes, coarse ones tell fine ones what \
            is there and fine ones tell coarse ones where, and at each of 3,549 places a head proposes one box.",
    trained_on: "COCO 2017: 118,000 photos with boxes around things of 80 kinds",
    homepage: "https://github.com/Megvii-BaseDetection/YOLOX",
    licence: "Apache-2.0",
    citation: "Ge, Liu, Wang, Li, Sun: YOLOX (2021)",
    side: SIDE,
    fill: 114,
    classes: CLASSES,
    strides: &[8, 16, 32],
    layers,
    version: 1,
    weights: PublishedFile {
        folder: "detect",
        file: "yolox_nano.onnx",
        address: "https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/yolox_nano.onnx",
        sha256: "e8af074932d4ed7e232278e3055cefcdea3edf178874a3694ae292649fb464dd",
    },
};

const SIDE: usize = 416;
const CLASSES: usize = 80;
/// Channels of the head, on every map.
const HEAD: usize = 64;

/// In the order of the published graph; names are those of the publisher's code where it has one.
fn layers() -> Vec<Layer> {
    let mut net = Net { part: "Stem".into(), ..Net::default() };
    let focus = net.add("stem.focus", Op::SpaceToDepth, &[], 12, Activation::Nothing);
    let stem = net.add("stem.conv", Op::Conv { kernel: 3, stride: 1 }, &[focus], 16, Activation::Silu);
    net.part = "Backbone, stride 4".into();
    let down = net.separable("dark2.down", stem, 2, 32);
    let dark2 = net.cross_stage("dark2", down, 1, true, 32);
    net.part = "Backbone, stride 8".into();
    let down = net.separable("dark3.down", dark2, 2, 64);
    let dark3 = net.cross_stage("dark3", down, 3, true, 64);
    net.part = "Backbone, stride 16".into();
    let down = net.separable("dark4.down", dark3, 2, 128);
    let dark4 = net.cross_stage("dark4", down, 3, true, 128);
    net.part = "Backbone, stride 32".into();
    let down = net.separable("dark5.down", dark4, 2, 256);
    let pooled = net.pyramid_pooling("dark5.spp", down, 256);
    let dark5 = net.cross_stage("dark5", pooled, 1, false, 256);
    let maps = net.neck([dark3, dark4, dark5]);
    for (level, map) in maps.into_iter().enumerate() {
        net.part = format!("Head, stride {}", NETWORK.strides[level]);
        net.head(level, map);
    }
    net.layers
}

#[derive(Default)]
struct Net {
    layers: Vec<Layer>,
    part: String,
}

impl Net {
    /// A layer behind all there are; its index.
    fn add(
        &mut self,
        name: &str,
        op: Op,
        inputs: &[usize],
        channels: usize,
        activation: Activation,
    ) -> usize {
        let first = inputs.first().map_or([3, SIDE, SIDE], |&input| self.layers[input].to);
        let all = inputs.iter().map(|&input| self.layers[input].to[0]).sum::<usize>();
        let from = [if inputs.is_empty() { 3 } else { all }, first[1], first[2]];
        self.layers.push(Layer {
            name: name.into(),
            part: self.part.clone(),
            op,
            padding: Padding::Centred,
            activation,
            adds: None,
            inputs: inputs.to_vec(),
            from,
            to: [channels, op.length(from[1]), op.length(from[2])],
        });
        self.layers.len() - 1
    }

    fn pointwise(&mut self, name: &str, input: usize, channels: usize) -> usize {
        self.add(name, Op::Pointwise, &[input], channels, Activation::Silu)
    }

    fn concat(&mut self, name: &str, inputs: &[usize]) -> usize {
        let channels = inputs.iter().map(|&input| self.layers[input].to[0]).sum();
        self.add(name, Op::Concat, inputs, channels, Activation::Nothing)
    }

    /// A convolution in two steps: each channel by itself, then every place by itself (Howard et al. 2017).
    fn separable(&mut self, name: &str, input: usize, stride: usize, channels: usize) -> usize {
        let same = self.layers[input].to[0];
        let depthwise = Op::Depthwise { kernel: 3, stride };
        let filtered = self.add(&format!("{name}.depthwise"), depthwise, &[input], same, Activation::Silu);
        self.pointwise(&format!("{name}.pointwise"), filtered, channels)
    }

    /// Half of the channels go through `count` bottlenecks, the other half around them (Wang et al. 2020, CSPNet).
    fn cross_stage(
        &mut self,
        name: &str,
        input: usize,
        count: usize,
        shortcut: bool,
        channels: usize,
    ) -> usize {
        let through = self.pointwise(&format!("{name}.conv1"), input, channels / 2);
        let around = self.pointwise(&format!("{name}.conv2"), input, channels / 2);
        let mut at = through;
        for block in 0..count {
            let name = format!("{name}.m.{block}");
            let narrow = self.pointwise(&format!("{name}.conv1"), at, channels / 2);
            let wide = self.separable(&format!("{name}.conv2"), narrow, 1, channels / 2);
            if shortcut {
                self.layers[wide].adds = Some(at);
            }
            at = wide;
        }
        let both = self.concat(&format!("{name}.concat"), &[at, around]);
        self.pointwise(&format!("{name}.conv3"), both, channels)
    }

    /// The same map, and the largest around each place in ever larger windows (He et al. 2014).
    fn pyramid_pooling(&mut self, name: &str, input: usize, channels: usize) -> usize {
        let narrow = self.pointwise(&format!("{name}.conv1"), input, channels / 2);
        let pool = |net: &mut Self, kernel| {
            let op = Op::MaxPool { kernel };
            net.add(&format!("{name}.pool{kernel}"), op, &[narrow], channels / 2, Activation::Nothing)
        };
        let pools = [5, 9, 13].map(|kernel| pool(self, kernel));
        let all = self.concat(&format!("{name}.concat"), &[narrow, pools[0], pools[1], pools[2]]);
        self.pointwise(&format!("{name}.conv2"), all, channels)
    }

    /// A feature pyramid and its way back (Lin et al. 2017; Liu et al. 2018, PANet), from fine to coarse.
    fn neck(&mut self, [dark3, dark4, dark5]: [usize; 3]) -> [usize; 3] {
        let up = |net: &mut Self, name: &str, input: usize| {
            let channels = net.layers[input].to[0];
            net.add(name, Op::Upsample, &[input], channels, Activation::Nothing)
        };
        self.part = "Pyramid, down".into();
        let coarse = self.pointwise("lateral_conv0", dark5, 128);
        let upsampled = up(self, "upsample0", coarse);
        let joined = self.concat("concat_p4", &[upsampled, dark4]);
        let joined = self.cross_stage("c3_p4", joined, 1, false, 128);
        let middle = self.pointwise("reduce_conv1", joined, 64);
        let upsampled = up(self, "upsample1", middle);
        let joined = self.concat("concat_p3", &[upsampled, dark3]);
        let fine = self.cross_stage("c3_p3", joined, 1, false, 64);
        self.part = "Pyramid, up".into();
        let down = self.separable("bu_conv2", fine, 2, 64);
        let joined = self.concat("concat_n3", &[down, middle]);
        let middle = self.cross_stage("c3_n3", joined, 1, false, 128);
        let down = self.separable("bu_conv1", middle, 2, 128);
        let joined = self.concat("concat_n4", &[down, coarse]);
        let coarse = self.cross_stage("c3_n4", joined, 1, false, 256);
        [fine, middle, coarse]
    }

    /// What there is and where it is are told by branches of their own (Ge et al. 2021, “decoupled head”).
    fn head(&mut self, level: usize, map: usize) {
        let named = |what: &str| format!("head.{level}.{what}");
        let stem = self.pointwise(&named("stem"), map, HEAD);
        let kinds = self.separable(&named("cls_convs.0"), stem, 1, HEAD);
        let kinds = self.separable(&named("cls_convs.1"), kinds, 1, HEAD);
        let kinds = self.add(&named("cls_pred"), Op::Pointwise, &[kinds], CLASSES, Activation::Sigmoid);
        let places = self.separable(&named("reg_convs.0"), stem, 1, HEAD);
        let places = self.separable(&named("reg_convs.1"), places, 1, HEAD);
        let boxes = self.add(&named("reg_pred"), Op::Pointwise, &[places], 4, Activation::Nothing);
        let there = self.add(&named("obj_pred"), Op::Pointwise, &[places], 1, Activation::Sigmoid);
        self.concat(&named("output"), &[boxes, there, kinds]);
    }
}
