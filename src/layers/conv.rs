//! Convolution: `filters` kernels of `kernel × kernel` slide over the picture, stride 1, zero-padded so that height and
//! width stay.

use super::LayerSpec;
use super::kind::{LayerKind, Number, channels, kernels, picture, zeros};
use super::page::{BurnLine, Explain, LayerPage, Sentence};
use super::working::around;

pub const FILTERS: Number = Number { label: "Filters", mark: "", min: 1, max: 256, step: 1, default: 16 };
const KERNEL: Number = Number { label: "Kernel", mark: "x", min: 1, max: 7, step: 2, default: 3 };

pub static KIND: LayerKind = LayerKind {
    word: "conv",
    title: "Convolution",
    heading: "Convolution {1} × {1}",
    numbers: &[FILTERS, KERNEL],
    output: |layer, input| {
        let [_, height, width] = picture(input)?;
        Ok(vec![layer.number(0), height, width])
    },
    parameters: |layer, input| {
        let [filters, kernel] = [layer.number(0), layer.number(1)];
        vec![zeros("bias", filters), kernels("weight", [filters, channels(input), kernel])]
    },
    multiply_adds: |layer, input| {
        let [filters, kernel] = [layer.number(0), layer.number(1)];
        filters * kernel * kernel * input.iter().product::<usize>()
    },
};

pub fn conv(filters: usize, kernel: usize) -> LayerSpec {
    LayerSpec::of(&KIND, &[filters, kernel])
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        let [filters, kernel, channels] = [layer.number(0), layer.number(1), channels(input)];
        Sentence {
            text: "Slides {0} filters over its input. {0} × ({1} × {2} × {2} weights + 1 bias) = {3} parameters",
            values: vec![filters, channels, kernel, filters * (channels * kernel * kernel + 1)],
        }
    },
    explain: Explain::Steps(|layer, working| {
        vec![working.weighted(&working.input, ["weight", "bias"], layer.number(1), 1)]
    }),
    sees: |layer, view| view.field.through(view.before, None, |at| around(at, layer.number(1) / 2)),
    in_torch: |line| {
        let [filters, kernel] = [line.number(0), line.number(1)];
        format!("nn.Conv2d({}, {filters}, {kernel}, padding={})", line.channels(), kernel / 2)
    },
    in_keras: |line| {
        let [filters, kernel, index] = [line.number(0), line.number(1), line.index];
        format!("layers.Conv2D({filters}, {kernel}, padding=\"same\", name=\"{index}\", **start)(x)")
    },
    in_burn: |line| {
        let [filters, kernel, channels] = [line.number(0), line.number(1), line.channels()];
        let (start, fan_in) = (line.rust_start(), channels * kernel * kernel);
        BurnLine::Field {
            kind: "Conv2d",
            init: format!(
                "Conv2dConfig::new([{channels}, {filters}], [{kernel}, {kernel}]).with_padding(PaddingConfig2d::Same).with_initializer({start}({fan_in})).init(device)"
            ),
            weights: &["weight"],
        }
    },
    definitions: [""; 3],
};
