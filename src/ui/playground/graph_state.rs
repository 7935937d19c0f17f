//! What every part of the network's picture needs to know.

use super::columns::Column;
use crate::layers::LayerInfo;
use crate::ui::panels::panel_state::PanelState;
use leptos::prelude::*;

/// Column and unit.
pub type Chosen = RwSignal<Option<(usize, usize)>>;

/// What every part of the picture needs.
#[derive(Clone, Copy)]
pub struct Graph {
    pub scene: PanelState,
    pub network: Memo<Vec<LayerInfo>>,
    /// None where the network is more than dense layers.
    pub columns: Memo<Option<Vec<Column>>>,
    /// What the network's inputs are called.
    pub inputs: Memo<Vec<String>>,
    pub chosen: Chosen,
}
