//! The network as columns of neurons: every dense layer with what follows it up to the next.

use crate::layers::{LayerInfo, LayerSpec, batch_norm, dense, dropout, flatten};
use crate::protocol::{LiveView, ParamValues};

/// More neurons than this of one layer are not drawn.
pub const MOST_SHOWN: usize = 12;

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The dense layer's place in the network: its weights are `<dense>.weight` and `<dense>.bias`.
    pub dense: usize,
    /// The layer whose output is a neuron's: its activation, if it has one.
    pub output: usize,
    pub units: usize,
    pub activation: Option<LayerSpec>,
}

/// None if there is anything but dense layers and what has one number in and one out for each neuron.
pub fn columns(network: &[LayerInfo]) -> Option<Vec<Column>> {
    let mut columns: Vec<Column> = Vec::new();
    for (index, info) in network.iter().enumerate() {
        match (info.layer, columns.last_mut()) {
            (layer, _) if layer.is(&dense::KIND) => {
                columns.push(Column {
                    dense: index,
                    output: index,
                    units: layer.number(0),
                    activation: None,
                });
            }
            (layer, None) if layer.is(&flatten::KIND) => (),
            (layer, Some(last)) if layer.is(&batch_norm::KIND) || layer.is(&dropout::KIND) => {
                last.output = index;
            }
            (layer, Some(last)) if layer.activation().is_some() => {
                last.output = index;
                last.activation = Some(layer);
            }
            _ => return None,
        }
    }
    (!columns.is_empty()).then_some(columns)
}

impl Column {
    /// `[units, inputs]`
    pub fn weight<'a>(&self, seen: &'a LiveView) -> Option<&'a ParamValues> {
        self.parameter(seen, "weight")
    }

    /// `[units]`
    pub fn bias<'a>(&self, seen: &'a LiveView) -> Option<&'a ParamValues> {
        self.parameter(seen, "bias")
    }

    fn parameter<'a>(&self, seen: &'a LiveView, what: &str) -> Option<&'a ParamValues> {
        let name = format!("{}.{what}", self.dense);
        seen.weights.iter().find(|w| w.name == name)
    }

    pub fn shown(&self) -> usize {
        self.units.min(MOST_SHOWN)
    }
}
