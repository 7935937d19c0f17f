//! Patches (Dosovitskiy et al. 2020, equation 1): a picture is cut into squares, row after row, and of each square's
//! numbers as many weighted sums are taken as a token is wide. `[channels, height, width]` → `[patches, width]`.

use super::LayerSpec;
use super::kind::{Expected, Init, LayerKind, Number, ParamSpec, channels, picture, zeros};
use super::page::{BurnLine, Explain, LayerPage, Line, Sentence};
use super::working::{ReceptiveField, Working};

const WIDTH: Number = Number { label: "Width", mark: "", min: 1, max: 512, step: 1, default: 64 };
const SIDE: Number = Number { label: "Patch", mark: "x", min: 1, max: 32, step: 1, default: 7 };

pub static KIND: LayerKind = LayerKind {
    word: "patches",
    title: "Patches",
    heading: "Patches {1} × {1}",
    numbers: &[WIDTH, SIDE],
    output: |layer, input| {
        let [_, height, width] = picture(input)?;
        let side = side(layer);
        if [height, width].iter().any(|size| *size < side || !size.is_multiple_of(side)) {
            return Err(Expected::Divided(side));
        }
        Ok(vec![(height / side) * (width / side), layer.number(0)])
    },
    // As `torch.nn.Conv2d` with a stride as large as its kernel has them.
    parameters: |layer, input| {
        let (width, side, channels) = (layer.number(0), side(layer), channels(input));
        let area = side * side;
        let init = Init::Random { fan_in: channels * area, fan_out: width };
        let weight =
            ParamSpec { name: "weight", shape: vec![width, channels, side, side], init, trained: true };
        vec![zeros("bias", width), weight]
    },
    multiply_adds: |layer, input| layer.number(0) * input.iter().product::<usize>(),
};

/// Tokens of `width` numbers, of squares of `side × side` pixels.
pub fn patches(width: usize, side: usize) -> LayerSpec {
    LayerSpec::of(&KIND, &[width, side])
}

/// Pixels of a patch each way.
pub fn side(layer: LayerSpec) -> usize {
    layer.number(1).max(1)
}

/// Sides that leave nothing of a picture over, smallest first.
pub fn sides([height, width]: [usize; 2]) -> impl Iterator<Item = usize> {
    let most = SIDE.max.min(height).min(width);
    (1..=most).filter(move |side| height.is_multiple_of(*side) && width.is_multiple_of(*side))
}

/// The first row and the first column of a patch in a picture so wide.
fn corner(layer: LayerSpec, patch: usize, width: usize) -> [usize; 2] {
    let across = (width / side(layer)).max(1);
    [patch / across * side(layer), patch % across * side(layer)]
}

pub static PAGE: LayerPage = LayerPage {
    about: |layer, input| {
        let (width, side) = (layer.number(0), side(layer));
        let numbers = channels(input) * side * side;
        let patches = input.get(1..).unwrap_or_default().iter().map(|size| size / side).product();
        Sentence {
            text: "Cuts the picture into {0} squares of {1} × {1} pixels, and makes each a token of {2} weighted sums of its {3} numbers: {2} × ({3} weights + 1 bias) = {4} parameters",
            values: vec![patches, side, width, numbers, width * (numbers + 1)],
        }
    },
    explain: Explain::Steps(|layer, working: &Working| {
        let [top, left] = corner(layer, working.place.row, working.input.shape[2]);
        let corner = [top as isize, left as isize];
        vec![working.weighted_at(&working.input, ["weight", "bias"], side(layer), corner)]
    }),
    sees: |layer, view| {
        let rows = &view.field.rows;
        if rows.len() != 1 {
            return ReceptiveField::whole(view.before, None);
        }
        let [top, left] = corner(layer, rows.start, view.before[2]);
        ReceptiveField { map: None, rows: top..top + side(layer), columns: left..left + side(layer) }
    },
    in_torch: |line| format!("Patches({}, {}, {})", line.channels(), line.number(0), line.number(1)),
    in_keras: |line| {
        let [width, side, index] = [line.number(0), line.number(1), line.index];
        let convolution =
            format!("layers.Conv2D({width}, {side}, strides={side}, name=\"{index}\", **start)(x)");
        format!("layers.Reshape((-1, {width}))({convolution})")
    },
    in_burn: |line| BurnLine::Field { kind: "Patches", init: in_burn(line), weights: &["cut.weight"] },
    definitions: [TORCH, "", BURN],
};

fn in_burn(line: &Line) -> String {
    let [channels, width, side] = [line.channels(), line.number(0), line.number(1)];
    let (start, fan_in) = (line.rust_start(), channels * side * side);
    format!("Patches::new({channels}, {width}, {side}, {start}({fan_in}), device)")
}

const TORCH: &str = "
class Patches(nn.Conv2d):
    # A kernel that goes as far as it is wide cuts the picture into squares.
    def __init__(self, channels, width, side):
        super().__init__(channels, width, side, stride=side)

    def forward(self, x):
        return super().forward(x).flatten(2).transpose(1, 2)


";

const BURN: &str = "#[derive(Module, Debug)]
struct Patches {
    cut: Conv2d,
}

impl Patches {
    fn new(channels: usize, width: usize, side: usize, begins: Initializer, device: &Device) -> Self {
        let cut = Conv2dConfig::new([channels, width], [side, side]).with_stride([side, side]);
        Self { cut: cut.with_initializer(begins).init(device) }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<3> {
        self.cut.forward(x).flatten::<3>(2, 3).swap_dims(1, 2)
    }
}

";
