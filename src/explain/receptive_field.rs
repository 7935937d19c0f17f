//! The receptive field: which numbers of an earlier layer a number can see.

use super::{Position, maps, maps_of};
use crate::layers::{LayerInfo, LayerSpec};
use std::ops::Range;

/// Rows and columns of one map, or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceptiveField {
    pub map: Option<usize>,
    pub rows: Range<usize>,
    pub columns: Range<usize>,
}

/// What the number at `place` can see of the output of `layer` (none: of the input, whose shape is `input`), which
/// is its own or an earlier one.
pub fn field(
    network: &[LayerInfo],
    input: &[usize],
    place: Position,
    layer: Option<usize>,
) -> ReceptiveField {
    let mut region = ReceptiveField {
        map: Some(place.map),
        rows: place.row..place.row + 1,
        columns: place.column..place.column + 1,
    };
    let first = layer.map_or(0, |layer| layer + 1);
    let Some(last) = place.layer else { return region };
    for at in (first..=last).rev() {
        let Some(before) = maps_of(network, input, at.checked_sub(1)) else { break };
        region = region.before(network[at].layer, before, place.inside && at == last);
    }
    region
}

impl ReceptiveField {
    /// What it sees of the layer's input, which has the shape `before`.
    fn before(self, layer: LayerSpec, before: [usize; 3], inside: bool) -> Self {
        let [_, height, width] = maps(&before);
        let whole = |map| Self { map, rows: 0..height, columns: 0..width };
        // Each range from what it begins and ends with to what those see.
        let seen = |map, see: &dyn Fn(usize) -> Range<isize>| {
            let through = |range: Range<usize>, most: usize| {
                let (first, last) = (see(range.start), see(range.end.saturating_sub(1)));
                let clip = |at: isize| (at.max(0) as usize).min(most);
                clip(first.start)..clip(last.end)
            };
            Self {
                map,
                rows: through(self.rows.clone(), height),
                columns: through(self.columns.clone(), width),
            }
        };
        match layer {
            LayerSpec::Conv { kernel, .. } => seen(None, &|at| around(at, kernel / 2)),
            LayerSpec::Residual { stride, .. } if inside => seen(None, &|at| around(at * stride, 1)),
            LayerSpec::Residual { stride, .. } => seen(None, &|at| {
                let (at, stride) = (at as isize, stride as isize);
                (at - 1) * stride - 1..(at + 1) * stride + 2
            }),
            LayerSpec::Crop { border } => seen(self.map, &|at| around(at + border, 0)),
            LayerSpec::MaxPool | LayerSpec::AvgPool => {
                seen(self.map, &|at| 2 * at as isize..2 * at as isize + 2)
            }
            LayerSpec::GlobalAvgPool => whole(self.map),
            LayerSpec::Dense { .. } => whole(None),
            LayerSpec::Flatten => match self.map {
                Some(index) => {
                    let (row, column) = (index / width % height, index % width);
                    let map = Some(index / (height * width));
                    Self { map, rows: row..row + 1, columns: column..column + 1 }
                }
                None => whole(None),
            },
            LayerSpec::BatchNorm
            | LayerSpec::Dropout { .. }
            | LayerSpec::Relu
            | LayerSpec::LeakyRelu
            | LayerSpec::Gelu
            | LayerSpec::Tanh
            | LayerSpec::Sigmoid => self,
        }
    }
}

/// As far as `reach` both ways.
fn around(at: usize, reach: usize) -> Range<isize> {
    at as isize - reach as isize..(at + reach) as isize + 1
}
