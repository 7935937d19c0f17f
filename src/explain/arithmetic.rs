//! The arithmetic of every kind of layer, for one number of its output.

use super::{Derivation, Operand, Position, Step, activation, maps, maps_of};
use crate::layers::{EPSILON, LayerInfo, LayerSpec};
use crate::protocol::LayerIo;

/// How the number at `place` came to be, from its layer's passage (of the place's map); none if the two do not fit
/// together. `input` is the shape of what the network takes.
pub fn working(
    network: &[LayerInfo],
    input: &[usize],
    passage: &LayerIo,
    place: Position,
) -> Option<Derivation> {
    let layer = place.layer?;
    let info = network.get(layer)?;
    let before = layer.checked_sub(1);
    let [_, height, width] = maps(&info.output);
    let taken = Maps {
        layer: before,
        inside: false,
        shape: maps_of(network, input, before)?,
        values: &passage.input,
    };
    let middle =
        Maps { layer: Some(layer), inside: true, shape: maps(&info.output), values: &passage.inside };
    let is_list = height * width == 1;
    let at = if is_list { place.map } else { place.row * width + place.column };
    let value = match place.inside {
        true => *passage.inside.get((place.map * height + place.row) * width + place.column)?,
        false => *passage.output.get(at)?,
    };
    if taken.values.len() != taken.shape.iter().product::<usize>() {
        return None;
    }
    let steps = By { passage, place, taken, middle }.steps(info.layer);
    let last = layer + 1 == network.len();
    let chance = (last && is_list).then(|| softmax(&passage.output, at)).flatten();
    Some(Derivation { place, steps, value: value.into(), chance })
}

/// How a picture's byte becomes a number of the input.
pub fn pixel(place: Position, byte: u8, mean: f32, std: f32) -> Derivation {
    let [byte, mean, std] = [byte.into(), mean.into(), std.into()];
    let out = (byte / 255.0 - mean) / std;
    Derivation { place, steps: vec![Step::Scaled { byte, mean, std, out }], value: out, chance: None }
}

/// e to one of the numbers, all of these added up, and the share of the two.
fn softmax(numbers: &[f32], at: usize) -> Option<[f64; 3]> {
    let power = f64::from(*numbers.get(at)?).exp();
    let all = numbers.iter().map(|z| f64::from(*z).exp()).sum::<f64>();
    Some([power, all, power / all])
}

/// Numbers that a layer gave, `[maps, height, width]`.
struct Maps<'a> {
    layer: Option<usize>,
    inside: bool,
    shape: [usize; 3],
    values: &'a [f32],
}

impl Maps<'_> {
    /// The number there, or the zero that stands beyond the edge.
    fn cell(&self, map: usize, row: isize, column: isize) -> Operand {
        let [_, height, width] = self.shape;
        let beyond = Operand { from: None, x: 0.0 };
        let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else { return beyond };
        if row >= height || column >= width {
            return beyond;
        }
        let from = Position { layer: self.layer, inside: self.inside, map, row, column };
        let x = self.values.get((map * height + row) * width + column).copied().unwrap_or(f32::NAN);
        Operand { from: Some(from), x: x.into() }
    }
}

/// What a number is worked out by.
struct By<'a> {
    passage: &'a LayerIo,
    place: Position,
    taken: Maps<'a>,
    middle: Maps<'a>,
}

impl By<'_> {
    fn steps(&self, layer: LayerSpec) -> Vec<Step> {
        let Position { map, row, column, .. } = self.place;
        let same = self.taken.cell(map, row as isize, column as isize);
        match layer {
            LayerSpec::Conv { kernel, .. } => {
                vec![self.weighted(&self.taken, ["weight", "bias"], kernel, 1)]
            }
            LayerSpec::Dense { .. } => vec![self.weighted(&self.taken, ["weight", "bias"], 1, 1)],
            LayerSpec::BatchNorm => vec![self.normalised(same, "")],
            LayerSpec::Residual { stride, .. } if self.place.inside => {
                let mut steps = vec![self.weighted(&self.taken, ["conv1.weight", ""], 3, stride)];
                steps.push(self.normalised(given(&steps), "bn1."));
                steps.push(activated(LayerSpec::Relu, given(&steps)));
                steps
            }
            LayerSpec::Residual { stride, .. } => self.block(stride),
            LayerSpec::MaxPool => vec![self.window(true, [2, 2])],
            LayerSpec::AvgPool => vec![self.window(false, [2, 2])],
            LayerSpec::GlobalAvgPool => {
                let [_, height, width] = self.taken.shape;
                vec![self.window(false, [height, width])]
            }
            LayerSpec::Flatten => {
                let [_, height, width] = self.taken.shape;
                let (row, column) = (map / width % height, map % width);
                let input = self.taken.cell(map / (height * width), row as isize, column as isize);
                vec![Step::Passed { input, out: input.x }]
            }
            LayerSpec::Crop { border } => {
                let input = self.taken.cell(map, (row + border) as isize, (column + border) as isize);
                vec![Step::Passed { input, out: input.x }]
            }
            LayerSpec::Dropout { .. } => vec![Step::Passed { input: same, out: same.x }],
            LayerSpec::Relu
            | LayerSpec::LeakyRelu
            | LayerSpec::Gelu
            | LayerSpec::Tanh
            | LayerSpec::Sigmoid => vec![activated(layer, same)],
        }
    }

    /// The second half of a residual block, and the way around both.
    fn block(&self, stride: usize) -> Vec<Step> {
        let mut steps = vec![self.weighted(&self.middle, ["conv2.weight", ""], 3, 1)];
        steps.push(self.normalised(given(&steps), "bn2."));
        let branch = given(&steps).x;
        if self.passage.weights("downsample.0.weight").is_empty() {
            let Position { map, row, column, .. } = self.place;
            let input = self.taken.cell(map, row as isize, column as isize);
            steps.push(Step::Passed { input, out: input.x });
        } else {
            steps.push(self.weighted(&self.taken, ["downsample.0.weight", ""], 1, stride));
            steps.push(self.normalised(given(&steps), "downsample.1."));
        }
        let around = given(&steps).x;
        steps.push(Step::Added { branch, around, out: branch + around });
        steps.push(activated(LayerSpec::Relu, given(&steps)));
        steps
    }

    /// Patches of `side × side` around the place, `stride` apart, times the weights, plus the bias if there is one.
    fn weighted(&self, maps: &Maps, [weight, bias]: [&str; 2], side: usize, stride: usize) -> Step {
        let Position { row, column, .. } = self.place;
        let corner = |at: usize| (at * stride) as isize - (side / 2) as isize;
        let (top, left) = (corner(row), corner(column));
        let side_by_side = 0..(side * side) as isize;
        let patch = |map| {
            let side = side as isize;
            side_by_side.clone().map(move |at| maps.cell(map, top + at / side, left + at % side))
        };
        let cells: Vec<Operand> = (0..maps.shape[0]).flat_map(patch).collect();
        let weights: Vec<f64> = self.passage.weights(weight).iter().map(|w| f64::from(*w)).collect();
        let products: Vec<f64> = cells.iter().zip(&weights).map(|(cell, weight)| cell.x * weight).collect();
        let sums: Vec<f64> = products.chunks(side * side).map(|patch| patch.iter().sum()).collect();
        let bias = self.passage.weights(bias).first().map(|b| f64::from(*b));
        let out = sums.iter().sum::<f64>() + bias.unwrap_or(0.0);
        Step::Weighted { side, cells, weights, sums, bias, out }
    }

    /// By the running statistics and weights whose names begin with `prefix`.
    fn normalised(&self, input: Operand, prefix: &str) -> Step {
        let [mean, variance, gamma, beta] = ["running_mean", "running_var", "weight", "bias"].map(|name| {
            let number = self.passage.weights(&format!("{prefix}{name}")).first();
            number.map_or(f64::NAN, |v| f64::from(*v))
        });
        let out = (input.x - mean) / (variance + EPSILON).sqrt() * gamma + beta;
        Step::Normalised { input, mean, variance, gamma, beta, out }
    }

    /// A window of `height × width`, as far apart as it is large.
    fn window(&self, largest: bool, [height, width]: [usize; 2]) -> Step {
        let Position { map, row, column, .. } = self.place;
        let cells: Vec<Operand> = (0..height * width)
            .map(|at| {
                let (row, column) = (row * height + at / width, column * width + at % width);
                self.taken.cell(map, row as isize, column as isize)
            })
            .collect();
        let numbers = cells.iter().map(|cell| cell.x);
        let out = match largest {
            true => numbers.fold(f64::NEG_INFINITY, f64::max),
            false => numbers.sum::<f64>() / cells.len() as f64,
        };
        Step::Window { largest, columns: width, cells, out }
    }
}

fn activated(layer: LayerSpec, input: Operand) -> Step {
    Step::Activated { input, layer, out: activation(layer, input.x) }
}

/// What the last step gave.
fn given(steps: &[Step]) -> Operand {
    Operand { from: None, x: steps.last().map_or(f64::NAN, Step::out) }
}
