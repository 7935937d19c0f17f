//! The receptive field: which numbers of an earlier layer a number can see.

use super::{Position, ReceptiveField, maps_of};
use crate::layers::LayerInfo;
use crate::layers::page::{LayerPage, View};

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
        let layer = network[at].layer;
        let view = View { field: region, inside: place.inside && at == last, before };
        region = (LayerPage::of(layer).sees)(layer, &view);
    }
    region
}
