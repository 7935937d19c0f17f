//! Changing the network on its picture: the list of layers, written back as the model that is a list.

use super::columns::Column;
use super::points::points;
use crate::layers::syntax::print;
use crate::layers::{LayerInfo, LayerSpec, dense, describe, gelu, relu, sigmoid, tanh};
use crate::models::Model;
use crate::ui::components::reactive::memo;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;
use serde_json::json;

/// The activations that a column can have, in the order of the menu.
pub fn activations() -> [Option<LayerSpec>; 5] {
    [Some(relu()), Some(tanh()), Some(sigmoid()), Some(gelu()), None]
}

/// More hidden layers, or neurons in one, are not made with these buttons; a link can ask for more.
pub const MOST_LAYERS: usize = 6;
pub const MOST_UNITS: usize = 16;

/// The network that the spec asks for, known before the engine has built it.
pub fn network(scene: PanelState) -> Memo<Vec<LayerInfo>> {
    let points = points();
    let ends = memo(move || {
        let of_points = points.with(|numbers| numbers.as_ref().map(|n| (n.inputs.len(), n.target.outputs())));
        // What a table's columns become is known when the run is open.
        of_points.or_else(|| {
            scene.dataset.with(|d| {
                let d = d.as_ref()?;
                Some((*d.shape.first()?, d.target.outputs()))
            })
        })
    });
    memo(move || {
        let spec = scene.state.spec.with(|s| s.model.clone());
        let network = |(inputs, outputs): (usize, usize)| {
            let layers = Model::by_id(&spec.id)?.layers_of(&spec, outputs).ok()?;
            describe(&layers, &[inputs]).ok()
        };
        ends.get().and_then(network).unwrap_or_default()
    })
}

/// A change to the list; `edit` gets it without what only pictures need.
fn change(scene: PanelState, network: Memo<Vec<LayerInfo>>, edit: impl FnOnce(&mut Vec<LayerSpec>)) {
    let mut layers: Vec<LayerSpec> = network.with_untracked(|all| all.iter().map(|l| l.layer).collect());
    edit(&mut layers);
    let changes = [("model.id".into(), json!("custom")), ("model.layers".into(), json!(print(&layers)))];
    if let Err(why) = scene.lab.set_all(&changes) {
        scene.announcement.set(why);
    }
}

pub fn units(scene: PanelState, network: Memo<Vec<LayerInfo>>, column: &Column, units: usize) {
    let at = column.dense;
    change(scene, network, |layers| layers[at] = dense(units));
}

pub fn activation(scene: PanelState, network: Memo<Vec<LayerInfo>>, column: &Column, to: Option<LayerSpec>) {
    let (after, had) = (column.dense + 1, column.activation);
    change(scene, network, |layers| {
        if had.is_some() {
            layers.remove(after);
        }
        if let Some(to) = to {
            layers.insert(after, to);
        }
    });
}

/// One more hidden layer before the last, like the one before it.
pub fn add(scene: PanelState, network: Memo<Vec<LayerInfo>>, columns: &[Column]) {
    let Some((last, hidden)) = columns.split_last() else { return };
    let like = hidden.last();
    let units = like.map_or(4, |c| c.units.min(MOST_UNITS));
    let activation = like.map_or(Some(tanh()), |c| c.activation);
    let at = last.dense;
    change(scene, network, |layers| {
        layers.splice(at..at, [dense(units)].into_iter().chain(activation));
    });
}

/// Without the last hidden layer.
pub fn remove(scene: PanelState, network: Memo<Vec<LayerInfo>>, columns: &[Column]) {
    let Some((last, hidden)) = columns.split_last() else { return };
    let Some(gone) = hidden.last() else { return };
    let range = gone.dense..last.dense;
    change(scene, network, |layers| drop(layers.drain(range)));
}
