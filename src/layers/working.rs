//! How one number inside a network came to be: the pieces of arithmetic that layers are explained by.

use super::{EPSILON, LayerSpec};
use serde::Serialize;
use std::ops::Range;

/// Where a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Which layer gave it; none did if it is the input's.
    pub layer: Option<usize>,
    /// Between the two halves of a residual block, not behind them.
    pub inside: bool,
    /// Something else than what a recurrent layer passes on: one of its cell's gates or states, by the name that its strip
    /// has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<&'static str>,
    /// A number of a list is a map of its own, and so is a feature or unit of a sequence.
    pub map: usize,
    /// Of a sequence, the step.
    pub row: usize,
    pub column: usize,
}

/// A number that goes into another one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Operand {
    /// None is a zero beyond the edge, or, of a step with one input, what the step before it gave.
    pub from: Option<Position>,
    pub x: f64,
}

/// A number of a product of several.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Factor {
    /// Which of the step's inputs.
    pub cell: usize,
    /// A gate or state by its name, or what the step before gave: `below`, `before`.
    pub name: &'static str,
    /// One minus the input.
    pub complement: bool,
}

/// One piece of arithmetic.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    /// Σ input × weight, plus a bias where there is one. Of each input map `side × side` cells, map after map.
    Weighted {
        side: usize,
        cells: Vec<Operand>,
        weights: Vec<f64>,
        sums: Vec<f64>,
        bias: Option<f64>,
        out: f64,
    },
    /// (x − mean) ÷ √(variance + ε) × γ + β; the mean and variance are `running` ones, or the example's own.
    Normalised { input: Operand, mean: f64, variance: f64, gamma: f64, beta: f64, running: bool, out: f64 },
    /// What an activation makes of it.
    Activated { input: Operand, layer: LayerSpec, out: f64 },
    /// The largest or the mean of a window, `columns` wide.
    Window { largest: bool, columns: usize, cells: Vec<Operand>, out: f64 },
    /// As it is.
    Passed { input: Operand, out: f64 },
    /// Σ of products of some inputs each.
    Products { cells: Vec<Operand>, terms: Vec<Vec<Factor>>, out: f64 },
    /// A residual block's branch and its shortcut, added up.
    Added { branch: f64, around: f64, out: f64 },
    /// The input: (byte ÷ 255 − mean) ÷ std
    Scaled { byte: f64, mean: f64, std: f64, out: f64 },
}

impl Step {
    pub fn normalised(
        input: Operand,
        [mean, variance]: [f64; 2],
        [gamma, beta]: [f64; 2],
        running: bool,
    ) -> Self {
        let out = (input.x - mean) / (variance + EPSILON).sqrt() * gamma + beta;
        Self::Normalised { input, mean, variance, gamma, beta, running, out }
    }

    pub fn out(&self) -> f64 {
        match *self {
            Self::Weighted { out, .. }
            | Self::Normalised { out, .. }
            | Self::Activated { out, .. }
            | Self::Window { out, .. }
            | Self::Passed { out, .. }
            | Self::Products { out, .. }
            | Self::Added { out, .. }
            | Self::Scaled { out, .. } => out,
        }
    }

    /// Its inputs; several of them are in order.
    pub fn cells(&self) -> &[Operand] {
        match self {
            Self::Weighted { cells, .. } | Self::Window { cells, .. } | Self::Products { cells, .. } => cells,
            Self::Normalised { input, .. } | Self::Activated { input, .. } | Self::Passed { input, .. } => {
                std::slice::from_ref(input)
            }
            Self::Added { .. } | Self::Scaled { .. } => &[],
        }
    }

    /// Its weights; only weighted sums have any.
    pub fn weights(&self) -> &[f64] {
        match self {
            Self::Weighted { weights, .. } => weights,
            _ => &[],
        }
    }

    /// What each input map adds to a weighted sum.
    pub fn sums(&self) -> &[f64] {
        match self {
            Self::Weighted { sums, .. } => sums,
            _ => &[],
        }
    }
}

/// Numbers that a layer gave, `[maps, height, width]`.
pub struct Maps<'a> {
    pub layer: Option<usize>,
    pub inside: bool,
    /// The row of the first numbers: of one step of a sequence, which step it is.
    pub first_row: usize,
    pub shape: [usize; 3],
    pub values: &'a [f32],
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
        let place = self.first_row + row;
        let from = Position { layer: self.layer, inside: self.inside, gate: None, map, row: place, column };
        let x = self.values.get((map * height + row) * width + column).copied().unwrap_or(f32::NAN);
        Operand { from: Some(from), x: x.into() }
    }
}

/// What a number is worked out from.
pub struct Working<'a> {
    /// The number's place in the layer's output.
    pub place: Position,
    /// The layer's input.
    pub input: Maps<'a>,
    /// What a residual block's second convolution gets.
    pub middle: Maps<'a>,
    /// A parameter's or running statistic's numbers for the place's map, by name; none if the layer has no such thing.
    pub weights: &'a dyn Fn(&str) -> &'a [f32],
}

impl Working<'_> {
    /// The input's number at the same place.
    pub fn same(&self) -> Operand {
        let Position { map, row, column, .. } = self.place;
        self.at(map, row, column)
    }

    /// The input's number at a place.
    pub fn at(&self, map: usize, row: usize, column: usize) -> Operand {
        self.input.cell(map, row as isize, column as isize)
    }

    /// Patches of `side × side` of the maps around the place, `stride` apart, times the weights, plus the bias if there
    /// is one.
    pub fn weighted(&self, maps: &Maps, [weight, bias]: [&str; 2], side: usize, stride: usize) -> Step {
        let Position { row, column, .. } = self.place;
        let corner = |at: usize| (at * stride) as isize - (side / 2) as isize;
        self.weighted_at(maps, [weight, bias], side, [corner(row), corner(column)])
    }

    /// The same of patches whose first row and column are these.
    pub fn weighted_at(
        &self,
        maps: &Maps,
        [weight, bias]: [&str; 2],
        side: usize,
        [top, left]: [isize; 2],
    ) -> Step {
        let side_by_side = 0..(side * side) as isize;
        let patch = |map| {
            let side = side as isize;
            side_by_side.clone().map(move |at| maps.cell(map, top + at / side, left + at % side))
        };
        let cells: Vec<Operand> = (0..maps.shape[0]).flat_map(patch).collect();
        let weights: Vec<f64> = (self.weights)(weight).iter().map(|w| f64::from(*w)).collect();
        let products: Vec<f64> = cells.iter().zip(&weights).map(|(cell, weight)| cell.x * weight).collect();
        let sums: Vec<f64> = products.chunks(side * side).map(|patch| patch.iter().sum()).collect();
        let bias = (self.weights)(bias).first().map(|b| f64::from(*b));
        let out = sums.iter().sum::<f64>() + bias.unwrap_or(0.0);
        Step::Weighted { side, cells, weights, sums, bias, out }
    }

    /// By the running statistics and weights whose names begin with `prefix`.
    pub fn normalised(&self, input: Operand, prefix: &str) -> Step {
        let [mean, variance, gamma, beta] = ["running_mean", "running_var", "weight", "bias"].map(|name| {
            let number = (self.weights)(&format!("{prefix}{name}")).first();
            number.map_or(f64::NAN, |v| f64::from(*v))
        });
        Step::normalised(input, [mean, variance], [gamma, beta], true)
    }

    /// A window of `height × width` of the input, as far apart as it is large.
    pub fn window(&self, largest: bool, [height, width]: [usize; 2]) -> Step {
        let Position { map, row, column, .. } = self.place;
        let cells: Vec<Operand> = (0..height * width)
            .map(|at| self.at(map, row * height + at / width, column * width + at % width))
            .collect();
        let numbers = cells.iter().map(|cell| cell.x);
        let out = match largest {
            true => numbers.fold(f64::NEG_INFINITY, f64::max),
            false => numbers.sum::<f64>() / cells.len() as f64,
        };
        Step::Window { largest, columns: width, cells, out }
    }
}

/// An activation of a number; any other layer leaves it.
pub fn activated(layer: LayerSpec, input: Operand) -> Step {
    let out = layer.activation().map_or(input.x, |of| of(input.x));
    Step::Activated { input, layer, out }
}

pub fn passed(input: Operand) -> Step {
    Step::Passed { input, out: input.x }
}

/// What the last step gave.
pub fn given(steps: &[Step]) -> Operand {
    Operand { from: None, x: steps.last().map_or(f64::NAN, Step::out) }
}

/// Rows and columns of one map, or of all: what a number can see of an earlier layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceptiveField {
    pub map: Option<usize>,
    pub rows: Range<usize>,
    pub columns: Range<usize>,
}

impl ReceptiveField {
    /// All of one map, or of all.
    pub fn whole([_, height, width]: [usize; 3], map: Option<usize>) -> Self {
        Self { map, rows: 0..height, columns: 0..width }
    }

    /// The rows and columns of maps of the size `[_, height, width]` that these see, where one of them sees a range.
    pub fn through(
        &self,
        [_, height, width]: [usize; 3],
        map: Option<usize>,
        see: impl Fn(usize) -> Range<isize>,
    ) -> Self {
        let through = |range: &Range<usize>, most: usize| {
            let (first, last) = (see(range.start), see(range.end.saturating_sub(1)));
            let clip = |at: isize| (at.max(0) as usize).min(most);
            clip(first.start)..clip(last.end)
        };
        Self { map, rows: through(&self.rows, height), columns: through(&self.columns, width) }
    }
}

/// As far as `reach` both ways.
pub fn around(at: usize, reach: usize) -> Range<isize> {
    at as isize - reach as isize..(at + reach) as isize + 1
}
