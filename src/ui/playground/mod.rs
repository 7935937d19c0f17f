//! Points of the plane: the dataset as dots, the network as a picture in which every neuron shows what it makes of
//! the whole plane, the answer behind the dots, and one example number by number. The frame (panels, transport, charts)
//! is that of every run.

pub mod card;
pub mod columns;
pub mod data;
pub mod draw;
pub mod edit;
pub mod graph;
pub mod graph_state;
pub mod points;
pub mod surface;
pub mod trace;

use crate::ui::panels::panel_state::PanelState;

/// Points each way of a neuron's picture.
const SIDE: u32 = 44;

/// While points are shown, the engine sends the plane and the weights; no pictures.
pub fn watch(scene: PanelState) {
    scene.lab.watch(|w| {
        w.inside = false;
        w.grid.clear();
        w.look = None;
    });
    scene.lab.watch_here()(|w| (w.surface, w.weights) = (Some(SIDE), true));
}
