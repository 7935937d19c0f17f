//! What page and engine say about networks that draw.

use crate::sampling::stroke::NextMove;
use crate::sketch::moves::PenMove;
use serde::{Deserialize, Serialize};

/// More endings are not drawn at once.
pub const MOST_ENDINGS: u8 = 9;

/// How a drawing is to be finished. `network` is the id of a row of `sketch::SKETCHERS`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SketchQuestion {
    pub network: String,
    /// What is drawn already; empty where the network begins.
    pub begun: Vec<PenMove>,
    /// 0 takes the likeliest always; 1 draws as the network says.
    pub temperature: f32,
    pub seed: u32,
    /// How many endings; with none, what it expected before every move is told, and what it expects now.
    pub endings: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sketched {
    /// Of each ending its moves, behind those that were there. The last one ends the drawing, unless it grew too long.
    pub endings: Vec<Vec<PenMove>>,
    /// What the network expected before each move that was there, and what it expects now; empty where it drew.
    pub expected: Vec<NextMove>,
    /// Of one step of all endings together, and how many there were.
    pub milliseconds_per_step: f64,
    pub steps: u32,
}
